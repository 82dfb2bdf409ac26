"""What is measured of preparing: five measures, each with samdata first, then its peers, then the floors."""

import glob
import json
import os
from dataclasses import dataclass, field

CARD = {
    "schema": "samdata.dataset/1",
    "name": "bench",
    "title": "Computed volumes of the benchmark",
    "modality": "CT",
    "units": "HU",
    "description": "Four computed volumes with 13 labels.",
    "licence": {"name": "Apache License 2.0", "spdx": "Apache-2.0", "redistribution": True},
    "obtain": ["Made by the benchmark itself."],
    "layouts": [
        {"name": "bench", "image": "img/img{case}.nii[.gz]", "label": "label/label{case}.nii[.gz]"}
    ],
    "labels": [
        {"id": n, "name": f"organ {n}", "color": f"#{n * 18:02X}40{255 - n * 18:02X}", "values": [n]}
        for n in range(1, 14)
    ],
}


@dataclass
class Subject:
    """One program. `role` is ours, peer or floor; `clean` is emptied before every run; `batch` runs make one repeat.

    `environment` is what it needs beside what all have; None removes a variable.
    `scale` is what times are multiplied by when only a part is measured; `group` tells which subjects have the same input.
    """

    name: str
    role: str
    command: list
    clean: str = ""
    batch: int = 1
    most: int = 99
    scale: float = 1
    group: str = ""
    environment: dict = field(default_factory=dict)
    runs: list = field(default_factory=list)


@dataclass
class Measure:
    """One question. `metric` is what is compared: cpu (whole process), work (after start-up), wall, or seconds.

    Seconds are those on the clock that the program took for one piece of its work, on two threads.
    """

    name: str
    title: str
    metric: str
    target: float
    subjects: list
    memory: float = 0.0
    # what the floor took on the machine where the target was set; 0 when nobody wrote it down
    floor_then: float = 0.0
    # how many times the floor of the same run is also allowed
    times_floor: float = 0.0
    # how many times less than the first peer of the same run is asked for
    times_peer: float = 0.0
    # the target is for the slowest of our rows, not for the first
    slowest: bool = False

    @property
    def ours(self):
        return self.subjects[0]

    @property
    def floor(self):
        return self.first("floor")

    def first(self, role, group=None):
        """The first subject of a role, of a group when one is named."""
        found = (s for s in self.subjects if s.role == role and group in (None, s.group))
        return next(found, None)


def measures(samdata, probes, work, python, repeats):
    """All measures. Rows of MONAI are left out when it is not installed."""
    here = os.path.dirname(os.path.abspath(__file__))
    ct, headers = f"{work}/data/ct", f"{work}/data/headers"
    images = sorted(glob.glob(ct + "/img/*.nii.gz"))
    labels = sorted(glob.glob(ct + "/label/*.nii.gz"))
    card = f"{work}/card.json"
    with open(card, "w") as file:
        json.dump(CARD, file, indent=1)
    monai = bool(glob.glob(f"{work}/python/lib/python3*/site-packages/monai"))

    def peer(script, *words):
        return [python, f"{here}/peers/{script}.py", *words]

    def floor(name, *words):
        return [f"{work}/floors/{name}", *words]

    def out(name):
        return f"{work}/out/{name}"

    def prepare(jobs):
        # the frame of the term project: RAS, rows along the first axis; the original integers are kept
        return [samdata, "prepare", "--card", card, "--split", "none", "--from", ct, "--to", out(f"ours-{jobs}")] + (
            ["--orientation", "RAS", "--rows", "first", "--select", "labelled", "--window=-175,250"]
            + ["--pixels", "original", "--jobs", str(jobs), "--quiet"]
        )

    pairs = [path for pair in zip(images, labels) for path in pair]
    python_start = [
        Subject("python, import nibabel", "peer", [python, "-c", "import nibabel"], most=5),
    ]
    preparing = [
        Subject("samdata prepare, 5 prompts, --jobs 1", "ours", prepare(1), clean=out("ours-1")),
        Subject("samdata prepare, 5 prompts, --jobs 2", "ours", prepare(2), clean=out("ours-2")),
    ]
    for mode, name in [
        ("monai-npz", "MONAI pipeline to npz, no prompts"),
        ("monai-h5", "MONAI pipeline to h5 gzip, no prompts"),
        ("nibabel-h5", "nibabel + h5py uncompressed, no prompts"),
    ]:
        if monai or not mode.startswith("monai"):
            preparing.append(Subject(name, "peer", peer("prepare", mode, ct, out(mode)), clean=out(mode)))
    preparing.append(
        Subject("plain C, compressed, no prompts", "floor", floor("slices", out("floor"), *pairs), clean=out("floor"))
    )
    preparing.append(Subject("inflate alone (libdeflate)", "floor", floor("inflate", *pairs)))

    loading = [
        Subject("samdata (NIfTIFile.readImage)", "ours", [f"{probes}/load-volumes", *images]),
        Subject("SimpleITK", "peer", peer("load", "simpleitk", *images)),
        Subject("nibabel", "peer", peer("load", "nibabel", *images)),
    ]
    if monai:
        loading.append(Subject("MONAI LoadImage", "peer", peer("load", "monai", *images)))
        python_start.append(Subject("python, import monai", "peer", [python, "-c", "import monai"], most=5))
    loading.append(Subject("inflate alone (libdeflate)", "floor", floor("inflate", *images)))
    loading.append(Subject("copy in memory", "floor", floor("inflate", "--copy", *images)))

    label = labels[0] if labels else ""  # without inputs nothing of this is run
    prompting = [
        Subject("samdata, exact centre", "ours", [f"{probes}/draw-prompts", label]),
        Subject("samdata, 5x5 chamfer centre", "ours", [f"{probes}/draw-prompts", "--chamfer", label]),
        Subject("OpenCV, 5x5 chamfer, full frame", "peer", peer("prompts", "cv2", label)),
        Subject("SciPy, exact, full frame", "peer", peer("prompts", "scipy", label)),
        Subject("plain C, exact", "floor", floor("prompts", label)),
    ]
    listing = [
        Subject("samdata (NIfTIFile)", "ours", [f"{probes}/list-headers", headers]),
        Subject("nibabel", "peer", peer("headers", "nibabel", headers)),
        Subject("SimpleITK ReadImageInformation", "peer", peer("headers", "simpleitk", headers)),
        Subject("plain C (zlib)", "floor", floor("headers", headers)),
    ]
    starting = [
        Subject("samdata --version", "ours", [samdata, "--version"], batch=-(-50 // repeats)),
        *python_start,
        Subject("an empty process", "floor", ["true"], batch=-(-50 // repeats)),
    ]
    return [
        Measure(
            "prepare", "Four 512x512x120 volumes to a store", "cpu", 2.0, preparing, memory=0.2e9, floor_then=1.9
        ),
        Measure("load", "Load four gzipped volumes, CRC checked", "cpu", 0.40, loading, floor_then=0.33),
        Measure("prompts", "Box and centre of every organ in every slice of a volume", "work", 0.02, prompting),
        Measure("headers", "List the headers of 1,000 .nii.gz", "cpu", 0.2, listing),
        Measure("start", "Start-up", "wall", 0.020, starting),
    ]
