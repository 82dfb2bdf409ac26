#!/usr/bin/env python3
"""make_augment_inputs.py DIR: what is augmented in the benchmark, computed from a fixed key; no real data is needed.

DIR/image.npy   512x512 float32 in 0...1: discs of different grey with noise
DIR/label.npy   512x512 uint8: the same discs, 1...13
"""

import os
import sys

import numpy as np

SIDE = 512

if __name__ == "__main__":
    target = sys.argv[1]
    part = target + ".part"
    os.makedirs(part, exist_ok=True)
    generator = np.random.default_rng(20)
    y, x = np.mgrid[:SIDE, :SIDE]
    label = np.zeros((SIDE, SIDE), np.uint8)
    for n in range(1, 14):
        centre, radius = generator.uniform(90, SIDE - 90, 2), generator.uniform(15, 70)
        label[(x - centre[0]) ** 2 + (y - centre[1]) ** 2 < radius**2] = n
    image = 0.15 + 0.06 * label + generator.normal(0, 0.02, (SIDE, SIDE))
    np.save(f"{part}/image.npy", image.clip(0, 1).astype(np.float32))
    np.save(f"{part}/label.npy", label)
    os.rename(part, target)
    print("bench: made the slice to augment", file=sys.stderr)
