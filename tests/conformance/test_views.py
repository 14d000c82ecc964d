"""Views write through, as NumPy's do: random programs of views and writes, made here and in NumPy."""

import operator

import numpy as np
import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from common import *
from test_array import keys, our_key

shared = pytest.mark.skipif(not ON_HOST, reason="the memory of the device is not the host's")


# ---- views of every kind ------------------------------------------------------------------------------

BASE = np.arange(24).reshape(2, 3, 4)

# what makes a view, here and in NumPy
VIEWS = {
    "x[0]": (lambda x: x[0], lambda a: a[0]),
    "x[..., 1]": (lambda x: x[..., 1], lambda a: a[..., 1]),
    "x[0, 1, 2, ...]": (lambda x: x[0, 1, 2, ...], lambda a: a[0, 1, 2, ...]),
    "x[1:, ::-2]": (lambda x: x[1:, ::-2], lambda a: a[1:, ::-2]),
    "x[:, None, 1]": (lambda x: x[:, None, 1], lambda a: a[:, None, 1]),
    "x[()]": (lambda x: x[()], lambda a: a[()]),
    "x[0].T": (lambda x: x[0].T, lambda a: a[0].T),
    "mT": (lambda x: x.mT, lambda a: a.mT),
    "matrix_transpose": (lambda x: xp.matrix_transpose(x), lambda a: a.mT),
    "linalg.matrix_transpose": (lambda x: xp.linalg.matrix_transpose(x), lambda a: a.mT),
    "reshape": (lambda x: xp.reshape(x, (4, 6)), lambda a: a.reshape(4, 6)),
    "reshape, copy=False": (lambda x: xp.reshape(x, (-1,), copy=False), lambda a: a.reshape(-1)),
    "reshape of a view": (lambda x: xp.reshape(x[:, 1:], (2, 8)), lambda a: a[:, 1:].reshape(2, 8)),
    "permute_dims": (lambda x: xp.permute_dims(x, (2, 0, 1)), lambda a: a.transpose(2, 0, 1)),
    "moveaxis": (lambda x: xp.moveaxis(x, 0, -1), lambda a: np.moveaxis(a, 0, -1)),
    "expand_dims": (lambda x: xp.expand_dims(x, axis=1), lambda a: np.expand_dims(a, 1)),
    "squeeze": (lambda x: xp.squeeze(x[:1], axis=0), lambda a: a[:1].squeeze(0)),
    "flip": (lambda x: xp.flip(x, axis=1), lambda a: np.flip(a, 1)),
    "unstack": (lambda x: xp.unstack(x, axis=1)[2], lambda a: a[:, 2]),
    "broadcast_arrays": (lambda x: xp.broadcast_arrays(x, xp.zeros(4))[0], lambda a: a[:]),
    "diagonal": (lambda x: xp.linalg.diagonal(x), lambda a: a.reshape(2, 12)[:, ::5]),
    "asarray": (lambda x: xp.asarray(x), lambda a: a),
    "asarray, copy=False": (lambda x: xp.asarray(x, copy=False, dtype=x.dtype), lambda a: a),
    "from_dlpack": (lambda x: xp.from_dlpack(x), lambda a: a),
    "astype, copy=False": (lambda x: xp.astype(x, x.dtype, copy=False), lambda a: a),
    "to_device": (lambda x: x.to_device(x.device), lambda a: a),
    "a row": (lambda x: list(x)[1], lambda a: a[1]),
    "a row of a row": (lambda x: list(list(x)[1])[2], lambda a: a[1, 2]),
    "slices of slices": (lambda x: x[:, 1:][1:][..., ::2], lambda a: a[1:, 1:, ::2]),
}  # fmt: skip


# what makes a copy
COPIES = {
    "an element": lambda x: x[0, 1, 2],
    "a mask": lambda x: x[x >= 0],
    "an integer array": lambda x: x[xp.asarray([0, 1])],
    "a 0-d integer array": lambda x: x[xp.asarray(1)],
    "asarray, copy=True": lambda x: xp.asarray(x, copy=True),
    "astype": lambda x: xp.astype(x, x.dtype),
    "reshape, copy=True": lambda x: xp.reshape(x, x.shape, copy=True),
    "from_dlpack, copy=True": lambda x: xp.from_dlpack(x, copy=True),
    "+x": lambda x: +x,
    "abs(x)": lambda x: abs(x),
    "positive": lambda x: xp.positive(x),
    "conj": lambda x: xp.conj(x),
    "real": lambda x: xp.real(x),
    "floor": lambda x: xp.floor(x),
    "round": lambda x: xp.round(x),
    "clip": lambda x: xp.clip(x),
    "take": lambda x: xp.take(x, xp.asarray([0, 1]), axis=0),
    "roll": lambda x: xp.roll(x, 0),
    "tile": lambda x: xp.tile(x, (1, 1, 1)),
    "repeat": lambda x: xp.repeat(x, 1, axis=0),
    "concat": lambda x: xp.concat([x]),
    "stack": lambda x: xp.stack([x]),
    "meshgrid": lambda x: xp.meshgrid(x[0, 0], x[0, 0])[0],
    "tril": lambda x: xp.tril(x, k=9),
    "where": lambda x: xp.where(x >= 0, x, 0),
    "sum": lambda x: xp.sum(x, axis=()),
    "max": lambda x: xp.max(x, axis=()),
    "sort": lambda x: xp.sort(x),
    "unique_values": lambda x: xp.unique_values(x),
    "diff": lambda x: xp.diff(x, n=0),
    "a number": lambda x: list(x[0, 0])[1],
}  # fmt: skip


@pytest.mark.parametrize("name", VIEWS)
def test_view(name):
    ours, numpys = VIEWS[name]
    x, a = xp.asarray(BASE, copy=True), BASE.copy()
    v, w = ours(x), numpys(a)
    exact(w, to_numpy(v))
    # to the base, seen by the view
    x[...] = x + 100
    a += 100
    exact(w, to_numpy(v))
    # to the view, seen by the base: by an operator, a key, a mask, another array
    v += 1
    w += 1
    exact(a, to_numpy(x))
    v[...] = v * 2
    w *= 2
    exact(a, to_numpy(x))
    v[v > 250] = -1
    w[w > 250] = -1
    exact(a, to_numpy(x))
    x -= xp.asarray(3)
    a -= 3
    exact(w, to_numpy(v))
    # of several views each sees the others
    u, t = ours(x), numpys(a)
    t[...] = 7
    u[...] = 7
    exact(w, to_numpy(v))
    exact(a, to_numpy(x))


@pytest.mark.parametrize("name", COPIES)
def test_copy(name):
    x = xp.asarray(BASE, copy=True)
    v = COPIES[name](x)
    before = to_numpy(v).copy()
    x += 1
    exact(before, to_numpy(v))
    v += 1
    exact(BASE + 1, to_numpy(x))
    exact(before + 1, to_numpy(v))


def test_views_that_cannot_be_written():
    """Where elements share a place in memory, as in NumPy."""
    x = xp.asarray([1, 2, 3])
    for v in (xp.broadcast_to(x, (2, 3)), xp.broadcast_to(x, (2, 3))[:, 1:], xp.broadcast_arrays(x, xp.zeros((2, 1)))[0]):
        with pytest.raises(ValueError, match="copy"):
            v += 1
        with pytest.raises(ValueError, match="copy"):
            v[0] = 1
        with pytest.raises(ValueError, match="copy"):
            v[v > 1] = 1
        x[0] += 1
        assert to_numpy(v[0, -3:]).tolist() == to_numpy(x).tolist()[-v.shape[1] :]
    row = xp.broadcast_to(x, (2, 3))[0]
    row[1] = 20
    assert to_numpy(x).tolist() == [4, 20, 3]


def test_shares_of_one_array():
    """Parts of an array that are written by values that overlap with them."""
    for write in (
        lambda x: operator.setitem(x, slice(1, None), x[:-1]),
        lambda x: operator.setitem(x, slice(None, None, -1), x),
        lambda x: operator.iadd(x[1:], x[:-1]),
        lambda x: operator.imul(x, x[::-1]),
        lambda x: operator.isub(x[::2], x[:5]),
        lambda x: operator.setitem(x, x, x[0]),
        lambda x: operator.setitem(x[2:8], x[2:8] > 4, x[0]),
        lambda x: operator.setitem(x[::-1], slice(0, 5), x[:5]),
        lambda x: operator.setitem(x[:9], x[1:4], 55),
    ):
        a = np.arange(10)
        x = xp.asarray(a, copy=True)
        write(x), write(a)
        exact(a, to_numpy(x))


def test_augmented_assignment_of_a_key():
    """`x[key] += y` is three steps: a view, an operator on it, a write of the view to its own place."""
    for key in (slice(1, 4), ..., (slice(None, None, 2),), slice(None, None, -1), 3, [0, 2]):
        a = np.arange(6.0)
        x = xp.asarray(a, copy=True)
        a[key] += 10
        x[xp.asarray(key) if isinstance(key, list) else key] += 10
        exact(a, to_numpy(x))


def test_swap():
    x = xp.asarray([1, 2, 3])
    x[0], x[2] = x[2], x[0]
    assert to_numpy(x).tolist() == [3, 2, 1]


def test_errors_leave_all_as_it_was():
    x = xp.asarray(BASE, copy=True)
    v = x[0]
    for wrong in (
        lambda: operator.iadd(v, 0.5),
        lambda: operator.iadd(v, xp.zeros((5, 3, 4), dtype=xp.int64)),
        lambda: operator.iadd(v, xp.zeros(3, dtype=xp.int64)),
        lambda: operator.itruediv(x, 2),
        lambda: operator.imatmul(v, v.T),
        lambda: operator.setitem(v, 5, 0),
        lambda: operator.setitem(v, 0, 0.5),
        lambda: operator.setitem(v, ..., xp.zeros(9, dtype=xp.int64)),
        lambda: operator.setitem(v, v > 0, "a"),
        lambda: operator.setitem(v, xp.asarray([0, 9]), 0),
    ):
        with pytest.raises((TypeError, ValueError, IndexError)):
            wrong()
        exact(BASE, to_numpy(x))
        exact(BASE[0], to_numpy(v))
    v += 1
    assert int(x[0, 0, 0]) == 1


def test_large_views():
    """Sizes of more than one block and task, and a write that copies no whole array."""
    import time

    for shape in ((4099,), (300, 1001), (3, 5, 40_000)):
        a = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
        x = xp.asarray(a, copy=True)
        for key in ((..., slice(1, None)), (..., slice(None, None, -2)), (slice(0, 1), ...)):
            v, w = x[key], a[key]
            v *= 2
            w *= 2
            v[..., 0] = -5
            w[..., 0] = -5
            exact(a, to_numpy(x))
    x = xp.zeros(20_000_000)
    v, start = x[1:], time.perf_counter()
    for k in range(1000):
        v[k] = 1
        x[k : k + 2] += 1
    # a copy of the whole takes ten milliseconds
    assert time.perf_counter() - start < 2.0
    assert float(v[999]) == 2.0 and float(x[1]) == 3.0


# ---- programs -----------------------------------------------------------------------------------------


@st.composite
def views(draw, shape):
    """A view of an array of a shape, by what both libraries understand, and whether they write it through."""
    kind, ndim = draw(st.integers(0, 6)), len(shape)
    if kind == 0 and ndim:
        axes = tuple(draw(st.permutations(range(ndim))))
        return (lambda x: xp.permute_dims(x, axes)), (lambda a: a.transpose(axes))
    if kind == 1 and ndim:
        axis = draw(st.integers(0, ndim - 1))
        return (lambda x: xp.flip(x, axis=axis)), (lambda a: np.flip(a, axis))
    if kind == 2:
        axis = draw(st.integers(0, ndim))
        return (lambda x: xp.expand_dims(x, axis=axis)), (lambda a: np.expand_dims(a, axis))
    if kind == 3 and ndim and shape[0]:
        place = draw(st.integers(0, shape[0] - 1))
        if ndim > 1:
            return (lambda x: next(r for k, r in enumerate(x) if k == place)), (lambda a: a[place])
    if kind == 4 and ndim >= 2:
        return (lambda x: x.mT), (lambda a: a.mT)
    items = []
    for length in shape[: draw(st.integers(0, ndim))]:
        if length and draw(st.integers(0, 3)) == 0:
            items.append(draw(st.integers(-length, length - 1)))
        else:
            bound = st.none() | st.integers(-length, length)
            items.append(slice(draw(bound), draw(bound), draw(st.sampled_from([None, 1, 2, -1, -2]))))
    items = (*items, ...)
    return (lambda x: x[items]), (lambda a: a[items])


@given(data=st.data())
def test_programs(data):
    """Views of views, writes to any of them by every means, other libraries on both sides: after each step all
    have what NumPy's have."""
    dtype = data.draw(st.sampled_from(["int32", "float64", "complex64", "uint8"]))
    shape = data.draw(st.sampled_from([(6,), (3, 4), (2, 3, 4), (1, 5), (5, 1, 2), (0, 3), (), (1, 1)]))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    a = values(rng, dtype, shape, finite=True, small=True)
    lent = data.draw(st.booleans()) and ON_HOST
    owner = a.copy()
    x = xp.asarray(owner, copy=None if lent else True)
    # pairs of an array, here or what sees our memory, and NumPy's
    pairs = [(x, a)] + ([(owner, a)] if lent else [])
    for _ in range(data.draw(st.integers(1, 12))):
        x, a = data.draw(st.sampled_from(pairs))
        ours = not isinstance(x, np.ndarray)
        step = data.draw(st.sampled_from(["view", "view", "reshape", "out", "in", "key", "scalar", "array", "mask", "augmented"]))
        note(f"{step} of {a.shape}, {'ours' if ours else 'outside'}")
        if step == "view":
            here, there = data.draw(views(a.shape))
            pairs.append((here(x) if ours else there(x), there(a)))
        elif step == "reshape":
            if a.flags.c_contiguous:
                pairs.append((xp.reshape(x, (-1,)) if ours else x.reshape(-1), a.reshape(-1)))
        elif step == "out":
            if ON_HOST and ours:
                out = data.draw(st.sampled_from([np.asarray, np.from_dlpack]))(x)
                assert out.flags.writeable or not a.size
                pairs.append((out, a))
        elif step == "in":
            if not ours:
                pairs.append((xp.from_dlpack(x), a))
        elif step == "key":
            key = data.draw(keys(a.shape))
            value = int(rng.integers(0, 9))
            a[key] = value
            x[our_key(key) if ours else key] = value
        elif step == "array":
            key = data.draw(st.sampled_from([(...,), (..., None)]))
            other, other_a = data.draw(st.sampled_from(pairs))
            try:
                a[key] = other_a
            except ValueError:
                continue
            x[key] = other if ours else np.asarray(other)
        elif step == "mask":
            mask = rng.integers(0, 2, a.shape).astype(bool)
            a[mask] = 3
            x[xp.asarray(mask) if ours else mask] = 3
        elif step == "scalar":
            run = data.draw(st.sampled_from([operator.iadd, operator.isub, operator.imul]))
            run(a, 2), run(x, 2)
        else:
            other, other_a = data.draw(st.sampled_from(pairs))
            if fits(other_a, a):
                x += xp.asarray(other) if ours else np.asarray(other)
                a += other_a
        for x, a in pairs:
            # of ours a copy: who looks at the memory itself is one more who sees it
            exact(a, x if isinstance(x, np.ndarray) else np.from_dlpack(x, device="cpu", copy=True))


def fits(x, like):
    """Whether an array broadcasts to the shape of another one."""
    try:
        return np.broadcast_shapes(x.shape, like.shape) == like.shape
    except ValueError:
        return False


# ---- iteration ----------------------------------------------------------------------------------------


def test_iteration_is_lazy():
    import time

    x = xp.zeros((3_000_000, 1))
    start = time.perf_counter()
    rows = iter(x)
    assert next(rows).shape == (1,) and operator.length_hint(rows) == 2_999_999
    assert time.perf_counter() - start < 0.5
    assert iter(rows) is rows
    x = xp.asarray([1, 2, 3])
    rows = iter(x)
    next(rows)
    x[1] = 20
    assert [int(v) for v in rows] == [20, 3] and list(rows) == []
    assert list(xp.zeros(0)) == [] and [v.shape for v in xp.zeros((2, 0))] == [(0,), (0,)]
    with pytest.raises(TypeError):
        iter(xp.asarray(1))
    a, b = xp.asarray([[1, 2], [3, 4]])
    assert to_numpy(b).tolist() == [3, 4]
    assert 2 in xp.asarray([1, 2]) and 5 not in xp.asarray([1, 2])


# ---- other libraries ----------------------------------------------------------------------------------


@shared
@pytest.mark.parametrize("take", [xp.asarray, xp.from_dlpack, lambda a: xp.asarray(a, copy=False)])
def test_lent_memory_is_shared_both_ways(take):
    a = np.arange(12).reshape(3, 4)
    x, y = take(a), take(a[::-1, ::2])
    a[0, 0] = 100
    assert int(x[0, 0]) == 100 and int(y[2, 0]) == 100
    x[0, 1] = 101
    x += 1
    y[...] = y * 2
    b = np.arange(12).reshape(3, 4)
    b[0, :2] = 100, 101
    b += 1
    b[::-1, ::2] *= 2
    exact(b, a)
    exact(b, to_numpy(x))
    # what is computed of it is no part of it
    copy = +x
    a[...] = 0
    exact(b, to_numpy(copy))
    # a value that overlaps
    a[...] = np.arange(12).reshape(3, 4)
    x[1:] = take(a)[:-1]
    assert a[:, 0].tolist() == [0, 0, 4]


@shared
@pytest.mark.parametrize("give", [np.asarray, np.from_dlpack, lambda x: np.array(x, copy=False)])
@pytest.mark.parametrize("dtype", ALL)
def test_memory_that_others_see_is_shared_both_ways(give, dtype):
    x = xp.zeros((3, 4), dtype=getattr(xp, dtype))
    v = x[1:]
    n, m = give(x), give(v.T)
    assert n.flags.writeable and m.shape == (4, 2)
    n[0, 0] = 1
    m[0, 0] = 1
    assert [bool(x[0, 0]), bool(x[1, 0]), bool(x[2, 0])] == [True, True, False]
    x[2, 0] = x[0, 0]
    v[1, 1] = x[0, 0]
    assert n[2, 0] == 1 and n[2, 1] == 1 and m[1, 1] == 1
    del n, m
    x[...] = x[2, 2]
    assert not np.any(np.asarray(x))


@shared
def test_in_place_and_others():
    """In place, large arrays keep their memory; whoever sees it sees the result."""
    for n in (5, 2_000_000):
        x = xp.ones(n)
        out = np.asarray(x)
        x += 1
        x *= x
        assert out[0] == 4.0 and out[-1] == 4.0
        x[x > 1] = 5.0
        assert out[0] == 5.0
        del out
        x += 1
        assert np.asarray(x)[-1] == 6.0


@shared
def test_numpy_does_as_it_is_asked():
    x = xp.asarray([1.0, 2.0])
    n = np.array(x)
    n[0] = 9
    assert float(x[0]) == 1.0
    assert np.asarray(x, dtype=np.float32).dtype == np.float32
    with pytest.raises(ValueError):
        np.asarray(x, dtype=np.float32, copy=False)
    assert not np.asarray(xp.broadcast_to(x, (3, 2))).flags.writeable
    n = np.from_dlpack(x, copy=True)
    n += 1
    assert float(x[0]) == 1.0


@shared
def test_read_only_memory():
    a = np.arange(3)
    a.flags.writeable = False
    for x in (xp.asarray(a), xp.from_dlpack(a), xp.asarray(a)[1:], xp.asarray(np.broadcast_to(np.arange(3), (2, 3)))):
        with pytest.raises(ValueError, match="copy"):
            x += 1
        with pytest.raises(ValueError, match="copy"):
            x[0] = 1
        assert not np.asarray(x).flags.writeable
        y = xp.asarray(x, copy=True)
        y += 1
        exact(to_numpy(x) + 1, to_numpy(y))
        z = +x
        z += 1
        exact(to_numpy(y), to_numpy(z))
    assert a.tolist() == [0, 1, 2]


@shared
def test_much_is_seen():
    """Seen by others again and again, and written in between: nothing piles up."""
    x = xp.zeros(10)
    for k in range(20_000):
        np.asarray(x)
        x += 1
    assert float(x[0]) == 20_000
