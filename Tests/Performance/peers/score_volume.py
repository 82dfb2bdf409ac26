#!/usr/bin/env python3
"""score_volume.py TOOL LABELS REFERENCE PREDICTION sx sy sz: Dice and distances of some labels (comma-separated) of a volume.

TOOL: monai, medpy, simpleitk, surface-distance or scipy (distance transforms of the whole volume, composed here). Files are .npy
or .nii.gz. Each tool gets the masks or images it wants ready-made: `work` is CPU seconds of the metrics alone.
"""

import json
import sys
import time

import numpy as np

tool, labels, *paths = sys.argv[1:5]
labels = [int(label) for label in labels.split(",")]
spacing = tuple(float(word) for word in sys.argv[5:8])[::-1]  # of [z][y][x]


def load(path):
    if path.endswith(".npy"):
        return np.load(path)
    import nibabel

    return np.ascontiguousarray(np.asanyarray(nibabel.load(path).dataobj).transpose(2, 1, 0))


def monai():
    import monai.metrics as metrics
    import torch

    torch.set_num_threads(1)

    def prepare(mask):
        return torch.from_numpy(mask)[None, None].float()

    def measure(prediction, reference):
        def value(metric, **words):
            metric(prediction, reference, **words)
            return metric.aggregate().item()

        common = {"include_background": True, "reduction": "mean"}
        return {
            "dice": value(metrics.DiceMetric(**common)),
            "hd": value(metrics.HausdorffDistanceMetric(**common), spacing=spacing),
            "hd95:max-directed": value(metrics.HausdorffDistanceMetric(percentile=95, **common), spacing=spacing),
            "assd": value(metrics.SurfaceDistanceMetric(symmetric=True, **common), spacing=spacing),
            "nsd@2mm": value(metrics.SurfaceDiceMetric([2.0], **common), spacing=spacing),
        }

    return prepare, measure


def medpy():
    from medpy.metric import binary

    def measure(prediction, reference):
        return {
            "dice": binary.dc(prediction, reference),
            "hd": binary.hd(prediction, reference, voxelspacing=spacing),
            "hd95:pooled": binary.hd95(prediction, reference, voxelspacing=spacing),
            "assd": binary.assd(prediction, reference, voxelspacing=spacing),
        }

    return lambda mask: mask, measure


def simpleitk():
    import SimpleITK

    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)

    def prepare(mask):
        image = SimpleITK.GetImageFromArray(mask.astype(np.uint8))
        image.SetSpacing(spacing[::-1])
        return image

    def measure(prediction, reference):
        overlap = SimpleITK.LabelOverlapMeasuresImageFilter()
        overlap.Execute(reference, prediction)
        distance = SimpleITK.HausdorffDistanceImageFilter()
        distance.Execute(reference, prediction)
        return {"dice": overlap.GetDiceCoefficient(1), "hd": distance.GetHausdorffDistance()}

    return prepare, measure


def surface_distance():
    import surface_distance as surfaces

    def measure(prediction, reference):
        distances = surfaces.compute_surface_distances(reference, prediction, spacing)
        return {
            "dice": surfaces.compute_dice_coefficient(reference, prediction),
            "hd": surfaces.compute_robust_hausdorff(distances, 100),
            "hd95": surfaces.compute_robust_hausdorff(distances, 95),
            "nsd@2mm": surfaces.compute_surface_dice_at_tolerance(distances, 2.0),
        }

    return lambda mask: mask, measure


def scipy():
    from scipy import ndimage

    def measure(prediction, reference):
        borders = [mask & ~ndimage.binary_erosion(mask) for mask in (prediction, reference)]
        lists = []
        for a, b in (borders, borders[::-1]):
            lists.append(ndimage.distance_transform_edt(~b, spacing)[a])
        both = np.concatenate(lists)
        return {
            "dice": 2 * np.count_nonzero(prediction & reference) / (prediction.sum() + reference.sum()),
            "hd": both.max(),
            "hd95:max-directed": max(np.percentile(distances, 95) for distances in lists),
            "hd95:pooled": np.percentile(both, 95),
            "assd": both.mean(),
            "nsd@2mm": np.count_nonzero(both <= 2) / both.size,
        }

    return lambda mask: mask, measure


prepare, measure = {
    "monai": monai,
    "medpy": medpy,
    "simpleitk": simpleitk,
    "surface-distance": surface_distance,
    "scipy": scipy,
}[tool]()
reference, prediction = map(load, paths)
values, work = {}, 0.0
for label in labels:
    masks = prepare(prediction == label), prepare(reference == label)
    start = time.process_time()
    values[label] = measure(*masks)
    work += time.process_time() - start
values = {label: {name: float(value) for name, value in row.items()} for label, row in values.items()}
print(json.dumps({"labels": values, "work": round(work, 5)}))
