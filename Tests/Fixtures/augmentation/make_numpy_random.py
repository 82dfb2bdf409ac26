"""Writes numpy_random.json: NumPy's own answers for NumPyRandomStateTests.swift.

usage: make_numpy_random.py > numpy_random.json      (NumPy 2.4.6 wrote the file that is checked in)

Doubles are written as text, so that no reader rounds them.
"""

import json
import sys

import numpy as np


def texts(values):
    return [repr(float(value)) for value in values]


def numbers(values):
    return [int(value) for value in values]


def stream(state):
    """Restarts the same stream for every question."""
    start = state.get_state()

    def fresh():
        state.set_state(start)
        return state

    words = fresh().randint(0, 2**32, 6, dtype=np.uint32)
    doubles = fresh().random_sample(6)
    fresh().random_sample(1000)
    after = int(state.randint(0, 2**32, dtype=np.uint32))
    weights = np.arange(1, 11) / 55
    mixed = fresh()
    order = [
        repr(float(mixed.standard_normal())),
        str(mixed.randint(0, 7)),
        repr(float(mixed.standard_normal())),
        repr(float(mixed.standard_normal())),
        str(mixed.randint(-20, 20)),
        repr(float(mixed.uniform(-0.1, 0.1))),
    ]
    bounds = [1, 2, 3, 4, 40, 1000, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**40 + 3, 5]
    fresh()
    integers = [str(state.randint(0, bound)) for bound in bounds]
    return {
        "words": numbers(words),
        "doubles": texts(doubles),
        "afterThousandDoubles": after,
        "integers": integers,
        "bools": numbers(fresh().randint(0, 2, 40, dtype=bool)),
        "bytes": numbers(fresh().randint(-5, 95, 12, dtype=np.int8)),
        "shorts": numbers(fresh().randint(0, 1000, 12, dtype=np.uint16)),
        "ints": numbers(fresh().randint(-20, 20, 12, dtype=np.int32)),
        "uniform": texts(fresh().uniform(-0.1, 0.1, 4)),
        "permutation": numbers(fresh().permutation(20)),
        "choice": numbers(fresh().choice(10, 6)),
        "choiceOnce": numbers(fresh().choice(10, 4, replace=False)),
        "choiceWeights": numbers(fresh().choice(10, 8, p=weights)),
        "choiceWeightsOnce": numbers(fresh().choice(10, 9, replace=False, p=weights)),
        "normal": texts(fresh().standard_normal(7)),
        "mixed": order,
        "mixedBounds": [str(bound) for bound in bounds],
    }


seeds = [0, 1, 21, 42, 1234, 2**31, 2**32 - 1]
lists = [[0], [1234], [1, 2, 3, 4], [2**32 - 1, 0, 7]]
json.dump(
    {
        "origin": "make_numpy_random.py, NumPy " + np.__version__,
        "seeds": [
            {"seeds": [seed], "list": False, **stream(np.random.RandomState(seed))}
            for seed in seeds
        ]
        + [{"seeds": seed, "list": True, **stream(np.random.RandomState(seed))} for seed in lists],
    },
    sys.stdout,
    separators=(",", ":"),
)
print()
