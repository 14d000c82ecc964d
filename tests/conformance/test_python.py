"""What other packages of Python ask of a namespace and its objects: documentation, names, pickles, copies, numbers of
NumPy's, operands of other libraries."""

import copy
import functools
import inspect
import pickle
import types

import numpy as np
import pytest
from hypothesis import given

from common import *
from test_surface import the_function


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_functions(name):
    function = the_function(name)
    assert isinstance(function, types.FunctionType)
    assert function.__name__ == name.split(".")[-1]
    assert function.__doc__ and (function.__doc__[0].isupper() or function.__doc__[0] == "`") and function.__doc__[-1] in ".:"
    assert "](" not in function.__doc__
    below = "." + name.split(".")[0] if name.split(".")[0] in ("linalg", "fft") else ""
    assert function.__module__ == xp.__name__ + below

    @functools.wraps(function)
    def wrapper(*args, **keywords):
        return function(*args, **keywords)

    assert inspect.signature(wrapper) == inspect.signature(function) and wrapper.__doc__ == function.__doc__
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        if protocol >= 4 or "." not in function.__qualname__:
            assert pickle.loads(pickle.dumps(function, protocol)) is function
    assert copy.copy(function) is function and copy.deepcopy(function) is function


def test_documentation():
    assert xp.Array.__doc__ and xp.Array.__module__ == xp.__name__
    assert inspect.isclass(xp.Array) and "sum" in inspect.getdoc(xp.sum).lower()


COPIES = [copy.copy, copy.deepcopy] + [
    functools.partial(lambda p, x: pickle.loads(pickle.dumps(x, p)), p) for p in range(pickle.HIGHEST_PROTOCOL + 1)
]


@given(arrays(ALL))
def test_arrays_are_copied_and_pickled(a):
    x = convert(xp, a)
    for make in COPIES:
        y = make(x)
        exact(a, to_numpy(y))
        assert type(y) is type(x) and y.dtype == x.dtype and y.device == x.device
        if a.size:
            before = to_numpy(x).copy()
            y[...] = y[(0,) * a.ndim]
            exact(before, to_numpy(x))


def test_other_objects_are_copied_and_pickled():
    dtypes = [getattr(xp, name) for name in ALL]
    devices = list(xp.__array_namespace_info__().devices())
    for make in COPIES:
        assert [make(dtype) for dtype in dtypes] == dtypes
        assert [make(device) for device in devices] == devices
        assert make({"a": (xp.float64, devices[0])}) == {"a": (xp.float64, devices[0])}
    assert all(pickle.loads(pickle.dumps(d)) is d for d in dtypes) and xp.zeros(1).dtype is xp.float64
    assert pickle.loads(pickle.dumps(xp.DType)) is xp.DType and pickle.loads(pickle.dumps(xp.Array)) is xp.Array
    info = pickle.loads(pickle.dumps(xp.__array_namespace_info__()))
    assert info.default_dtypes() == xp.__array_namespace_info__().default_dtypes()
    m = xp.asarray([[2.0, 1.0], [1.0, 3.0]])
    results = [
        xp.unique_all(m), xp.unique_counts(m), xp.unique_inverse(m), xp.linalg.qr(m), xp.linalg.svd(m), xp.linalg.eigh(m),
        xp.linalg.eig(m), xp.linalg.slogdet(m),
    ]  # fmt: skip
    for result in results:
        for make in (copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))):
            other = make(result)
            assert type(other) is type(result) and other._fields == result._fields
            for a, b in zip(result, other):
                exact(to_numpy(a), to_numpy(b))
    for result in (xp.finfo(xp.float32), xp.iinfo(xp.int8)):
        assert pickle.loads(pickle.dumps(result)) == result == copy.deepcopy(result)


def test_in_another_process():
    import subprocess
    import sys

    text = pickle.dumps([xp.asarray([1, 2]), xp.sum, xp.linalg.qr, xp.int8, xp.zeros(1).device])
    code = "import pickle, sys; x, f, *_ = pickle.load(sys.stdin.buffer); print(int(f(x)))"
    out = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, check=True)
    assert out.stdout.split() == [b"3"]


# ---- scalars, devices, dtypes -------------------------------------------------------------------------


def test_numbers_of_numpy():
    for name in ALL:
        number = np.dtype(name).type(1)
        assert xp.asarray(number).dtype == getattr(xp, name)
        assert xp.asarray([number, number]).dtype == getattr(xp, name)
        assert xp.asarray([xp.asarray(number), number]).dtype == getattr(xp, name)
        exact(np.ones((2, 1), dtype=name), to_numpy(xp.asarray([[number], [number]])))
        x = xp.ones(2, dtype=getattr(xp, name))
        x[0] = number
        if name != "bool":
            exact(np.ones(2, dtype=name) + number, to_numpy(x + number))
            exact(np.ones(2, dtype=name) + number, to_numpy(number + x))
        exact(np.asarray([True, True]), to_numpy(x == number))
    assert xp.asarray([np.float32(1), 2.0]).dtype == xp.float64
    assert xp.asarray([np.int8(1), np.float32(0.5)]).dtype == xp.float64
    assert xp.asarray([np.bool_(True), 2]).dtype == xp.int64
    with pytest.raises(TypeError):
        xp.asarray([np.datetime64("2020-01-01")])


def test_floats_without_a_fraction():
    for dtype in (xp.int64, xp.uint8, xp.int8):
        assert to_numpy(xp.asarray([1.0, 2.0], dtype=dtype)).tolist() == [1, 2]
        assert int(xp.asarray(3.0, dtype=dtype)) == 3
    assert to_numpy(xp.asarray([0.0, 1.0, True], dtype=xp.bool)).tolist() == [False, True, True]
    for wrong in ([0.5], [float("nan")], [float("inf")], [300.0], [1e300], 0.5, [[1.0, 2.5]], [1j]):
        with pytest.raises((TypeError, ValueError)):
            xp.asarray(wrong, dtype=xp.int8)


def test_linspace_of_integers():
    for start, stop, num, endpoint in [(0, 10, 5, True), (-5, 5, 4, True), (0, 7, 3, False), (5, -5, 7, True), (3, 3, 1, True)]:
        for dtype in ("int64", "int8", "float32"):
            expected = np.linspace(start, stop, num, endpoint=endpoint, dtype=dtype)
            got = to_numpy(xp.linspace(start, stop, num, endpoint=endpoint, dtype=getattr(xp, dtype)))
            assert got.dtype == expected.dtype
            np.testing.assert_allclose(got, expected, rtol=1e-6)


def test_devices_by_name():
    device = xp.__array_namespace_info__().default_device()
    kind = str(device).split(":")[0]
    for name in (str(device), kind):
        assert xp.zeros(1, device=name).device == device
        assert xp.asarray([1], device=name).device == device
        assert xp.zeros(1).to_device(name).device == device
        assert xp.astype(xp.zeros(1), xp.float32, device=name).device == device
        assert set(xp.__array_namespace_info__().dtypes(device=name)) == set(xp.__array_namespace_info__().dtypes())
    for wrong in ("", "tpu", kind + ":9999", kind + ":"):
        with pytest.raises(ValueError):
            xp.zeros(1, device=wrong)


# ---- operands of other libraries ----------------------------------------------------------------------


def test_numpy_on_either_side_raises():
    """An operator never gives an array of another library, nor an answer that is none."""
    a, x = np.ones(2), xp.ones(2)
    import operator

    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "lt", "le", "gt", "ge", "eq", "ne"):
        run = getattr(operator, name)
        for left, right in ((a, x), (x, a), (a[0:1], x), (a.reshape(2, 1), x)):
            with pytest.raises(TypeError):
                run(left, right)
    for name in ("iadd", "isub", "imul", "itruediv", "ipow"):
        run = getattr(operator, name)
        for left, right in ((a, x), (x, a)):
            with pytest.raises(TypeError):
                run(left, right)
    assert a.tolist() == [1, 1] and to_numpy(x).tolist() == [1, 1]
    b, y = np.asarray([True, False]), xp.asarray([True, False])
    for name in ("and_", "or_", "xor", "iand", "ior", "ixor"):
        for left, right in ((b, y), (y, b)):
            with pytest.raises(TypeError):
                getattr(operator, name)(left, right)


@pytest.mark.skipif(not ON_HOST, reason="the memory of the device is not the host's")
def test_functions_of_numpy_take_arrays():
    x = xp.asarray([1.0, 4.0])
    assert np.sqrt(x).tolist() == [1.0, 2.0] and np.sum(np.asarray(x)) == 5.0
    np.testing.assert_allclose(x, np.asarray([1.0, 4.0]))
