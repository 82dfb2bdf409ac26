#!/usr/bin/env python3
"""prompts.py MODE LABEL.nii.gz: box and centre of every label in every slice, on the full frame, as scripts do it.

MODE: cv2 (distanceTransform with the 5x5 chamfer mask), cv2-fixed (the same in OpenCV's own fixed-point arithmetic instead of
the floats of Intel's IPP, which break a few ties differently) or scipy (exact distance_transform_edt).
"""

import json
import sys
import time

import nibabel
import numpy as np

mode, path = sys.argv[1:]
labels = np.ascontiguousarray(np.asanyarray(nibabel.load(path).dataobj).transpose(2, 1, 0))
if mode.startswith("cv2"):
    import cv2

    cv2.setNumThreads(1)
    if mode == "cv2-fixed" and hasattr(cv2, "ipp"):
        cv2.ipp.setUseIPP(False)

    def distance(mask):
        return cv2.distanceTransform(mask, cv2.DIST_L2, 5)

else:
    from scipy.ndimage import distance_transform_edt as distance

start = time.process_time()
regions, centres, boxes = 0, 0, 0
for plane in labels:
    for label in np.unique(plane):
        if label == 0:
            continue
        mask = (plane == label).astype(np.uint8)
        ys, xs = np.nonzero(mask)
        d = distance(mask)
        y, x = np.unravel_index(d.argmax(), d.shape)
        regions += 1
        centres += 7 * int(x) + int(y)
        boxes += int(xs.min()) + 3 * int(ys.min()) + 5 * int(xs.max()) + 7 * int(ys.max())
work = round(time.process_time() - start, 5)
print(json.dumps({"regions": regions, "centres": centres, "boxes": boxes, "work": work}))
