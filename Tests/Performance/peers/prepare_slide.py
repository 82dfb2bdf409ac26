#!/usr/bin/env python3
"""prepare_slide.py COMPRESSION SLIDE OUTLINES.xml OUT: tissue mask, patches, tumour masks and an HDF5 file, as scripts do it with
OpenSlide, OpenCV, NumPy and h5py.

COMPRESSION: gzip1, gzip4 or none. Tissue as samdata's standard recipe: saturation at one sixteenth, Otsu, closing 7 x 7 twice,
median 15; patches of 256 with half of their mask in tissue.
"""

import sys
import time
import xml.etree.ElementTree as ElementTree

import cv2
import h5py
import numpy as np
import openslide

cv2.setNumThreads(1)
compression, path, outlines, out = sys.argv[1:]
side = 256
slide = openslide.OpenSlide(path)
width, height = slide.dimensions
level = slide.get_best_level_for_downsample(16.1)
small = np.asarray(slide.read_region((0, 0), level, slide.level_dimensions[level]).convert("RGB"))
saturation = cv2.cvtColor(small, cv2.COLOR_RGB2HSV)[..., 1]
_, tissue = cv2.threshold(saturation, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
tissue = cv2.morphologyEx(tissue, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8), iterations=2)
tissue = cv2.medianBlur(tissue, 15)
sums, scale = cv2.integral(tissue), width // tissue.shape[1]
cell = side // scale
places = [
    (x, y)
    for y in range(0, height - side + 1, side)
    for x in range(0, width - side + 1, side)
    if sums[y // scale + cell, x // scale + cell]
    - sums[y // scale, x // scale + cell]
    - sums[y // scale + cell, x // scale]
    + sums[y // scale, x // scale]
    >= 0.5 * cell * cell
]
regions = []
for region in ElementTree.parse(outlines).iter("Annotation"):
    points = np.array([[float(c.get("X")), float(c.get("Y"))] for c in region.iter("Coordinate")])
    regions.append((region.get("PartOfGroup") == "Tumor", points, points.min(0), points.max(0)))
regions.sort(key=lambda region: not region[0])

kind = {} if compression == "none" else {"compression": "gzip", "compression_opts": int(compression[-1])}
with h5py.File(f"{out}/tumor_001.h5", "w") as file:
    count = len(places)
    images = file.create_dataset("image", (count, side, side, 3), np.uint8, chunks=(1, side, side, 3), **kind)
    labels = file.create_dataset("label", (count, side, side), np.uint8, chunks=(1, side, side), **kind)
    file["origin"] = np.array(places, np.int64)
    shares = np.zeros(count, np.float32)
    for n, (x, y) in enumerate(places):
        mask = np.zeros((side, side), np.uint8)
        for covers, points, low, high in regions:
            if low[0] < x + side and high[0] > x and low[1] < y + side and high[1] > y:
                cv2.fillPoly(mask, [np.rint((points - (x, y)) * 16).astype(np.int32)], int(covers), shift=4)
        images[n] = np.asarray(slide.read_region((x, y), 0, (side, side)).convert("RGB"))
        labels[n] = mask
        shares[n] = mask.mean()
    file["foreground"] = shares
print(f'{{"patches": {count}, "work": {time.process_time():.5f}}}')
