#!/usr/bin/env python3
"""check_slide_store.py OURS ... PEER ...: the patches of stores of one slide: same places, equal pixels, masks alike.

A folder with a manifest is samdata's, the others hold one file of prepare_slide.py. Prints how many patches there are, and how
many label pixels of the peers differ at most from samdata's.
"""

import glob
import json
import os
import sys

import h5py
import numpy as np


def ours(folder):
    """Origins, pixels and labels by patch, in the order of the parts."""
    paths = sorted(glob.glob(f"{folder}/**/*.h5", recursive=True))
    for path in paths:
        with h5py.File(path) as file:
            origins = file["patches/origin"][:]
            for n, origin in enumerate(origins.tolist()):
                yield tuple(origin), np.moveaxis(file["image"][n], 0, -1), file["label"][n]


def peers(folder):
    with h5py.File(f"{folder}/tumor_001.h5") as file:
        for n, origin in enumerate(file["origin"][:].tolist()):
            yield tuple(origin), file["image"][n], file["label"][n]


if __name__ == "__main__":
    first, *others = sys.argv[1:]
    worst, tumour, count = 0, 0, 0
    for folder in others:
        isOurs = not os.path.exists(f"{folder}/tumor_001.h5")
        different, tumour, count = 0, 0, 0
        left, right = ours(first), (ours if isOurs else peers)(folder)
        for (place, pixels, labels), (place2, pixels2, labels2) in zip(left, right, strict=True):
            if place != place2:
                sys.exit(f"{folder}: found a patch at {place2}, expected {place}")
            if not np.array_equal(pixels, pixels2):
                sys.exit(f"{folder}: the pixels of the patch at {place} differ in {(pixels != pixels2).sum()} samples")
            different += int((labels != labels2).sum())
            tumour += int(labels.sum())
            count += 1
        if different > (0 if isOurs else 0.005 * tumour) or not count or not tumour:
            sys.exit(f"{folder}: found {different} label pixels of {tumour} that differ in {count} patches, expected fewer")
        worst = max(worst, different)
    print(json.dumps({"patches": count, "different": worst, "tumour": tumour}))
