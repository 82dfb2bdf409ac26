"""Reads a store of patches with h5py and compares it with the pictures and outlines it was made from, without samdata.

Pixels are decoded by Pillow, outlines are read by the standard library's XML reader and filled here by the even-odd rule at
pixel centres. The store must have been prepared with instances, tissue and prompts as the card has them.

usage: check_patches.py STORE INPUT
"""

import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

import h5py
import numpy as np
from PIL import Image

TUMOR = {"_0", "_1", "tumor", "metastases"}


def equal(found, expected, what):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, f"{what}: shape {found.shape}, expected {expected.shape}"
    wrong = int(np.count_nonzero(found != expected))
    assert wrong == 0, f"{what}: {wrong} of {found.size} values differ"


def outlines(path):
    """The rings of a file in its order, each with whether it is cut out of the others."""
    root = ElementTree.parse(path).getroot()
    rings = []
    if root.tag == "ASAP_Annotations":
        for node in root.iter("Annotation"):
            points = sorted(node.iter("Coordinate"), key=lambda p: int(p.get("Order")))
            ring = [(float(p.get("X")), float(p.get("Y"))) for p in points]
            rings.append((ring, node.get("PartOfGroup").lower() not in TUMOR))
        return rings, False
    for region in root.iter("Region"):
        rings.append(([(float(v.get("X")), float(v.get("Y"))) for v in region.iter("Vertex")], False))
    return rings, True


def covered(ring, columns, rows):
    """Which of the points columns x rows lie inside: a ray to the left crosses the ring an odd number of times."""
    result = np.zeros((len(rows), len(columns)), bool)
    if len(ring) < 3:
        return result
    ring = np.array(ring)
    near_x = (columns >= ring[:, 0].min()) & (columns <= ring[:, 0].max())
    near_y = (rows >= ring[:, 1].min()) & (rows <= ring[:, 1].max())
    if not near_x.any() or not near_y.any():
        return result
    x, y = columns[near_x], rows[near_y]
    inside = np.zeros((len(y), len(x)), bool)
    for (ax, ay), (bx, by) in zip(ring, np.roll(ring, -1, axis=0)):
        crosses = (ay > y) != (by > y)
        if crosses.any():
            at = ax + (y[crosses] - ay) / (by - ay) * (bx - ax)
            inside[crosses] ^= at[:, None] <= x[None, :]
    result[np.ix_(near_y, near_x)] = inside
    return result


def labels(rings, is_nuclei, x, y, side, scale, size):
    """Label, numbers of objects and contested pixels of a patch of stored pixels; nothing beyond the picture."""
    height, width = side
    columns = (x + np.arange(width) + 0.5) * scale[0]
    rows = (y + np.arange(height) + 0.5) * scale[1]
    numbers = np.zeros(side, np.uint32)
    claims = np.zeros(side, np.uint32)
    cut = np.zeros(side, bool)
    for number, (ring, is_hole) in enumerate(rings, 1):
        mask = covered(ring, columns, rows)
        if is_hole:
            cut |= mask
            continue
        claims += mask
        numbers[mask & (numbers == 0)] = number
    beyond = ((rows < 0) | (rows >= size[1]))[:, None] | ((columns < 0) | (columns >= size[0]))
    numbers[cut | beyond] = 0
    label = (numbers > 0).astype(np.uint8)
    contested = int(np.count_nonzero((claims > 1) & ~beyond)) if is_nuclei else 0
    return label, numbers, contested


def check_records(file, label, numbers):
    """Areas, boxes (inclusive) and points of the records against the stored maps."""
    records = {name: file["records"][name][:] for name in file["records"]}
    boxes = file["prompts/box"][:]
    centres = file["prompts/centre"][:].reshape(len(boxes), 1, 2)
    for n, where in enumerate(records["slice"]):
        mask = label[where] == records["label"][n]
        if numbers is not None:
            mask = numbers[where] == records["component"][n]
            rows, columns = np.nonzero(mask)
            assert len(rows) == records["area"][n], f"record {n}: area"
            box = [columns.min(), rows.min(), columns.max(), rows.max()]
            equal(boxes[n], np.array(box, boxes.dtype), f"record {n}: box")
        for x, y in centres[n].astype(int):
            assert mask[y, x], f"record {n}: its point lies beside it"
    if numbers is not None:
        found = sum(len(np.unique(plane[plane > 0])) for plane in numbers)
        assert found == len(boxes), f"{len(boxes)} records of {found} objects"
    return len(boxes)


def check(unit, store, root):
    paths = {entry["role"]: root / entry["path"] for entry in unit["inputs"]}
    with h5py.File(store / unit["path"]) as file:
        assert file["image"].attrs["channel_meaning"] == b"rgb"
        image = np.moveaxis(file["image"][:], 1, -1)
        label = file["label"][:]
        numbers = file["instance"][:] if "instance" in file else None
        group = file["patches"]
        patches = {name: group[name][:] for name in group}
        scale, size, level = group.attrs["downsample"], group.attrs["slide_size"], group.attrs["level"]
        records = check_records(file, label, numbers)
    with Image.open(paths["image"]) as picture:
        assert list(picture.size) == list(size), f"{unit['id']}: size {picture.size}"
        picture.seek(int(level))
        pixels = np.asarray(picture.convert("RGB"))
    rings, is_nuclei = outlines(paths["annotation"]) if "annotation" in paths else ([], False)
    side = label.shape[1:]
    for n, origin in enumerate(patches["origin"]):
        x, y = (int(round(origin[k] / scale[k])) for k in (0, 1))
        expected = np.full((*side, 3), 255, np.uint8)
        part = pixels[max(y, 0) : y + side[0], max(x, 0) : x + side[1]]
        expected[: part.shape[0], : part.shape[1]] = part
        what = f"{unit['id']} patch {n}"
        equal(image[n], expected, f"{what}: pixels")
        mask, ids, contested = labels(rings, is_nuclei, x, y, side, scale, size)
        equal(label[n], mask, f"{what}: label")
        if numbers is not None:
            equal(numbers[n], ids, f"{what}: instances")
        assert patches["contested"][n] == contested, f"{what}: contested"
        assert patches["foreground"][n] == np.float32(np.count_nonzero(mask) / mask.size), f"{what}: foreground"
    return len(patches["origin"]), records


def main(store, root):
    manifest = json.loads((store / "manifest.json").read_text())
    counts = [check(unit, store, root) for unit in manifest["cases"]]
    assert counts and sum(n for n, _ in counts) > 0 and sum(n for _, n in counts) > 0
    print(f"checked {len(counts)} files, {sum(n for n, _ in counts)} patches, {sum(n for _, n in counts)} records")


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:3]))
