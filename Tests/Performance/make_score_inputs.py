#!/usr/bin/env python3
"""make_score_inputs.py DIR: what is scored in the benchmark, computed from fixed keys; no real data is needed.

DIR/volume-*.npy, .nii.gz   512x512x150 voxels of 0.8x0.8x3 mm, 13 labels
DIR/salt-* shift-* ...      the same grid, one label, hard to measure
DIR/nuclei-*.npy            1000x1000 pixels, 600 nuclei
DIR/slices-*.npy            10,000 slices of 224x224, 8 labels
DIR/pixels-*.npy            10 M truths (uint8) and probabilities (float32)

*-reference is taken as truth, *-prediction is under test. Arrays are C-ordered: [z][y][x].
"""

import gzip
import os
import sys

import nibabel
import numpy as np

import score_shapes


def save(folder, name, reference, prediction):
    np.save(f"{folder}/{name}-reference.npy", reference)
    np.save(f"{folder}/{name}-prediction.npy", prediction)
    print(f"bench: made {name}", file=sys.stderr)


def save_nifti(path, labels):
    affine = np.diag([0.8, 0.8, 3.0, 1.0])
    image = nibabel.Nifti1Image(np.asfortranarray(labels.transpose(2, 1, 0)), affine)
    image.header.set_xyzt_units("mm", "sec")
    image.set_sform(affine, 1)
    image.set_qform(affine, 1)
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as stream:
        stream.write(image.to_bytes())


if __name__ == "__main__":
    target = sys.argv[1]
    part = target + ".part"
    os.makedirs(part, exist_ok=True)
    volume = score_shapes.abdomen()
    save(part, "volume", *volume)
    for kind, labels in zip(("reference", "prediction"), volume):
        save_nifti(f"{part}/volume-{kind}.nii.gz", labels)
    for name, reference, prediction in score_shapes.hostile():
        save(part, name, reference, prediction)
    save(part, "nuclei", *score_shapes.nuclei())
    save(part, "slices", *score_shapes.slices())
    save(part, "pixels", *score_shapes.scores())
    os.rename(part, target)
