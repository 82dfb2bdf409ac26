"""Compares a prepared store with the published recipes, computed anew with nibabel, NumPy and SciPy.

usage: check_presets.py PRESET DATA STORE      DATA in BTCV layout, label values are the card's ids

Written from the recipes, not from samdata's code. Prints one line per case; any difference is an AssertionError.
"""
import json
import sys

import h5py
import nibabel as nib
import numpy as np
from scipy import ndimage as ndi


def term_project(image, label):
    """RAS, NumPy slices volume[:, :, k], -175...250 HU to bytes by truncation, slices with any organ."""
    v = np.asarray(nib.as_closest_canonical(image).dataobj).astype(np.float32)
    l = np.asarray(nib.as_closest_canonical(label).dataobj)
    unit = np.clip((v - np.float32(-175)) / np.float32(425), 0, 1)
    keep = [k for k in range(l.shape[2]) if l[:, :, k].any()]
    return (unit * 255).astype(np.uint8).transpose(2, 0, 1)[keep], l.transpose(2, 0, 1)[keep], keep


def transunet(image, label):
    """Axes as stored, (z, y, x), -125...275 HU to 0...1, every slice."""
    v = np.asarray(image.dataobj).astype(np.float32)
    unit = (np.clip(v, -125, 275) + np.float32(125)) / np.float32(400)
    l = np.asarray(label.dataobj)
    return unit.transpose(2, 1, 0), l.transpose(2, 1, 0), list(range(l.shape[2]))


def medsam(image, label):
    """Axes as stored, window 40/400, extremes of the clipped volume to bytes, small parts of labels removed."""
    v = np.asarray(image.dataobj).transpose(2, 1, 0)
    g = np.asarray(label.dataobj).transpose(2, 1, 0)
    out = np.zeros_like(g)
    for value in np.unique(g[g > 0]):
        parts, _ = ndi.label(g == value, np.ones((3, 3, 3)))
        big = np.bincount(parts.ravel()) >= 1000
        big[0] = False
        for z, mask in enumerate(big[parts]):
            parts2, _ = ndi.label(mask, np.ones((3, 3)))
            big2 = np.bincount(parts2.ravel()) >= 100
            big2[0] = False
            out[z][big2[parts2]] = value
    pre = np.clip(v, -160, 240).astype(np.float64)
    pre = (pre - pre.min()) / (pre.max() - pre.min()) * 255.0
    keep = [z for z in range(len(out)) if out[z].any()]
    return np.uint8(pre)[keep], out[keep], keep


def check_prompts(f):
    """Every record's prompts against the stored masks: extent, membership, and the exact distance transform."""
    masks = f["label"][:]
    rec = {k: f["records"][k][:] for k in f["records"]}
    box, wide = f["prompts/box"][:], f["prompts/box+5"][:]
    centre, random3 = f["prompts/centre"][:], f["prompts/random3"][:]
    n = 0
    for s, mask in enumerate(masks):
        rows, columns = mask.shape
        for value in np.unique(mask[mask > 0]):
            own = mask == value
            ys, xs = np.nonzero(own)
            assert (rec["slice"][n], rec["label"][n], rec["area"][n]) == (s, value, len(ys))
            extent = np.array([xs.min(), ys.min(), xs.max(), ys.max()])
            assert (box[n] == extent).all()
            limits = np.array([columns, rows, columns, rows]) - 1
            assert (wide[n] == np.clip(extent + [-5, -5, 5, 5], 0, limits)).all()
            distance = ndi.distance_transform_edt(np.pad(own, 1))[1:-1, 1:-1]
            best = np.unravel_index(distance.argmax(), distance.shape)
            assert (centre[n, 0] == best[::-1]).all(), (s, value, centre[n, 0], best[::-1])
            assert all(own[int(y), int(x)] for x, y in random3[n])
            n += 1
    assert n == len(box)
    return n


def main():
    preset, data, store = sys.argv[1:]
    cases = json.load(open(f"{store}/manifest.json"))["cases"]
    assert cases
    for case in cases:
        name = case["caseID"]
        image = nib.load(f"{data}/RawData/Training/img/img{name}.nii.gz")
        label = nib.load(f"{data}/RawData/Training/label/label{name}.nii.gz")
        pixels, masks, keep = {
            "term-project": term_project, "transunet": transunet, "medsam": medsam
        }[preset](image, label)
        with h5py.File(f"{store}/{case['path']}") as f:
            assert f["image"].dtype == pixels.dtype, (f["image"].dtype, pixels.dtype)
            assert list(f["slice_index"][:]) == keep
            assert (f["image"][:] == pixels).all()
            assert (f["label"][:] == masks).all()
            records = check_prompts(f)
            to_voxel = f["geometry"].attrs["pixel_to_voxel"]
            to_world = f["geometry"].attrs["pixel_to_world"]
            assert np.allclose(image.affine[:3] @ np.vstack([to_voxel, [0, 0, 0, 1]]), to_world)
            raw = np.asarray(label.dataobj)
            if preset != "medsam":
                rng = np.random.default_rng(0)
                for _ in range(500):
                    n, y, x = (int(rng.integers(size)) for size in masks.shape)
                    i, j, k = (to_voxel @ [x, y, keep[n], 1]).round().astype(int)
                    assert raw[i, j, k] == masks[n, y, x]
        print(f"{preset} {name}: {len(keep)} slices and {records} records as the recipe says")


main()
