"""Writes cases.h5, cases-latest.h5, target.h5 and raw.bin beside this script (h5py 3.7.0, HDF5 1.10.8).

No part of the build: the files are committed. A group that has an external link, or a name that is not ASCII, is kept
in another form, so these have groups of their own. pixels(n) is the formula of README.md.
"""
import os
import h5py
import numpy as np
from h5py import h5d, h5p, h5s, h5t

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def pixels(n):
    i, y, x, c = np.indices((n, 6, 5, 3))
    return ((5 * i + y + 2 * x + 40 * c) % 251).astype("u1")


def raw_type(f, name, kind, values, memory):
    space = h5s.create_simple(values.shape)
    h5d.create(f.id, name.encode(), kind, space).write(h5s.ALL, h5s.ALL, values, memory)


def fill(f, name, kind, value, time, chunks, written=0):
    p = h5p.create(h5p.DATASET_CREATE)
    p.set_fill_value(np.array(value))
    p.set_fill_time(time)
    if chunks:
        p.set_chunk(chunks)
    h5d.create(f.id, name.encode(), kind, h5s.create_simple((8, 5)), p)
    if written:
        f[name][:written] = 1


def types(f):
    i = np.arange(8)
    f["half"] = (i / 4 - 1).astype("<f2")
    f["half-big"] = (i / 4 - 1).astype(">f2")
    f["uint64"] = np.array([0, 1, 2**64 - 1], "u8")
    f.create_dataset("enum", data=i % 3, dtype=h5py.enum_dtype({"cat": 0, "dog": 1, "eel": 2}, "u1"))
    f.create_dataset("enum16", data=300 * (i % 3), dtype=h5py.enum_dtype({"a": 0, "b": 300, "c": 600}, ">i2"))
    f.create_dataset("enum-two", data=1 + i % 2, dtype=h5py.enum_dtype({"FALSE": 1, "TRUE": 2}, "i1"))
    f.create_dataset("enum-yes", data=i % 2, dtype=h5py.enum_dtype({"no": 0, "yes": 1}, "i1"))
    f.create_dataset("enum-turned", data=i % 2, dtype=h5py.enum_dtype({"TRUE": 1, "FALSE": 0}, "u1"))
    f["bool"] = i % 2 == 1
    space = h5s.create_simple((8,))
    for bits in (h5t.STD_B8LE, h5t.STD_B16LE, h5t.STD_B32BE, h5t.STD_B64LE):
        h5d.create(f.id, b"bits%d" % (8 * bits.get_size()), bits, space)
    for size in (1, 2, 4, 8):
        h5d.create(f.id, b"opaque%d" % size, h5t.create(h5t.OPAQUE, size), space)
        f.create_dataset("compound%d" % size, (8,), np.dtype([("a", "u%d" % size)]))
    f.create_dataset("reference", (8,), dtype=h5py.ref_dtype)
    h5d.create(f.id, b"time4", h5t.UNIX_D32LE, space)
    h5d.create(f.id, b"time8", h5t.UNIX_D64LE, space)
    f.create_dataset("array4", (8,), np.dtype(("u1", (4,))))
    f.create_dataset("list", (8,), h5py.vlen_dtype("u1"))
    short = h5t.STD_I16LE.copy()
    short.set_precision(12)
    raw_type(f, "bits12", short, np.array([1, -2, 3]), h5t.NATIVE_INT64)
    short.set_offset(4)
    raw_type(f, "bits12-moved", short, np.array([1, -2, 3]), h5t.NATIVE_INT64)
    brain = h5t.IEEE_F32LE.copy()
    brain.set_fields(15, 7, 8, 0, 7)
    brain.set_precision(16)
    brain.set_size(2)
    raw_type(f, "bfloat16", brain, np.array([1.0, -2, 3.5]), h5t.NATIVE_DOUBLE)
    odd = h5t.IEEE_F32LE.copy()
    odd.set_fields(31, 20, 11, 0, 20)
    odd.set_ebias(1023)
    raw_type(f, "odd-float4", odd, np.array([1.0, -2, 3.5]), h5t.NATIVE_DOUBLE)
    bias = h5t.IEEE_F64LE.copy()
    bias.set_ebias(1000)
    raw_type(f, "bias-float8", bias, np.array([1.0, -2, 3.5]), h5t.NATIVE_DOUBLE)
    f["complex"] = np.array([1 + 2j])
    f["named-type"] = np.dtype("<i2")
    f.create_dataset("committed", data=i, dtype=f["named-type"])


def texts(f):
    f["text-fixed"] = np.array([b"cat", b"dog", b"cat", b"eel"])
    words = np.array(["k\u00f6ter".encode(), b"dog"], h5py.string_dtype("utf-8", 8))
    f.create_dataset("text-utf8", data=words)
    padded = h5t.C_S1.copy()
    padded.set_size(5)
    padded.set_strpad(h5t.STR_SPACEPAD)
    h5d.create(f.id, b"text-padded", padded, h5s.create_simple((2,))).write(h5s.ALL, h5s.ALL, np.array([b"cat  ", b"horse"], "S5"), padded)
    ended = h5t.C_S1.copy()
    ended.set_size(5)
    h5d.create(f.id, b"text-ended", ended, h5s.create_simple((2,))).write(h5s.ALL, h5s.ALL, np.frombuffer(b"ca\0xxdog\0\0", "S5"), ended)
    f.create_dataset("text-any", data=["cat", "k\u00f6ter", "", "cat", "\u4e2d\u6587"], dtype=h5py.string_dtype())
    f.create_dataset("text-any-ascii", data=["cat", "dog"], dtype=h5py.string_dtype("ascii"))
    f.create_dataset("text-any-gzip", data=["cat", "dog", "cat"], dtype=h5py.string_dtype(), chunks=(2,), compression="gzip")
    f.create_dataset("text-any-empty", (3,), dtype=h5py.string_dtype())


def fills(f):
    u1, f4 = h5t.STD_U8LE, h5t.IEEE_F32BE
    fill(f, "fill-none", u1, np.uint8(7), h5d.FILL_TIME_IFSET, None)
    fill(f, "fill-chunks", u1, np.uint8(7), h5d.FILL_TIME_IFSET, (3, 2), 3)
    fill(f, "fill-alloc", u1, np.uint8(7), h5d.FILL_TIME_ALLOC, (3, 2), 3)
    fill(f, "fill-float", f4, np.float32(0.25), h5d.FILL_TIME_IFSET, (3, 2))
    fill(f, "fill-never", u1, np.uint8(7), h5d.FILL_TIME_NEVER, None)
    fill(f, "fill-never-chunks", u1, np.uint8(7), h5d.FILL_TIME_NEVER, (3, 2), 3)
    f.create_dataset("fill-default", (8, 5), "u1", chunks=(3, 2))
    f.create_dataset("fill-nothing", (8, 5), "u1")


def sizes(f):
    u1 = h5t.STD_U8LE
    d = f.create_dataset("most", (23, 6, 5, 3), "u1", maxshape=(40, 6, 9, 3), chunks=(4, 4, 2, 3))
    d[:] = pixels(23)
    d = f.create_dataset("most-gzip", (23, 6, 5, 3), "u1", maxshape=(40, 12, 5, 3), chunks=(4, 4, 2, 3), compression="gzip")
    d[:] = pixels(23)
    d = f.create_dataset("most-shrunk", (40, 6, 5, 3), "u1", maxshape=(40, 6, 5, 3), chunks=(4, 6, 5, 3))
    d[:] = pixels(40)
    d.resize(23, 0)
    p = h5p.create(h5p.DATASET_CREATE)
    p.set_chunk((4, 4, 2, 3))
    p.set_alloc_time(h5d.ALLOC_TIME_EARLY)
    h5d.create(f.id, b"most-early", u1, h5s.create_simple((23, 6, 5, 3), (40, 12, 5, 3)), p)
    f["most-early"][:] = pixels(23)


def names(f):
    f["my images"] = pixels(2)
    f["more/größe/bilder 中"] = pixels(2)
    f["a,b=c:d;e'f\"g"] = pixels(2)
    f["x" * 300] = pixels(2)


def links(f):
    f["soft"] = h5py.SoftLink("/my images")
    f["more/größe/soft"] = h5py.SoftLink("bilder 中")
    f["more/größe/soft-root"] = h5py.SoftLink("/more/größe/./soft")
    f["soft-group"] = h5py.SoftLink("/more/größe")
    f["soft-gone"] = h5py.SoftLink("/gone")
    f["soft-round"] = h5py.SoftLink("/soft-round2")
    f["soft-round2"] = h5py.SoftLink("soft-round")
    f["out/to-file"] = h5py.ExternalLink("target.h5", "/inner/images")
    f["out/to-soft"] = h5py.ExternalLink("target.h5", "back")
    f["out/to-group"] = h5py.ExternalLink("target.h5", "/inner")
    f["out/to-below"] = h5py.ExternalLink("below/target.h5", "/inner/images")
    f["out/to-above"] = h5py.ExternalLink("../target.h5", "/inner/images")
    f["more/to-inside"] = h5py.ExternalLink("below/../target.h5", "/inner/images")
    f["out/to-absolute"] = h5py.ExternalLink("/etc/passwd", "/images")
    f["out/to-missing"] = h5py.ExternalLink("missing.h5", "/images")
    f["out/to-symlink"] = h5py.ExternalLink("symlink.h5", "/inner/images")


def files(f):
    f.create_dataset("raw", (23, 6, 5, 3), "u1", external=[("raw.bin", 0, 2070)])
    f.create_dataset("raw-parts", (23, 6, 5, 3), "u1", external=[("raw.bin", 0, 1000), ("raw.bin", 1000, h5py.h5f.UNLIMITED)])
    f.create_dataset("raw-short", (24, 6, 5, 3), "u1", external=[("raw.bin", 0, 2160)])
    f.create_dataset("raw-absolute", (23, 6, 5, 3), "u1", external=[("/etc/passwd", 0, 2070)])
    f.create_dataset("raw-above", (23, 6, 5, 3), "u1", external=[("../raw.bin", 0, 2070)])
    f.create_dataset("raw-symlink", (23, 6, 5, 3), "u1", external=[("symlink.bin", 0, 2070)])
    layout = h5py.VirtualLayout((2, 6, 5, 3), "u1")
    layout[:] = h5py.VirtualSource(".", "my images", (2, 6, 5, 3))
    f.create_virtual_dataset("virtual", layout)


with open("raw.bin", "wb") as raw:
    raw.write(pixels(23).tobytes())
with h5py.File("target.h5", "w", libver=("earliest", "v110")) as f:
    f["inner/images"] = pixels(3)
    f["back"] = h5py.SoftLink("inner/images")
with h5py.File("cases.h5", "w", libver=("earliest", "v110")) as f:
    for part in (types, texts, fills, sizes, names, links, files):
        part(f)
with h5py.File("cases-latest.h5", "w", libver=("v110", "v110")) as f:
    for part in (texts, fills, sizes):
        part(f.create_group(part.__name__))
    f["soft"] = h5py.SoftLink("/sizes/most")
    f["to-file"] = h5py.ExternalLink("target.h5", "/inner/images")
    f.create_dataset("raw", (23, 6, 5, 3), "u1", external=[("raw.bin", 0, 2070)])
