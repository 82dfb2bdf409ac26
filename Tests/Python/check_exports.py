"""Opens an export with the readers its users use and compares it with the store it was made from.

usage: check_exports.py FORMAT STORE EXPORT
"""

import json
import pathlib
import sys

import h5py
import numpy as np


class Case:
    """One case file of the store, read by h5py."""

    def __init__(self, store, unit):
        with h5py.File(store / unit["path"]) as file:
            self.image = file["image"][:]
            self.label = file["label"][:]
            self.index = file["slice_index"][:]
            self.records = {name: file["records"][name][:] for name in file["records"]}
            self.prompts = {name: file["prompts"][name][:] for name in file["prompts"]}
            self.window = file["image"].attrs.get("window")
            geometry = dict(file["geometry"].attrs)
            source = np.vstack([geometry["source_affine"], [0, 0, 0, 1]])
            self.affine = source @ np.vstack([geometry["pixel_to_voxel"], [0, 0, 0, 1]])
            self.names = [name.decode() for name in file["labels"]["name"][:]]
            self.ids = file["labels"]["id"][:]

    def grey(self):
        """The windowed pixels as 8-bit grey, in the arithmetic of 32-bit floats."""
        low, high = np.float32(self.window)
        values = (np.clip(self.image.astype(np.float32), low, high) - low) / (high - low)
        return (values * np.float32(255)).astype(np.uint8)


def equal(found, expected, what):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, f"{what}: shape {found.shape}, expected {expected.shape}"
    assert np.array_equal(found, expected), f"{what}: values differ"


def transunet(units, out):
    from scipy.ndimage import zoom

    side = json.loads((out / "export.json").read_text())["zoomed"]
    lists = out / "lists" / "lists_Synapse"
    train = (lists / "train.txt").read_text().split()
    test = (lists / "test_vol.txt").read_text().split()
    expected = []
    for name, unit, case in units:
        if unit["part"] != "train":
            with h5py.File(out / "test_vol_h5" / f"case{name}.npy.h5") as file:
                assert file["image"].dtype == np.float32 and file["label"].dtype == np.float32
                assert file["image"].chunks is None and file["label"].chunks is None
                equal(file["image"][:], case.image, f"case{name}: image")
                equal(file["label"][:], case.label.astype(np.float32), f"case{name}: label")
            assert f"case{name}" in test
            continue
        for position, index in enumerate(case.index):
            stem = f"case{name}_slice{index:03d}"
            expected.append(stem)
            data = np.load(out / "train_npz" / f"{stem}.npz")
            assert data["image"].dtype == np.float32 and data["label"].dtype == np.float32
            equal(data["image"], case.image[position], f"{stem}: image")
            equal(data["label"], case.label[position].astype(np.float32), f"{stem}: label")
            small = np.load(out / f"train_npz_{side}" / f"{stem}.npz")
            factors = [side / length for length in case.image.shape[1:]]
            equal(small["image"], zoom(data["image"], factors, order=3), f"{stem}: zoomed image")
            equal(small["label"], zoom(data["label"], factors, order=0), f"{stem}: zoomed label")
    assert sorted(train) == sorted(expected)
    everything = (lists / "all.lst").read_text().split()
    assert sorted(everything) == sorted(f"case{name}.npy.h5" for name, _, _ in units)


def medsam(units, out):
    from skimage import transform

    for name, _, case in units:
        kept = np.flatnonzero(case.label.reshape(len(case.label), -1).any(axis=1))
        data = np.load(out / "npz" / f"CT_Abd_{name}.npz")
        assert data["imgs"].dtype == np.uint8 and data["gts"].dtype == np.uint8
        equal(data["imgs"], case.image[kept], "imgs")
        equal(data["gts"], case.label[kept], "gts")
        spacing = np.linalg.norm(case.affine[:3, :3], axis=0)
        assert np.allclose(data["spacing"], spacing, rtol=1e-12)
        for n, position in enumerate(kept):
            picture = np.load(out / "npy" / "imgs" / f"CT_Abd_{name}-{n:03d}.npy")
            mask = np.load(out / "npy" / "gts" / f"CT_Abd_{name}-{n:03d}.npy")
            three = np.repeat(case.image[position][:, :, None], 3, axis=-1)
            large = transform.resize(
                three, (1024, 1024), order=3, preserve_range=True, mode="constant",
                anti_aliasing=True)
            low, high = large.min(), large.max()
            large = (large - low) / np.clip(high - low, a_min=1e-8, a_max=None)
            assert picture.dtype == np.float64 and picture.shape == (1024, 1024, 3)
            # scikit-image also runs its spline along the three equal channels, which costs it some rounding.
            assert np.abs(picture - large).max() < 1e-9, np.abs(picture - large).max()
            nearest = transform.resize(
                case.label[position], (1024, 1024), order=0, preserve_range=True,
                mode="constant", anti_aliasing=False)
            equal(mask, nearest.astype(np.uint8), "gts slice")


def png(units, out):
    from PIL import Image

    lines = [json.loads(line) for line in (out / "prompts.jsonl").read_text().splitlines()]
    for name, _, case in units:
        for position, index in enumerate(case.index):
            file = f"{name}_{index:03d}.png"
            with Image.open(out / "images" / file) as image:
                assert image.mode == "L"
                equal(np.asarray(image), case.grey()[position], f"{file}: picture")
            with Image.open(out / "masks" / file) as image:
                assert image.mode == "L"
                equal(np.asarray(image), case.label[position], f"{file}: mask")
        mine = [line for line in lines if line["case"] == name]
        equal([line["label"] for line in mine], case.records["label"], "labels of the prompts")
        equal([line["boxes"]["box"] for line in mine], case.prompts["box"], "boxes")
        equal([line["points"]["centre"]["coords"] for line in mine], case.prompts["centre"], "points")
        assert all(line["name"] == case.names[line["label"] - 1] for line in mine)


def npz(units, out):
    for name, unit, case in units:
        for position, index in enumerate(case.index):
            data = np.load(out / unit["part"] / f"{name}_{index:03d}.npz")
            equal(data["image"], case.image[position], "image")
            assert data["image"].dtype == case.image.dtype
            equal(data["label"], case.label[position], "label")
            equal(data["window"], case.window, "window")
            assert int(data["slice_index"]) == index
            mine = case.records["slice"] == position
            equal(data["record_label"], case.records["label"][mine], "record_label")
            for kind, values in case.prompts.items():
                equal(data[f"prompts/{kind}"], values[mine], kind)
            equal(data["boxes"], case.prompts["box"][mine], "boxes")
            equal(data["points"], case.prompts["centre"][mine], "points")


def nnunet(units, out):
    import nibabel

    (root,) = out.glob("Dataset*")
    description = json.loads((root / "dataset.json").read_text())
    assert sorted(description["labels"].values()) == list(range(len(description["labels"])))
    training = 0
    for name, unit, case in units:
        kind = "Ts" if unit["part"] == "test" else "Tr"
        training += kind == "Tr"
        image = nibabel.load(root / f"images{kind}" / f"{name}_0000.nii.gz")
        label = nibabel.load(root / f"labels{kind}" / f"{name}.nii.gz")
        assert image.get_data_dtype() == np.int16 and label.get_data_dtype() == np.uint8
        equal(np.asarray(image.dataobj), case.image.transpose(2, 1, 0), "image")
        equal(np.asarray(label.dataobj), case.label.transpose(2, 1, 0), "label")
        for file in (image, label):
            assert np.allclose(file.affine, case.affine, atol=1e-4)
            assert np.allclose(file.header.get_qform(), case.affine, atol=1e-3)
        for identifier, text in zip(case.ids, case.names):
            assert description["labels"][text] == identifier
    assert description["numTraining"] == training


def coco(units, out):
    from PIL import Image
    from pycocotools import mask as masks
    from pycocotools.coco import COCO

    parts = {path.stem.split("_", 1)[1]: COCO(str(path)) for path in out.glob("annotations/*.json")}
    for name, unit, case in units:
        dataset = parts[unit["part"]]
        files = {image["file_name"]: image for image in dataset.dataset["images"]}
        for position, index in enumerate(case.index):
            image = files[f"{name}_{index:03d}.png"]
            with Image.open(out / "images" / image["file_name"]) as picture:
                assert picture.size == (image["width"], image["height"])
                equal(np.asarray(picture), case.grey()[position], "picture")
            found = np.zeros_like(case.label[position])
            for entry in dataset.loadAnns(dataset.getAnnIds(imgIds=[image["id"]])):
                mask = dataset.annToMask(entry)
                assert not (found[mask > 0]).any()
                found[mask > 0] = entry["category_id"]
                run = masks.encode(np.asfortranarray(mask))
                assert run["counts"].decode() == entry["segmentation"]["counts"]
                assert list(run["size"]) == entry["segmentation"]["size"]
                assert masks.area(run) == entry["area"]
                assert list(masks.toBbox(run)) == entry["bbox"]
            equal(found, case.label[position], "masks")
        names = [category["name"] for category in dataset.loadCats(dataset.getCatIds())]
        assert names == case.names


def lvit(units, out):
    from PIL import Image

    folders = {"train": "Train_Folder", "validation": "Val_Folder", "test": "Test_Folder"}
    for name, unit, case in units:
        folder = out / folders[unit["part"]]
        for position, index in enumerate(case.index):
            stem = f"{name}_{index:03d}.png"
            with Image.open(folder / "img" / stem) as image:
                assert image.mode == "L"
                equal(np.asarray(image), case.grey()[position], f"{stem}: picture")
            with Image.open(folder / "labelcol" / stem) as mask:
                assert mask.mode == "L"
                equal(np.asarray(mask), (case.label[position] > 0) * np.uint8(255), f"{stem}: mask")


def main():
    form, store, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    manifest = json.loads((store / "manifest.json").read_text())
    record = json.loads((out / "export.json").read_text())
    assert record["schema"] == "samdata.export/1" and record["format"] == form
    files = [path for path in out.rglob("*") if path.is_file() and path.name != "export.json"]
    assert len(files) == record["files"], f"{len(files)} files, export.json says {record['files']}"
    assert sum(path.stat().st_size for path in files) == record["bytes"]
    chosen = {unit["id"]: unit for unit in manifest["cases"] if unit["id"] in record["cases"]}
    units = [(name, chosen[name], Case(store, chosen[name])) for name in record["cases"]]
    checks = {
        "transunet": transunet, "medsam": medsam, "png": png, "npz": npz, "nnunet": nnunet,
        "coco": coco, "lvit": lvit,
    }
    checks[form](units, out)
    print(f"checked {len(units)} cases, {len(files)} files")


if __name__ == "__main__":
    main()
