"""Writes the oracle answers of PreparationTests: pixels.json, cleanup.json, chamfer.json, frames.json, python_points.json.

    python make_preparation.py

Origin: computed here from the linear congruence below, no third-party data. NumPy 2.4.6, SciPy 1.17.1, OpenCV 5.0.0,
nibabel 5.4.2, CPython 3.11.7.
"""

import itertools
import json
import pathlib
import random

import cv2
import nibabel
import numpy as np
from scipy import ndimage

HERE = pathlib.Path(__file__).resolve().parent


def write(name, content):
    (HERE / name).write_text(json.dumps(content, separators=(",", ":")) + "\n")


def words(count, seed):
    state, result = seed, np.empty(count, np.uint32)
    for n in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        result[n] = state
    return result


def fnv(array):
    """FNV-1a, 64 bits, of the little-endian bytes."""
    value = 14695981039346656037
    for byte in np.ascontiguousarray(array).tobytes():
        value = (value ^ byte) * 1099511628211 % 2**64
    return f"{value:016x}"


# Pixels -----------------------------------------------------------------------------------------


def volume(kind):
    """A named input; the tests make the same one."""
    if kind == "all16":
        return np.arange(-32768, 32768).astype(np.int16)
    if kind == "narrow16":
        return np.arange(-100, 138).astype(np.int16)
    noise = words(5000, 77)
    if kind == "noise16":
        return ((noise >> 20).astype(np.int64) - 1500).astype(np.int16)
    if kind == "sparse16":
        return np.where(noise >> 31 == 0, 0, noise >> 22).astype(np.int16)
    if kind == "unevenFloat":
        # Differences that cancel: the order of NumPy's interpolation shows in the last bit.
        return np.array([-1000.1, -0.3, 0.1, 700.7, 0.001, 3.3], np.float32)
    if kind == "noise32":
        return ((noise >> 14).astype(np.int64) - 100000).astype(np.int32)
    if kind == "sparse32":
        return np.where(noise >> 31 == 0, 0, noise >> 13).astype(np.int32)
    if kind == "noiseFloat":
        return ((noise >> 8).astype(np.float32) / np.float32(16384) - np.float32(500)).astype(np.float32)
    if kind == "sparseFloat":
        return np.where(noise >> 31 == 0, 0, (noise >> 8).astype(np.float32) / np.float32(65536)).astype(
            np.float32
        )
    raise KeyError(kind)


def scaled_range(values, low, high):
    """MONAI's ScaleIntensityRange to 0...1 with clip, on a 32-bit float tensor."""
    v = values.astype(np.float32)
    v = (v - np.float32(low)) / np.float32(high - low)
    return np.clip(v, np.float32(0), np.float32(1))


def transunet(values, low, high):
    v = np.clip(values.astype(np.float32), np.float32(low), np.float32(high))
    return (v - np.float32(low)) / np.float32(high - low)


def extremes(values, low, high):
    """MedSAM's CT rule in 64 bits, before the factor 255."""
    v = np.clip(values.astype(np.float64), low, high)
    return (v - v.min()) / (v.max() - v.min())


def percentiles(values, low, high, nonzero):
    """MedSAM's MR rule in 64 bits, over voxels that are not 0."""
    v = values.astype(np.float64)
    a, b = np.percentile(v[v != 0] if nonzero else v, [low, high])
    c = np.clip(v, a, b)
    c = (c - c.min()) / (c.max() - c.min())
    if nonzero:
        c[v == 0] = 0
    return c, a, b


pixels = []
for kind, low, high in [
    ("all16", -175, 250),
    ("all16", -125, 275),
    ("all16", -175.3, 250.7),
    ("all16", 0.1, 1000.3),
    ("all16", -199.7, 276.9),
    ("noise32", -175, 250),
    ("noise32", -70000, 90000),
    ("noiseFloat", -175, 250),
    ("noiseFloat", -125.25, 275.5),
]:
    result = scaled_range(volume(kind), low, high)
    if float(low).is_integer() and float(high).is_integer():
        assert np.array_equal(result, transunet(volume(kind), low, high))
    entry = {"input": kind, "window": "range", "low": low, "high": high, "limits": [low, high]}
    pixels.append(entry | {"pixels": "float32", "fnv": fnv(result)})
    # The term project's bytes: the float times 255 (a 32-bit float), cut off.
    pixels.append(entry | {"pixels": "uint8", "fnv": fnv((result * np.float32(255)).astype(np.uint8))})
for kind, low, high in [
    ("all16", -160, 240),
    ("narrow16", -160, 240),
    ("narrow16", 0, 1000),
    ("noise16", -160, 240),
    ("noise32", -160, 240),
    ("noise32", -70000, 90000),
    ("noiseFloat", -160, 240),
]:
    result = extremes(volume(kind), low, high)
    entry = {"input": kind, "window": "extremes", "low": low, "high": high, "limits": [low, high]}
    pixels.append(entry | {"pixels": "uint8", "fnv": fnv((result * 255.0).astype(np.uint8))})
    pixels.append(entry | {"pixels": "float32", "fnv": fnv(result.astype(np.float32))})
for kind, low, high, nonzero in [
    ("noise16", 0.5, 99.5, False),
    ("noise16", 0, 100, False),
    ("sparse16", 0.5, 99.5, True),
    ("sparse16", 0.5, 99.5, False),
    ("noise32", 1.7, 98.3, False),
    ("sparse32", 0.5, 99.5, True),
    ("noiseFloat", 0.5, 99.5, False),
    ("sparseFloat", 0.5, 99.5, True),
    ("unevenFloat", 15.3, 97.7, False),
    ("unevenFloat", 17.4, 88.1, False),
]:
    result, a, b = percentiles(volume(kind), low, high, nonzero)
    entry = {
        "input": kind,
        "window": "percentiles-nonzero" if nonzero else "percentiles",
        "low": low,
        "high": high,
        "limits": [float(a), float(b)],
    }
    pixels.append(entry | {"pixels": "uint8", "fnv": fnv((result * 255.0).astype(np.uint8))})
    pixels.append(entry | {"pixels": "float32", "fnv": fnv(result.astype(np.float32))})
write("pixels.json", pixels)

# Cleanup ----------------------------------------------------------------------------------------


def label_volume(shape, seed, labels, threshold):
    """Voxel n gets a label when its word is below the threshold."""
    noise = words(int(np.prod(shape)), seed)
    return np.where(noise >> 16 < threshold, 1 + (noise >> 8) % labels, 0).astype(np.uint8).reshape(shape)


def dust(labels, structure, minimum):
    result = labels.copy()
    for label in np.unique(labels[labels > 0]):
        parts, _ = ndimage.label(labels == label, structure)
        sizes = np.bincount(parts.ravel())
        sizes[0] = minimum
        result[sizes[parts] < minimum] = 0
    return result


cleanup = []
for seed in range(1, 61):
    depth, height, width = [int(n) for n in 1 + words(3, 2654435761 * seed % 2**32) // 2**28]
    depth = 1 + depth // 2
    width += 3
    labels = 1 + seed % 4
    threshold = [3000, 6000, 12000, 24000, 40000][seed % 5]
    minimum = [2, 3, 5, 12, 40][seed // 5 % 5]
    volume3 = label_volume((depth, height, width), 1000 + seed, labels, threshold)
    whole = dust(volume3, np.ones((3, 3, 3)), minimum)
    slices = np.stack([dust(plane, np.ones((3, 3)), minimum) for plane in volume3])
    cleanup.append(
        {
            "seed": 1000 + seed,
            "shape": [width, height, depth],
            "labels": labels,
            "threshold": threshold,
            "minimum": minimum,
            "left": [int((whole > 0).sum()), int((slices > 0).sum())],
            "fnv": [fnv(whole), fnv(slices)],
        }
    )
assert any(0 < c["left"][0] for c in cleanup)
write("cleanup.json", cleanup)

# Chamfer points ---------------------------------------------------------------------------------


def blob(seed):
    """A union of ellipses, some cut by the border, with holes: integers only."""
    noise = iter(words(200, seed).tolist())

    def below(bound):
        return (next(noise) >> 8) % bound

    rows, columns = 1 + below(60), 1 + below(60)
    mask = np.zeros((rows, columns), np.uint8)
    y, x = np.mgrid[:rows, :columns]
    for n in range(1 + below(5)):
        cx, cy = below(columns), below(rows)
        rx, ry = 1 + below(1 + columns), 1 + below(1 + rows)
        inside = (x - cx) ** 2 * ry**2 + (y - cy) ** 2 * rx**2 <= rx**2 * ry**2
        mask[inside] = 1 if n % 3 != 2 else 0
    return mask


chamfer = {"points": [], "named": []}
for seed in range(1, 1201):
    mask = blob(seed)
    if not mask.any():
        chamfer["points"].append([-1, -1])
        continue
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    y, x = np.unravel_index(distance.argmax(), distance.shape)
    chamfer["points"].append([int(x), int(y)])
for name, shape, area in [
    ("recipe-9x9", (9, 9), (2, 7, 1, 8)),
    ("recipe-7x7", (7, 7), (0, 3, 0, 3)),
    ("full-5x8", (5, 8), (0, 4, 0, 7)),
    ("row-1x9", (1, 9), (0, 0, 2, 8)),
]:
    mask = np.zeros(shape, np.uint8)
    mask[area[0] : area[1] + 1, area[2] : area[3] + 1] = 1
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    y, x = np.unravel_index(distance.argmax(), distance.shape)
    chamfer["named"].append(
        {"name": name, "shape": list(shape), "rows": area[:2], "columns": area[2:], "point": [int(x), int(y)]}
    )
write("chamfer.json", chamfer)

# Frames -----------------------------------------------------------------------------------------

frames = []
for letters in itertools.product("LR", "PA", "IS"):
    for codes in itertools.permutations(letters):
        data = np.arange(4 * 5 * 6, dtype=np.int16).reshape((4, 5, 6), order="F")
        affine = np.diag([1.0, 1, 1, 1])
        start = nibabel.orientations.axcodes2ornt(codes)
        affine[:3, :3] = 0
        for axis, (world, sign) in enumerate(start):
            affine[int(world), axis] = sign * (0.7, 0.8, 2.5)[axis]
        affine[:3, 3] = (-11, 7, 3)
        ras = nibabel.as_closest_canonical(nibabel.Nifti1Image(data, affine))
        canonical = np.asarray(ras.dataobj)
        term = np.stack([canonical[:, :, j] for j in range(canonical.shape[2])])
        entry = {
            "codes": "".join(codes),
            "shape": list(canonical.shape),
            "affine": [float(x) for x in ras.affine[:3].ravel()],
            "termProject": fnv(term),
        }
        if codes[2] in "IS":
            # SAMed: transposed to (Z, Y, X), nothing flipped.
            entry["samed"] = fnv(np.ascontiguousarray(data.transpose(2, 1, 0)))
        frames.append(entry)
write("frames.json", frames)

# Points of Python's random ----------------------------------------------------------------------

areas = [int(1 + (w >> 8) % 3000) for w in words(60, 5)] + [1, 2, 1, 1024, 1023, 262144]
points = []
for seed in (0, 1234, 2**40 + 3):
    random.seed(seed)
    one = [random.randint(0, area - 1) for area in areas]
    random.seed(seed)
    three = [random.randint(0, area - 1) for area in areas for _ in range(3)]
    points.append({"seed": str(seed), "random1": one, "random3": three})
write("python_points.json", {"areas": areas, "streams": points})
