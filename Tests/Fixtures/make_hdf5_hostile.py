"""Makes the HDF5 fixtures under Hostile/hdf5: files a reader must refuse, and foreign ones it must read.

Run once with h5py 3.16 (HDF5 2.0) and numpy:  python make_hdf5_hostile.py
Every file is made here from numbers written in this script; no other source, no licence attached.
"""
import pathlib
import zlib

import h5py
import numpy as np

HERE = pathlib.Path(__file__).parent / "Hostile" / "hdf5"
HERE.mkdir(parents=True, exist_ok=True)


def new(name, **options):
    options.setdefault("libver", ("v108", "v110"))
    return h5py.File(HERE / name, "w", **options)


ramp = np.arange(12, dtype="<i2").reshape(3, 4)

# The content of another file of the computer, through a link or as the storage of a dataset.
with new("external_link.h5") as f:
    f["image"] = h5py.ExternalLink("other.h5", "/secret")
with new("external_storage.h5") as f:
    f.create_dataset("image", shape=(16,), dtype="u1", external=[("other.bin", 0, 16)])
with new("virtual.h5") as f:
    layout = h5py.VirtualLayout(shape=(3, 4), dtype="<i2")
    layout[:] = h5py.VirtualSource("other.h5", "image", shape=(3, 4))
    f.create_virtual_dataset("image", layout)
with new("soft_link.h5") as f:
    f["real"] = ramp
    f["image"] = h5py.SoftLink("/real")
    f["loop"] = h5py.SoftLink("/loop")

# Types outside integers, floating point and fixed-length strings.
with new("types.h5") as f:
    f["compound"] = np.zeros(2, dtype=[("a", "<i4"), ("b", "<f4")])
    f.create_dataset("reference", data=np.array([f.ref], dtype=object), dtype=h5py.ref_dtype)
    f.create_dataset("ragged", shape=(2,), dtype=h5py.vlen_dtype("<i4"))
    f.create_dataset("text", data=["a", "bc"], dtype=h5py.string_dtype())
    f.create_dataset("opaque", data=np.zeros(2, "V5"))
    f["named"] = np.dtype("<i4")
    f["subarray"] = np.zeros(2, dtype=[("a", "<i4", (3,))])["a"]
    odd = h5py.h5t.STD_I16LE.copy()
    odd.set_precision(12)
    h5py.h5d.create(f.id, b"twelve_bits", odd, h5py.h5s.create_simple((4,)))

# Claims far beyond what is stored.
with new("huge_claim.h5") as f:
    f.create_dataset("terabyte", shape=(1 << 20, 1 << 20), dtype="u1", chunks=(64, 64))
    f.create_dataset("overflow", shape=(1 << 40, 1 << 40), dtype="u1", chunks=(64, 64))
    f.create_dataset("gigabyte", shape=(1 << 10, 1 << 20), dtype="u1", chunks=(64, 64))
    f.create_dataset("chunk", shape=(1 << 14, 1 << 14), dtype="u1", chunks=(1 << 14, 1 << 13))
    f.create_dataset("empty_layout", shape=(1 << 20,), dtype="u1")


def filtered(f, name, *filters):
    create = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    create.set_chunk((64, 64))
    for entry in filters:
        entry(create)
    kind = h5py.h5d.create(
        f.id, name.encode(), h5py.h5t.STD_I16LE, h5py.h5s.create_simple((64, 64)), create)
    kind.write(h5py.h5s.ALL, h5py.h5s.ALL, np.zeros((64, 64), "<i2"))


with new("filters.h5") as f:
    filtered(f, "three_deflates", *[lambda c: c.set_deflate(9)] * 3)
    filtered(f, "two_shuffles", *[lambda c: c.set_shuffle()] * 2)
    filtered(f, "scale_offset", lambda c: c.set_scaleoffset(h5py.h5z.SO_INT, 0))
    filtered(f, "lzf", lambda c: c.set_filter(32000, h5py.h5z.FLAG_OPTIONAL))
    filtered(f, "unknown", lambda c: c.set_filter(40000, h5py.h5z.FLAG_OPTIONAL))

# Chunks whose stored form is longer, inflates to more, or inflates to less than the chunk.
with new("chunk_sizes.h5") as f:
    def direct(name, content, **options):
        data = f.create_dataset(name, shape=(64, 64), dtype="u1", chunks=(64, 64), **options)
        data.id.write_direct_chunk((0, 0), content)

    direct("long_stored", zlib.compress(bytes(8 << 20), 9), compression=9)
    direct("bomb", zlib.compress(bytes(4 << 20), 9), compression=9)
    direct("short", zlib.compress(b"hello", 9), compression=9)
    direct("short_shuffled", b"hello", shuffle=True)
    direct("short_plain", b"hello")

# Damage.
with new("whole.h5") as f:
    f.create_dataset("image", data=np.arange(4096, dtype="<i2").reshape(4, 32, 32),
                     chunks=(1, 32, 32), compression=4, shuffle=True)
    f.attrs["note"] = "whole"
whole = (HERE / "whole.h5").read_bytes()
(HERE / "truncated.h5").write_bytes(whole[: len(whole) // 2])
(HERE / "stub.h5").write_bytes(whole[:100])
(HERE / "not_hdf5.h5").write_bytes(b"This is a text file and no HDF5 file at all.\n" * 4)
(HERE / "empty.h5").write_bytes(b"")
with new("broken_chunk.h5") as f:
    data = f.create_dataset("image", shape=(2, 64), dtype="u1", chunks=(1, 64), compression=4)
    data.id.write_direct_chunk((0, 0), b"no zlib stream")

# A layout of HDF5 2.0 that 1.10 cannot read.
with new("latest.h5", libver="latest") as f:
    f.create_dataset("image", data=np.arange(4096, dtype="<i2").reshape(4, 32, 32),
                     chunks=(1, 32, 32), compression=4, shuffle=True)
    f["plain"] = ramp

# Foreign but sound: big endian, half precision, booleans, strings, N-dimensional attributes.
with new("foreign.h5") as f:
    f["half"] = np.array([0, 1, -2, 0.5, 65504, np.inf], dtype="<f2")
    f["half_big"] = np.array([0, 1, -2, 0.5], dtype=">f2")
    for code in ("i2", "u4", "i8", "f4", "f8"):
        f["big_" + code] = np.array([1, 2, 300], dtype=">" + code)
    f["mask"] = np.array([True, False, True])
    f["names"] = np.array([b"liver", b"spleen", b""], dtype="S6")
    f["scalar"] = np.float64(2.5)
    f["none"] = np.zeros((0, 3), "<f4")
    f.create_dataset("checked", data=ramp, chunks=(1, 4), compression=4, shuffle=True, fletcher32=True)
    a = f.attrs
    a["variable"] = "größer"
    a["variables"] = ["liver", "spleen", ""]
    a["fixed"] = np.array([b"liver", b"spleen"], dtype="S8")
    a["fixed_one"] = np.bytes_(b"abdomen")
    a["affine"] = np.arange(16, dtype="<f8").reshape(4, 4)
    a["table"] = np.arange(6, dtype="<i4").reshape(2, 3)
    a["spacing"] = np.array([0.5, 0.5, 3], dtype="<f4")
    a["level"] = np.int16(40)
    a["yes"] = np.bool_(True)
    a["huge"] = np.uint64(1 << 63)
    a["nothing"] = h5py.Empty("f8")
    a["compound"] = np.zeros(1, dtype=[("a", "<i4")])
    a.create("latin", np.bytes_(b"gr\xf6\xdfer"))
    padded = h5py.h5t.FORTRAN_S1.copy()
    padded.set_size(4)
    h5py.h5a.create(f.id, b"spaces", padded, h5py.h5s.create(h5py.h5s.SCALAR)).write(
        np.array(b"ab  ", "S4"), mtype=padded)
    sparse = f.create_dataset("sparse", shape=(4, 2), dtype="<i2", chunks=(1, 2), compression=4)
    sparse[2] = [5, 6]
    filled = f.create_dataset("filled", shape=(4, 2), dtype="<i2", chunks=(1, 2), fillvalue=-1024)
    filled[2] = [5, 6]
    cube = np.arange(5 * 7 * 6, dtype="<i4").reshape(5, 7, 6)
    f.create_dataset("cube", data=cube, chunks=(2, 3, 4), compression=9, shuffle=True, fletcher32=True)
    order = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    order.set_chunk((33,))
    order.set_fletcher32()
    order.set_deflate(4)
    h5py.h5d.create(f.id, b"checksum_first", h5py.h5t.STD_U8LE, h5py.h5s.create_simple((33,)), order).write(
        h5py.h5s.ALL, h5py.h5s.ALL, np.arange(33, dtype="u1"))
    f.create_dataset("words", data=np.array([b"ab", b"c", b"def"], "S3"), chunks=(2,), shuffle=True)

for path in sorted(HERE.iterdir()):
    assert path.stat().st_size < 50_000, path
    print(f"{path.stat().st_size:7} {path.name}")
