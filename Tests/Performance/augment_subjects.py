"""What is measured of augmentation: a slice with its label, flipped, rotated and shifted."""

import glob
import os
import sys

from subjects import Measure, Subject

COUNT, FEWER = 400, 100


def augment_measures(probes, work, python):
    """The measure. Rows of peers that are not installed are left out."""
    here = os.path.dirname(os.path.abspath(__file__))
    pair = [f"{work}/augment/image.npy", f"{work}/augment/label.npy"]

    def peer(package, title, tool):
        if not glob.glob(f"{work}/python/lib/python3*/site-packages/{package}"):
            return []
        count = COUNT if tool == "opencv" else FEWER
        return [
            Subject(
                title, "peer", [python, f"{here}/peers/augment.py", tool, *pair, str(count)], most=3, scale=1 / count
            )
        ]

    rows = [
        Subject("samdata", "ours", [f"{probes}/augment-slices", *pair, "512", str(COUNT)], scale=1 / COUNT),
        *peer("cv2", "OpenCV, by hand", "opencv"),
        *peer("albumentations", "albumentations", "albumentations"),
        *peer("monai", "MONAI", "monai"),
        *peer("torchio", "TorchIO", "torchio"),
        Subject("plain C, one pass", "floor", [f"{work}/floors/augment", *pair, "512", str(COUNT)], scale=1 / COUNT),
    ]
    title = "Augment a 512x512 slice with its label: flip, rotation, shift; per slice"
    return [Measure("augment", title, "work", 0.0008, rows, floor_then=0.00079)]


def check(measure):
    """Compares the sums of everybody who takes the same angles; the sentence that is printed under the table."""
    expected = measure.ours.runs[-1].own["sums"]
    told = []
    for subject in measure.subjects[1:]:
        found = subject.runs[-1].own.get("sums")
        if found is None:
            continue
        # OpenCV rounds positions to 1/32 of a pixel and blends the border with black, the floor works in single precision
        for name, value in found.items():
            if not abs(value - expected[name]) <= 3e-3 * abs(expected[name]):
                sys.exit(
                    f"error: bench augment: {subject.name}: {name}: found {value}, samdata found {expected[name]}, "
                    "expected a relative difference of at most 3e-3"
                )
        told.append(subject.name)
    return f"Grey values, labelled pixels and label sums agree within 0.3 % for samdata, {' and '.join(told)}; the others draw angles of their own."
