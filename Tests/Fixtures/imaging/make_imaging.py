"""Writes orientation.json and python_random.json: answers of nibabel and of CPython for ImagingTests.

    python make_imaging.py

Origin: computed here, no third-party data. nibabel 5.4.2, NumPy 2.4.6, CPython 3.11.7.
"""

import json
import pathlib
import random

import nibabel
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent


def words(seed):
    """The generator of the tests: a linear congruence modulo 2^32."""
    state = seed
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield state


def letters(matrix):
    affine = np.eye(4)
    affine[:3, :3] = matrix
    return "".join(nibabel.aff2axcodes(affine))


def random_affines(count, seed, shear):
    """Rotations from quaternions, columns scaled; with shear the third column leans."""
    source = words(seed)

    def unit():
        return next(source) / 2**32

    for _ in range(count):
        a, b, c, d = (2 * unit() - 1 for _ in range(4))
        n = a * a + b * b + c * c + d * d
        rows = [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
        size = [0.25 + 5 * unit() for _ in range(3)]
        mirror = -1 if unit() < 0.5 else 1
        lean = shear * (2 * unit() - 1)
        yield [
            [
                row[0] / n * size[0],
                row[1] / n * size[1] * mirror,
                (row[2] + lean * row[0]) / n * size[2],
            ]
            for row in rows
        ]


def near_ties():
    """Turns of 45 degrees and a little, about each axis, of every reflection: the larger entry decides."""
    for axis in range(3):
        for turn in (44.99, 45.01, 134.99, 135.01, -44.99, -45.01):
            for signs in range(8):
                angle = np.deg2rad(turn)
                u, v = [n for n in range(3) if n != axis]
                matrix = np.eye(3)
                matrix[u, u] = matrix[v, v] = np.cos(angle)
                matrix[u, v], matrix[v, u] = -np.sin(angle), np.sin(angle)
                for column in range(3):
                    if signs >> column & 1:
                        matrix[:, column] *= -1
                yield matrix * np.array([0.7, 0.9, 3.0])


orientation = {
    "random": [
        {
            "seed": seed,
            "shear": shear,
            "letters": "".join(letters(m) for m in random_affines(1000, seed, shear)),
        }
        for seed, shear in ((1, 0.0), (2, 0.0), (3, 0.4), (4, 1.0))
    ],
    "nearTies": [
        {"matrix": [round(float(x), 9) for x in m.ravel()], "letters": letters(np.round(m, 9))}
        for m in near_ties()
    ],
}
(HERE / "orientation.json").write_text(json.dumps(orientation, separators=(",", ":")) + "\n")

streams = []
for seed in (0, 1, 21, 1234, 2**31, 2**32 - 1, 2**32, 2**33 + 5, 2**53 + 1, 2**63, 2**64 - 1):
    entry = {"seed": str(seed)}
    random.seed(seed)
    entry["words"] = [random.getrandbits(32) for _ in range(4)]
    random.seed(seed)
    entry["doubles"] = [random.random().hex() for _ in range(3)]
    random.seed(seed)
    bounds = [1, 2, 3, 99, 100, 1023, 1024, 2**31, 2**32 - 2, 5, 7, 64]
    entry["integers"] = [random.randint(0, bound) for bound in bounds]
    random.seed(seed)
    for _ in range(2000):
        random.getrandbits(32)
    entry["afterSkip"] = random.getrandbits(32)
    streams.append(entry)
(HERE / "python_random.json").write_text(
    json.dumps({"bounds": bounds, "streams": streams}, separators=(",", ":")) + "\n"
)
