#!/usr/bin/env python3
"""prepare.py MODE IN OUT: volumes to 2-D slices, the way users of the peers write it. No prompts.

monai-npz  LoadImaged, Orientationd(RAS), ScaleIntensityRanged(-175, 250); labelled slices; np.savez per slice
monai-h5   the same; one h5 per volume, gzip 4 + shuffle, one slice per chunk
nibabel-h5 nibabel + NumPy, window, all slices of a volume to one uncompressed h5, float32 image and label
"""

import glob
import json
import os
import sys
import time

import numpy as np

mode, source, target = sys.argv[1:]
images = sorted(glob.glob(source + "/img/*.nii.gz"))
labels = sorted(glob.glob(source + "/label/*.nii.gz"))
low, high = -175.0, 250.0
slices = 0


def case(path):
    return os.path.basename(path)[3:7]


if mode.startswith("monai"):
    import h5py
    import torch
    from monai.transforms import Compose, EnsureChannelFirstd, LoadImaged, Orientationd, ScaleIntensityRanged

    torch.set_num_threads(1)
    keys = ["image", "label"]
    pipeline = Compose(
        [
            LoadImaged(keys=keys),
            EnsureChannelFirstd(keys=keys),
            Orientationd(keys=keys, axcodes="RAS"),
            ScaleIntensityRanged(keys=["image"], a_min=low, a_max=high, b_min=0.0, b_max=1.0, clip=True),
        ]
    )
    start = time.process_time()
    for image_path, label_path in zip(images, labels):
        sample = pipeline({"image": image_path, "label": label_path})
        image, label = sample["image"][0].numpy(), sample["label"][0].numpy()
        kept = np.flatnonzero(label.any(axis=(0, 1)))
        if mode == "monai-npz":
            for k in kept:
                np.savez(
                    f"{target}/case{case(image_path)}_slice{k:03d}.npz",
                    image=image[:, :, k],
                    label=label[:, :, k].astype(np.uint8),
                )
        else:
            options = {"compression": "gzip", "compression_opts": 4, "shuffle": True}
            with h5py.File(f"{target}/case{case(image_path)}.h5", "w") as file:
                stack = np.ascontiguousarray(image[:, :, kept].transpose(2, 0, 1))
                masks = np.ascontiguousarray(label[:, :, kept].transpose(2, 0, 1)).astype(np.uint8)
                file.create_dataset("image", data=stack, chunks=(1,) + stack.shape[1:], **options)
                file.create_dataset("label", data=masks, chunks=(1,) + masks.shape[1:], **options)
        slices += len(kept)
else:
    import h5py
    import nibabel

    start = time.process_time()
    for image_path, label_path in zip(images, labels):
        image = nibabel.load(image_path).get_fdata().astype(np.float32)
        label = nibabel.load(label_path).get_fdata().astype(np.float32)
        image = (np.clip(image, low, high) - low) / (high - low)
        with h5py.File(f"{target}/case{case(image_path)}.h5", "w") as file:
            file["image"], file["label"] = image.transpose(2, 1, 0), label.transpose(2, 1, 0)
        slices += image.shape[2]
print(json.dumps({"slices": slices, "work": round(time.process_time() - start, 5)}))
