"""Writes scipy-rotations.tsv and monai-rotations.tsv beside this file. Needs NumPy, SciPy, and for the second file MONAI."""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


def scipy_rotations():
    import scipy
    from scipy import ndimage

    def weighted_sum(a):
        values = a.astype(np.uint64).ravel()
        index = np.arange(values.size, dtype=np.uint64)
        weights = (index * np.uint64(2) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        return int((values * weights).sum(dtype=np.uint64))

    angles = [*range(-20, 20), 30, 45, 60, 90, 135, 150, 180, 225, 270, 315, 359, -33.25, 123.456, 1000]
    lines = [
        "# rows\tcolumns\tdegrees\tsum of value * (2 index + 1) * 0x9E3779B97F4A7C15 modulo 2^64",
        "# scipy.ndimage.rotate(a, degrees, order=0, reshape=False), SciPy %s, a = 1, 2, 3, ... row by row"
        % scipy.__version__,
    ]
    for shape in ((512, 512), (511, 513), (33, 47)):
        a = np.arange(1, shape[0] * shape[1] + 1).reshape(shape).astype(np.int32)
        for angle in angles:
            b = ndimage.rotate(a, angle, order=0, reshape=False)
            lines.append("%d\t%d\t%s\t%016x" % (*shape, angle, weighted_sum(b)))
    (HERE / "scipy-rotations.tsv").write_text("\n".join(lines) + "\n")


def monai_rotations():
    import monai
    from monai.transforms import Rotate

    a = (np.random.RandomState(5).randint(0, 1001, size=(9, 12)) / 1000).astype(np.float32)
    lines = [
        "# MONAI %s Rotate(angle, keep_size=True, mode='bilinear', padding_mode='border', "
        "align_corners=False), 9 rows of 12 columns" % monai.__version__,
        "# line: angle in radians (0: the picture itself), then the 108 values row by row",
        "0\t" + "\t".join("%.3f" % v for v in a.ravel()),
    ]
    for angle in (0.3, -1.1, 2.5):
        rotate = Rotate(
            angle=angle, keep_size=True, mode="bilinear", padding_mode="border", align_corners=False,
            dtype=np.float64)
        b = np.asarray(rotate(a[None]))[0]
        lines.append("%g\t" % angle + "\t".join("%.6f" % v for v in b.ravel()))
    (HERE / "monai-rotations.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    scipy_rotations()
    if "--monai" in sys.argv:
        monai_rotations()
