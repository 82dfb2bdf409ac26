"""What is measured of the scorer: a volume, hard volumes, files, slices, instances and score maps."""

import glob
import os

from subjects import Measure, Subject

LABELS = ",".join(map(str, range(1, 14)))
VOLUME = ["512", "512", "150", "0.8", "0.8", "3"]
MILLIMETRES = "dice,hd,hd95:max-directed,hd95:pooled,hd95:weighted,hd95:mean-directed,assd,nsd@2mm"
HARD = {
    "salt": "salt: a tenth of all voxels",
    "shift": "shift: balls in opposite corners",
    "voxel": "voxel: one voxel and a large ball",
    "full": "full: everything and one voxel",
}


def score_measures(samdata, probes, work, python):
    """The measures of the scorer. Rows of peers that are not installed are left out."""
    here = os.path.dirname(os.path.abspath(__file__))
    data = f"{work}/score"

    def pair(name, kind="npy"):
        return [f"{data}/{name}-reference.{kind}", f"{data}/{name}-prediction.{kind}"]

    def installed(package):
        return bool(glob.glob(f"{work}/python/lib/python3*/site-packages/{package}"))

    def probe(name, *words):
        return [f"{probes}/{name}", *words]

    def peer(script, *words):
        return [python, f"{here}/peers/{script}.py", *words]

    def floor(name, *words):
        return [f"{work}/floors/{name}", *words]

    def subjects(*rows):
        """Ours and the floors, and the peers that are there: (package, subject)."""
        return [row[1] if isinstance(row, tuple) else row for row in rows if not isinstance(row, tuple) or installed(row[0])]

    spacing = VOLUME[3:]
    volume = subjects(
        Subject(
            "samdata, HD95 by all five rules",
            "ours",
            probe("score-volume", "--metrics", f"{MILLIMETRES},hd95:pooled-voxels", *pair("volume"), *VOLUME),
        ),
        Subject(
            "samdata, the four rules in mm",
            "ours",
            probe("score-volume", "--metrics", MILLIMETRES, *pair("volume"), *VOLUME),
        ),
        Subject(
            "samdata, surface elements as surface-distance",
            "ours",
            probe("score-volume", "--convention", "deepmind", *pair("volume"), *VOLUME),
        ),
        (
            "surface_distance",
            Subject(
                "surface-distance, one rule, no ASSD",
                "peer",
                peer("score_volume", "surface-distance", LABELS, *pair("volume"), *spacing),
                most=2,
            ),
        ),
        (
            "monai",
            Subject("MONAI, one rule", "peer", peer("score_volume", "monai", LABELS, *pair("volume"), *spacing), most=1),
        ),
        (
            "SimpleITK",
            Subject(
                "SimpleITK, Dice and HD; one label, x13",
                "peer",
                peer("score_volume", "simpleitk", "6", *pair("volume"), *spacing),
                most=2,
                scale=13,
            ),
        ),
        (
            "medpy",
            Subject(
                "medpy, one rule, no NSD; one label, x13",
                "peer",
                peer("score_volume", "medpy", "12", *pair("volume"), *spacing),
                most=1,
                scale=13,
            ),
        ),
        Subject("plain C, all five rules", "floor", floor("distances", "--voxels", *pair("volume"), *VOLUME)),
        Subject("plain C, the four rules in mm", "floor", floor("distances", *pair("volume"), *VOLUME)),
    )
    hard = []
    for name, title in HARD.items():
        hard += subjects(
            Subject(
                f"samdata, {title}",
                "ours",
                probe("score-volume", "--labels", "1", "--metrics", MILLIMETRES, *pair(name), *VOLUME),
                group=name,
            ),
            (
                "scipy",
                Subject(
                    f"SciPy, {name}",
                    "peer",
                    peer("score_volume", "scipy", "1", *pair(name), *spacing),
                    most=1,
                    group=name,
                ),
            ),
            Subject(f"plain C, {name}", "floor", floor("distances", *pair(name), *VOLUME), most=2, group=name),
        )
    reference, prediction = pair("volume", "nii.gz")
    files = subjects(
        Subject(
            "samdata score --jobs 1",
            "ours",
            [samdata, "score", "--reference", reference, "--prediction", prediction]
            + ["--metrics", "dice,hd,hd95,assd,nsd@2mm", "--jobs", "1", "--quiet"],
        ),
        (
            "monai",
            Subject(
                "nibabel + MONAI",
                "peer",
                peer("score_volume", "monai", LABELS, reference, prediction, *spacing),
                most=1,
            ),
        ),
        Subject("plain C (libdeflate), the four rules", "floor", floor("distances", reference, prediction, *VOLUME)),
        Subject("inflate alone (libdeflate)", "floor", floor("inflate", reference, prediction)),
    )
    pixels = ["1000000", "31"]
    instances = subjects(
        Subject("samdata, all but the object HD", "ours", probe("score-instances", *pair("nuclei"), *pixels)),
        (
            "stardist",
            Subject(
                "stardist, F1, AP and PQ", "peer", peer("score_instances", "stardist", *pair("nuclei"), "5"), most=3
            ),
        ),
        (
            "sklearn",
            Subject(
                "scikit-learn, adjusted Rand alone",
                "peer",
                peer("score_instances", "scikit-learn", *pair("nuclei"), "5"),
                most=3,
            ),
        ),
        Subject("plain C, AJI, DQ, PQ, Dice2, Rand", "floor", floor("instances", *pair("nuclei"), *pixels)),
    )
    slices = [*pair("slices"), "224", "224", "10000", "1", "1", "200"]
    sliced = subjects(
        Subject("samdata", "ours", probe("score-slices", *slices)),
        Subject(
            "samdata, surface elements as surface-distance",
            "ours",
            probe("score-slices", "--convention", "deepmind", *slices),
        ),
        *(
            (
                package,
                Subject(
                    f"{name}, 200 slices, x50",
                    "peer",
                    peer("score_slices", name.lower(), *pair("slices"), "200"),
                    most=2,
                    scale=50,
                ),
            )
            for package, name in [("surface_distance", "surface-distance"), ("medpy", "medpy"), ("monai", "MONAI")]
        ),
        Subject("plain C", "floor", floor("distances", "--slices", *slices)),
    )
    maps = subjects(
        Subject("samdata (ScoreRanking)", "ours", probe("score-maps", *pair("pixels"), "10000000")),
        ("sklearn", Subject("scikit-learn", "peer", peer("score_maps", *pair("pixels")), most=2)),
        Subject("plain C, radix sort", "floor", floor("scores", *pair("pixels"), "10000000")),
    )
    return [
        Measure(
            "score-volume",
            "Score a 512x512x150 volume with 13 labels: Dice, HD, HD95, ASSD, NSD at 2 mm",
            "work",
            0.088,
            volume,
            memory=120e6,
            times_floor=2,
        ),
        Measure("score-hard", "Score hard masks of that size", "work", 3.0, hard, slowest=True),
        Measure("score-files", "Score the volume from two .nii.gz", "cpu", 0.30, files),
        Measure("score-instances", "Score 600 nuclei in 1000x1000 pixels", "work", 0.003, instances),
        Measure("score-slices", "Score 10,000 slices of 224x224 with 8 labels: Dice, HD95", "work", 4.0, sliced),
        Measure(
            "score-maps", "Exact AUC, average precision and best F1 of 10 M pixels", "work", 0.20, maps, memory=150e6
        ),
    ]
