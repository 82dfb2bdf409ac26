"""Makes the broken NIfTI files of `Hostile/nifti/`: what a reader must refuse with one line, at once, without a crash.

    python make_nifti_hostile.py    (standard library only)

Every run gives the same bytes. The expected words are in Tests/NIfTITests/HostileTests.swift.
"""

import gzip
import os
import random
import struct

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Hostile", "nifti")
os.makedirs(HERE, exist_ok=True)
NAN, INF = float("nan"), float("inf")


def header(dim=(3, 5, 4, 3, 1, 1, 1, 1), datatype=4, bitpix=16, magic=b"n+1\0", **patches):
    """A good NIfTI-1 header of 352 bytes; patches are name=(offset, form, values...)."""
    h = bytearray(352)
    struct.pack_into("<i", h, 0, 348)
    struct.pack_into("<8h", h, 40, *dim)
    struct.pack_into("<2h", h, 70, datatype, bitpix)
    struct.pack_into("<8f", h, 76, 1, 1, 1, 1, 1, 1, 1, 1)
    struct.pack_into("<3f", h, 108, 352, 1, 0)
    h[123] = 2
    struct.pack_into("<2h", h, 252, 0, 1)
    struct.pack_into("<12f", h, 280, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)
    h[344:348] = magic
    for offset, form, *values in patches.values():
        struct.pack_into("<" + form, h, offset, *values)
    return bytes(h)


def header2(dim, **patches):
    """A good NIfTI-2 header of 544 bytes."""
    h = bytearray(544)
    struct.pack_into("<i8s", h, 0, 540, b"n+2\0\r\n\x1a\n")
    struct.pack_into("<2h8q8d", h, 12, 4, 16, *dim, 1, 1, 1, 1, 1, 1, 1, 1)
    struct.pack_into("<q2d", h, 168, 544, 1, 0)
    struct.pack_into("<2i", h, 344, 0, 1)
    struct.pack_into("<12d", h, 400, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)
    for offset, form, *values in patches.values():
        struct.pack_into("<" + form, h, offset, *values)
    return bytes(h)


def put(name, data):
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(data)


def squeeze(raw):
    return gzip.compress(raw, 6, mtime=0)


noise = random.Random(1)
body = bytes(noise.randrange(256) for _ in range(120))
good = header() + body

# Compression.
packed = squeeze(good)
put("truncated.nii.gz", packed[: len(packed) * 6 // 10])
put("truncated_trailer.nii.gz", packed[:-5])
put("truncated_header.nii.gz", packed[:30])
put("only_magic.nii.gz", b"\x1f\x8b")
put("wrong_crc.nii.gz", packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:])
put("wrong_length.nii.gz", packed[:-4] + struct.pack("<I", 471))
put("flipped_byte.nii.gz", packed[:-40] + bytes([packed[-40] ^ 64]) + packed[-39:])
two = squeeze(good[:400]) + squeeze(good[400:])
put("second_member_cut.nii.gz", two[:-20])
put("member_missing.nii.gz", squeeze(good[:400]))
# 472 bytes announced, 20 MB come: 20 kB on disk.
put("bomb.nii.gz", squeeze(good + bytes(20_000_000)))
put("bomb_members.nii.gz", packed + squeeze(bytes(1_000_000)) * 3)

# Sizes.
put("truncated.nii", good[:-1])
put("header_only.nii", header())
put("header_short.nii", header()[:200])
put("empty.nii", b"")
put("dims_overflow.nii", header(dim=(7, *[32767] * 7)) + body)
put("dims_huge.nii.gz", squeeze(header(dim=(3, 32767, 32767, 32767, 1, 1, 1, 1)) + body))
put("dims_overflow2.nii", header2((3, 2**62, 2**62, 2**62, 1, 1, 1, 1)) + body)
put("dims_wrap2.nii", header2((3, 2**32, 2**32, 1, 1, 1, 1, 1)) + body)
put("dims_negative2.nii", header2((3, 5, -4, 3, 1, 1, 1, 1)) + body)
put("dim_negative.nii", header(dim=(3, 5, -4, 3, 1, 1, 1, 1)) + body)
put("dim_zero.nii", header(dim=(3, 5, 0, 3, 1, 1, 1, 1)) + body)
put("dim_count.nii", header(dim=(9, 5, 4, 3, 1, 1, 1, 1)) + body)
put("dim_count_zero.nii", header(dim=(0, 5, 4, 3, 1, 1, 1, 1)) + body)
put("large_claim.nii.gz", squeeze(header(dim=(3, 2048, 2048, 600, 1, 1, 1, 1)) + bytes(6_000_000)))

# Offsets and extensions.
for name, value in [("nan", NAN), ("infinite", INF), ("beyond", 1e6), ("negative", -352.0), ("inside_header", 100.0), ("absurd", 3e38)]:
    put(f"offset_{name}.nii", header(offset=(108, "f", value)) + body)
put("offset_beyond.nii.gz", squeeze(header(offset=(108, "f", 1e9)) + body))
put("offset_negative2.nii", header2((3, 5, 4, 3, 1, 1, 1, 1), offset=(168, "q", -1)) + body)
put("offset_absurd2.nii", header2((3, 5, 4, 3, 1, 1, 1, 1), offset=(168, "q", 2**63 - 1)) + body)
for name, size in [("odd", 17), ("negative", -16), ("beyond", 1 << 30), ("tiny", 8)]:
    ext = struct.pack("<2i", size, 6) + bytes(24)
    put(f"extension_{name}.nii", header(flag=(348, "b", 1), offset=(108, "f", 384.0)) + ext + body)
put("extension_area.nii.gz", squeeze(header(flag=(348, "b", 1), offset=(108, "f", 33554432.0)) + bytes(40_000)) + bytes(40_000))

# Meaning.
for name, code, bits in [("bit", 1, 1), ("complex64", 32, 64), ("complex128", 1792, 128), ("complex256", 2048, 256), ("float128", 1536, 128), ("rgba32", 2304, 32)]:
    put(f"type_{name}.nii", header(datatype=code, bitpix=bits) + body * 20)
put("type_unknown.nii", header(datatype=77) + body)
put("affine_singular.nii", header(s=(280, "12f", 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0)) + body)
put("affine_zero.nii", header(s=(280, "12f", *[0] * 12)) + body)
put("affine_nan.nii", header(s=(280, "12f", NAN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)) + body)
put("affine_infinite.nii", header(s=(292, "f", INF)) + body)
put("qform_too_long.nii", header(codes=(252, "2h", 1, 0), q=(256, "3f", 1, 1, 1)) + body)
put("qform_nan.nii", header(codes=(252, "2h", 1, 0), q=(256, "3f", NAN, 0, 0)) + body)
put("pixdim_nan.nii", header(codes=(252, "2h", 0, 0), p=(80, "f", NAN)) + body)
put("scl_inter_nan.nii", header(scl=(112, "2f", 2, NAN)) + body)

# Names and magic.
put("lonely.hdr", header(magic=b"ni1\0", offset=(108, "f", 0)))
put("short_image.hdr", header(magic=b"ni1\0", offset=(108, "f", 0)))
put("short_image.img", body[:-1])
put("pair_magic.nii", header(magic=b"ni1\0", offset=(108, "f", 0)) + body)
put("analyze.hdr", header(magic=b"\0\0\0\0"))
put("analyze.img", body)
put("wrong_magic.nii", header(magic=b"n+9\0") + body)
put("random.nii", bytes(noise.randrange(256) for _ in range(1000)))
put("random.nii.gz", b"\x1f\x8b\x08\0" + bytes(noise.randrange(256) for _ in range(1000)))
put("text.nii", b"This is not an image.\n" * 40)
