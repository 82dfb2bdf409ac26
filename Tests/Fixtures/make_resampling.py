"""Writes resampling.json: what Pillow, SciPy and scikit-image answer, for ResamplingTests.

Made with Pillow 13.0.0, SciPy 1.17.1, scikit-image 0.26.0, NumPy 2.4.6 on x86-64. Run in this folder:

    python make_resampling.py

Pixels come from a linear congruential generator that the tests repeat: x <- 1664525 x + 1013904223 mod 2^32, from a
seed; a byte is x >> 24, a float is (x >> 8) / 2^24. The inputs are therefore not stored. Small results are stored as
base64 of little-endian samples, large ones as FNV-1a (64 bits) over those bytes plus, for reals, 4 probes and the sum.
"""

import base64
import json

import numpy as np
import scipy.ndimage as ndi
from PIL import Image
from skimage.transform import resize


def words(count, seed):
    out = np.empty(count, np.uint32)
    x = seed
    for i in range(count):
        x = (1664525 * x + 1013904223) & 0xFFFFFFFF
        out[i] = x
    return out


def grey(rows, columns, seed, channels=1):
    shape = (rows, columns) if channels == 1 else (rows, columns, channels)
    return (words(rows * columns * channels, seed) >> 24).astype(np.uint8).reshape(shape)


def real(rows, columns, seed):
    return ((words(rows * columns, seed) >> 8) / 2.0**24).astype(np.float32).reshape(rows, columns)


def island(rows, columns, seed):
    """Zeros but for the middle half: the spline dies away in the zeros down to the smallest floats."""
    image = real(rows, columns, seed)
    keep = np.zeros_like(image)
    part = (slice(rows // 4, rows - rows // 4), slice(columns // 4, columns - columns // 4))
    keep[part] = image[part]
    return keep


def labels(rows, columns, seed):
    """Ids 0 to 13."""
    return ((words(rows * columns, seed) >> 24) % 14).astype(np.uint8).reshape(rows, columns)


MAKERS = {"grey": grey, "real": real, "island": island, "labels": labels}


def pillow(image, rows, columns, filter):
    """One axis after the other: Pillow 13 runs the vertical pass first where that is faster, which rounds otherwise.

    Pillow up to 12 always ran the horizontal pass first; in two calls every version does.
    """
    image = Image.fromarray(image)
    if filter == Image.Resampling.BILINEAR:
        image = image.resize((columns, image.height), filter)
    return np.asarray(image.resize((columns, rows), filter))


def zoom(image, rows, columns, order):
    result = ndi.zoom(image, (rows / image.shape[0], columns / image.shape[1]), order=order)
    assert result.shape == (rows, columns)
    return result


def scikit(image, rows, columns):
    return resize(image, (rows, columns), order=3, preserve_range=True, mode="constant", anti_aliasing=True)


def scikit_labels(image, rows, columns):
    return resize(
        image, (rows, columns), order=0, preserve_range=True, mode="constant", anti_aliasing=False)


METHODS = {
    "pillow-13": lambda a, r, c: np.asarray(
        Image.fromarray(a).resize((c, r), Image.Resampling.BILINEAR)),
    "pillow-bilinear": lambda a, r, c: pillow(a, r, c, Image.Resampling.BILINEAR),
    "pillow-nearest": lambda a, r, c: pillow(a, r, c, Image.Resampling.NEAREST),
    "zoom-0": lambda a, r, c: zoom(a, r, c, 0),
    "zoom-1": lambda a, r, c: zoom(a, r, c, 1),
    "zoom-3": lambda a, r, c: zoom(a, r, c, 3),
    "scikit-3": scikit,
    "scikit-0": scikit_labels,
}


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def case(method, maker, size, target, seed=1, channels=1):
    image = MAKERS[maker](*size, seed) if channels == 1 else grey(*size, seed, channels)
    result = METHODS[method](image, *target)
    data = np.ascontiguousarray(result).astype(result.dtype.newbyteorder("<")).tobytes()
    entry = {
        "method": method, "input": maker, "size": list(size), "target": list(target),
        "seed": seed, "channels": channels, "type": str(result.dtype),
    }
    if len(data) <= 130:
        entry["base64"] = base64.b64encode(data).decode()
    else:
        entry["fnv"] = fnv(data)
        if result.dtype.kind == "f":
            flat = result.ravel()
            places = np.linspace(0, flat.size - 1, 4).astype(int)
            entry["places"] = places.tolist()
            entry["probes"] = [float(flat[i]) for i in places]
            entry["sum"] = float(flat.astype(np.float64).sum())
    return entry


SMALL = [(23, 31), (12, 5)]
TARGETS = [(11, 13), (40, 37), (8, 31), (1, 1), (3, 50)]


def cases():
    for method in ("pillow-bilinear", "zoom-3"):
        for size in SMALL:
            for target in TARGETS:
                yield case(method, "grey", size, target, seed=3)
    for method in ("pillow-bilinear", "zoom-1", "zoom-3"):
        for size in SMALL:
            for target in TARGETS:
                yield case(method, "real", size, target, seed=4)
    for method in ("pillow-nearest", "zoom-0", "scikit-0"):
        for size in SMALL + [(2, 7), (9, 64)]:
            for target in TARGETS + [(49, 35)]:
                yield case(method, "labels", size, target, seed=5)
    for maker in ("grey", "real"):
        for size in SMALL:
            for target in TARGETS:
                yield case("scikit-3", maker, size, target, seed=6)
    for size, target in (((1, 6), (5, 11)), ((2, 2), (5, 3)), ((6, 1), (4, 4)), ((3, 3), (3, 7))):
        yield case("pillow-bilinear", "grey", size, target)
        yield case("zoom-3", "real", size, target)
        yield case("zoom-0", "real", size, target)
        yield case("scikit-3", "grey", size, target)

    # Height less by more than twice what width is less by: yes, no, just not, just so.
    for size, target in (
            ((23, 31), (11, 33)), ((23, 31), (40, 17)), ((42, 28), (6, 10)), ((42, 28), (5, 10))):
        yield case("pillow-13", "grey", size, target, seed=7)
        yield case("pillow-13", "real", size, target, seed=7)
    yield case("pillow-13", "grey", (400, 90), (102, 23), channels=3)
    yield case("pillow-bilinear", "grey", (400, 90), (102, 23), channels=3)
    yield case("pillow-bilinear", "grey", (23, 31), (17, 44), channels=3)
    yield case("pillow-bilinear", "grey", (300, 200), (1024, 683), channels=3)
    for side in (224, 1024):
        yield case("pillow-bilinear", "grey", (512, 512), (side, side))
        yield case("pillow-nearest", "labels", (512, 512), (side, side))
        yield case("scikit-3", "grey", (512, 512), (side, side))
        yield case("scikit-0", "labels", (512, 512), (side, side))
    yield case("zoom-3", "real", (512, 512), (224, 224))
    yield case("zoom-3", "real", (512, 512), (225, 225))
    yield case("zoom-3", "island", (512, 512), (240, 240))
    yield case("zoom-3", "real", (224, 224), (512, 512))
    yield case("zoom-3", "island", (600, 560), (512, 512))
    yield case("zoom-0", "labels", (512, 512), (224, 224))
    yield case("zoom-0", "labels", (512, 512), (128, 128))


if __name__ == "__main__":
    entries = [json.dumps(entry, separators=(",", ":")) for entry in cases()]
    with open("resampling.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(entries) + "\n]\n")
