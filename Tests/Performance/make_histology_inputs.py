#!/usr/bin/env python3
"""make_histology_inputs.py DIR: the slide and the nuclei of the benchmark, computed from a fixed key.

DIR/slide/images/tumor_001.tif        20,000 x 20,000 pixels of 0.243 um, tiles of 512, JPEG 4:2:0 of quality 85, a pyramid
DIR/slide/annotations/tumor_001.xml   12 tumour outlines and 3 holes, as ASAP writes them
DIR/patches.txt                       the left and upper edge of the patches of 256, about 1,800, with half their area in tissue
DIR/outlines.txt                      the same outlines for the floors: 1 or 0 for a hole, then the number of vertices, then these
DIR/nuclei/typical/<case>.tif, .xml   1,000 x 1,000 pixels with about 600 outlined nuclei, as MoNuSeg has them
DIR/nuclei/largest/<case>.tif, .xml   the image with the longest list of outlines

Real images of MoNuSeg are taken where SAMDATA_SHARED, or `shared` beside the repository, has data/monuseg; else there is one
computed image, as typical.
"""

import glob
import os
import shutil
import sys
import xml.etree.ElementTree as ElementTree

import cv2
import numpy as np
import pyvips
from scipy import ndimage

SEED, SIDE, TILE, QUALITY, PATCH = 20240611, 20000, 512, 85, 256


def stained(rng, height, width, nuclei, noise=7.0):
    """Eosin with darker nuclei, as float."""
    coarse = rng.standard_normal((height // 32 + 2, width // 32 + 2))
    low = ndimage.zoom(coarse, 32, order=1)[:height, :width]
    fine = ndimage.gaussian_filter(rng.standard_normal((height, width)), 1.2) * 4
    image = np.empty((height, width, 3), np.float32)
    for c, (eosin, dark, a, b) in enumerate(((214, 98, 9, 9), (150, 62, 18, 13), (190, 138, 10, 9))):
        image[..., c] = np.where(nuclei, dark, eosin) + a * low + b * fine
    image = ndimage.gaussian_filter(image, (0.7, 0.7, 0))
    image += rng.standard_normal((height, width, 1)) * noise * 0.5
    return np.clip(image, 0, 255).astype(np.uint8)


def blob(rng, cx, cy, radius, count=36):
    """A wavy ellipse."""
    t = np.linspace(0, 2 * np.pi, count, endpoint=False)
    flat, turn = rng.uniform(0.65, 1.0), rng.uniform(0, np.pi)
    r = radius * (1 + 0.12 * np.sin(2 * t + rng.uniform(0, 6)) + 0.06 * np.sin(3 * t + rng.uniform(0, 6)))
    x, y = r * np.cos(t), r * flat * np.sin(t)
    return np.stack([cx + x * np.cos(turn) - y * np.sin(turn), cy + x * np.sin(turn) + y * np.cos(turn)], 1)


def fill(mask, points):
    cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], 1, shift=4)


def write_slide(folder):
    rng = np.random.default_rng(SEED + 200)
    pieces = [(0.33, 0.36, 0.24, 180), (0.68, 0.62, 0.22, 180), (0.30, 0.80, 0.12, 120)]
    tissue = np.zeros((SIDE // 16, SIDE // 16), np.uint8)
    for x, y, radius, count in pieces:
        fill(tissue, blob(rng, x * SIDE, y * SIDE, radius * SIDE, count) / 16)
    # Six textures, rolled at random, are as much work for a decoder as 20,000 x 20,000 of them.
    block, bank = 1024, []
    for _ in range(6):
        nuclei = np.zeros((block, block), np.uint8)
        for _ in range(900):
            fill(nuclei, blob(rng, *rng.uniform(0, block, 2), rng.uniform(7, 13), 20))
        bank.append(stained(rng, block, block, nuclei > 0, noise=16))
    raw = np.memmap(f"{folder}/raw", np.uint8, "w+", shape=(SIDE, SIDE, 3))
    for y in range(0, SIDE, block):
        for x in range(0, SIDE, block):
            height, width = min(block, SIDE - y), min(block, SIDE - x)
            inside = tissue[y // 16 : (y + height + 15) // 16, x // 16 : (x + width + 15) // 16]
            inside = cv2.resize(inside, (width, height), interpolation=cv2.INTER_NEAREST)
            part = np.full((height, width, 3), 243, np.uint8)
            if inside.any():
                texture = np.roll(bank[rng.integers(6)], tuple(rng.integers(0, block, 2)), (0, 1))
                part = np.where(inside[..., None] > 0, texture[:height, :width], part)
            raw[y : y + height, x : x + width] = part
    os.makedirs(f"{folder}/images")
    image = pyvips.Image.new_from_memory(raw, SIDE, SIDE, 3, "uchar")
    image.copy(interpretation="srgb", xres=1000 / 0.243, yres=1000 / 0.243).tiffsave(
        f"{folder}/images/tumor_001.tif", compression="jpeg", Q=QUALITY, tile=True, tile_width=TILE, tile_height=TILE,
        pyramid=True, bigtiff=True, resunit="cm", depth="onetile",
    )
    del image, raw
    os.remove(f"{folder}/raw")
    write_outlines(rng, folder)


def write_outlines(rng, folder):
    os.makedirs(f"{folder}/annotations")
    regions = []
    for cx, cy in ((0.33, 0.36), (0.68, 0.62)):
        for _ in range(6):
            centre = (cx + rng.uniform(-0.11, 0.11)) * SIDE, (cy + rng.uniform(-0.11, 0.11)) * SIDE
            radius, count = rng.uniform(0.02, 0.05) * SIDE, int(rng.integers(80, 700))
            tumours = sum(group == "Tumor" for group, _ in regions)
            regions.append(("Tumor", blob(rng, *centre, radius, count)))
            if tumours % 4 == 0:
                regions.append(("Exclusion", blob(rng, *centre, 0.008 * SIDE, 60)))
    with open(f"{folder}/annotations/tumor_001.xml", "w") as file:
        file.write('<?xml version="1.0"?>\n<ASAP_Annotations>\n\t<Annotations>\n')
        for n, (group, points) in enumerate(regions):
            file.write(f'\t\t<Annotation Name="Annotation {n}" Type="Polygon" PartOfGroup="{group}" Color="#F4FA58">\n')
            file.write("\t\t\t<Coordinates>\n")
            for order, (x, y) in enumerate(points):
                file.write(f'\t\t\t\t<Coordinate Order="{order}" X="{x:.4f}" Y="{y:.4f}" />\n')
            file.write("\t\t\t</Coordinates>\n\t\t</Annotation>\n")
        file.write("\t</Annotations>\n\t<AnnotationGroups>\n")
        for group in ("Tumor", "Exclusion"):
            file.write(f'\t\t<Group Name="{group}" PartOfGroup="None" Color="#ff0000"><Attributes /></Group>\n')
        file.write("\t</AnnotationGroups>\n</ASAP_Annotations>\n")


def write_lists(target):
    """The patches and outlines for programs that read neither slides nor XML."""
    level = pyvips.Image.new_from_file(f"{target}/slide/images/tumor_001.tif", page=4).numpy()
    saturation = cv2.cvtColor(level, cv2.COLOR_RGB2HSV)[..., 1]
    _, mask = cv2.threshold(saturation, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8), iterations=2)
    mask = cv2.medianBlur(mask, 15)
    cell, places = PATCH // 16, []
    for y in range(0, SIDE - PATCH + 1, PATCH):
        for x in range(0, SIDE - PATCH + 1, PATCH):
            if mask[y // 16 : y // 16 + cell, x // 16 : x // 16 + cell].sum() * 2 >= cell * cell:
                places.append((x, y))
    np.savetxt(f"{target}/patches.txt", np.array(places), "%d")
    with open(f"{target}/outlines.txt", "w") as file:
        for region in ElementTree.parse(f"{target}/slide/annotations/tumor_001.xml").iter("Annotation"):
            points = [f"{c.get('X')} {c.get('Y')}" for c in region.iter("Coordinate")]
            covers = int(region.get("PartOfGroup") == "Tumor")
            file.write(f"{covers} {len(points)} {' '.join(points)}\n")
    return len(places)


def write_nuclei(folder, side=1000, count=600):
    name = "TCGA-SY-0001-01Z-00-DX1"
    rng = np.random.default_rng(SEED + 100)
    outlines, mask = [], np.zeros((side, side), np.uint8)
    for _ in range(count):
        points = blob(rng, *rng.uniform(0, side, 2), rng.uniform(7, 15), int(rng.integers(24, 60)))
        outlines.append(np.round(points, 4))
        fill(mask, points)
    image = stained(rng, side, side, mask > 0)
    pyvips.Image.new_from_memory(image, side, side, 3, "uchar").copy(interpretation="srgb").tiffsave(f"{folder}/{name}.tif")
    with open(f"{folder}/{name}.xml", "w") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<Annotations MicronsPerPixel="0.252000">\n')
        file.write('<Annotation Id="1" Name="" ReadOnly="0" Type="4" LineColor="65280" Visible="1" Selected="1">\n<Regions>\n')
        for n, points in enumerate(outlines, 1):
            file.write(f'<Region Id="{n}" Type="0" Zoom="1" Selected="0" Length="80" Area="400" Text="" NegativeROA="0" ')
            file.write(f'InputRegionId="0" Analyze="1" DisplayId="{n}">\n<Attributes/>\n<Vertices>\n')
            file.writelines(f'<Vertex X="{x:.4f}" Y="{y:.4f}" Z="0"/>\n' for x, y in points)
            file.write("</Vertices>\n</Region>\n")
        file.write("</Regions>\n</Annotation>\n</Annotations>\n")


def real_nuclei():
    """Real images with outlines, by the length of their lists."""
    here = os.path.dirname(os.path.abspath(__file__))
    shared = os.environ.get("SAMDATA_SHARED") or os.path.join(here, "..", "..", "..", "shared")
    found = [tif for tif in sorted(glob.glob(f"{shared}/data/monuseg/*.tif")) if os.path.exists(tif[:-4] + ".xml")]
    return sorted(found, key=lambda tif: os.path.getsize(tif[:-4] + ".xml"))


if __name__ == "__main__":
    target = sys.argv[1]
    part = target + ".part"
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(f"{part}/slide")
    write_slide(f"{part}/slide")
    patches = write_lists(part)
    found = real_nuclei()
    chosen = {"typical": found[(len(found) - 1) // 2], "largest": found[-1]} if found else {"typical": None}
    for role, image in chosen.items():
        folder = f"{part}/nuclei/{role}"
        os.makedirs(folder)
        if image:
            for ending in ("tif", "xml"):
                shutil.copyfile(image[:-3] + ending, f"{folder}/{os.path.basename(image)[:-3]}{ending}")
        else:
            write_nuclei(folder)
    os.rename(part, target)
    nuclei = ", ".join(os.path.basename(image) for image in chosen.values() if image) or "computed"
    print(f"bench: made a slide with {patches} patches; nuclei: {nuclei}", file=sys.stderr)
