"""Makes the slides of this folder with tifffile and imagecodecs; no real data.

Usage: make_slides.py. Prints what tifffile reads back: shape, weighted sum of samples modulo 2^32.
"""
import os

import numpy as np
import tifffile

here = os.path.dirname(os.path.abspath(__file__))


def picture(width, height):
    y, x = np.mgrid[0:height, 0:width]
    disc = (x - width * 0.6) ** 2 + (y - height * 0.4) ** 2 < (height * 0.25) ** 2
    rgb = np.stack([230 - x // 3, 150 + y // 4, 200 - x // 5 + y // 6], -1).astype(np.int64)
    rgb[disc] = rgb[disc] * 2 // 5
    return np.clip(rgb, 0, 255).astype(np.uint8)


def weighted(samples):
    flat = np.ascontiguousarray(samples).astype(np.uint64).ravel()
    return int((flat * (np.arange(flat.size, dtype=np.uint64) + 1) % (1 << 32)).sum() % (1 << 32))


full = picture(203, 149)
# Rounded down: level sizes are not exact halves.
half = full[:148, :202].reshape(74, 2, 101, 2, 3).mean((1, 3)).round().astype(np.uint8)
common = dict(photometric="rgb", compression="jpeg", compressionargs={"level": 85}, metadata=None)
with tifffile.TiffWriter(f"{here}/pages_ycbcr420.tif", bigtiff=True) as out:
    out.write(full, tile=(64, 64), resolution=(1e4 / 0.25, 1e4 / 0.25), resolutionunit="CENTIMETER",
              subsampling=(2, 2), software="", **common)
    out.write(half, tile=(64, 64), subfiletype=1, subsampling=(2, 2), software="", **common)
with tifffile.TiffWriter(f"{here}/subifd_lzw.tif") as out:
    out.write(full, tile=(64, 48), subifds=1, photometric="rgb", compression="lzw", predictor=True,
              metadata=None, software="", resolution=(72, 72), resolutionunit="INCH")
    out.write(half, tile=(64, 48), subfiletype=1, photometric="rgb", compression="lzw",
              predictor=True, metadata=None, software="")
for name in ("pages_ycbcr420.tif", "subifd_lzw.tif"):
    with tifffile.TiffFile(f"{here}/{name}") as file:
        pages = list(file.pages) + [p for page in file.pages for p in (page.pages or [])]
        for page in pages:
            samples = page.asarray()
            print(name, samples.shape, page.photometric, page.compression, weighted(samples))
