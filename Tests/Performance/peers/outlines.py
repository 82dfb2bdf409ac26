#!/usr/bin/env python3
"""outlines.py OUTLINES.xml PATCHES SIDE: tumour outlines less holes under patches with cv2.fillPoly, patch by patch, as scripts
do it. `work` is CPU seconds after reading the XML.
"""

import json
import sys
import time
import xml.etree.ElementTree as ElementTree

import cv2
import numpy as np

cv2.setNumThreads(1)
path, patches, side = sys.argv[1], np.loadtxt(sys.argv[2], int), int(sys.argv[3])
regions = []
for region in ElementTree.parse(path).iter("Annotation"):
    points = np.array([[float(c.get("X")), float(c.get("Y"))] for c in region.iter("Coordinate")])
    regions.append((region.get("PartOfGroup") == "Tumor", points, points.min(0), points.max(0)))
regions.sort(key=lambda region: not region[0])

start, area, positive = time.process_time(), 0, 0
for x, y in patches.tolist():
    mask = np.zeros((side, side), np.uint8)
    for covers, points, low, high in regions:
        if low[0] < x + side and high[0] > x and low[1] < y + side and high[1] > y:
            cv2.fillPoly(mask, [np.rint((points - (x, y)) * 16).astype(np.int32)], int(covers), shift=4)
    found = int(np.count_nonzero(mask))
    area += found
    positive += found > 0
print(json.dumps({"area": area, "patches": positive, "work": round(time.process_time() - start, 5)}))
