"""Opens an export of pictures with the readers its users use and compares it with the store it was made from.

usage: check_picture_exports.py FORMAT STORE EXPORT
"""

import json
import pathlib
import sys

import h5py
import numpy as np

FOLDERS = {"train": "Train_Folder", "validation": "Val_Folder", "test": "Test_Folder"}


class Unit:
    """One case file of the store, read by h5py."""

    def __init__(self, store, record):
        self.record = record
        self.name = record["id"]
        with h5py.File(store / record["path"]) as file:
            assert file.attrs["encoding-version"] == b"1.2"
            assert file["image"].attrs["channel_meaning"] == b"rgb"
            self.image = np.moveaxis(file["image"][:], 1, -1)
            self.label = file["label"][:]
            self.instance = file["instance"][:] if "instance" in file else None
            self.patches = {name: file["patches"][name][:] for name in file["patches"]}
            self.downsample = file["patches"].attrs["downsample"]
            self.records = {name: file["records"][name][:] for name in file["records"]}
            self.boxes = file["prompts/box"][:]

    def files(self):
        return [(n, f"{self.name}_{n:03d}.png") for n in range(len(self.image))]


def equal(found, expected, what):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, f"{what}: shape {found.shape}, expected {expected.shape}"
    assert np.array_equal(found, expected), f"{what}: values differ"


def opened(path, mode):
    from PIL import Image

    with Image.open(path) as picture:
        assert picture.mode.startswith(mode), f"{path.name}: mode {picture.mode}"
        return np.asarray(picture)


def png(units, out):
    lines = [json.loads(line) for line in (out / "patches.jsonl").read_text().splitlines()]
    origins = {line["image"]: line["origin"] for line in lines}
    for unit in units:
        for n, name in unit.files():
            equal(opened(out / "images" / name, "RGB"), unit.image[n], "picture")
            equal(opened(out / "masks" / name, "L"), unit.label[n], "mask")
            equal(origins[f"images/{name}"], unit.patches["origin"][n], "origin")
            if unit.instance is not None:
                equal(opened(out / "instances" / name, "I"), unit.instance[n], "instances")


def npz(units, out):
    for unit in units:
        data = np.load(out / unit.record["part"] / f"{unit.name}.npz")
        equal(data["image"], unit.image, "image")
        assert data["image"].dtype == np.uint8 and data["image"].shape[-1] == 3
        equal(data["label"], unit.label, "label")
        if unit.instance is not None:
            equal(data["instance"], unit.instance, "instance")
            assert data["instance"].dtype == unit.instance.dtype
        for name, values in unit.patches.items():
            equal(data[name], values, name)
            assert data[name].dtype == values.dtype, name
        equal(data["downsample"], unit.downsample, "downsample")
        for name in ["slice", "label", "component", "area"]:
            equal(data[f"record_{name}"], unit.records[name], name)
        equal(data["prompts/box"], unit.boxes, "boxes")


def coco(units, out):
    from pycocotools import mask as masks
    from pycocotools.coco import COCO

    parts = {path.stem.split("_", 1)[1]: COCO(str(path)) for path in out.glob("annotations/*.json")}
    for unit in units:
        dataset = parts[unit.record["part"]]
        files = {image["file_name"]: image for image in dataset.dataset["images"]}
        for n, name in unit.files():
            image = files[name]
            equal(opened(out / "images" / name, "RGB"), unit.image[n], "picture")
            label = np.zeros_like(unit.label[n])
            numbers = np.zeros(label.shape, np.uint32)
            for entry in dataset.loadAnns(dataset.getAnnIds(imgIds=[image["id"]])):
                mask = dataset.annToMask(entry) > 0
                assert not label[mask].any()
                label[mask] = entry["category_id"]
                numbers[mask] = entry["component"]
                run = masks.encode(np.asfortranarray(mask.astype(np.uint8)))
                assert run["counts"].decode() == entry["segmentation"]["counts"]
                assert masks.area(run) == entry["area"]
                assert list(masks.toBbox(run)) == entry["bbox"]
                if unit.instance is not None:
                    x0, y0, x1, y1 = entry["prompt_boxes"]["box"]
                    assert [x0, y0, x1 - x0 + 1, y1 - y0 + 1] == entry["bbox"]
            equal(label, unit.label[n], "masks")
            if unit.instance is not None:
                equal(numbers, unit.instance[n], "instances")


def geojson(units, out):
    from skimage.measure import points_in_poly

    files = {path.stem: json.loads(path.read_text()) for path in out.glob("*.geojson")}
    for unit in units:
        features = files[unit.record["caseID"]]["features"]
        rows, columns = unit.label.shape[1:]
        y, x = np.mgrid[:rows, :columns]
        for n, lattice in enumerate(unit.patches["lattice_index"]):
            places = np.column_stack([x.ravel(), y.ravel()]) + 0.5
            places = unit.patches["origin"][n] + places * unit.downsample
            numbers = np.zeros((rows, columns), np.uint32)
            names = np.zeros((rows, columns), np.uint8)
            for feature in features:
                properties = feature["properties"]
                if properties["patch"] != lattice:
                    continue
                geometry = feature["geometry"]
                polygons = geometry["coordinates"]
                for rings in [polygons] if geometry["type"] == "Polygon" else polygons:
                    inside = np.zeros(rows * columns, bool)
                    for ring in rings:
                        inside ^= points_in_poly(places, ring)
                    inside = inside.reshape(rows, columns)
                    assert inside.any() and not names[inside].any()
                    is_tumour = properties["classification"]["name"] == "tumour"
                    names[inside] = 2 if is_tumour else 1
                    numbers[inside] = properties.get("instance", 0)
            equal(names, unit.label[n], "labels")
            if unit.instance is not None:
                equal(numbers, unit.instance[n], "instances")


def lvit(units, out):
    for unit in units:
        folder = out / FOLDERS[unit.record["part"]]
        for n, name in unit.files():
            if unit.name == "nuclei":
                name = "nuclei.png"
            equal(opened(folder / "img" / name, "RGB"), unit.image[n], "picture")
            mask = opened(folder / "labelcol" / name, "L")
            equal(mask, (unit.label[n] > 0) * np.uint8(255), "mask")


def main():
    form, store, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    manifest = json.loads((store / "manifest.json").read_text())
    record = json.loads((out / "export.json").read_text())
    files = [path for path in out.rglob("*") if path.is_file() and path.name != "export.json"]
    assert len(files) == record["files"], f"{len(files)} files, export.json says {record['files']}"
    units = [Unit(store, unit) for unit in manifest["cases"]]
    checks = {"png": png, "npz": npz, "coco": coco, "geojson": geojson, "lvit": lvit}
    checks[form](units, out)
    print(f"checked {len(units)} units, {len(files)} files")


if __name__ == "__main__":
    main()
