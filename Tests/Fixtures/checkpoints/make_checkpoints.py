"""Makes the small checkpoints of this folder; needs numpy and h5py, not PyTorch.

mini.pth    a zip container as torch.save writes it: half precision, all tensors views of one storage, a training state
            around the model and `module.` before its names
mini.h5.gz  the same model in bfloat16, written by h5py from the text of CheckpointFile.md alone
hostile-*.h5.gz  its header over one tensor that no honest writer would write

The model is a SAM of 64 pixels: 4 features, 2 blocks, 2 heads, window 2, decoder of 16 features. Weights by rule det-v1
(README of the reference values), salt `mini-v1`, computed here once more.
"""

import gzip
import hashlib
import io
import json
import math
import struct
import zipfile

import h5py
import numpy as np

EMBED, DEPTH, HEADS, WINDOW, GRID, DIM, MLP, QUALITY, CHANNELS = 4, 2, 2, 2, 4, 16, 16, 8, 4


def shapes():
    def pair(name, *weight):
        yield name + ".weight", weight
        yield name + ".bias", weight[:1]

    head = EMBED // HEADS
    yield "image_encoder.pos_embed", (1, GRID, GRID, EMBED)
    yield from pair("image_encoder.patch_embed.proj", EMBED, 3, 16, 16)
    for index in range(DEPTH):
        block = f"image_encoder.blocks.{index}."
        side = GRID if index == 1 else WINDOW
        yield from pair(block + "norm1", EMBED)
        yield block + "attn.rel_pos_h", (2 * side - 1, head)
        yield block + "attn.rel_pos_w", (2 * side - 1, head)
        yield from pair(block + "attn.qkv", 3 * EMBED, EMBED)
        yield from pair(block + "attn.proj", EMBED, EMBED)
        yield from pair(block + "norm2", EMBED)
        yield from pair(block + "mlp.lin1", 4 * EMBED, EMBED)
        yield from pair(block + "mlp.lin2", EMBED, 4 * EMBED)
    yield "image_encoder.neck.0.weight", (DIM, EMBED, 1, 1)
    yield from pair("image_encoder.neck.1", DIM)
    yield "image_encoder.neck.2.weight", (DIM, DIM, 3, 3)
    yield from pair("image_encoder.neck.3", DIM)

    prompt = "prompt_encoder."
    yield prompt + "pe_layer.positional_encoding_gaussian_matrix", (2, DIM // 2)
    for index in range(4):
        yield f"{prompt}point_embeddings.{index}.weight", (1, DIM)
    yield prompt + "not_a_point_embed.weight", (1, DIM)
    yield from pair(prompt + "mask_downscaling.0", CHANNELS // 4, 1, 2, 2)
    yield from pair(prompt + "mask_downscaling.1", CHANNELS // 4)
    yield from pair(prompt + "mask_downscaling.3", CHANNELS, CHANNELS // 4, 2, 2)
    yield from pair(prompt + "mask_downscaling.4", CHANNELS)
    yield from pair(prompt + "mask_downscaling.6", DIM, CHANNELS, 1, 1)
    yield prompt + "no_mask_embed.weight", (1, DIM)

    mask = "mask_decoder."

    def attention(name, inner):
        for part in "qkv":
            yield from pair(f"{name}.{part}_proj", inner, DIM)
        yield from pair(name + ".out_proj", DIM, inner)

    layer = mask + "transformer.layers.0."
    yield from attention(layer + "self_attn", DIM)
    yield from attention(layer + "cross_attn_token_to_image", DIM // 2)
    yield from attention(layer + "cross_attn_image_to_token", DIM // 2)
    yield from pair(layer + "mlp.lin1", MLP, DIM)
    yield from pair(layer + "mlp.lin2", DIM, MLP)
    for index in range(1, 5):
        yield from pair(f"{layer}norm{index}", DIM)
    yield from attention(mask + "transformer.final_attn_token_to_image", DIM // 2)
    yield from pair(mask + "transformer.norm_final_attn", DIM)
    yield mask + "iou_token.weight", (1, DIM)
    yield mask + "mask_tokens.weight", (4, DIM)
    yield mask + "output_upscaling.0.weight", (DIM, DIM // 4, 2, 2)
    yield mask + "output_upscaling.0.bias", (DIM // 4,)
    yield from pair(mask + "output_upscaling.1", DIM // 4)
    yield mask + "output_upscaling.3.weight", (DIM // 4, DIM // 8, 2, 2)
    yield mask + "output_upscaling.3.bias", (DIM // 8,)
    for index in range(4):
        name = f"{mask}output_hypernetworks_mlps.{index}.layers."
        yield from pair(name + "0", DIM, DIM)
        yield from pair(name + "1", DIM, DIM)
        yield from pair(name + "2", DIM // 8, DIM)
    name = mask + "iou_prediction_head.layers."
    yield from pair(name + "0", QUALITY, DIM)
    yield from pair(name + "1", QUALITY, QUALITY)
    yield from pair(name + "2", 4, QUALITY)


def amplitude(name, shape):
    def fan(n, gain):
        return np.float32(math.sqrt(3 * gain / n))

    last = name.split(".")[-1]
    if last in ("rel_pos_h", "rel_pos_w"):
        return fan(shape[-1], 0.25), 0
    if last == "pos_embed":
        return np.float32(0.75), 0
    if last == "positional_encoding_gaussian_matrix":
        return fan(1, 1), 0
    kinds = ("iou_token", "mask_tokens", "point_embeddings", "not_a_point_embed", "no_mask_embed")
    if any(kind in name for kind in kinds):
        return fan(1, 1), 0
    if last == "bias":
        return np.float32(0.125), 0
    if len(shape) == 1:
        return np.float32(0.25), 1
    if "output_upscaling" in name:
        return fan(shape[0], 1), 0
    return fan(math.prod(shape[1:]), 2 if name.endswith("attn.qkv.weight") else 1), 0


def values(name, shape):
    mask = (1 << 64) - 1
    state = 0xCBF29CE484222325
    for byte in f"mini-v1:{name}".encode():
        state = ((state ^ byte) * 0x100000001B3) & mask
    a, c = amplitude(name, shape)
    result = []
    for _ in range(math.prod(shape)):
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        z ^= z >> 31
        result.append(c + float(a) * ((z >> 40) - (1 << 23)) * 2.0**-23)
    return np.array(result, dtype=np.float64).astype("<f4").reshape(shape)


def pickle_of(tensors):
    """The instructions torch.save would write, in the small subset they need."""
    out = bytearray(b"\x80\x02")

    def text(value):
        data = value.encode()
        out.extend(b"X" + struct.pack("<I", len(data)) + data)

    def number(value):
        out.extend(b"J" + struct.pack("<i", value))

    def sizes(numbers):
        out.extend(b"(")
        for value in numbers:
            number(value)
        out.extend(b"t")

    out.extend(b"}(")
    text("model")
    out.extend(b"ccollections\nOrderedDict\n)R(")
    total = sum(array.size for _, array in tensors)
    first = 0
    for name, array in tensors:
        text("module." + name)
        out.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((")
        text("storage")
        out.extend(b"ctorch\nHalfStorage\n")
        text("0")
        text("cpu")
        number(total)
        out.extend(b"tQ")
        number(first)
        first += array.size
        sizes(array.shape)
        sizes([s // 4 for s in np.ascontiguousarray(array).strides])
        out.extend(b"\x89ccollections\nOrderedDict\n)RtR")
    out.extend(b"u")
    text("epoch")
    number(3)
    out.extend(b"u.")
    return bytes(out)


def write_pth(tensors):
    stamp = (1980, 1, 1, 0, 0, 0)
    with zipfile.ZipFile("mini.pth", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("mini/data.pkl", stamp), pickle_of(tensors))
        storage = np.concatenate([array.ravel() for _, array in tensors]).astype("<f2")
        archive.writestr(zipfile.ZipInfo("mini/data/0", stamp), storage.tobytes())
        archive.writestr(zipfile.ZipInfo("mini/version", stamp), "3\n")


def bfloat16(array):
    bits = array.view("<u4").astype(np.uint64)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")


def fixed(value):
    return np.bytes_(value) if value else np.bytes_(b"\0")


def pack(name, fill):
    image = io.BytesIO()
    with h5py.File(image, "w", libver=("v108", "v110")) as file:
        write_root(file.attrs)
        group = file.create_group("tensors")
        group.attrs["encoding-type"] = fixed("tensors")
        group.attrs["encoding-version"] = fixed("1.0")
        fill(group)
    with open(name, "wb") as file:
        file.write(gzip.compress(image.getvalue(), 9, mtime=0))


def describe(dataset, kind, digest):
    dataset.attrs["encoding-type"] = fixed("tensor")
    dataset.attrs["encoding-version"] = fixed("1.0")
    dataset.attrs["element-type"] = fixed(kind)
    dataset.attrs["sha256"] = fixed(digest)


def write_root(root):
    architecture = {
        "name": "vit_4x2", "imageSize": 64, "pixelMean": [123.675, 116.28, 103.53],
        "pixelDeviation": [58.395, 57.12, 57.375],
        "encoder": {"vit": {
            "depth": DEPTH, "globalBlocks": [1], "heads": HEADS, "mlpRatio": 4, "patchSize": 16, "width": EMBED,
            "windowSize": WINDOW}},
        "decoder": {
            "depth": 1, "heads": 8, "maskPromptChannels": CHANNELS, "maskTokens": 4, "mlpWidth": MLP,
            "qualityHeadWidth": QUALITY, "width": DIM},
    }
    root["encoding-type"] = fixed("samdata-checkpoint")
    root["encoding-version"] = fixed("1.0")
    root["architecture"] = fixed(json.dumps(architecture, sort_keys=True, separators=(",", ":")))
    root["image_size"] = np.int64(64)
    root["pixel_mean"] = np.array(architecture["pixelMean"])
    root["pixel_deviation"] = np.array(architecture["pixelDeviation"])
    root["precision"] = fixed("bfloat16")
    root["licence"] = fixed("CC0-1.0")
    root["weights"] = fixed("random")
    root["source_file"] = fixed("")
    root["source_sha256"] = fixed("")
    root["method"] = fixed("written by h5py from the specification")
    root["something_new"] = np.int64(1)


def write_h5(tensors):
    def model(group):
        for name, array in sorted(tensors):
            stored = bfloat16(array)
            dataset = group.create_dataset(name, data=stored)
            describe(dataset, "bfloat16", hashlib.sha256(stored.tobytes()).hexdigest())

    def absurd(group):
        describe(group.create_dataset("a", shape=(1 << 40,), dtype="<f4"), "float32", "0" * 64)

    def external(group):
        where = [("/etc/hostname", 0, 16)]
        dataset = group.create_dataset("a", shape=(4,), dtype="<f4", external=where)
        describe(dataset, "float32", "0" * 64)

    def linked(group):
        group["a"] = h5py.SoftLink("/other")
        describe(group.file.create_dataset("other", data=np.zeros(4, "<f4")), "float32", "0" * 64)

    def shared(group):
        describe(group.create_dataset("a", data=np.zeros(4, "<f4")), "float32", "0" * 64)
        group["b"] = group["a"]

    pack("mini.h5.gz", model)
    for fill in (absurd, external, linked, shared):
        pack(f"hostile-{fill.__name__}.h5.gz", fill)


tensors = [(name, values(name, shape)) for name, shape in shapes()]
write_pth(tensors)
write_h5(tensors)
print(len(tensors), sum(array.size for _, array in tensors))
