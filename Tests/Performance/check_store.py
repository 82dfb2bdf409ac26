#!/usr/bin/env python3
"""check_store.py WORK: compares the prepared stores with the input as nibabel, SciPy and MONAI see it.

Every pixel, label, box and centre is checked, random points must lie on their organ, and one job and two must have written
the same bytes. Ends with a sentence on success, with exit code 1 at the first difference.
"""

import glob
import os
import sys

import h5py
import nibabel
import numpy as np
from scipy.ndimage import distance_transform_edt

work = sys.argv[1]


def expect(fact, text):
    if not fact:
        sys.exit(f"{case}: {text}")


slices = records = 0
compared_with_monai = 0
stores = sorted(glob.glob(f"{work}/out/ours-1/cases/*.h5"))
case = "store"
expect(len(stores) == 4, f"found {len(stores)} case files, expected 4")
for path in stores:
    case = os.path.basename(path)[:-3]
    with open(path, "rb") as one, open(path.replace("ours-1", "ours-2"), "rb") as two:
        expect(one.read() == two.read(), "one job and two wrote different bytes")

    def voxels(kind):
        image = nibabel.as_closest_canonical(nibabel.load(f"{work}/data/ct/{kind}/{kind}{case}.nii.gz"))
        return np.asanyarray(image.dataobj)

    image, label = voxels("img"), voxels("label")
    kept = np.flatnonzero(label.any(axis=(0, 1)))
    with h5py.File(path) as file:
        expect(np.array_equal(file["slice_index"][:], kept), "the kept slices differ")
        expect(file["image"].dtype == np.int16, f"found {file['image'].dtype} pixels, expected int16")
        record = {key: file["records"][key][:] for key in ("slice", "label", "area")}
        prompts = {key: file["prompts"][key][:] for key in file["prompts"]}
        expect(len(prompts) == 5, f"found the prompts {sorted(prompts)}, expected five")
        n = 0
        for position, k in enumerate(kept):
            pixels, mask = file["image"][position], file["label"][position]
            expect(np.array_equal(pixels, image[:, :, k]), f"pixels of slice {k} differ")
            expect(np.array_equal(mask, label[:, :, k]), f"labels of slice {k} differ")
            npz = f"{work}/out/monai-npz/case{case}_slice{k:03d}.npz"
            if os.path.exists(npz):
                other = np.load(npz)
                windowed = (np.clip(pixels, -175, 250).astype(np.float32) + 175) / 425
                expect(np.abs(other["image"] - windowed).max() < 1e-6, f"windowed pixels of slice {k} differ from MONAI's")
                expect(np.array_equal(other["label"], mask), f"labels of slice {k} differ from MONAI's")
                compared_with_monai += 1
            for organ in np.unique(mask[mask > 0]):
                region = mask == organ
                place = f"slice {k}, label {organ}"
                found = (record["slice"][n], record["label"][n], record["area"][n])
                expect(found == (position, organ, region.sum()), f"{place}: found the record {found}")
                rows, columns = np.nonzero(region)
                box = [columns.min(), rows.min(), columns.max(), rows.max()]
                expect(list(prompts["box"][n]) == box, f"{place}: found box {prompts['box'][n]}, expected {box}")
                wide = [max(box[0] - 5, 0), max(box[1] - 5, 0), min(box[2] + 5, 511), min(box[3] + 5, 511)]
                expect(list(prompts["box+5"][n]) == wide, f"{place}: found box+5 {prompts['box+5'][n]}, expected {wide}")
                part = np.pad(region[box[1] : box[3] + 1, box[0] : box[2] + 1], 1)
                distance = distance_transform_edt(part)
                y, x = np.unravel_index(distance.argmax(), distance.shape)
                centre = [x + box[0] - 1, y + box[1] - 1]
                expect(list(prompts["centre"][n][0]) == centre, f"{place}: found centre {prompts['centre'][n]}, expected {centre}")
                for kind in ("random1", "random3"):
                    x, y = prompts[kind][n].astype(int).T
                    expect(region[y, x].all(), f"{place}: a point of {kind} is not on the organ")
                n += 1
        expect(n == len(record["slice"]), f"found {len(record['slice'])} records, expected {n}")
    slices += len(kept)
    records += n
monai = ", MONAI's windowed slices likewise" if compared_with_monai == slices else ""
print(
    f"{slices} slices and {records} records: pixels and labels equal nibabel's{monai}, boxes and centres equal SciPy's, "
    "one job and two give equal bytes."
)
