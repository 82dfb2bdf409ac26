#!/usr/bin/env python3
"""load.py READER [--check] FILE ...: reads each volume with one reader (nibabel, simpleitk, monai) and forgets it.

--check also prints min, max and sum of the voxels of each file. The last line is JSON; `work` is CPU seconds after imports.
"""

import json
import sys
import time

reader, files = sys.argv[1], sys.argv[2:]
checks = files[0] == "--check"
files = files[checks:]

import numpy as np

if reader == "nibabel":
    import nibabel

    def load(path):
        return np.asanyarray(nibabel.load(path).dataobj)

elif reader == "simpleitk":
    import SimpleITK

    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)

    def load(path):
        return SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(path))

else:
    import torch
    from monai.transforms import LoadImage

    torch.set_num_threads(1)
    transform = LoadImage(image_only=True)

    def load(path):
        return transform(path)


start = time.process_time()
for path in files:
    array = load(path)
    if checks:
        array = np.asarray(array)
        print(int(array.min()), int(array.max()), int(array.sum(dtype=np.float64)))
    del array
print(json.dumps({"files": len(files), "work": round(time.process_time() - start, 5)}))
