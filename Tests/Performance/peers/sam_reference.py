"""The published models in PyTorch, with weights by the same rule as samdata's `DeterministicWeights`.

segment_anything and mobile_sam import a few names of torchvision and timm that nothing here calls; where these are not installed,
stand-ins take their place.
"""

import importlib.util
import sys
import types

import numpy as np
import torch

SALTS = {"vit-b": "vitb-v1", "mobile": "mobile-v1"}


def stand_in(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


def install_stand_ins():
    if "torchvision" not in sys.modules and importlib.util.find_spec("torchvision") is None:
        stand_in("torchvision")
        stand_in("torchvision.transforms")
        stand_in("torchvision.transforms.functional", resize=None, to_pil_image=None)
        stand_in("torchvision.ops")
        stand_in("torchvision.ops.boxes", batched_nms=None, box_area=None)
    if "timm" not in sys.modules and importlib.util.find_spec("timm") is None:

        class DropPath(torch.nn.Module):
            def __init__(self, drop_prob=None):
                super().__init__()

            def forward(self, x):
                return x

        stand_in("timm")
        stand_in("timm.models")
        stand_in(
            "timm.models.layers",
            DropPath=DropPath,
            to_2tuple=lambda v: v if isinstance(v, tuple) else (v, v),
            trunc_normal_=torch.nn.init.trunc_normal_,
        )
        stand_in("timm.models.registry", register_model=lambda f: f)


def numbers(key, count, amplitude, centre):
    """Even numbers from splitmix64, seeded with the FNV-1a hash of a key."""
    seed = 0xCBF29CE484222325
    for byte in key.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    found = np.empty(count, np.float32)
    for start in range(0, count, 1 << 21):
        z = np.arange(start + 1, min(start + (1 << 21), count) + 1, dtype=np.uint64)
        z = np.uint64(seed) + z * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = (z ^ (z >> np.uint64(31))) >> np.uint64(40)
        scale = float(np.float32(amplitude)) * 2.0**-23
        found[start : start + len(z)] = float(np.float32(centre)) + scale * (z.astype(np.float64) - 2.0**23)
    return found


def spread(name, shape):
    """Amplitude and centre of a tensor; the first rule that fits decides."""

    def fan(inputs, gain=1):
        return (3 * gain / inputs) ** 0.5

    last, inputs = name.rsplit(".", 1)[-1], int(np.prod(shape[1:]))
    unit = ("iou_token", "mask_tokens", "point_embeddings", "not_a_point_embed", "no_mask_embed")
    convolution = len(shape) == 4 and name.endswith(".c.weight")
    rules = [
        (last == "running_mean", 0.125, 0),
        (last == "running_var", 0.25, 1),
        (last in ("rel_pos_h", "rel_pos_w"), fan(shape[-1] if shape else 1, 0.25), 0),
        (last in ("pos_embed", "attention_biases"), 0.75, 0),
        (last == "positional_encoding_gaussian_matrix", fan(1), 0),
        (any(part in name for part in unit), fan(1), 0),
        (last == "bias", 0.125, 0),
        (len(shape) == 1, 0.25, 1),
        ("output_upscaling" in name, fan(shape[0] if shape else 1), 0),
        (name.endswith("attn.qkv.weight") or convolution, fan(inputs, 2), 0),
        (True, fan(inputs), 0),
    ]
    return next((amplitude, centre) for fits, amplitude, centre in rules if fits)


def fill(module, salt):
    """Sets all weights and buffers of a model by the rule."""
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            shape = tuple(tensor.shape)
            if name.endswith("num_batches_tracked"):
                tensor.zero_()
            else:
                values = numbers(f"{salt}:{name}", tensor.numel(), *spread(name, shape))
                tensor.copy_(torch.from_numpy(values.reshape(shape)))


def model(name):
    """A model in evaluation mode, or an exit that says what is missing."""
    install_stand_ins()
    if name == "vit-b":
        from segment_anything.build_sam import build_sam_vit_b as build
    else:
        from mobile_sam.build_sam import build_sam_vit_t as build
    sam = build()
    fill(sam, SALTS[name])
    # TinyViT keeps a table that only leaving the training mode refreshes
    return sam.train().eval()
