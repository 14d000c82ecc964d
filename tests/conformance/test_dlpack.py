"""DLPack between this library and NumPy: both directions, shared and copied, and who keeps the memory alive."""

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import *

shared = pytest.mark.skipif(not ON_HOST, reason="the memory of the device is not the host's")


def address(x):
    return x.__array_interface__["data"][0]


@given(arrays(ALL))
def test_from_numpy(a):
    x = xp.from_dlpack(a)
    exact(a, to_numpy(x))
    exact(a, to_numpy(xp.from_dlpack(a, copy=True)))


@given(st.data())
def test_to_numpy_of_views(data):
    a = data.draw(arrays(ALL, layout=False))
    x = convert(xp, a)
    steps = tuple(slice(None, None, data.draw(st.sampled_from([1, 2, -1, -3]))) for _ in a.shape)
    exact(np.asarray(a[steps]), to_numpy(x[steps]))
    axes = tuple(data.draw(st.permutations(range(a.ndim))))
    exact(np.transpose(a, axes), to_numpy(xp.permute_dims(x, axes)))
    exact(np.broadcast_to(a, (2,) + a.shape), to_numpy(xp.broadcast_to(x, (2,) + a.shape)))


@shared
@pytest.mark.parametrize("dtype", ALL)
def test_memory_is_shared(dtype):
    a = np.zeros((3, 4), dtype=dtype)
    x = xp.from_dlpack(a)
    back = np.from_dlpack(x)
    assert address(back) == address(a) and back.flags.writeable
    assert address(np.from_dlpack(xp.from_dlpack(a[::-1, ::2]))) == address(a[::-1, ::2])
    assert address(np.from_dlpack(x, copy=True)) != address(a)
    assert np.from_dlpack(x, copy=True).flags.writeable
    assert address(np.from_dlpack(xp.from_dlpack(a, copy=True))) != address(a)
    assert address(np.asarray(x)) == address(a) and address(np.array(x)) != address(a)


@shared
def test_everybody_sees_a_write():
    a = np.arange(4)
    x = xp.from_dlpack(a)
    x[0] = 9
    a[1] = 8
    assert a.tolist() == [9, 8, 2, 3] and to_numpy(x).tolist() == a.tolist()
    y = xp.asarray([1, 2, 3])
    n = np.from_dlpack(y)
    y[0] = 9
    y += 1
    n[2] = 0
    assert n.tolist() == [10, 3, 0] and int(y[2]) == 0
    old = Old(np.arange(3))
    z = xp.from_dlpack(old)
    z += 1
    assert old.a.tolist() == [1, 2, 3]


@shared
def test_versions():
    x = xp.asarray([[1, 2], [3, 4]])
    for version in (None, (0, 8), (1, 0), (1, 1), (2, 0)):
        for copy in (None, True, False):
            capsule = x.__dlpack__(max_version=version, copy=copy)
            assert ('"dltensor_versioned"' in repr(capsule)) == (version is not None and version[0] >= 1)
    assert x.__dlpack__(dl_device=(1, 0)) is not None
    assert x.__dlpack_device__() == (1, 0)
    assert x.__dlpack__(stream=None) is not None


class Producer:
    """An array of NumPy's with another `__dlpack__`."""

    def __init__(self, a, old=False, keywords=None):
        self.a, self.old, self.given = a, old, keywords if keywords is not None else {}

    def __dlpack_device__(self):
        return self.a.__dlpack_device__()


class Old(Producer):
    def __dlpack__(self, *, stream=None):
        return self.a.__dlpack__()


class New(Producer):
    def __dlpack__(self, **keywords):
        self.given.update(keywords)
        return self.a.__dlpack__(**keywords)


@shared
def test_producers():
    a = np.arange(6).reshape(2, 3)[:, ::-1]
    exact(a, to_numpy(xp.from_dlpack(Old(a))))
    exact(a, to_numpy(xp.from_dlpack(Old(a), copy=True)))
    given_keywords = {}
    device = xp.__array_namespace_info__().default_device()
    exact(a, to_numpy(xp.from_dlpack(New(a, keywords=given_keywords), device=device, copy=True)))
    assert given_keywords == {"max_version": (1, 1), "copy": True, "dl_device": (1, 0)} or given_keywords["copy"] is True
    exact(a, to_numpy(xp.from_dlpack(strict.asarray(a))))
    exact(a, to_numpy(xp.from_dlpack(convert(xp, a))))


class Wrong:
    def __init__(self, result):
        self.result = result

    def __dlpack_device__(self):
        return (1, 0)

    def __dlpack__(self, **keywords):
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


@shared
def test_wrong_producers():
    used = xp.zeros(3).__dlpack__()
    assert to_numpy(xp.from_dlpack(Wrong(used))).tolist() == [0, 0, 0]
    with pytest.raises(BufferError):
        xp.from_dlpack(Wrong(used))  # a capsule is taken once
    for result in (None, 3, "capsule", object()):
        with pytest.raises(BufferError):
            xp.from_dlpack(Wrong(result))
    with pytest.raises(RuntimeError):
        xp.from_dlpack(Wrong(RuntimeError("no")))
    for x in (3, None, [1, 2]):
        with pytest.raises(TypeError):
            xp.from_dlpack(x)
    for a in (np.array(["a"]), np.array([1, 2], dtype=">i4"), np.array([object()]), np.zeros(2, dtype="M8[s]")):
        with pytest.raises((BufferError, TypeError)):
            xp.from_dlpack(a)
    with pytest.raises((BufferError, ValueError)):
        xp.zeros(3).__dlpack__(dl_device=(2, 0))
    with pytest.raises((BufferError, ValueError)):
        xp.zeros(3).__dlpack__(stream=1)
    with pytest.raises((BufferError, ValueError)):
        xp.from_dlpack(unaligned(np.arange(3.0)), copy=False)


@shared
def test_lifetime():
    """Whoever has the last handle frees the memory, once."""
    owner = np.arange(100000.0)
    dead = weakref.finalize(owner, lambda: None)
    x = xp.from_dlpack(owner)
    del owner
    gc.collect()
    assert dead.alive
    view = x[::2]
    del x
    gc.collect()
    assert dead.alive and float(view[1]) == 2.0
    back = np.from_dlpack(view)
    del view
    gc.collect()
    assert dead.alive and back[1] == 2.0
    del back
    gc.collect()
    assert not dead.alive


@shared
def test_capsules_that_nobody_takes():
    owner = np.arange(1000.0)
    dead = weakref.finalize(owner, lambda: None)
    x = xp.from_dlpack(owner)
    capsules = [x.__dlpack__(max_version=v, copy=c) for v in (None, (1, 0)) for c in (None, False, True)]
    del x, owner
    gc.collect()
    assert dead.alive
    del capsules
    gc.collect()
    assert not dead.alive


@shared
def test_cycles():
    """Memory that only a cycle of objects holds is collected."""

    class Holder:
        pass

    holder = Holder()
    owner = np.zeros(10)
    dead = weakref.finalize(owner, lambda: None)
    holder.x, holder.self = xp.from_dlpack(owner), holder
    del holder, owner
    gc.collect()
    assert not dead.alive


@shared
def test_much():
    """Exchanged often, memory does not pile up."""
    for _ in range(300):
        x = xp.zeros(1_000_000)
        n = np.from_dlpack(x)
        y = xp.from_dlpack(n)
        z = np.from_dlpack(y, copy=True)
    assert float(z[-1]) == 0.0


@pytest.mark.skipif(ON_HOST, reason="the memory is the host's")
@given(arrays(ALL))
def test_by_way_of_the_host(a):
    x = convert(xp, a)
    kind, number = x.__dlpack_device__()
    assert kind == 7 and number == 0  # kDLVulkan
    exact(a, np.from_dlpack(x, device="cpu"))
    exact(a, to_numpy(xp.from_dlpack(a, device=x.device)))
    if a.size:
        for keywords in [{}, {"dl_device": (1, 0), "copy": False}, {"dl_device": (kind, number)}]:
            with pytest.raises(BufferError):
                x.__dlpack__(**keywords)
