"""Makes the small NIfTI files of `nifti/` and `nifti/expected.json` with nibabel, whose answers the tests compare with.

    python make_nifti.py            (needs numpy and nibabel; written with nibabel 5.4.2)

Every run gives the same bytes. Values are made here, no file comes from elsewhere. Total size: about 65 kB.
"""

import gzip
import hashlib
import json
import os
import struct

import nibabel as nib
import numpy as np

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "nifti")
os.makedirs(HERE, exist_ok=True)
expected = {}

AFFINE = np.array([[-0.75, 0, 0, 90.5], [0, 0.75, 0, -120.25], [0, 0, 2.5, 30], [0, 0, 0, 1.0]])
angle = np.deg2rad(20)
turn = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
OBLIQUE = np.eye(4)
OBLIQUE[:3, :3] = turn @ np.diag([-0.8, 0.9, 3.0])
OBLIQUE[:3, 3] = [12.5, -40, 7]
SHEAR = AFFINE.copy()
SHEAR[2, 1] = 0.2


def path(name):
    return os.path.join(HERE, name)


def ramp(dtype, shape=(5, 4, 3)):
    """Values from the lowest to the highest of a type, in steps; halves for floats."""
    count = int(np.prod(shape))
    if np.dtype(dtype).kind == "f":
        values = (np.arange(count) - count / 2) * 1.5
    else:
        info = np.iinfo(dtype)
        step = (int(info.max) - int(info.min)) // (count - 1)
        values = [int(info.min) + n * step for n in range(count - 1)] + [int(info.max)]
    return np.array(values, dtype=dtype).reshape(shape, order="F")


def image(array, affine=AFFINE, kind=nib.Nifti1Image, endian="<", q=1, s=1):
    header = kind.header_class(endianness=endian)
    header.set_data_dtype(array.dtype.newbyteorder(endian))
    result = kind(array, None, header)
    result.set_sform(affine, s)
    result.set_qform(affine if q else None, q)
    result.header.set_xyzt_units("mm")
    return result


def plain_bytes(img):
    return img.to_bytes()


def squeeze(raw, pieces=1):
    """gzip without name or time, in one or several members."""
    edges = [len(raw) * n // pieces for n in range(pieces + 1)]
    return b"".join(gzip.compress(raw[a:b], 6, mtime=0) for a, b in zip(edges, edges[1:]))


def put(name, data):
    with open(path(name), "wb") as f:
        f.write(data)


def patch(raw, offset, form, *values):
    return raw[:offset] + struct.pack(form, *values) + raw[offset + struct.calcsize(form):]


def expect(name, img, **more):
    """What nibabel says about an image (which it may have to read under another name)."""
    header = img.header
    stored = np.asarray(img.dataobj.get_unscaled())
    little = stored.astype(stored.dtype.newbyteorder("<"), copy=False)
    entry = {
        "shape": list(img.shape),
        "dtype": "rgb24" if stored.dtype.fields else stored.dtype.newbyteorder("=").name,
        "affine": [float(v) for v in img.affine[:3].ravel()],
        "sha256": hashlib.sha256(little.tobytes(order="F")).hexdigest(),
        "extensions": [[int(e.get_code()), int(e.get_sizeondisk())] for e in header.extensions],
        "bigEndian": header.endianness == ">",
        "version": 2 if isinstance(header, nib.Nifti2Header) else 1,
    }
    if not stored.dtype.fields:
        # The header of a loaded image has lost the scaling to the data proxy.
        real = stored.astype(np.float64) * img.dataobj.slope + img.dataobj.inter
        entry |= {"min": real.min(), "max": real.max(), "mean": real.mean()}
    entry |= more
    expected[name] = entry


def save(name, img, **more):
    """Writes a single file, reads it back with nibabel and notes what it says."""
    raw = plain_bytes(img)
    put(name, squeeze(raw) if name.endswith(".gz") else raw)
    expect(name, nib.load(path(name)), **more)


# Every type, both byte orders.
for dtype in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"]:
    for endian in "<>":
        full = np.dtype(dtype).name
        kept = "int16" if full in ("uint8", "int8", "int16") else "int32" if full in ("uint16", "int32") else "float32"
        save(f"{full}_{'le' if endian == '<' else 'be'}.nii", image(ramp(dtype), endian=endian), image=kept)
rgb = np.zeros((3, 2, 2), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
for n, channel in enumerate("RGB"):
    rgb[channel] = (np.arange(12).reshape((3, 2, 2), order="F") + 100 * n) % 256
save("rgb24.nii", image(rgb))
# Wide types whose values fit narrow ones: the values decide.
save("int32_small_values.nii", image(np.arange(-30, 30, dtype="i4").reshape((5, 4, 3), order="F")), image="int16")
save("uint64_small_values.nii", image(np.arange(60, dtype="u8").reshape((5, 4, 3), order="F")), image="int16")
save("int64_middle_values.nii", image((np.arange(60, dtype="i8") * 100000).reshape((5, 4, 3), order="F")), image="int32")

# Pairs, in the four mixtures of compression, both versions.
body = np.arange(60, dtype="i2").reshape((5, 4, 3), order="F")
for name, kind, gz in [
    ("pair", nib.Nifti1Pair, ("", "")), ("pair_gz", nib.Nifti1Pair, (".gz", ".gz")),
    ("pair_img_gz", nib.Nifti1Pair, ("", ".gz")), ("pair_hdr_gz", nib.Nifti1Pair, (".gz", "")),
    ("pair2_be", nib.Nifti2Pair, ("", "")), ("pair_extension", nib.Nifti1Pair, ("", "")),
]:
    img = image(body, kind=kind, endian=">" if name.endswith("be") else "<")
    if name == "pair_extension":
        img.header.extensions.append(nib.nifti1.Nifti1Extension(6, b"made for the tests"))
    nib.save(img, path(name + ".hdr"))
    loaded = nib.load(path(name + ".hdr"))
    expect(name + ".hdr" + gz[0], loaded, image="int16")
    loaded.uncache()
    for suffix, packed in zip((".hdr", ".img"), gz):
        if packed:
            raw = open(path(name + suffix), "rb").read()
            put(name + suffix + ".gz", squeeze(raw))
            os.remove(path(name + suffix))

# NIfTI-2, extensions, several gzip members.
save("nifti2.nii", image(body, kind=nib.Nifti2Image), image="int16")
save("nifti2_be.nii.gz", image(ramp("f8"), kind=nib.Nifti2Image, endian=">"), image="float32")
img = image(body)
for code, text in [(6, b"a comment"), (4, b"<AFNI/>" * 20), (0, b"")]:
    img.header.extensions.append(nib.nifti1.Nifti1Extension(code, text))
save("extensions.nii.gz", img, image="int16")
img = image(body, endian=">")
img.header.extensions.append(nib.nifti1.Nifti1Extension(6, b"x" * 5000))
save("extension_long_be.nii", img, image="int16")
put("members.nii.gz", squeeze(plain_bytes(image(body)), 4))
expect("members.nii.gz", nib.load(path("members.nii.gz")), image="int16")
# nibabel and zlib skip zero padding after the last member; so do we.
put("members_padded.nii.gz", squeeze(plain_bytes(image(body)), 2) + bytes(512))
expect("members_padded.nii.gz", nib.load(path("members_padded.nii.gz")), image="int16")

# Numbers of dimensions.
for name, shape in [
    ("dims_1.nii", (7,)), ("dims_2.nii", (6, 5)), ("dims_4_trailing.nii", (5, 4, 3, 1)),
    ("dims_4.nii.gz", (4, 3, 2, 3)), ("dims_5.nii", (3, 2, 2, 1, 3)), ("dims_7.nii", (2, 3, 2, 1, 2, 1, 2)),
]:
    count = int(np.prod(shape))
    save(name, image(np.arange(count, dtype="i2").reshape(shape, order="F")), image="int16")


# Scaling. nibabel would choose slopes of its own, so the fields are set by hand.
def scaled(name, dtype, slope, inter, kept, warning=None):
    raw = plain_bytes(image(ramp(dtype)))
    raw = patch(raw, 112, "<2f", slope, inter)
    put(name, squeeze(raw) if name.endswith(".gz") else raw)
    expect(name, nib.load(path(name)), image=kept, **({"warning": warning} if warning else {}))


scaled("scl_ct.nii.gz", "u1", 16, -1024, "int16")
scaled("scl_int32.nii", "i2", 3, 7, "int32")
scaled("scl_negative.nii", "u1", -2, 100, "int16")
scaled("scl_fraction.nii", "i2", 0.0625, 3.5, "float32")
scaled("scl_float.nii", "f4", 2, 1, "float32")
scaled("scl_zero.nii", "i2", 0, 0, "int16")
scaled("scl_zero_intercept.nii", "i2", 0, 7, "int16", "interceptWithoutSlope")
scaled("scl_nan.nii", "i2", float("nan"), float("nan"), "int16")

# Orientation.
save("qform_oblique.nii", image(body, OBLIQUE, q=1, s=0), image="int16")
save("sform_oblique.nii", image(body, OBLIQUE, q=0, s=2), image="int16")
save("both_oblique.nii", image(body, OBLIQUE, q=1, s=4), image="int16")
save("sheared.nii", image(body, SHEAR, q=0, s=1), image="int16", warning="shear")
img = image(body, SHEAR, q=0, s=1)
img.set_qform(SHEAR, 2, strip_shears=True)
save("sheared_with_qform.nii", img, image="int16", warning="shear")
save("no_orientation.nii", image(body, AFFINE, q=0, s=0), image="int16", warning="unknownOrientation")
img = image(body)
img.set_qform(AFFINE @ np.diag([-1, 1, 1, 1]), 1)
save("both_disagree.nii", img, sform=[float(v) for v in AFFINE[:3].ravel()], image="disagree",
     qform=[float(v) for v in img.get_qform()[:3].ravel()])


# Odd but readable; what nibabel cannot read under that name it reads from memory.
def odd(name, raw, img, warning):
    put(name, raw)
    expect(name, img, warning=warning, image="int16")


base = plain_bytes(image(body))
again = nib.Nifti1Image.from_bytes(base)
odd("offset_zero.nii", patch(base, 108, "<f", 0), again, "zeroOffset")
odd("bitpix_wrong.nii", patch(base, 72, "<h", 64), again, "bitsPerVoxel")
odd("trailing.nii", base + b"surplus", again, "trailingBytes")
odd("trailing_in_stream.nii.gz", squeeze(base + b"surplus"), again, "trailingBytes")
odd("trailing_after_stream.nii.gz", squeeze(base) + b"surplus", again, "trailingBytes")
odd("plain_named.nii.gz", base, again, "compressionName")
odd("gzip_named.nii", squeeze(base), again, "compressionName")
odd("micrometres.nii", patch(base, 123, "<B", 3), again, "units")
zero = patch(plain_bytes(image(body, q=0)), 80, "<3f", 0, -0.75, 2.5)
odd("pixdim_odd.nii", zero, again, "zeroSpacing")

# Label maps.
labels = np.zeros((6, 5, 4), dtype="u1")
labels[1:4, 1:4, 1:3] = 6
labels[4, 2, 2] = 11
save("labels_uint8.nii.gz", image(labels), image="int16")
save("labels_int16.nii", image(labels.astype("i2")), image="int16")
save("labels_float64.nii.gz", image(labels.astype("f8")), image="float32")
broken = labels.astype("f4")
broken[0, 0, 0] = 2.5
save("labels_fraction.nii", image(broken), image="float32")
negative = labels.astype("i2")
negative[0, 0, :2] = -3
save("labels_negative.nii", image(negative), image="int16")

with open(path("expected.json"), "w") as f:
    json.dump({"origin": "make_nifti.py, nibabel " + nib.__version__, "files": expected}, f, indent=0, sort_keys=True)
    f.write("\n")
