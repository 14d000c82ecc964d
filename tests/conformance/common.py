"""What the tests share: the namespaces, the standard's table, values, layouts in memory, comparisons."""

import importlib
import json
import os
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from reference import strict

strict.set_array_api_strict_flags(api_version="2025.12")

xp = importlib.import_module("arrayspace." + os.environ.get("ARRAYSPACE_BACKEND", "cpu"))

TABLE = json.loads((Path(__file__).parent.parent / "data" / "api_2025_12.json").read_text())
FUNCTIONS = {
    (f["category"] + "." if f["category"] in ("linalg", "fft", "inspection.info") else "") + f["name"]: f
    for f in TABLE["functions"]
    if f["category"] != "array_method"
}

BOOL = ["bool"]
SIGNED = ["int8", "int16", "int32", "int64"]
UNSIGNED = ["uint8", "uint16", "uint32", "uint64"]
INTEGER = SIGNED + UNSIGNED
FLOAT = ["float32", "float64"]
REAL = INTEGER + FLOAT
COMPLEX = ["complex64", "complex128"]
FLOATING = FLOAT + COMPLEX
NUMERIC = REAL + COMPLEX
ALL = BOOL + NUMERIC

# whether NumPy can reach the memory of arrays where it is
ON_HOST = xp.zeros(1).__dlpack_device__()[0] == 1

# what a backend lacks is not tested on it
THERE = set(xp.__array_namespace_info__().dtypes())


class DT(str):
    """A dtype by its name, to be looked up in a namespace."""


def lookup(namespace, name):
    """The function of a name as `FUNCTIONS` has it."""
    for part in name.removeprefix("inspection.info.").split("."):
        namespace = getattr(namespace, part)
    return namespace


# ---- values -------------------------------------------------------------------------------------------

SHAPES = [(), (0,), (1,), (3,), (17,), (100,), (0, 3), (2, 0, 3), (1, 1), (2, 3), (5, 17), (7, 1, 4), (2, 3, 4, 2)]
LARGE = [(4099,), (3, 1500), (65, 129)]


def shapes(min_dims=0, large=True):
    """Shapes: none or few elements, and now and then more than fit into a block of a kernel."""
    return st.sampled_from([s for s in SHAPES + (LARGE if large else []) if len(s) >= min_dims])


def floats(rng, dtype, size, finite, scale):
    """Numbers of many magnitudes, integers, halves and, unless `finite`, special values."""
    info = np.finfo(dtype)
    kinds = [
        rng.standard_normal(size) * scale,
        rng.integers(-20, 20, size) / 2.0,
        rng.uniform(-1, 1, size) * scale,
    ]
    if not finite:
        exponents = rng.uniform(np.log10(float(info.smallest_subnormal)), np.log10(float(info.max)), size)
        with np.errstate(all="ignore"):
            kinds.append(np.where(rng.random(size) < 0.5, -1, 1) * 10.0**exponents)
        special = [np.nan, np.inf, -np.inf, 0.0, -0.0, info.max, info.min, info.tiny, info.smallest_subnormal, 2.0**53]
        kinds.append(rng.choice(np.array(special, dtype=np.float64), size))
    with np.errstate(all="ignore"):
        return np.choose(rng.integers(0, len(kinds), size), kinds).astype(dtype)


def values(rng, dtype, shape, finite=False, scale=10.0, small=False):
    """An array of a dtype: all its range for integers unless `small`."""
    size, dtype = int(np.prod(shape)), np.dtype(dtype)
    if dtype.kind == "b":
        flat = rng.integers(0, 2, size).astype(dtype)
    elif dtype.kind in "iu":
        info = np.iinfo(dtype)
        near = rng.integers(max(info.min, -5), 6, size, dtype=dtype)
        if small:
            flat = near
        else:
            full = rng.integers(info.min, info.max, size, dtype=dtype, endpoint=True)
            edges = [info.min, info.max, info.max // 2 + 1, min(2**53 + 1, info.max), min(2**24 + 1, info.max)]
            flat = np.choose(rng.integers(0, 3, size), [near, full, rng.choice(np.array(edges, dtype=dtype), size)])
    elif dtype.kind == "f":
        flat = floats(rng, dtype, size, finite, scale)
    else:
        part = np.dtype(dtype.type(0).real.dtype)
        flat = np.empty(size, dtype=dtype)
        flat.real, flat.imag = floats(rng, part, size, finite, scale), floats(rng, part, size, finite, scale)
    return np.asarray(flat.astype(dtype).reshape(shape))


# ---- layouts ------------------------------------------------------------------------------------------


def contiguous(a):
    return np.ascontiguousarray(a).reshape(a.shape)


def column_major(a):
    return np.asfortranarray(a).reshape(a.shape, order="F")


def strided(a):
    """Every second element of a larger array, along each axis."""
    room = np.ones(tuple(2 * n + 1 for n in a.shape), dtype=a.dtype)
    view = room[(..., *(slice(1, None, 2) for _ in a.shape))]
    view[...] = a
    return view


def backwards(a):
    """Negative strides along each axis."""
    back = (..., *(slice(None, None, -1) for _ in a.shape))
    return contiguous(a[back])[back]


def unaligned(a):
    room = np.zeros(a.nbytes + 1, dtype=np.uint8)
    view = room[1:].view(a.dtype) if a.size else np.empty(0, dtype=a.dtype)
    view = view.reshape(a.shape)
    view[...] = a
    return view


def read_only(a):
    a = a.copy()
    a.flags.writeable = False
    return a


LAYOUTS = [contiguous, column_major, strided, backwards, unaligned, read_only]


@st.composite
def arrays(draw, dtypes, shape=None, layout=True, **kwargs):
    """A NumPy array of one of the dtypes, in some layout; now and then one whose axes repeat in memory."""
    dtype = draw(st.sampled_from([d for d in dtypes if d in THERE]))
    if shape is None:
        shape = shapes()
    if isinstance(shape, st.SearchStrategy):
        shape = draw(shape)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if layout and shape and draw(st.integers(0, 9)) == 0:
        axis = draw(st.integers(0, len(shape) - 1))
        some = values(rng, dtype, shape[:axis] + (1,) + shape[axis + 1 :], **kwargs)
        return np.broadcast_to(some, shape)
    a = values(rng, dtype, shape, **kwargs)
    return draw(st.sampled_from(LAYOUTS))(a) if layout else a


# ---- conversions --------------------------------------------------------------------------------------


def convert(namespace, x):
    """An argument for a namespace: NumPy arrays become its arrays, in the layout that they have."""
    if isinstance(x, np.ndarray):
        if namespace is strict:
            return strict.asarray(x.copy())
        return namespace.from_dlpack(x)
    if isinstance(x, DT):
        return getattr(namespace, x)
    if isinstance(x, tuple):
        return tuple(convert(namespace, item) for item in x)
    if isinstance(x, list):
        return [convert(namespace, item) for item in x]
    return x


def to_numpy(x):
    return np.asarray(x._array if isinstance(x, type(strict.asarray(0))) else np.from_dlpack(x, device="cpu"))


# ---- comparisons --------------------------------------------------------------------------------------


def check_form(expected, got):
    """The same dtype and shape."""
    assert got.dtype == expected.dtype, f"dtype {got.dtype}, expected {expected.dtype}"
    assert got.shape == expected.shape, f"shape {got.shape}, expected {expected.shape}"


def exact(expected, got, *_):
    """The same elements, and the same signs of zeros; all NaNs are alike."""
    check_form(expected, got)
    expected, got = np.atleast_1d(expected), np.atleast_1d(got)
    same = (expected == got) | ((expected != expected) & (got != got))
    if expected.dtype.kind in "fc":
        parts = [(expected.real, got.real), (expected.imag, got.imag)] if expected.dtype.kind == "c" else [(expected, got)]
        for e, g in parts:
            zeros = same & (e == 0) & (g == 0)
            same &= ~zeros | (np.signbit(e) == np.signbit(g))
    assert same.all(), f"{got[~same][:5]}, expected {expected[~same][:5]}"


def equal(expected, got, *_):
    """The same elements; the sign of a zero is free."""
    check_form(expected, got)
    expected, got = np.atleast_1d(expected), np.atleast_1d(got)
    same = (expected == got) | ((expected != expected) & (got != got))
    assert same.all(), f"{got[~same][:5]}, expected {expected[~same][:5]}"


def within(ulps, absolute=0.0):
    """Equal up to so many units in the last place of the modulus, and an absolute part."""

    def close(expected, got, *_):
        check_form(expected, got)
        if expected.dtype.kind not in "fc":
            return equal(expected, got)
        info = np.finfo(expected.dtype)
        expected, got = np.atleast_1d(expected), np.atleast_1d(got)
        with np.errstate(all="ignore"):
            bound = ulps * float(info.eps) * np.abs(expected) + ulps * float(info.smallest_subnormal) + absolute * float(info.eps)
            same = (np.abs(expected - got) <= bound) | (expected == got)
        same |= (expected != expected) & (got != got)
        assert same.all(), f"{got[~same][:5]}, expected {expected[~same][:5]}"

    return close


def overall(factor):
    """Equal up to a multiple of the precision of the largest element."""

    def close(expected, got, *_):
        check_form(expected, got)
        if expected.size == 0:
            return
        if expected.dtype.kind not in "fc":
            return equal(expected, got)
        error, largest = np.max(np.abs(expected - got)), np.max(np.abs(expected))
        bound = factor * np.finfo(expected.dtype).eps * max(largest, 1e-30)
        assert error <= bound, f"an error of {error} beside {largest}"

    return close
