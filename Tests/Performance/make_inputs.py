#!/usr/bin/env python3
"""make_inputs.py DIR: the inputs of the benchmark, computed from fixed seeds; no real data is needed.

DIR/ct      four CT-like int16 volumes of 512x512x120 (.nii.gz, LAS as BTCV stores them) with maps of 13 labels
DIR/headers 1,000 small .nii.gz of different shapes and spacings
"""

import gzip
import os
import sys

import nibabel
import numpy as np
from scipy.ndimage import gaussian_filter

SEED = 20240611
#        cx, cy, cz, rx, ry, rz, HU; cz and rz as parts of the height
ORGANS = {
    1: (-120, 40, 0.62, 42, 34, 0.16, 110),
    2: (75, 55, 0.42, 27, 30, 0.17, 150),
    3: (-75, 55, 0.47, 27, 30, 0.17, 150),
    4: (85, -45, 0.52, 17, 20, 0.10, 15),
    5: (4, 30, 0.80, 9, 8, 0.15, 45),
    6: (95, -10, 0.66, 85, 70, 0.22, 105),
    7: (-70, -50, 0.62, 52, 40, 0.15, 35),
    8: (-8, 45, 0.50, 12, 12, 0.42, 180),
    9: (22, 40, 0.52, 13, 11, 0.38, 140),
    10: (30, 5, 0.58, 30, 8, 0.08, 160),
    11: (-12, -8, 0.52, 55, 13, 0.09, 95),
    12: (48, 38, 0.62, 7, 9, 0.05, 60),
    13: (-48, 38, 0.62, 7, 9, 0.05, 60),
}


def volume(rng, nx=512, ny=512, nz=120, noise=38.0):
    """A body in air inside a round field of view, 13 ellipsoid organs, noise as a soft reconstruction kernel leaves it."""
    x = (np.arange(nx) - nx / 2 + 0.5)[:, None]
    y = (np.arange(ny) - ny / 2 + 0.5)[None, :]
    view = x * x + y * y <= (nx / 2 - 2) ** 2
    a, b = 236 + rng.uniform(-8, 8), 186 + rng.uniform(-8, 8)
    body = (x / a) ** 2 + (y / b) ** 2 <= 1
    inner = (x / (a - 22)) ** 2 + (y / (b - 20)) ** 2 <= 1
    spine = (x / 28) ** 2 + ((y - 85) / 24) ** 2 <= 1
    image = np.empty((nx, ny, nz), np.int16, order="F")
    label = np.zeros((nx, ny, nz), np.uint8, order="F")
    jitter = {k: rng.normal(0, 4, 2) for k in ORGANS}
    for z in range(nz):
        base = np.full((nx, ny), -985.0, np.float32)
        base[body], base[inner], base[spine] = -95, 48, 320
        for k, (cx, cy, cz, rx, ry, rz, hu) in ORGANS.items():
            dz = (z / nz - cz) / rz
            if abs(dz) >= 1:
                continue
            s = np.sqrt(1 - dz * dz)
            ox = cx + jitter[k][0] + 6 * np.sin(z / 11 + k)
            oy = cy + jitter[k][1] + 5 * np.cos(z / 9 + k)
            inside = ((x - ox) / (rx * s)) ** 2 + ((y - oy) / (ry * s)) ** 2 <= 1
            base[inside] = hu
            label[:, :, z][inside] = k
        plane = gaussian_filter(base, 0.8)
        grain = gaussian_filter(rng.standard_normal((nx, ny)).astype(np.float32), 0.4)
        plane += grain * (noise / grain.std())
        plane = np.clip(np.rint(plane), -1024, 3071)
        plane[~view] = -1024
        image[:, :, z] = plane
    return image, label


def save(array, affine, path):
    image = nibabel.Nifti1Image(array, affine)
    image.header.set_xyzt_units("mm", "sec")
    image.set_sform(affine, 1)
    image.set_qform(affine, 1)
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as stream:
        stream.write(image.to_bytes())


def make_ct(folder, count=4):
    os.makedirs(folder + "/img", exist_ok=True)
    os.makedirs(folder + "/label", exist_ok=True)
    affine = np.array([[-0.76, 0, 0, 190.0], [0, 0.76, 0, -190.0], [0, 0, 3.0, -400.0], [0, 0, 0, 1]])
    for n in range(1, count + 1):
        image, label = volume(np.random.default_rng(SEED + n))
        save(image, affine, f"{folder}/img/img{n:04d}.nii.gz")
        save(label, affine, f"{folder}/label/label{n:04d}.nii.gz")
        print(f"bench: made volume {n} of {count}", file=sys.stderr)


def make_headers(folder, count=1000):
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(SEED)
    for n in range(count):
        shape = tuple(int(v) for v in rng.integers(8, 33, 3))
        affine = np.diag([*(rng.integers(50, 500, 3) / 100), 1.0])
        save(rng.integers(-1000, 1000, shape, np.int16), affine, f"{folder}/{n:04d}.nii.gz")


if __name__ == "__main__":
    target = sys.argv[1]
    part = target + ".part"
    os.makedirs(part, exist_ok=True)
    make_ct(part + "/ct")
    make_headers(part + "/headers")
    os.rename(part, target)
