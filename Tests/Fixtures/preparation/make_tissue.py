"""Writes tissue-cmu1.ppm/.pbm and prints the numbers in TissueMaskTests and PatchCandidateTests.

Run by hand: python make_tissue.py CMU-1-Small-Region.svs (OpenSlide's CC0 test slide). Written with OpenCV 5.0.0,
NumPy and Pillow. The ppm is level 0 averaged over squares of 24 pixels, the pbm OpenCV's tissue mask of it.
"""

import sys

import cv2
import numpy as np
from PIL import Image


def fnv(values):
    h = 0xCBF29CE484222325
    for b in np.asarray(values).ravel().tolist():
        h = ((h ^ b) * 0x100000001B3) & (2**64 - 1)
    return h


def tissue(rgb, close=(7, 2), median=15):
    s = np.ascontiguousarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)[:, :, 1])
    t, m = cv2.threshold(s, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if close[1] > 0:
        m = cv2.morphologyEx(
            m, cv2.MORPH_CLOSE, np.ones((close[0],) * 2, np.uint8), iterations=close[1])
    if median > 1:
        m = cv2.medianBlur(m, median)
    return int(t), (m > 0).astype(np.uint8)


def picture(w, h, seed, blobs, noise):
    y, x = np.mgrid[0:h, 0:w].astype(np.int64)
    px = np.full((h, w, 3), [243, 241, 244], np.int64)
    state = seed

    def word():
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
        return state >> 33

    for _ in range(blobs):
        cx, cy = word() % w, word() % h
        rx, ry = 2 + word() % (w // 4 + 1), 2 + word() % (h // 4 + 1)
        colour = [150 + word() % 80, 60 + word() % 90, 130 + word() % 90]
        px[((x - cx) ** 2 * ry * ry + (y - cy) ** 2 * rx * rx) <= rx * rx * ry * ry] = colour
    flat = px.reshape(-1, 3)
    for n in range(w * h):
        v = word() % (2 * noise + 1) - noise
        flat[n] = np.clip(flat[n] + [v, -v, v // 2], 0, 255)
    return flat.reshape(h, w, 3).astype(np.uint8)


def candidates(mask, side, scale=16):
    """EP-SAM's centres (row, column) at level 0, read from the description of its rule."""
    rows, columns = mask.shape
    step, half, found = side // scale, int(side * 0.25 / scale), []
    for i in range(rows // step):
        for j in range(columns // step):
            for shift in (0, 0.5):
                r, c = int((i + shift) * step), int((j + shift) * step)
                r0, r1 = max(0, r - half), min(r + half, rows - 1)
                c0, c1 = max(0, c - half), min(c + half, columns - 1)
                clear = r0 >= rows * 0.01 and r1 <= rows - rows * 0.01
                clear = clear and c0 >= columns * 0.01 and c1 <= columns - columns * 0.01
                if clear and mask[r0:r1, c0:c1].any():
                    found.append((r * scale, c * scale))
    return sorted(found)


def show(name, mask):
    for side in (256, 512):
        centres = candidates(mask, side)
        values = [v & 255 for rc in centres for x in rc for v in (x, x >> 8)]
        print(name, side, len(centres), hex(fnv(values)))


for w, h, seed, blobs, noise, close, median in [
    (97, 61, 1, 5, 6, (7, 2), 15), (64, 64, 2, 9, 20, (7, 2), 15), (130, 33, 3, 3, 30, (5, 1), 7),
    (33, 130, 4, 12, 12, (3, 4), 31), (1, 50, 5, 2, 9, (7, 2), 15), (50, 1, 6, 2, 9, (7, 2), 15),
    (9, 9, 7, 1, 40, (7, 2), 15), (200, 150, 8, 25, 25, (1, 0), 9), (200, 150, 8, 25, 25, (7, 2), 1),
    (71, 53, 9, 0, 3, (7, 2), 15),
]:
    rgb = picture(w, h, seed, blobs, noise)
    t, m = tissue(rgb, close, median)
    print(w, h, seed, close, median, hex(fnv(rgb)), t, int(m.sum()), hex(fnv(m)))

pairs = [(v, lo, (v + lo) // 2) for v in range(256) for lo in range(v + 1)]
pairs = np.array(pairs, np.uint8)[None]
print("saturation", hex(fnv(cv2.cvtColor(pairs, cv2.COLOR_RGB2HSV)[0, :, 1])))
for count in (
    lambda n: (n * n * 7 + 3) % 53, lambda n: int(n in (10, 200)),
    lambda n: 5 * int(n in (3, 4, 250)), lambda n: (n % 17) * (255 - n), lambda n: 9 * int(n == 77),
    lambda n: ((n * 2654435761) >> 8) % 1000,
):
    row = np.repeat(np.arange(256, dtype=np.uint8), [count(n) for n in range(256)])[None]
    print("otsu", int(cv2.threshold(row, 0, 255, cv2.THRESH_OTSU)[0]))

slide = np.array(Image.open(sys.argv[1]).convert("RGB"))
h, w = slide.shape[0] // 24, slide.shape[1] // 24
small = slide[: h * 24, : w * 24].reshape(h, 24, w, 24, 3).mean((1, 3))
small = np.rint(small).astype(np.uint8)
t, m = tissue(small)
print("slide", small.shape, t, int(m.sum()))
with open("tissue-cmu1.ppm", "wb") as file:
    file.write(b"P6 %d %d 255\n" % (w, h) + small.tobytes())
with open("tissue-cmu1.pbm", "wb") as file:
    file.write(b"P4 %d %d\n" % (w, h) + np.packbits(m, axis=1).tobytes())
show("slide", m)
show("drawn", tissue(picture(700, 431, 11, 14, 10))[1])
