"""The class of arrays: operators, indexing, conversions, attributes, methods."""

import math
import operator
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

from cases import BINARY, axis_of, broadcastable, promotes, same_layout, scalar_for, tame
from common import *

OPERATORS = {
    "+": ("add", "add"), "-": ("sub", "subtract"), "*": ("mul", "multiply"), "/": ("truediv", "divide"),
    "//": ("floordiv", "floor_divide"), "%": ("mod", "remainder"), "**": ("pow", "pow"), "@": ("matmul", "matmul"),
    "&": ("and", "bitwise_and"), "|": ("or", "bitwise_or"), "^": ("xor", "bitwise_xor"),
    "<<": ("lshift", "bitwise_left_shift"), ">>": ("rshift", "bitwise_right_shift"),
}  # fmt: skip
COMPARISONS = {"<": ("lt", "less"), "<=": ("le", "less_equal"), ">": ("gt", "greater"), ">=": ("ge", "greater_equal"), "==": ("eq", "equal"), "!=": ("ne", "not_equal")}
SIGNS = {"~": ("invert", "bitwise_invert"), "-": ("neg", "negative"), "+": ("pos", "positive"), "abs": ("abs", "abs")}
METHODS = {
    "__array_namespace__", "__bool__", "__complex__", "__dlpack__", "__dlpack_device__", "__float__", "__getitem__",
    "__index__", "__int__", "__setitem__", "to_device",
}  # fmt: skip


def test_every_method_is_here():
    table = {f["name"] for f in TABLE["functions"] if f["category"] == "array_method"}
    names = [name for family in (OPERATORS, COMPARISONS, SIGNS) for name, _ in family.values()]
    assert table == {f"__{name}__" for name in names} | METHODS
    others = {f"__{side}{name}__" for side in "ri" for name, _ in OPERATORS.values()}
    assert set(TABLE["reflected_inplace"]) == others
    assert all(hasattr(xp.Array, name) for name in table | others | set(TABLE["array_attributes"]))


def same(result, function):
    exact(to_numpy(function), to_numpy(result))


def operands(draw, name, shape1, shape2):
    dtypes = BINARY[name][0] if name in BINARY else NUMERIC
    x1 = draw(arrays(dtypes, shape1))
    x2 = draw(arrays([d for d in dtypes if promotes(d, x1.dtype.name)], shape2))
    return [same_layout(tame(name, x, k), x) if name in BINARY else x for k, x in enumerate((x1, x2))]


@pytest.mark.parametrize("symbol", [s for s in OPERATORS | COMPARISONS if s != "@"])
@given(data=st.data())
def test_operators_are_the_functions(symbol, data):
    name, function = (OPERATORS | COMPARISONS)[symbol]
    run, function_ = getattr(operator, f"{name}_" if name in ("and", "or") else name), getattr(xp, function)
    x1, x2 = (convert(xp, x) for x in operands(data.draw, function, *broadcastable(data.draw)))
    expected = function_(x1, x2)
    same(run(x1, x2), expected)
    scalar = tame(function, scalar_for(data.draw, x1.dtype.name, small=True), 1)
    same(run(x1, scalar), function_(x1, scalar))
    same(run(scalar, x2), function_(scalar, x2)) if x2.dtype == x1.dtype else None
    if symbol not in OPERATORS:
        return
    # in place: the object itself changes, and its views with it
    in_place = getattr(operator, f"i{name}")
    before = xp.asarray(x1, copy=True)
    changed, alias, view = before, before, before[...]
    old = to_numpy(xp.asarray(x1, copy=True))
    if expected.dtype == x1.dtype and expected.shape == x1.shape:
        changed = in_place(changed, x2)
        assert changed is alias
        same(changed, expected)
        same(view, expected)
        changed = in_place(xp.asarray(x1, copy=True), scalar)
        same(changed, function_(x1, scalar))
        itself = xp.asarray(x1, copy=True)
        try:
            doubled = function_(x1, x1)
        except Exception:
            return
        itself = in_place(itself, itself)
        same(itself, doubled)
    else:
        with pytest.raises((TypeError, ValueError)):
            in_place(changed, x2)
        exact(old, to_numpy(before))


@given(data=st.data())
def test_matrix_product(data):
    n = data.draw(st.integers(0, 5))
    x1, x2 = (convert(xp, x) for x in operands(data.draw, "matmul", (2, n), (n, n)))
    same(x1 @ x2, xp.matmul(x1, x2))
    with pytest.raises(TypeError):
        x1 @ 2
    with pytest.raises(TypeError):
        2 @ x1
    if xp.matmul(x1, x2).dtype == x1.dtype:
        expected = xp.matmul(x1, x2)
        x1 = xp.asarray(x1, copy=True)
        x1 @= x2
        same(x1, expected)


@pytest.mark.parametrize("symbol", SIGNS)
@given(data=st.data())
def test_signs_are_the_functions(symbol, data):
    name, function = SIGNS[symbol]
    x = convert(xp, data.draw(arrays(INTEGER if symbol == "~" else NUMERIC)))
    same(getattr(operator, name)(x), getattr(xp, function)(x))


def test_foreign_operands():
    x = xp.asarray([1, 2])
    for other in ("1", None, object(), [1, 2], {}):
        with pytest.raises(TypeError):
            x + other
        with pytest.raises(TypeError):
            other - x
        with pytest.raises(TypeError):
            x += other
    assert (x == "1") is False and (x != "1") is True


# ---- indexing -----------------------------------------------------------------------------------------


@st.composite
def keys(draw, shape):
    """A key of each kind that the standard has."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        # a mask over leading axes
        n = draw(st.integers(0, len(shape)))
        return draw(arrays(BOOL, shape[:n]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ints = kind in (1, 2)
    index_shape = draw(st.sampled_from([(), (1,), (3,), (2, 1), (0,)]))
    items, n = [], draw(st.integers(0, len(shape)))
    for length in shape[:n]:
        if length and (ints or draw(st.booleans())):
            if ints and draw(st.booleans()):
                items.append(rng.integers(-length, length, index_shape))
            else:
                items.append(draw(st.integers(-length, length - 1)))
        elif ints:
            items.append(slice(None))
        else:
            bound = st.none() | st.integers(-length - 2, length + 2)
            step = draw(st.none() | st.integers(-3, 3).filter(bool))
            items.append(slice(draw(bound), draw(bound), step))
    if draw(st.booleans()) and not ints:
        items.insert(draw(st.integers(0, len(items))), None)
    if draw(st.booleans()):
        # the others at the end
        items = items[: draw(st.integers(0, len(items)))] + [Ellipsis]
    return items[0] if len(items) == 1 and draw(st.booleans()) else tuple(items)


def our_key(key):
    return tuple(map(our_key, key)) if isinstance(key, tuple) else convert(xp, key)


@given(data=st.data())
def test_getitem(data):
    a = data.draw(arrays(ALL))
    key = data.draw(keys(a.shape))
    note(f"{a!r}[{key}]")
    exact(np.asarray(a[key]), to_numpy(convert(xp, a)[our_key(key)]))


@given(data=st.data())
def test_setitem(data):
    a = data.draw(arrays(ALL))
    key = data.draw(keys(a.shape))
    shape = np.shape(a[key])
    if data.draw(st.booleans()):
        value = scalar_for(data.draw, a.dtype)
    else:
        value = data.draw(arrays([a.dtype.name], data.draw(st.sampled_from([shape, shape[1:], ()]))))
    index_arrays = [k for k in (key if isinstance(key, tuple) else (key,)) if isinstance(k, np.ndarray) and k.dtype.kind == "i"]
    if index_arrays:
        value = scalar_for(data.draw, a.dtype)  # which of several values for one place stays is free
    note(f"{a!r}[{key}] = {value}")
    x = convert(xp, a)
    shared = ON_HOST and a.flags.writeable and a.flags.aligned and a.size
    if not a.flags.writeable:
        x = xp.asarray(x, copy=True)
    view, copy = x[...], xp.asarray(x, copy=True)
    old, expected = a.copy(), a.copy()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected[key] = value
    x[our_key(key)] = convert(xp, value)
    exact(expected, to_numpy(x))
    # so have its views, and the memory of NumPy's where it is shared
    exact(expected, to_numpy(view))
    exact(old, to_numpy(copy))
    exact(expected if shared else old, a)


def test_keys_that_are_wrong():
    x = xp.zeros((2, 3))
    for key in (2, -3, (0, 0, 0), (..., ...), (0, 3), xp.asarray([2]), xp.asarray([True]), 10**30, -(10**30)):
        with pytest.raises(IndexError):
            x[key]
        with pytest.raises(IndexError):
            x[key] = 0
    for key in (1.5, "a", xp.asarray([0.5]), slice(None, None, 0), slice("a"), [[0], [0, 1]], object()):
        with pytest.raises((IndexError, TypeError, ValueError)):
            x[key]
    assert x[:10**30].shape == (2, 3) and x[10**30 :].shape == (0, 3)


def test_setitem_of_itself():
    x = xp.asarray([1, 2, 3, 4])
    x[1:] = x[:-1]
    assert to_numpy(x).tolist() == [1, 1, 2, 3]
    x[::-1] = x
    assert to_numpy(x).tolist() == [3, 2, 1, 1]
    x[x] = x[0]
    assert to_numpy(x).tolist() == [3, 3, 3, 3]


# ---- conversions --------------------------------------------------------------------------------------


@given(data=st.data())
def test_numbers(data):
    a = data.draw(arrays(ALL, ()))
    x, kind = convert(xp, a), a.dtype.kind
    assert bool(x) is bool(a)
    for name, function in [("int", int), ("float", float), ("complex", complex), ("index", operator.index)]:
        if name == "complex":
            value = complex(math.nan, math.nan) if kind == "f" and a != a else complex(a)
        elif kind == "c" or (name == "index" and kind not in "iu"):
            with pytest.raises(TypeError):
                function(x)
            continue
        else:
            try:
                value = function(a.item())
            except (ValueError, OverflowError) as error:
                with pytest.raises(type(error)):
                    function(x)
                continue
        exact(np.asarray([value]), np.asarray([function(x)]))


def test_numbers_of_more_dimensions():
    for x in (xp.asarray([1]), xp.zeros((2, 2)), xp.zeros((0,))):
        for function in (bool, int, float, complex, operator.index):
            with pytest.raises((TypeError, ValueError)):
                function(x)


@given(arrays(ALL))
def test_attributes(a):
    x = convert(xp, a)
    assert x.shape == a.shape and isinstance(x.shape, tuple)
    assert (x.ndim, x.size) == (a.ndim, a.size)
    assert x.dtype == getattr(xp, a.dtype.name) and np.dtype(x.dtype) == a.dtype
    assert x.device == xp.__array_namespace_info__().default_device()
    assert x.__array_namespace__() is xp
    for attribute, dims in [("T", a.ndim == 2), ("mT", a.ndim >= 2)]:
        if dims:
            exact(np.swapaxes(a, -1, -2), to_numpy(getattr(x, attribute)))
        else:
            with pytest.raises(ValueError):
                getattr(x, attribute)
    if a.ndim:
        assert len(x) == len(a)
        assert [item.shape for item in x] == [item.shape for item in a]
    else:
        with pytest.raises(TypeError):
            len(x)
    exact(a, np.asarray(x))
    exact(a, to_numpy(x.to_device(x.device)))
    repr(x), str(x), f"{x}"
    with pytest.raises(TypeError):
        hash(x)


def test_namespace_by_version():
    x = xp.zeros(1)
    for version in ("2021.12", "2022.12", "2023.12", "2024.12", "2025.12", None):
        assert x.__array_namespace__(api_version=version) is xp
    with pytest.raises(ValueError):
        x.__array_namespace__(api_version="2019.12")


def test_formats():
    assert f"{xp.asarray(3.14159):.2f}" == "3.14" and f"{xp.asarray(7):04d}" == "0007"
    assert str(xp.asarray([1, 2])) == "[1 2]"


def test_asarray_shares_and_copies():
    x = xp.asarray([1, 2, 3])
    assert xp.asarray(x) is x and xp.asarray(x, copy=False) is x
    y = xp.asarray(x, copy=True)
    x[0] = 9
    assert int(y[0]) == 1
    with pytest.raises(ValueError):
        xp.asarray(x, dtype=xp.float32, copy=False)
    with pytest.raises(ValueError):
        xp.asarray([1, 2], copy=False)
    with pytest.raises(ValueError):
        xp.asarray([[1, 2], [3]])
    assert xp.asarray([]).dtype == xp.float64 and xp.asarray([[], []]).shape == (2, 0)
    assert xp.asarray([1, 2.5, True]).dtype == xp.float64
    assert xp.asarray([2**64 - 1], dtype=xp.uint64)[0] == 2**64 - 1
    assert to_numpy(xp.asarray(memoryview(b"ab"))).tolist() == [97, 98]
    assert to_numpy(xp.asarray(np.float32(1.5))).dtype == np.float32
    with pytest.raises((TypeError, ValueError)):
        xp.asarray([300], dtype=xp.int8)


def test_dtypes():
    for name in ALL:
        dtype = getattr(xp, name)
        assert dtype == dtype and hash(dtype) == hash(xp.zeros(0, dtype=dtype).dtype) and name in repr(dtype)
        assert [n for n in ALL if getattr(xp, n) == dtype] == [name]
        for other in (name, None, 1, object()):
            assert (dtype == other) is False and (dtype != other) is True
        for given_as in (np.dtype(name), np.dtype(name).type, dtype):
            assert xp.zeros(1, dtype=given_as).dtype == dtype
    assert xp.zeros(1, dtype=float).dtype == xp.float64 and xp.zeros(1, dtype=int).dtype == xp.int64
    assert xp.zeros(1, dtype=bool).dtype == xp.bool and xp.zeros(1, dtype=complex).dtype == xp.complex128
    for wrong in ("int8", 3, object(), np.dtype("U3")):
        with pytest.raises(TypeError):
            xp.zeros(1, dtype=wrong)


def test_constants():
    assert (xp.e, xp.pi, xp.inf) == (math.e, math.pi, math.inf) and math.isnan(xp.nan) and xp.newaxis is None
    assert xp.__array_api_version__ == "2025.12"
