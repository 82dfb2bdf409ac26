#!/usr/bin/env python3
"""slides.py READER SLIDE PATCHES SIDE [--check]: pixels of patches of level 0, in the order of the list.

READER: openslide, pyvips or tifffile (a zarr view of its pages). Sums one byte of each patch; with --check the Adler-32 of all.
`work` is CPU seconds after imports and opening.
"""

import json
import os
import sys
import time
import zlib

import numpy as np

reader, path, patches, side = sys.argv[1:5]
places, side = np.loadtxt(patches, int), int(side)

if reader == "openslide":
    import openslide

    slide = openslide.OpenSlide(path)

    def read(x, y):
        return np.asarray(slide.read_region((x, y), 0, (side, side)).convert("RGB"))

elif reader == "pyvips":
    os.environ["VIPS_CONCURRENCY"] = "1"
    import pyvips

    region = pyvips.Region.new(pyvips.Image.new_from_file(path, access="random"))

    def read(x, y):
        return np.frombuffer(region.fetch(x, y, side, side), np.uint8).reshape(side, side, 3)

else:
    import tifffile
    import zarr

    view = zarr.open(tifffile.imread(path, aszarr=True, level=0, maxworkers=1), mode="r")

    def read(x, y):
        return np.asarray(view[y : y + side, x : x + side])


start, total, adler = time.process_time(), 0, 1
for x, y in places.tolist():
    pixels = read(x, y)
    if len(sys.argv) > 5:
        adler = zlib.adler32(np.ascontiguousarray(pixels), adler)
    total += int(pixels.reshape(-1)[side * side * 3 // 2])
work = round(time.process_time() - start, 5)
if len(sys.argv) > 5:
    print(json.dumps({"patches": len(places), "adler32": adler}))
else:
    print(json.dumps({"patches": len(places), "bytes": total, "work": work}))
