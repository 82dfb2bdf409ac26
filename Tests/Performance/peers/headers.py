#!/usr/bin/env python3
"""headers.py READER DIR: looks at the header of every .nii.gz of a folder (nibabel, simpleitk)."""

import glob
import json
import math
import sys
import time

reader, folder = sys.argv[1:]
if reader == "nibabel":
    import nibabel

    def look(path):
        image = nibabel.load(path)
        return image.shape, nibabel.affines.voxel_sizes(image.affine)

else:
    import SimpleITK

    def look(path):
        file = SimpleITK.ImageFileReader()
        file.SetFileName(path)
        file.ReadImageInformation()
        return file.GetSize(), file.GetSpacing()


start = time.process_time()
files, voxels, spacing = 0, 0, 0.0
for path in glob.glob(folder + "/*.nii.gz"):
    shape, sizes = look(path)
    files += 1
    voxels += math.prod(int(n) for n in shape)
    spacing += sum(float(size) for size in sizes)
work = round(time.process_time() - start, 5)
print(json.dumps({"files": files, "voxels": voxels, "spacing": round(spacing * 1000), "work": work}))
