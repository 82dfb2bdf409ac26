#!/usr/bin/env python3
"""check_sam.py REFERENCE OTHER...: files of 32-bit floats; a line for each other with its relative Euclidean and its largest
distance from the first."""

import sys

import numpy as np

reference = np.fromfile(sys.argv[1], np.float32).astype(np.float64)
for path in sys.argv[2:]:
    other = np.fromfile(path, np.float32)
    if other.shape != reference.shape:
        sys.exit(f"{path}: found {other.size} numbers, expected {reference.size}")
    difference = np.abs(other - reference)
    # numbers that are not finite make both results so
    print(np.linalg.norm(difference) / np.linalg.norm(reference), difference.max())
