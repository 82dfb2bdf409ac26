"""Makes the small TIFF files of `tiff/` and `tiff/expected.json`, which says what tifffile reads from each page.

    python make_tiff.py    (numpy, tifffile with imagecodecs, Pillow)

The pictures are made of arithmetic, so every run gives the same samples. Digests are over C-order little-endian samples
with the samples of a pixel together, as stored: 0 is not turned round where it is white, palettes stay indices, bits
are one byte each, halves are widened to float32.
"""

import hashlib
import json
import os

import numpy as np
import tifffile
from PIL import Image

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tiff")
os.makedirs(HERE, exist_ok=True)


def path(name):
    return os.path.join(HERE, name)


def field(height, width, channels=1):
    """Discs and a ramp: runs, edges and every value of a byte."""
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    value = (x * 5 + y * 3 + c * 40) % 256
    disc = (x - width // 2) ** 2 + (y - height // 2) ** 2 < (min(width, height) // 3) ** 2
    return np.where(disc, 200 - c * 30, value).astype(np.uint8).squeeze()


def labels(height, width):
    y, x = np.mgrid[0:height, 0:width]
    return ((x // 9 + 1) * ((x % 9) < 7) * ((y % 8) < 6) + 100 * (y // 8) * ((x % 9) < 7) * ((y % 8) < 6))


def write(name, array, **options):
    tifffile.imwrite(path(name), array, metadata=None, software=False, **options)


write("grey8_tiled_deflate.tif", field(50, 37), tile=(16, 32), compression="zlib")
write("rgb8_planar_tiled_lzw.tif", np.moveaxis(field(40, 45, 3), -1, 0).copy(), photometric="rgb",
      planarconfig="separate", tile=(16, 16), compression="lzw", predictor=2)
write("rgb8_planar_strips.tif", np.moveaxis(field(30, 25, 3), -1, 0).copy(), photometric="rgb",
      planarconfig="separate", rowsperstrip=7, compression="packbits")
write("labels16_big_endian_lzw.tif", labels(41, 33).astype(">u2"), byteorder=">", rowsperstrip=5,
      compression="lzw", predictor=2)
write("labels32_bigtiff_zstd.tif", labels(33, 50).astype(np.int32) * 70000 - 5, bigtiff=True, tile=(16, 16),
      compression="zstd")
write("map_float32_predictor.tif", (field(35, 40) / np.float32(255)).astype(np.float32), tile=(16, 16),
      compression="zlib", predictor=3)
write("map_float16.tif", (field(20, 30) / np.float32(255)).astype(np.float16), compression="zlib", rowsperstrip=8)
write("float64.tif", field(9, 11).astype(np.float64) / 3)
write("uint32_big_endian.tif", field(9, 11).astype(">u4") * 16843009, byteorder=">")
write("uint64.tif", field(5, 6).astype(np.uint64) * 72340172838076673)
write("int8.tif", field(13, 9).astype(np.int8), compression="lzma")
write("classes5.tif", np.stack([field(20, 21) // (k + 1) for k in range(5)], -1), photometric="minisblack",
      planarconfig="contig", tile=(16, 16), compression="zlib")
write("bits1.tif", field(21, 43) > 127, photometric="minisblack", compression="packbits", rowsperstrip=4)
write("jpeg_ycbcr420_tiled.tif", field(40, 50, 3), photometric="ycbcr", tile=(32, 32), subsampling=(2, 2),
      compression="jpeg", compressionargs={"level": 90})
write("jpeg_rgb_strips.tif", field(40, 50, 3), photometric="rgb", rowsperstrip=16,
      compression="jpeg", compressionargs={"level": 90})
write("resolution.tif", field(16, 16), resolution=(40000, 20000), resolutionunit="CENTIMETER",
      description="MPP = 0.25", extratags=[])

# A pyramid as slide converters write it: the levels in the chain, tiled, marked as reduced; then a thumbnail in strips.
with tifffile.TiffWriter(path("pyramid.tif")) as file:
    whole = field(101, 131, 3)
    common = dict(metadata=None, software=False, photometric="rgb", compression="zlib")
    file.write(whole, tile=(32, 32), **common)
    file.write(whole[::2, ::2][:50, :65], tile=(32, 32), subfiletype=1, **common)
    file.write(whole[::4, ::4][:25, :32], tile=(32, 32), subfiletype=1, **common)
    file.write(whole[::4, ::4], rowsperstrip=8, subfiletype=1, **common)

# Missing tiles: the first and the last have offset 0 and byte count 0.
write("sparse.tif", field(48, 48), tile=(16, 16), compression="zlib")
with tifffile.TiffFile(path("sparse.tif"), mode="r+b") as file:
    tags = file.pages[0].tags
    for tag in ("TileOffsets", "TileByteCounts"):
        values = list(tags[tag].value)
        values[0] = values[-1] = 0
        tags[tag].overwrite(values)

# White is 0, as fax-like writers store bilevel masks (Pillow turns the bits round); and grey, stored as it stands.
Image.fromarray((field(21, 43) > 127)).save(path("bits1_white_group4.tif"), compression="group4", tiffinfo={262: 0})
write("grey8_white.tif", field(12, 10), photometric="miniswhite")
# A palette of 4 bits: Pillow writes 8-bit palettes only, so the tags are made here.
colours = np.zeros((3, 16), np.uint16)
colours[0] = np.arange(16) * 4369
colours[1] = 65535 - colours[0]
colours[2, 3] = 0x8000
indices = (np.arange(110).reshape(10, 11) * 7 % 16).astype(np.uint8)
packed = np.pad(indices, ((0, 0), (0, 1)))


def number(value, size):
    return int(value).to_bytes(size, "little")


def classic(name, entries, data):
    """A little-endian TIFF of one directory; entries are (tag, type, values), `None` stands for the data's offset."""
    sizes = {3: 2, 4: 4}
    directory = 8
    extra = directory + 2 + 12 * len(entries) + 4
    tail = b""
    rows = b""
    start = extra + sum(len(v) * sizes[t] for _, t, v in entries if len(v) * sizes[t] > 4)
    for tag, kind, values in entries:
        body = b"".join(number(start if v is None else v, sizes[kind]) for v in values)
        rows += number(tag, 2) + number(kind, 2) + number(len(values), 4)
        if len(body) > 4:
            rows += number(extra + len(tail), 4)
            tail += body
        else:
            rows += body.ljust(4, b"\0")
    with open(path(name), "wb") as file:
        file.write(b"II*\0" + number(directory, 4) + number(len(entries), 2) + rows + number(0, 4) + tail + data)


def tags(width, height, bits, photometric, count):
    return [(256, 3, [width]), (257, 3, [height]), (258, 3, [bits]), (259, 3, [1]), (262, 3, [photometric]),
            (273, 4, [None]), (277, 3, [1]), (278, 3, [height]), (279, 4, [count])]


nibbles = bytes((packed[:, 0::2] << 4 | packed[:, 1::2]).astype(np.uint8).tobytes())
classic("palette4.tif", tags(11, 10, 4, 3, len(nibbles)) + [(320, 3, list(colours.ravel()))], nibbles)
twelve = field(8, 7).astype(int) * 16 + 5
bits = "".join("".join(f"{v:012b}" for v in row).ljust(88, "0") for row in twelve)
data = int(bits, 2).to_bytes(len(bits) // 8, "big")
classic("bits12.tif", tags(7, 8, 12, 1, len(data)), data)

expected = {}
for name in sorted(os.listdir(HERE)):
    if not name.endswith(".tif"):
        continue
    pages = []
    with tifffile.TiffFile(path(name)) as file:
        for page in file.pages:
            array = page.asarray()
            if page.planarconfig == 2 and page.samplesperpixel > 1:
                array = np.moveaxis(array, 0, -1)
            if array.dtype == bool:
                array = array.astype(np.uint8)
            if array.dtype == np.float16:
                array = array.astype(np.float32)
            array = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<")))
            pages.append({"width": page.imagewidth, "height": page.imagelength, "samples": page.samplesperpixel,
                          "type": array.dtype.name, "sha256": hashlib.sha256(array.tobytes()).hexdigest()})
    expected[name] = pages
    if name in ("bits1_white_group4.tif", "grey8_white.tif"):
        # What one sees, from Pillow, which turns 0 round.
        seen = np.asarray(Image.open(path(name)))
        expected[name][0]["seen"] = hashlib.sha256(seen.astype(np.uint8).tobytes()).hexdigest()
with open(path("expected.json"), "w") as file:
    json.dump(expected, file, indent=1, sort_keys=True)
    file.write("\n")
