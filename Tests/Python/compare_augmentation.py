"""Runs the reference programs' augmentation and writes what they drew and what came out of it.

usage: compare_augmentation.py OUT_FOLDER [--seeds N ...]

Writes transunet.json and python_flips.json (Python, NumPy, SciPy), monai_project.json,
monai_chains.json and monai_fixed.json (MONAI, PyTorch, nibabel). With the seeds it has by itself
these are the files in Tests/Fixtures/augmentation; the tests replay them from samdata's streams.
With other seeds the files hold more cases of the same kind, for the test that runs MONAI itself.

Parameters are text: `flip vertical`, `turn 3`, `rotate -7` (degrees, counter-clockwise), `radians
0.12` (MONAI's, clockwise), `shift 0.03`. Arrays are in samdata's order [slice][row][column], as
base64: of bytes for labels (`u1`) and for images whose values are all whole sixteenths (`u1/16`),
otherwise of little-endian 32-bit floats (`f4`); the kind stands before a colon.
"""

import argparse
import base64
import json
import pathlib
import platform
import random

import numpy as np

AXES = ("vertical", "horizontal", "slices")


def image(shape):
    """Sixteenths up to 251/16, nowhere 0: zeros come from outside."""
    count = int(np.prod(shape))
    values = (np.arange(count) * 37 % 251 + 1) / 16
    return values.astype(np.float32).reshape(shape)


def label(shape):
    count = int(np.prod(shape))
    return (np.arange(count) * 7 % 5).astype(np.uint8).reshape(shape)


def text(array):
    codes = array * 16
    if array.dtype == np.uint8:
        kind = "u1"
    elif np.array_equal(codes, codes.astype(np.uint8)):
        kind, array = "u1/16", codes.astype(np.uint8)
    else:
        kind, array = "f4", array.astype("<f4")
    return kind + ":" + base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def planes(array):
    """A picture [row][column] or a volume [x][y][z] of the references in samdata's order."""
    return array if array.ndim == 2 else np.transpose(array, (2, 0, 1))


def entry(names, picture=None, classes=None):
    sample = {"steps": names}
    if picture is not None:
        sample["image"] = text(planes(picture))
    if classes is not None:
        sample["label"] = text(planes(classes))
    return sample


# TransUNet: what its generator does is told in Sources/Augmentation/Streams/TransUNetStream.swift


def transunet_draws():
    if random.random() > 0.5:
        return ["turn %d" % np.random.randint(0, 4), "flip %s" % AXES[np.random.randint(0, 2)]]
    return ["rotate %d" % np.random.randint(-20, 20)] if random.random() > 0.5 else []


def transunet_apply(array, names):
    from scipy.ndimage import rotate

    for name in names:
        word, value = name.split()
        if word == "turn":
            array = np.rot90(array, int(value))
        elif word == "flip":
            array = np.flip(array, AXES.index(value))
        else:
            array = rotate(array, int(value), order=0, reshape=False)
    return array


def transunet(seeds):
    runs = []
    for seed in seeds:
        for worker, listed in ((0, None), (3, None), (1, [seed % 2**32, 5, 2**32 - 1, 12])):
            random.seed(seed + worker)
            np.random.seed(seed if listed is None else listed)
            shape = (16, 16) if worker < 3 else (7, 9)
            samples, kinds = [], {}
            for _ in range(48):
                names = transunet_draws()
                kind = names[0].split()[0] if names else ""
                kinds[kind] = kinds.get(kind, 0) + 1
                if names and kinds[kind] <= 3:
                    both = (transunet_apply(made(shape), names) for made in (image, label))
                    samples.append(entry(names, *both))
                else:
                    samples.append(entry(names))
            start = {"seed": seed, "worker": worker, "numPySeeds": listed}
            runs.append({**start, "shape": [1, *shape], "samples": samples})
    return runs


def python_flips(seeds):
    runs = []
    for seed in seeds:
        random.seed(seed)
        adapter = [["flip horizontal"] if random.random() < 0.5 else [] for _ in range(64)]
        random.seed(seed)
        counts = [1 + (5 * index) % 13 for index in range(64)]
        points = []
        for count in counts:
            chosen = random.choice(list(range(count)))
            left_right, up_down = random.random() > 0.5, random.random() > 0.5
            points.append([chosen, int(left_right), int(up_down)])
        runs.append({"seed": seed, "samAdapter": adapter, "labelCounts": counts, "medsam": points})
    return runs


class MONAI:
    """MONAI's chains, their parameters read from the transforms after each sample."""

    def __init__(self):
        import monai
        from monai import transforms

        self.version = monai.__version__
        self.t = transforms

    def term_project(self):
        t, both = self.t, ["image", "label"]
        return [t.RandFlipd(both, prob=0.1, spatial_axis=axis) for axis in range(3)] + [
            t.RandRotate90d(both, prob=0.1, max_k=3, spatial_axes=(0, 1)),
            t.RandShiftIntensityd(["image"], offsets=0.1, prob=0.5),
        ]

    def report(self):
        t, both = self.t, ["image", "label"]
        return [
            t.RandFlipd(both),
            t.RandRotated(both, range_z=np.pi / 12, mode=("bilinear", "nearest")),
            t.RandShiftIntensityd(["image"], offsets=0.1),
        ]

    def dictionary(self):
        t, both = self.t, ["image", "label"]
        return [
            t.RandFlipd(both, prob=0.5, spatial_axis=1),
            t.RandRotate90d(both, prob=0.4, max_k=2),
            t.RandRotated(both, prob=0.5, range_x=(-0.2, 0.4), mode=("bilinear", "nearest")),
            t.RandShiftIntensityd(["image"], offsets=(-0.5, 0.25), prob=0.5),
        ]

    def array(self):
        t = self.t
        return [
            t.RandFlip(prob=0.5),
            t.RandRotate90(prob=0.6),
            t.RandRotate(prob=0.4, range_z=0.3),
            t.RandShiftIntensity(offsets=0.2, prob=0.7),
        ]

    def names(self, steps, dimensions):
        """What the transforms did to the last sample."""
        names = []
        for step in steps:
            if not step._do_transform:
                continue
            kind = type(step).__name__
            if kind.startswith("RandFlip"):
                axis = step.flipper.spatial_axis
                axes = range(dimensions) if axis is None else [axis]
                names += ["flip " + AXES[axis] for axis in axes]
            elif kind.startswith("RandRotate90"):
                names.append("turn %d" % step._rand_k)
            elif kind.startswith("RandRotate"):
                rotator = getattr(step, "rand_rotate", step)
                names.append("radians %r" % float(rotator.x if dimensions == 2 else rotator.z))
            else:
                names.append("shift %r" % float(getattr(step, "shifter", step)._offset))
        return names

    def chain(self, name, shape, seed, how, count=48, kept=2):
        """Seeds by set_determinism before the chain is made, or set_random_state of it or each."""
        from monai.utils import set_determinism

        set_determinism(seed if how == "determinism" else None)
        steps = getattr(self, name)()
        chain = self.t.Compose(steps)
        set_determinism(None)
        if how == "compose":
            chain.set_random_state(seed)
        elif how == "each":
            for index, step in enumerate(steps):
                step.set_random_state(seed + index)
        samples, left = [], {}
        for _ in range(count):
            picture = image(shape)[None]
            if name == "array":
                found, classes = np.asarray(chain(picture))[0], None
            else:
                result = chain({"image": picture, "label": label(shape)[None].astype(np.float32)})
                found = np.asarray(result["image"])[0]
                classes = np.asarray(result["label"])[0].astype(np.uint8)
            names = self.names(steps, len(shape))
            kind = " ".join(part.split()[0] for part in names)
            left[kind] = left.get(kind, 1 if kept else 0)
            keep = names and left[kind] > 0 and sum("image" in sample for sample in samples) < kept
            left[kind] -= 1
            samples.append(entry(names, found, classes) if keep else entry(names))
        # ours: slices, rows, columns
        size = [1, *shape] if len(shape) == 2 else [shape[2], shape[0], shape[1]]
        return {"chain": name, "seeding": how, "seed": seed, "shape": size, "samples": samples}

    def chains(self, seeds):
        runs = []
        for number, seed in enumerate(seeds):
            kept = 5 if number == 0 else 1
            runs += [
                self.chain("term_project", (7, 9, 5), seed, "determinism", kept=kept),
                self.chain("term_project", (7, 9, 5), seed, "each", kept=0),
                self.chain("report", (7, 9, 5), seed, "compose", kept=kept),
                self.chain("dictionary", (16, 16), seed, "determinism", kept=kept),
                self.chain("array", (7, 9, 5), seed, "compose", kept=kept),
            ]
        return runs

    def fixed(self):
        """Transforms without randomness, of one volume."""
        t, picture = self.t, image((7, 9, 5))
        hounsfield = (picture - 8) * 60
        constant = np.full((4, 4), 3, np.float32)
        calls = {
            "extremes": t.ScaleIntensity()(picture[None]),
            "range clipped": t.ScaleIntensityRange(-175, 250, 0, 1, clip=True)(hounsfield[None]),
            "range": t.ScaleIntensityRange(-175, 250, 0, 1, clip=False)(hounsfield[None]),
            "constant": t.ScaleIntensity()(constant[None]),
            "turn 1": t.Rotate90(1)(picture[None]),
            "flip vertical": t.Flip(0)(picture[None]),
        }
        fixed = {name: text(planes(np.asarray(value)[0])) for name, value in calls.items()}
        for letters in ("LPS", "ARI", "SPL"):
            fixed["orientation " + letters] = text(planes(self.orientation(picture, letters)))
        return fixed

    def orientation(self, picture, letters):
        """A volume whose axes point as the letters say, turned to RAS."""
        import torch
        from monai.data import MetaTensor

        affine = np.zeros((4, 4))
        affine[3, 3] = 1
        for axis, letter in enumerate(letters):
            world = "RASLPI".index(letter)
            affine[world % 3, axis] = 1 if world < 3 else -1
        volume = MetaTensor(torch.as_tensor(picture[None]), affine=torch.as_tensor(affine))
        return np.asarray(self.t.Orientation("RAS", labels=None)(volume))[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1234, 0, 4294967290])
    arguments = parser.parse_args()
    import scipy

    python = f"Python {platform.python_version()}, NumPy {np.__version__}"
    files = {
        "transunet.json": {
            "origin": f"{python}, SciPy {scipy.__version__}",
            "runs": transunet(arguments.seeds),
        },
        "python_flips.json": {"origin": python, "runs": python_flips(arguments.seeds)},
    }
    monai = MONAI()
    runs = monai.chains(arguments.seeds)
    project = [run for run in runs if run["chain"] in ("term_project", "report")]
    others = [run for run in runs if run not in project]
    origin = f"{python}, MONAI {monai.version}"
    files["monai_project.json"] = {"origin": origin, "runs": project}
    files["monai_chains.json"] = {"origin": origin, "runs": others}
    files["monai_fixed.json"] = {"origin": origin, "arrays": monai.fixed()}
    for name, content in files.items():
        content["origin"] = "Tests/Python/compare_augmentation.py, " + content["origin"]
        (arguments.out / name).write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
