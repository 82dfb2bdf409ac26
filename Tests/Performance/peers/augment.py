#!/usr/bin/env python3
"""augment.py TOOL IMAGE.npy LABEL.npy COUNT: flip, rotate and shift a slice with its label COUNT times.

TOOL: opencv (the angles of samdata's probe; sums are printed), albumentations, monai or torchio (their own random angles within 20
degrees, every transform with probability 1). `work` is CPU seconds after loading and three calls to warm up.
"""

import json
import sys
import time

import numpy as np

tool, image, label, count = sys.argv[1:]
image, label, count = np.load(image), np.load(label), int(count)

if tool == "opencv":
    import cv2

    cv2.setNumThreads(1)

    def augment(n):
        angle = (n * 7919 % 4001 - 2000) / 100
        matrix = cv2.getRotationMatrix2D(((image.shape[1] - 1) / 2, (image.shape[0] - 1) / 2), angle, 1)
        size = image.shape[::-1]
        pixels = cv2.warpAffine(cv2.flip(image, 1), matrix, size, flags=cv2.INTER_LINEAR)
        labels = cv2.warpAffine(cv2.flip(label, 1), matrix, size, flags=cv2.INTER_NEAREST)
        return pixels + np.float32(angle / 200), labels

elif tool == "albumentations":
    import albumentations
    import cv2

    cv2.setNumThreads(1)
    compose = albumentations.Compose(
        [
            albumentations.HorizontalFlip(p=1),
            albumentations.Rotate(limit=20, p=1, border_mode=0),
            albumentations.RandomBrightnessContrast(0.1, 0, p=1),
        ]
    )

    def augment(n):
        return compose(image=image, mask=label)

elif tool == "monai":
    import torch

    torch.set_num_threads(1)
    from monai.transforms import Compose, RandFlipd, RandRotated, RandShiftIntensityd

    compose = Compose(
        [
            RandFlipd(["image", "label"], prob=1, spatial_axis=1),
            RandRotated(
                ["image", "label"], range_x=np.pi / 9, prob=1, mode=("bilinear", "nearest"), padding_mode="zeros"
            ),
            RandShiftIntensityd(["image"], offsets=0.1, prob=1),
        ]
    )
    pair = {"image": torch.from_numpy(image)[None], "label": torch.from_numpy(label)[None]}

    def augment(n):
        return compose(pair)

else:
    import SimpleITK
    import torch
    import torchio

    torch.set_num_threads(1)
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    compose = torchio.Compose(
        [
            torchio.RandomFlip(axes=0, flip_probability=1),
            torchio.RandomAffine(scales=0, degrees=(0, 0, 0, 0, -20, 20)),
            torchio.RandomGamma(log_gamma=0.1),
        ]
    )
    subject = torchio.Subject(
        image=torchio.ScalarImage(tensor=torch.from_numpy(image)[None, ..., None]),
        label=torchio.LabelMap(tensor=torch.from_numpy(label)[None, ..., None]),
    )

    def augment(n):
        return compose(subject)


for n in range(3):
    augment(n)
work, grey, area, organs = 0.0, 0.0, 0, 0
for n in range(count):
    start = time.process_time()
    result = augment(n)
    work += time.process_time() - start
    if tool == "opencv" and n % 20 == 0:
        grey += float(result[0].sum(dtype=np.float64))
        area += int((result[1] > 0).sum())
        organs += int(result[1].sum(dtype=np.int64))
told = {"sums": {"grey": grey, "area": area, "organs": organs}} if tool == "opencv" else {}
print(json.dumps(told | {"work": round(work, 5)}))
