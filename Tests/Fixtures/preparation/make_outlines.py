"""Writes outlines.json: small polygons and the pixels that other programs cover with them.

skimage 0.26 (draw.polygon), OpenCV 5.0 (fillPoly of rounded vertices, drawn with a wide margin so that nothing is cut at
the border), a walk along the grid of fifths as the documentation of MATLAB's poly2mask describes it (checked here against
pycocotools, a port of it, wherever no coordinate is negative: the two round negative halves differently), and
straightforward per-pixel tests in exact fractions (pixel-centre, asap) and in single precision (asap-program).
Masks are hexadecimal, eight pixels to a byte, the first pixel highest.
"""

import collections
import json
import math
import pathlib
from fractions import Fraction

import cv2
import numpy as np
import skimage.draw
from pycocotools import mask as coco

W, H, M = 24, 20, 40


def even_odd(p, px, py):
    inside = False
    for (ax, ay), (bx, by) in zip(p, p[1:] + p[:1]):
        if (ay <= py) != (by <= py) and px >= ax + (py - ay) * (bx - ax) / (by - ay):
            inside = not inside
    return inside


def winding(p, px, py, left):
    n = 0
    for (ax, ay), (bx, by) in zip(p, p[1:] + p[:1]):
        if ay <= py < by and left((ax, ay), (bx, by), (px, py)) > 0:
            n += 1
        elif by <= py < ay and left((ax, ay), (bx, by), (px, py)) < 0:
            n -= 1
    return n != 0


def exact_left(a, b, q):
    return (b[0] - a[0]) * (a[1] - q[1]) - (q[0] - a[0]) * (a[1] - b[1])


def program_left(a, b, q):
    return int(exact_left(a, b, q))  # float32 in, cut to a whole number


def fifths(p):
    """Walks round the polygon on the lines of the grid of fifths; pixels whose middle part has an odd number of
    horizontal pieces of the path above it."""

    def whole(v):  # halves away from zero
        return int(math.floor(abs(v) + 0.5)) * (1 if v >= 0 else -1)

    def path(a, b):
        dx, dy = abs(b[0] - a[0]), abs(b[1] - a[1])
        if dx == dy == 0:
            return [a]
        major = 0 if dx >= dy else 1
        lo, hi = (a, b) if a[major] <= b[major] else (b, a)
        slope = (hi[1 - major] - lo[1 - major]) / (hi[major] - lo[major])
        line = []
        for t in range(lo[major], hi[major] + 1):
            other = whole(lo[1 - major] + slope * (t - lo[major]))
            line.append((t, other) if major == 0 else (other, t))
        return line if lo is a else line[::-1]

    v = [(whole(5 * (x - 0.5) + 1), whole(5 * (y - 0.5) + 1)) for x, y in p]
    steps = [q for a, b in zip(v, v[1:] + v[:1]) for q in path(a, b)]
    above = collections.Counter()
    for (x0, y0), (x1, y1) in zip(steps, steps[1:]):
        assert abs(x1 - x0) <= 1
        if x0 != x1:
            above[min(x0, x1), min(y0, y1)] += 1
    mask = np.zeros((H, W), bool)
    for column in range(W):
        for row in range(H):
            count = sum(n for (x, y), n in above.items() if x == 5 * column + 3 and y <= 5 * row + 3)
            mask[row, column] = count % 2 == 1
    return mask


def per_pixel(test):
    return np.array([[test(x, y) for x in range(W)] for y in range(H)])


def masks(p):
    a = np.array(p)
    f = [(Fraction(x), Fraction(y)) for x, y in p]
    s = [(np.float32(x), np.float32(y)) for x, y in p]
    half = Fraction(1, 2)

    def boxed(v, x, y):
        xs, ys = [c[0] for c in v], [c[1] for c in v]
        return min(xs) < x < max(xs) and min(ys) < y < max(ys)

    sk = np.zeros((H, W), bool)
    rr, cc = skimage.draw.polygon(a[:, 1], a[:, 0], (H, W))
    sk[rr, cc] = True
    cv = np.zeros((H + 2 * M, W + 2 * M), np.uint8)
    cv2.fillPoly(cv, [np.rint(a).astype(np.int32) + M], 1)
    mine = fifths(p)
    rle = coco.frPyObjects([(a - 0.5 + M).ravel().tolist()], H + 2 * M, W + 2 * M)[0]
    if a.min() >= 0.5:
        assert (mine == (coco.decode(rle)[M:-M, M:-M] > 0)).all()
    return {
        "pixel-centre": per_pixel(lambda x, y: even_odd(f, x + half, y + half)),
        "asap": per_pixel(lambda x, y: boxed(f, x, y) and winding(f, Fraction(x), Fraction(y), exact_left)),
        "asap-program": per_pixel(
            lambda x, y: boxed(s, x, y) and winding(s, np.float32(x), np.float32(y), program_left)),
        "poly2mask": mine,
        "skimage": sk,
        "opencv": cv[M:-M, M:-M] > 0,
    }


def main():
    rng = np.random.default_rng(20)
    polygons = [
        [(2, 2), (12, 2), (12, 12), (2, 12)],
        [(2.5, 2.5), (12.5, 2.5), (12.5, 12.5), (2.5, 12.5)],
        [(12, 2), (20, 10), (12, 18), (4, 10)],
        [(1, 1), (20, 15), (20, 1), (1, 15)],  # crosses itself
        [(12, 1), (17, 18), (2, 7), (22, 7), (7, 18)],  # five-pointed star
        [(3, 3), (20, 3), (20, 3), (3, 3)],  # no area, on pixel indices
        [(3, 3.5), (20, 3.5), (10, 3.5)],  # no area, on pixel centres
        [(5, 5), (5, 5), (5, 5)],
        [(4, 4), (18, 4), (18, 9), (23, 9), (18, 9), (18, 15), (4, 15)],  # a spike
        [(-8, -6), (40, -6), (40, 30), (-8, 30)],
        [(-9.3, 4.2), (33.1, 6.7), (10.4, 27.9)],
        [(4, 4), (12, 4), (12, 10), (4, 10), (4, 4), (12, 4), (12, 10), (4, 10)],  # twice round
    ]
    for n in range(28):
        count = int(rng.integers(3, 12))
        p = rng.uniform(-6, 28, (count, 2)) * [1, 0.85]
        step = [0, 1, 0.5, 0.25, 0.125][n % 5]
        polygons.append([tuple(v) for v in (np.round(p / step) * step if step else p).tolist()])
    content = [
        {
            "points": [[float(x), float(y)] for x, y in p],
            "masks": {k: np.packbits(v.ravel()).tobytes().hex() for k, v in masks([(float(x), float(y)) for x, y in p]).items()},
        }
        for p in polygons
    ]
    text = json.dumps({"width": W, "height": H, "polygons": content}, separators=(",", ":"))
    pathlib.Path(__file__).with_name("outlines.json").write_text(text + "\n")


main()
