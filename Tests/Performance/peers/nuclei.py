#!/usr/bin/env python3
"""nuclei.py MODE IMAGE.tif OUTLINES.xml COUNT: COUNT times from the files to pixels, instance map, boxes and centre points.

MODE: cv2 (fillPoly), pil (ImageDraw), both with one comparison of the whole frame for each nucleus, as scripts do it; or
cv2-cropped, which looks at each nucleus in the box of its outline. `work` is CPU seconds of one time, imports apart.
"""

import json
import sys
import time

import cv2
import numpy as np
import tifffile
from lxml import etree
from PIL import Image, ImageDraw

cv2.setNumThreads(1)
mode, image, outlines, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

start = time.process_time()
for _ in range(count):
    pixels = tifffile.imread(image)
    height, width = pixels.shape[:2]
    rings = [
        np.array([[float(v.get("X")), float(v.get("Y"))] for v in region.iter("Vertex")]).reshape(-1, 2)
        for region in etree.parse(outlines).iter("Region")
    ]
    if mode == "pil":
        canvas = Image.new("I", (width, height))
        draw = ImageDraw.Draw(canvas)
        for n, ring in enumerate(rings, 1):
            if len(ring) > 2:
                draw.polygon([tuple(point) for point in ring], fill=n)
        ids = np.array(canvas)
    else:
        ids = np.zeros((height, width), np.int32)
        for n, ring in enumerate(rings, 1):
            if len(ring) > 2:
                cv2.fillPoly(ids, [np.rint(ring).astype(np.int32)], n)
    prompts = []
    for n, ring in enumerate(rings, 1):
        left = top = 0
        part = ids
        if mode == "cv2-cropped":
            if len(ring) < 3:
                continue
            (left, top), (right, bottom) = np.maximum(ring.min(0).astype(int) - 2, 0), ring.max(0).astype(int) + 3
            part = ids[top:bottom, left:right]
        ys, xs = np.nonzero(part == n)
        if len(ys) == 0:
            continue
        x0, x1, y0, y1 = xs.min(), xs.max(), ys.min(), ys.max()
        mask = np.pad((part[y0 : y1 + 1, x0 : x1 + 1] == n).astype(np.uint8), 1)
        y, x = np.unravel_index(cv2.distanceTransform(mask, cv2.DIST_L2, 5).argmax(), mask.shape)
        prompts.append((left + x0, top + y0, left + x1, top + y1, left + x0 + x - 1, top + y0 + y - 1))
work = (time.process_time() - start) / count
told = {"objects": len(prompts), "area": int(np.count_nonzero(ids)), "pixels": int(pixels.sum(dtype=np.int64))}
print(json.dumps(told | {"work": round(work, 5)}))
