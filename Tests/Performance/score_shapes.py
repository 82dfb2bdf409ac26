"""Masks computed from fixed keys: an abdomen, slices, nuclei, score maps and hostile pairs, each with a perturbed copy."""

import hashlib

import numpy as np
from scipy import ndimage

#        centre and radii in mm along z, y, x, and the angle in the plane; the volume is 450 x 410 x 410 mm
ORGANS = {
    1: ((250, 235, 300), (50, 38, 28), 0.5),
    2: ((200, 245, 130), (52, 28, 26), 0.3),
    3: ((205, 245, 280), (54, 29, 26), -0.3),
    4: ((215, 165, 150), (24, 14, 12), 0.4),
    5: ((350, 215, 210), (60, 9, 9), 0.0),
    6: ((260, 190, 140), (75, 80, 70), 0.2),
    7: ((265, 165, 265), (45, 48, 40), -0.4),
    8: ((230, 240, 212), (190, 11, 11), 0.0),
    9: ((230, 235, 185), (180, 12, 11), 0.0),
    10: ((245, 205, 205), (14, 12, 45), 0.2),
    11: ((225, 200, 225), (20, 16, 55), 0.25),
    12: ((255, 232, 165), (10, 7, 12), 0.3),
    13: ((255, 232, 250), (10, 7, 12), -0.3),
}
SMALL_FIRST = (12, 13, 4, 8, 9, 5, 10, 11, 2, 3, 1, 7, 6)


def source(key):
    """Random numbers that depend on the key alone."""
    digest = hashlib.sha256(key.encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def abdomen(shape=(150, 512, 512), spacing=(3.0, 0.8, 0.8), key="abdomen"):
    """13 organs with uneven borders; the second map moves the borders and has stray voxels."""
    reference, prediction = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    rng = source(key)

    def zoomed(field, wanted):
        return ndimage.zoom(field, [a / b for a, b in zip(wanted, field.shape)], order=1)

    for label in SMALL_FIRST:  # small organs keep their voxels
        centre, radii, angle = ORGANS[label]
        reach = [1.6 * max(radii[n], radii[2] if n else radii[0]) for n in range(3)]
        beyond = [1.6 * max(radii[n], radii[1] if n == 2 else radii[n]) for n in range(3)]
        low = [max(0, int((centre[n] - reach[n]) / spacing[n])) for n in range(3)]
        high = [min(shape[n], int((centre[n] + beyond[n]) / spacing[n]) + 2) for n in range(3)]
        z, y, x = [
            np.arange(a, b, dtype=np.float32) * s - m for a, b, s, m in zip(low, high, spacing, centre)
        ]
        rows, columns = np.meshgrid(y, x, indexing="ij")
        u = np.cos(angle) * rows + np.sin(angle) * columns
        v = -np.sin(angle) * rows + np.cos(angle) * columns
        size = (z[:, None, None] / radii[0]) ** 2 + ((u / radii[1]) ** 2 + (v / radii[2]) ** 2)[None]
        coarse = [max(3, k // 6) for k in size.shape]

        def field():
            values = ndimage.gaussian_filter(rng.standard_normal(coarse).astype(np.float32), 1.2)
            values = zoomed(values, size.shape)
            return values / values.std()

        base = field() * 0.12
        moved = 0.09 * field()
        fine = rng.standard_normal([max(3, k // 2) for k in size.shape]).astype(np.float32)
        fine = zoomed(fine, size.shape)[: size.shape[0], : size.shape[1], : size.shape[2]]
        window = tuple(slice(a, b) for a, b in zip(low, high))
        reference[window][(size + base <= 1) & (reference[window] == 0)] = label
        prediction[window][(size + base + moved + 0.02 * fine <= 1) & (prediction[window] == 0)] = label
    for n in range(25):
        z, y, x = [int(rng.integers(20, side - 20)) for side in shape]
        prediction[z, y : y + 3, x : x + 4] = 1 + n % 13
    return reference, prediction


def slices(count=10000, side=224, labels=8, key="slices"):
    """Pictures with up to eight organs, some of them missed, drawn from 400 and shifted."""
    rng = source(key)
    reference = np.zeros((count, side, side), np.uint8)
    prediction = np.zeros_like(reference)
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float32)

    def blob(centre, radii, angle):
        u = np.cos(angle) * (rows - centre[0]) + np.sin(angle) * (columns - centre[1])
        v = -np.sin(angle) * (rows - centre[0]) + np.cos(angle) * (columns - centre[1])
        return (u / radii[0]) ** 2 + (v / radii[1]) ** 2 + 0.12 * np.sin(u * 0.5) * np.cos(v * 0.4) <= 1

    bank = []
    for _ in range(400):
        a, b = np.zeros((side, side), np.uint8), np.zeros((side, side), np.uint8)
        for label in range(1, labels + 1):
            if rng.random() < 0.35:
                continue
            centre, radii, angle = rng.uniform(50, side - 50, 2), rng.uniform(6, 34, 2), rng.uniform(0, 3.1)
            a[blob(centre, radii, angle)] = label
            if rng.random() > 0.06:
                centre = centre + rng.normal(0, 1.2, 2)
                radii = radii * rng.uniform(0.9, 1.1, 2)
                b[blob(centre, radii, angle + rng.normal(0, 0.08))] = label
        bank.append((a, b))
    for n in range(count):
        a, b = bank[int(rng.integers(len(bank)))]
        shift = rng.integers(-12, 13, 2)
        reference[n], prediction[n] = np.roll(a, shift, (0, 1)), np.roll(b, shift, (0, 1))
    return reference, prediction


def nuclei(side=1000, count=600, low=9, high=19, key="nuclei-1000"):
    """Instance maps: ellipses that touch; the second map misses, moves, merges, splits and invents some."""
    rng = source(key)
    reference = np.zeros((side, side), np.int32)
    found = 0
    while found < count:
        centre = [rng.uniform(0, side), rng.uniform(0, side)]
        radii = [rng.uniform(low, high), rng.uniform(low, high)]
        angle = rng.uniform(0, np.pi)
        reach = int(max(radii)) + 2
        window = tuple(slice(max(0, int(c) - reach), min(side, int(c) + reach + 1)) for c in centre)
        y, x = np.ogrid[window]
        u = np.cos(angle) * (y - centre[0]) + np.sin(angle) * (x - centre[1])
        v = -np.sin(angle) * (y - centre[0]) + np.cos(angle) * (x - centre[1])
        mask = (u / radii[0]) ** 2 + (v / radii[1]) ** 2 <= 1
        view = reference[window]
        free = mask & (view == 0)
        if free.sum() >= max(1, 0.6 * mask.sum()):
            found += 1
            view[free] = found
    return reference, perturbed(reference, rng)


def perturbed(reference, rng, dropped=0.08, invented=0.06, merged=0.05, cut=0.05, reach=2):
    prediction = np.zeros_like(reference)
    side, last = reference.shape[0], 0
    for label, box in enumerate(ndimage.find_objects(reference), start=1):
        if rng.random() < dropped:
            continue
        pad = reach + 3
        window = tuple(slice(max(0, s.start - pad), min(side, s.stop + pad)) for s in box)
        mask = np.roll(reference[window] == label, rng.integers(-reach, reach + 1, 2), (0, 1))
        kind = rng.random()
        if kind < 0.33:
            mask = ndimage.binary_dilation(mask)
        elif kind < 0.66:
            mask = ndimage.binary_erosion(mask)
        border = ndimage.binary_dilation(mask) & ~ndimage.binary_erosion(mask)
        mask ^= border & (rng.random(mask.shape) < 0.25)
        view = prediction[window]
        free = mask & (view == 0)
        if not free.any():
            continue
        if rng.random() < merged and view.any():
            view[free] = view[view > 0][0]
            continue
        last += 1
        view[free] = last
        if rng.random() < cut:
            places = np.indices(mask.shape)[int(rng.integers(2))]
            half = free & (places > np.median(places[free]))
            if half.any():
                last += 1
                view[half] = last
    for _ in range(round(invented * reference.max())):
        y, x = rng.integers(6, side - 6, 2)
        view = prediction[y - 6 : y + 7, x - 6 : x + 7]
        offsets = np.arange(-6, 7) ** 2
        free = (view == 0) & (np.add.outer(offsets, offsets) <= 30)
        if free.any():
            last += 1
            view[free] = last
    return prediction


def scores(count=10_000_000, key="scores"):
    """Truths (uint8) and probabilities (float32) of pixels, a fifth of them positive."""
    rng = source(key)
    truth = rng.random(count) < 0.2
    values = rng.standard_normal(count) + np.where(truth, 1.2, -1.0)
    return truth.astype(np.uint8), (1 / (1 + np.exp(-values))).astype(np.float32)


def hostile(shape=(150, 512, 512), key="hostile"):
    """Pairs of one label on which searches degrade: name, reference, prediction."""
    rng = source(key)

    def empty():
        return np.zeros(shape, np.uint8)

    def ball(centre, radius):
        mask = empty()
        z, y, x = np.ogrid[tuple(slice(0, n) for n in shape)]
        distance = (3.0 * (z - centre[0])) ** 2 + (0.8 * (y - centre[1])) ** 2 + (0.8 * (x - centre[2])) ** 2
        mask[distance <= radius**2] = 1
        return mask

    def voxel(*place):
        mask = empty()
        mask[place] = 1
        return mask

    def salt(share):
        return (rng.random(shape, dtype=np.float32) < share).astype(np.uint8)

    full = empty()
    full[:] = 1
    yield "salt", salt(0.1), salt(0.1)
    yield "shift", ball((25, 85, 85), 60), ball((124, 426, 426), 60)
    yield "voxel", voxel(0, 0, 0), ball((75, 256, 256), 150)
    yield "full", full, voxel(149, 511, 511)
