#!/usr/bin/env python3
"""score_slices.py TOOL REFERENCE.npy PREDICTION.npy COUNT: Dice and HD95 of 8 labels of the first COUNT slices, in pixels.

TOOL: medpy, surface-distance or monai. Prints sums over the labels that both maps have. `work` is CPU seconds after loading.
"""

import json
import sys
import time

import numpy as np

tool, reference, prediction, count = sys.argv[1:]
reference, prediction = (np.load(path, mmap_mode="r")[: int(count)].copy() for path in (reference, prediction))
if tool == "medpy":
    from medpy.metric import binary

    def measure(prediction, reference):
        return binary.dc(prediction, reference), binary.hd95(prediction, reference)

elif tool == "surface-distance":
    import surface_distance as surfaces

    def measure(prediction, reference):
        distances = surfaces.compute_surface_distances(reference, prediction, (1.0, 1.0))
        overlap = surfaces.compute_dice_coefficient(reference, prediction)
        return overlap, surfaces.compute_robust_hausdorff(distances, 95)

else:
    import monai.metrics as metrics
    import torch

    torch.set_num_threads(1)

    def measure(prediction, reference):
        pair = [torch.from_numpy(mask)[None, None].float() for mask in (prediction, reference)]
        overlap = metrics.compute_dice(*pair).item()
        return overlap, metrics.compute_hausdorff_distance(*pair, include_background=True, percentile=95).item()


start = time.process_time()
sums = {"pairs": 0, "dice": 0.0, "hd95": 0.0}
for a, b in zip(prediction, reference):
    for label in range(1, 9):
        mask, truth = a == label, b == label
        if not mask.any() or not truth.any():
            continue
        dice, hd95 = measure(mask, truth)
        sums["pairs"] += 1
        sums["dice"] += float(dice)
        sums["hd95"] += float(hd95)
print(json.dumps({"part": sums, "work": round(time.process_time() - start, 5)}))
