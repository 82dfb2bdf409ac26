#!/usr/bin/env python3
"""Makes Tests/Fixtures/Archive/store-VERSION with the command: run once per format version, never again for an old one.

    make_archive.py PATH-TO-SAMDATA VERSION

The inputs are computed here (no licence applies). Every later version of samdata must open what was written.
"""
import json, pathlib, shutil, struct, subprocess, sys, tempfile

binary, version = sys.argv[1:3]
target = pathlib.Path(__file__).parent / "Archive" / f"store-{version}"


def nifti(shape, value):
    """A 16-bit NIfTI-1 volume, LPS, 0.75 x 1.5 x 3 mm."""
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *shape, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 4, 16)
    struct.pack_into("<8f", header, 76, 1, 0.75, 1.5, 3, 0, 0, 0, 0)
    struct.pack_into("<f", header, 108, 352)
    header[123] = 2
    struct.pack_into("<2h", header, 252, 0, 1)
    struct.pack_into("<12f", header, 280, -0.75, 0, 0, 20, 0, -1.5, 0, 30, 0, 0, 3, -40)
    header[344:348] = b"n+1\0"
    voxels = [value(i, j, k) for k in range(shape[2]) for j in range(shape[1]) for i in range(shape[0])]
    return bytes(header) + struct.pack(f"<{len(voxels)}h", *voxels)


def label(i, j, k):
    if (i - 4) ** 2 + (j - 5) ** 2 + 4 * (k - 2) ** 2 <= 10:
        return 1
    return 5 if 8 <= i <= 11 and 3 <= j <= 4 + k % 3 and k >= 1 else 0


card = {
    "schema": "samdata.dataset/1", "name": "archive", "title": "Archive", "modality": "CT", "units": "HU",
    "licence": {"name": "none", "redistribution": True},
    "layouts": [{"name": "flat", "image": "img{case}.nii[.gz]", "label": "label{case}.nii[.gz]"}],
    "labels": [
        {"id": 1, "name": "ball", "color": "#FF0000", "values": [1]},
        {"id": 2, "name": "box", "color": "#00FF00", "values": [5]},
    ],
}
split = {
    "schema": "samdata.split/1", "name": "halves", "dataset": "archive",
    "parts": {"train": ["a"]},
}
plans = {
    "original": ["--orientation", "stored", "--window", "-175,250",
                 "--prompts", "centre,random1,random3,box,box+5,background2"],
    "float32": ["--orientation", "stored", "--window", "-125,275", "--pixels", "float32", "--select", "all",
                "--neighbours", "1", "--region", "component8", "--prompts", "box"],
}
shutil.rmtree(target, ignore_errors=True)
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    (folder / "in").mkdir()
    shape = (14, 11, 3)
    (folder / "in/imga.nii").write_bytes(nifti(shape, lambda i, j, k: -200 + 31 * i + 17 * j + 53 * k))
    (folder / "in/labela.nii").write_bytes(nifti(shape, label))
    (folder / "card.json").write_text(json.dumps(card))
    (folder / "split.json").write_text(json.dumps(split))
    for name, options in plans.items():
        subprocess.run(
            [binary, "prepare", "--card", "card.json", "--split", "split.json", "--from", "in",
             "--to", str((target / name).resolve()), "-q", *options], cwd=folder, check=True)
