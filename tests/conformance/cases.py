"""For each function of the standard, how its arguments are drawn and how its results are compared.

A case draws a call: positional arguments (arrays are NumPy's, in any layout) and keywords. The call is then
made in the namespace under test and in array-api-strict.
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from common import *


@dataclass
class Case:
    draw: Callable
    close: Callable


CASES = {}


def case(*names, close=exact):
    """Registers what draws the calls of these functions, `draw(draw, name)`."""

    def register(function):
        for name in names:
            assert name in FUNCTIONS and name not in CASES, name
            CASES[name] = Case(function, close)
        return function

    return register


def maybe(draw, **keywords):
    """Some of the keywords, each drawn from its strategy."""
    return {name: draw(s) for name, s in keywords.items() if draw(st.booleans())}


def axis_of(ndim):
    return st.integers(-ndim, ndim - 1)


def axes_of(ndim, min_size=0):
    """None, an axis, or several of them, counted from either end."""
    several = st.lists(st.sampled_from(range(ndim)), unique=True, min_size=min_size) if ndim else st.just([])
    several = several.flatmap(lambda axes: st.tuples(*[st.sampled_from([a, a - ndim]) for a in axes]))
    return st.none() | several | (axis_of(ndim) if ndim else st.nothing())


def scalar_for(draw, dtype, kinds="bifc", small=False):
    """A Python scalar that combines with an array of a dtype."""
    kind = np.dtype(dtype).kind
    if kind == "b":
        return draw(st.booleans())
    if kind in "iu":
        info = np.iinfo(dtype)
        return draw(st.integers(max(info.min, -5), 5) if small else st.integers(int(info.min), int(info.max)))
    number = st.integers(-9, 9) | st.floats(-100, 100, width=32)
    return draw(number | st.complex_numbers(max_magnitude=100) if kind == "c" else number)


# ---- elementwise --------------------------------------------------------------------------------------

UNARY = {
    "abs": (REAL, exact), "acos": (FLOAT, within(4)), "acosh": (FLOAT, within(4)), "asin": (FLOAT, within(4)),
    "asinh": (FLOAT, within(4)), "atan": (FLOAT, within(4)), "atanh": (FLOAT, within(4)),
    "bitwise_invert": (BOOL + INTEGER, exact), "ceil": (REAL, exact), "conj": (NUMERIC, exact),
    "cos": (FLOAT, within(4)), "cosh": (FLOAT, within(4)), "exp": (FLOAT, within(4)), "expm1": (FLOAT, within(4)),
    "floor": (REAL, exact), "imag": (COMPLEX, exact), "isfinite": (NUMERIC, exact), "isinf": (NUMERIC, exact),
    "isnan": (NUMERIC, exact), "log": (FLOAT, within(4)), "log1p": (FLOAT, within(4)), "log2": (FLOAT, within(4)),
    "log10": (FLOAT, within(4)), "logical_not": (BOOL, exact), "negative": (NUMERIC, exact), "positive": (NUMERIC, exact),
    "real": (NUMERIC, exact), "reciprocal": (FLOAT, exact), "round": (NUMERIC, exact), "sign": (REAL, exact),
    "signbit": (FLOAT, exact), "sin": (FLOAT, within(4)), "sinh": (FLOAT, within(4)), "square": (REAL, exact),
    "sqrt": (FLOAT, exact), "tan": (FLOAT, within(4)), "tanh": (FLOAT, within(4)), "trunc": (REAL, exact),
}  # fmt: skip

# where special values are left to the tests in Rust, and numbers are moderate
UNARY_COMPLEX = {
    name: within(16, 16)
    for name in "abs acos acosh asin asinh atan atanh cos cosh exp expm1 log log1p log10 reciprocal sign sin sinh sqrt "
    "square tan tanh log2".split()
}

for name, (dtypes, close) in UNARY.items():

    @case(name, close=close)
    def unary(draw, name, dtypes=dtypes):
        if name in UNARY_COMPLEX and draw(st.integers(0, 3)) == 0:
            return (draw(arrays(COMPLEX, finite=True, scale=3.0)),), {}, UNARY_COMPLEX[name]
        return (draw(arrays(dtypes)),), {}


BINARY = {
    "add": (NUMERIC, exact), "atan2": (FLOAT, within(4)), "bitwise_and": (BOOL + INTEGER, exact),
    "bitwise_left_shift": (INTEGER, exact), "bitwise_or": (BOOL + INTEGER, exact),
    "bitwise_right_shift": (INTEGER, exact), "bitwise_xor": (BOOL + INTEGER, exact), "copysign": (FLOAT, exact),
    "divide": (FLOATING, exact), "equal": (ALL, exact), "floor_divide": (REAL, exact), "greater": (REAL, exact),
    "greater_equal": (REAL, exact), "hypot": (FLOAT, within(4)), "less": (REAL, exact), "less_equal": (REAL, exact),
    "logaddexp": (FLOAT, within(8, 8)), "logical_and": (BOOL, exact), "logical_or": (BOOL, exact),
    "logical_xor": (BOOL, exact), "maximum": (REAL, equal), "minimum": (REAL, equal), "multiply": (NUMERIC, exact),
    "nextafter": (FLOAT, exact), "not_equal": (ALL, exact), "pow": (NUMERIC, within(8)), "remainder": (REAL, exact),
    "subtract": (NUMERIC, exact),
}  # fmt: skip


def promotes(a, b):
    """Whether the standard promotes two dtypes to a common one."""
    try:
        return strict.result_type(getattr(strict, a), getattr(strict, b)) is not None
    except TypeError:
        return False


def tame(name, x, position):
    """Operands for which the standard says what the result is, and NumPy computes it."""
    dtype = x.dtype if isinstance(x, np.ndarray) else None
    kind = dtype.kind if dtype is not None else {bool: "b", int: "i", float: "f", complex: "c"}[type(x)]
    if name in ("floor_divide", "remainder"):
        if kind in "iu" and position == 1:
            # neither 0 nor a quotient beyond the range
            x = np.where((np.asarray(x) == 0) | (np.asarray(x) == -1), 3, x)
        elif kind == "f":
            # NumPy has NaN for infinities, and quotients are exact where they fit
            x = np.where(np.isfinite(x) & (np.abs(x) < 1e6) & (np.abs(x) > 1e-6), x, 1.5)
    elif name == "pow":
        if kind in "iu" and position == 1:
            x = np.abs(np.asarray(x) % 4)
        elif kind == "f" and position == 1:
            x = np.where(np.isfinite(x), np.clip(x, -20, 20), 2)
        elif kind == "c":
            x = np.where(np.isfinite(x) & (np.abs(x) > 0.1) & (np.abs(x) < 10), x, 1.5)
    elif name.endswith("shift") and position == 1:
        x = np.abs(np.asarray(x) % 8)
    else:
        return x
    return np.asarray(x).astype(dtype) if dtype is not None else np.asarray(x).item()


def moderate(x):
    """Numbers of which products and quotients neither overflow nor underflow."""
    if isinstance(x, np.ndarray) and x.dtype.kind in "fc":
        with np.errstate(all="ignore"):
            return np.where(np.isfinite(x) & (np.abs(x) > 1e-3) & (np.abs(x) < 1e3), x, 1.5).astype(x.dtype)
    return x


def same_layout(x, like):
    """Other values in the layout of an array, as far as it may be written."""
    if isinstance(like, np.ndarray) and like.flags.writeable and isinstance(x, np.ndarray):
        like[...] = x
        return like
    return x


def broadcastable(draw):
    """Two shapes that broadcast together."""
    shape = draw(shapes())
    kind = draw(st.integers(0, 4))
    if kind == 0:
        other = ()
    elif kind == 1:
        other = tuple(draw(st.sampled_from([n, 1])) for n in shape)
    elif kind == 2:
        other = shape[draw(st.integers(0, len(shape))) :]
    else:
        other = shape
    return (shape, other) if draw(st.booleans()) else (other, shape)


for name, (dtypes, close) in BINARY.items():

    @case(name, close=close)
    def binary(draw, name, dtypes=dtypes):
        shape1, shape2 = broadcastable(draw)
        x1 = draw(arrays(dtypes, shape1))
        if draw(st.integers(0, 3)) == 0:
            x2 = scalar_for(draw, x1.dtype)
        elif name == "nextafter":
            x2 = draw(arrays([x1.dtype.name], shape2))  # of the same dtype
        else:
            x2 = draw(arrays([d for d in dtypes if promotes(d, x1.dtype.name)], shape2))
        pair = [x1, x2] if draw(st.booleans()) else [x2, x1]
        pair = [same_layout(tame(name, x, k), x) for k, x in enumerate(pair)]
        complexes = any(isinstance(x, complex) or isinstance(x, np.ndarray) and x.dtype.kind == "c" for x in pair)
        if complexes and name in ("multiply", "divide", "pow"):
            pair = [same_layout(moderate(x), x) for x in pair]
            return pair, {}, within(32, 64)
        return pair, {}


@case("clip", close=equal)
def clip(draw, name):
    x = draw(arrays(REAL))
    bounds = []
    for shape in (x.shape, ()):
        kind = draw(st.integers(0, 2))
        if kind == 0:
            bounds.append(None)
        elif kind == 1:
            bounds.append(scalar_for(draw, x.dtype))
        else:
            bounds.append(draw(arrays([x.dtype.name], shape)))
    if all(b is not None for b in bounds):
        with np.errstate(all="ignore"):
            assume(not np.any(np.asarray(bounds[0]) > np.asarray(bounds[1])))
    return (x, *bounds), {}


# ---- creation -----------------------------------------------------------------------------------------

SHAPE = st.sampled_from(SHAPES) | st.integers(0, 20)


def some_dtype(dtypes=ALL):
    return st.sampled_from([DT(d) for d in dtypes if d in THERE])


@case("arange", close=within(2))
def arange(draw, name):
    if draw(st.booleans()):
        args = [draw(st.integers(-60, 60)) for _ in range(draw(st.integers(1, 3)))]
        keywords = maybe(draw, dtype=some_dtype(["int8", "int16", "int32", "int64"] + FLOAT))
    else:
        number = st.floats(-50, 50, width=16)
        args = [draw(number) for _ in range(draw(st.integers(1, 2)))] + [draw(st.sampled_from([0.25, -0.5, 1.0, 2.5]))]
        args = args if len(args) == 3 else [0.0] + args
        keywords = maybe(draw, dtype=some_dtype(FLOAT))
    assume(len(args) < 3 or args[2] != 0)
    return args, keywords


@case("asarray")
def asarray(draw, name):
    kind = draw(st.integers(0, 2))
    if kind == 0:
        x = draw(arrays(ALL))
        return (x,), maybe(draw, dtype=st.just(DT(x.dtype.name)), copy=st.sampled_from([None, True]))
    # of integers beyond int64 the dtype must be given
    dtype = draw(some_dtype() if kind == 1 else some_dtype(["bool", "int64", "float64", "complex128"]))
    x = draw(arrays([dtype], shapes(large=False), layout=False)).tolist()
    return (x,), {"dtype": dtype} if kind == 1 else {}


@case("empty", "zeros", "ones")
def uniform(draw, name):
    return (draw(SHAPE),), maybe(draw, dtype=some_dtype())


@case("empty_like", "zeros_like", "ones_like")
def uniform_like(draw, name):
    return (draw(arrays(ALL)),), maybe(draw, dtype=some_dtype())


@case("eye")
def eye(draw, name):
    n = st.integers(0, 12)
    return (draw(n), draw(st.none() | n)), maybe(draw, k=st.integers(-15, 15), dtype=some_dtype(NUMERIC))


@case("from_dlpack")
def from_dlpack(draw, name):
    return (draw(arrays(ALL)),), maybe(draw, copy=st.sampled_from([None, True]))


@case("full")
def full(draw, name):
    dtype = draw(some_dtype())
    keywords = {"dtype": dtype} if draw(st.booleans()) else {}
    return (draw(SHAPE), scalar_for(draw, dtype if keywords else draw(st.sampled_from(["bool", "int64", "float64", "complex128"])))), keywords


@case("full_like")
def full_like(draw, name):
    x = draw(arrays(ALL))
    return (x, scalar_for(draw, x.dtype)), {}


@case("linspace", close=within(4, 4000))
def linspace(draw, name):
    number = st.floats(-1000, 1000, width=32) | st.integers(-100, 100)
    args = draw(number), draw(number), draw(st.integers(0, 50))
    return args, maybe(draw, endpoint=st.booleans(), dtype=some_dtype(FLOAT))


@case("meshgrid")
def meshgrid(draw, name):
    dtype = draw(some_dtype(NUMERIC))
    vectors = [draw(arrays([dtype], st.sampled_from([(1,), (3,), (8,)]))) for _ in range(draw(st.integers(1, 4)))]
    return vectors, maybe(draw, indexing=st.sampled_from(["xy", "ij"]))


@case("tril", "triu")
def triangle(draw, name):
    return (draw(arrays(ALL, shapes(2))),), maybe(draw, k=st.integers(-20, 20))


# ---- data types ---------------------------------------------------------------------------------------


@case("astype")
def astype(draw, name):
    x = draw(arrays(ALL, finite=True, small=draw(st.booleans())))
    to = draw(some_dtype())
    assume(not (x.dtype.kind == "c" and np.dtype(to).kind in "biuf"))
    if x.dtype.kind in "fc" and np.dtype(to).kind in "iu":
        # in range, since beyond it every result is right
        low, high = (0, 100) if np.dtype(to).kind == "u" else (-100, 100)
        x = np.clip(x, low, high)
    return (x, to), maybe(draw, copy=st.booleans())


@case("can_cast")
def can_cast(draw, name):
    return (draw(some_dtype() | arrays(ALL)), draw(some_dtype())), {}


@case("finfo")
def finfo(draw, name):
    return (draw(some_dtype(FLOATING) | arrays(FLOATING)),), {}


@case("iinfo")
def iinfo(draw, name):
    return (draw(some_dtype(INTEGER) | arrays(INTEGER)),), {}


KINDS = TABLE["inspection_required_keys"]["kinds"]


@case("isdtype")
def isdtype(draw, name):
    kind = st.sampled_from(KINDS) | some_dtype()
    return (draw(some_dtype()), draw(kind | st.lists(kind, max_size=3).map(tuple))), {}


@case("result_type")
def result_type(draw, name):
    dtypes = draw(st.sampled_from([BOOL, INTEGER, FLOATING]))
    items = draw(st.lists(some_dtype(dtypes) | arrays(dtypes, (2,)), min_size=1, max_size=4))
    if draw(st.booleans()):
        items.insert(draw(st.integers(0, len(items))), draw(st.sampled_from({"bool": [True]}.get(dtypes[0], [3]))))
    return items, {}


# ---- indexing -----------------------------------------------------------------------------------------


def indices(draw, n, shape):
    """Integers below a length, from either end."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype = draw(st.sampled_from(["int64", "int32", "int8"] if n <= 127 else ["int64", "int32"]))
    return draw(st.sampled_from(LAYOUTS))(rng.integers(-n, n, shape).astype(dtype))


@case("take")
def take(draw, name):
    x = draw(arrays(ALL, shapes(1)))
    axis = draw(axis_of(x.ndim))
    n = x.shape[axis]
    keywords = {"axis": axis} if x.ndim > 1 or draw(st.booleans()) else {}
    return (x, indices(draw, n, (draw(st.integers(0, 6)) if n else 0,)) if n else np.empty(0, dtype=np.int64)), keywords


@case("take_along_axis")
def take_along_axis(draw, name):
    x = draw(arrays(ALL, shapes(1)))
    axis = draw(axis_of(x.ndim))
    n = x.shape[axis]
    assume(n)
    shape = list(x.shape)
    shape[axis] = draw(st.integers(0, 6))
    return (x, indices(draw, n, tuple(shape))), {"axis": axis} if axis != -1 or draw(st.booleans()) else {}


# ---- products -----------------------------------------------------------------------------------------

LENGTH = st.sampled_from([0, 1, 2, 3, 8, 17, 40])


def factors(draw, dtypes, shape1, shape2):
    """Two arrays whose products are exact for integers (which wrap) and moderate for floats."""
    first = draw(arrays(dtypes, shape1, finite=True))
    return first, draw(arrays([d for d in dtypes if promotes(d, first.dtype.name)], shape2, finite=True))


@case("matmul", "linalg.matmul", close=overall(200))
def matmul(draw, name):
    m, k, n = draw(LENGTH), draw(LENGTH), draw(LENGTH)
    stack1, stack2 = draw(st.sampled_from([((), ()), ((3,), ()), ((2, 1), (3,)), ((), (2,)), ((0,), (1,))]))
    kind = draw(st.integers(0, 3))
    shape1 = (k,) if kind == 0 else stack1 + (m, k)
    shape2 = (k,) if kind == 1 else stack2 + (k, n)
    return factors(draw, NUMERIC, shape1, shape2), {}


@case("matrix_transpose", "linalg.matrix_transpose")
def matrix_transpose(draw, name):
    return (draw(arrays(ALL, shapes(2))),), {}


@case("tensordot", "linalg.tensordot", close=overall(200))
def tensordot(draw, name):
    n = draw(st.integers(0, 2))
    shared = tuple(draw(st.sampled_from([1, 2, 3, 5])) for _ in range(n))
    left, right = (tuple(draw(st.lists(st.integers(0, 4), max_size=2))) for _ in range(2))
    x1, x2 = factors(draw, NUMERIC, left + shared, shared + right)
    if draw(st.booleans()):
        axes = (list(range(len(left), len(left) + n)), list(range(n)))
        return (x1, x2), {"axes": (axes[0], [a - x2.ndim for a in axes[1]] if draw(st.booleans()) else axes[1])}
    return (x1, x2), {"axes": n}


@case("vecdot", "linalg.vecdot", close=overall(200))
def vecdot(draw, name):
    n = draw(LENGTH)
    stack1, stack2 = draw(st.sampled_from([((), ()), ((3,), ()), ((2, 1), (3,)), ((0,), (1,)), ((4,), (4,))]))
    return factors(draw, NUMERIC, stack1 + (n,), stack2 + (n,)), maybe(draw, axis=st.just(-1))


# ---- manipulation -------------------------------------------------------------------------------------


def joinable(draw, axis, shape, n):
    """Arrays that have the same shape but along an axis."""
    dtypes = draw(st.sampled_from([BOOL, SIGNED, UNSIGNED, FLOATING]))
    out = []
    for _ in range(n):
        lengths = list(shape)
        if axis is not None:
            lengths[axis] = draw(st.integers(0, 4))
        out.append(draw(arrays(dtypes, tuple(lengths))))
    return out


@case("broadcast_arrays")
def broadcast_arrays(draw, name):
    shape1, shape2 = broadcastable(draw)
    return (draw(arrays(ALL, shape1)), draw(arrays(ALL, shape2))), {}


@case("broadcast_shapes")
def broadcast_shapes(draw, name):
    return broadcastable(draw), {}


@case("broadcast_to")
def broadcast_to(draw, name):
    shape1, shape2 = broadcastable(draw)
    small, large = sorted((shape1, shape2), key=lambda s: (len(s), int(np.prod(s))))
    return (draw(arrays(ALL, small)), large), {}


@case("concat")
def concat(draw, name):
    shape = draw(shapes(1, large=False))
    axis = draw(axis_of(len(shape)))
    if draw(st.integers(0, 4)) == 0:
        return (joinable(draw, axis, shape, 2),), {"axis": None}
    return (joinable(draw, axis, shape, draw(st.integers(1, 4))),), {"axis": axis}


@case("stack")
def stack(draw, name):
    shape = draw(shapes(large=False))
    axis = draw(st.integers(-len(shape) - 1, len(shape)))
    return (joinable(draw, None, shape, draw(st.integers(1, 4))),), {"axis": axis}


@case("expand_dims")
def expand_dims(draw, name):
    x = draw(arrays(ALL))
    if draw(st.booleans()):
        return (x,), {"axis": draw(st.integers(-x.ndim - 1, x.ndim))}
    places = draw(st.lists(st.integers(0, x.ndim), unique=True, min_size=1, max_size=2))
    return (x,), {"axis": tuple(places)}


@case("flip")
def flip(draw, name):
    x = draw(arrays(ALL))
    return (x,), {"axis": draw(axes_of(x.ndim))}


@case("moveaxis")
def moveaxis(draw, name):
    x = draw(arrays(ALL, shapes(1)))
    if draw(st.booleans()):
        return (x, draw(axis_of(x.ndim)), draw(axis_of(x.ndim))), {}
    n = draw(st.integers(0, x.ndim))
    order = st.permutations(range(x.ndim)).map(lambda p: tuple(p[:n]))
    return (x, draw(order), draw(order)), {}


@case("permute_dims")
def permute_dims(draw, name):
    x = draw(arrays(ALL))
    return (x, tuple(draw(st.permutations(range(x.ndim))))), {}


@case("repeat")
def repeat(draw, name):
    x = draw(arrays(ALL, shapes(large=False)))
    axis = draw(axis_of(x.ndim)) if x.ndim and draw(st.booleans()) else None
    if draw(st.booleans()):
        return (x, draw(st.integers(0, 4))), {"axis": axis}
    n = x.size if axis is None else x.shape[axis]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return (x, rng.integers(0, 4, n).astype(draw(st.sampled_from(["int64", "int8"])))), {"axis": axis}


@case("reshape")
def reshape(draw, name):
    x = draw(arrays(ALL))
    shapes_of_size = [(x.size,), (-1,), (x.size, 1), (1, -1, 1), x.shape, x.shape[::-1]]
    if x.size % 2 == 0 and x.size:
        shapes_of_size += [(2, x.size // 2), (-1, 2)]
    shape = draw(st.sampled_from(shapes_of_size))
    return (x, shape), maybe(draw, copy=st.sampled_from([None, True]))


@case("roll")
def roll(draw, name):
    x = draw(arrays(ALL))
    shift = st.integers(-30, 30) | st.sampled_from([10**6, -(10**9)])
    if draw(st.booleans()) or not x.ndim:
        return (x, draw(shift)), {"axis": draw(axis_of(x.ndim)) if x.ndim and draw(st.booleans()) else None}
    axes = tuple(draw(st.lists(st.integers(0, x.ndim - 1), min_size=1, max_size=3, unique=True)))
    return (x, tuple(draw(shift) for _ in axes)), {"axis": axes}


@case("squeeze")
def squeeze(draw, name):
    x = draw(arrays(ALL, st.sampled_from([(1,), (1, 3), (2, 1, 1), (1, 0, 1), (1, 1)])))
    ones = [k for k, n in enumerate(x.shape) if n == 1]
    axes = tuple(draw(st.lists(st.sampled_from(ones), unique=True)))
    return (x, axes[0] - x.ndim if len(axes) == 1 and draw(st.booleans()) else axes), {}


@case("tile")
def tile(draw, name):
    return (draw(arrays(ALL, shapes(large=False))), tuple(draw(st.lists(st.integers(0, 3), max_size=4)))), {}


@case("unstack")
def unstack(draw, name):
    x = draw(arrays(ALL, shapes(1, large=False)))
    return (x,), maybe(draw, axis=axis_of(x.ndim))


# ---- searching, sets, sorting -------------------------------------------------------------------------


def not_nan(x):
    return np.where(x == x, x, 1).astype(x.dtype)


@case("argmax", "argmin")
def arg_extreme(draw, name):
    x = draw(arrays(REAL, small=draw(st.booleans())))
    x = same_layout(not_nan(x), x)
    axis = draw(axis_of(x.ndim)) if x.ndim and draw(st.booleans()) else None
    assume(x.size)
    return (x,), maybe(draw, axis=st.just(axis), keepdims=st.booleans())


@case("count_nonzero", "all", "any")
def truth(draw, name):
    x = draw(arrays(ALL, small=True))
    return (x,), maybe(draw, axis=axes_of(x.ndim), keepdims=st.booleans())


@case("nonzero")
def nonzero(draw, name):
    return (draw(arrays(ALL, shapes(1), small=True)),), {}


@case("searchsorted")
def searchsorted(draw, name):
    dtypes = draw(st.sampled_from([SIGNED, UNSIGNED, FLOAT]))
    x1 = draw(arrays(dtypes, shapes(1).filter(lambda s: len(s) == 1), small=draw(st.booleans()), layout=False))
    keywords = maybe(draw, side=st.sampled_from(["left", "right"]))
    order = np.argsort(x1, kind="stable")
    if draw(st.booleans()):
        keywords["sorter"] = order
    else:
        x1 = draw(st.sampled_from(LAYOUTS))(x1[order])
    x2 = draw(arrays([x1.dtype.name])) if draw(st.integers(0, 3)) else scalar_for(draw, x1.dtype)
    return (x1, x2), keywords


@case("where")
def where(draw, name):
    shape1, shape2 = broadcastable(draw)
    condition = draw(arrays(BOOL, shape1))
    x1 = draw(arrays(ALL, shape2))
    if draw(st.integers(0, 3)) == 0:
        x2 = scalar_for(draw, x1.dtype)
    else:
        x2 = draw(arrays([d for d in ALL if promotes(d, x1.dtype.name)], draw(st.sampled_from([shape1, shape2, ()]))))
    return (condition, x1, x2) if draw(st.booleans()) else (condition, x2, x1), {}


@case("isin")
def isin(draw, name):
    dtypes = draw(st.sampled_from([SIGNED, UNSIGNED]))
    x1 = draw(arrays(dtypes, small=draw(st.booleans())))
    x2 = draw(arrays(dtypes, shapes(large=False), small=True))
    if draw(st.integers(0, 4)) == 0:
        x2 = scalar_for(draw, x1.dtype, small=True)
    elif draw(st.integers(0, 4)) == 0:
        x1 = scalar_for(draw, x2.dtype, small=True)
    return (x1, x2), maybe(draw, invert=st.booleans())


def multiset(x):
    """The elements in an order that depends on them alone, all NaNs alike."""
    parts = np.stack([x.real, x.imag]) + 0.0 if x.dtype.kind == "c" else x[None]
    if parts.dtype.kind == "f":
        parts = np.where(np.isnan(parts), np.array(np.inf, parts.dtype), parts), np.isnan(parts)
        parts = np.concatenate(parts)
    return parts[:, np.lexsort(parts)]


def unique_of(expected, got, args):
    """Unique elements in any order, in which every NaN is another element."""
    x, got = np.asarray(args[0]), dict(zip(FIELDS[len(got)], got))
    for e, g in zip(expected, got.values()):
        check_form(e, g)
    values = got["values"]
    assert np.array_equal(multiset(expected[0]), multiset(values))
    if "inverse" in got:
        equal(x, values[got["inverse"]])
    if "indices" in got:
        flat = got["inverse"].reshape(-1)
        first = np.full(values.shape, x.size)
        np.minimum.at(first, flat, np.arange(x.size))
        equal(first, got["indices"])
        equal(np.bincount(flat, minlength=values.size), got["counts"])
    elif "counts" in got:
        for value, count in zip(values, got["counts"]):
            assert count == (np.count_nonzero(x == value) if value == value else 1)


unique_of.whole = True
FIELDS = {1: ["values"], 2: ["values", "counts"], 4: ["values", "indices", "inverse", "counts"]}


def unique_inverse_of(expected, got, args):
    for e, g in zip(expected, got):
        check_form(e, g)
    assert np.array_equal(multiset(expected[0]), multiset(got[0]))
    equal(np.asarray(args[0]), got[0][got[1]])


unique_inverse_of.whole = True


@case("unique_all", "unique_counts", close=unique_of)
@case("unique_inverse", close=unique_inverse_of)
def unique(draw, name):
    return (draw(arrays(ALL, small=draw(st.booleans()), finite=draw(st.booleans()))),), {}


@case("unique_values", close=lambda expected, got, *_: unique_of([expected], [got], [expected]))
def unique_values(draw, name):
    return unique(draw, name)


@case("sort", close=equal)
@case("argsort")
def sort(draw, name):
    x = draw(arrays(REAL, shapes(1), small=draw(st.booleans())))
    keywords = maybe(draw, axis=axis_of(x.ndim), descending=st.booleans(), stable=st.just(True))
    if keywords.get("descending"):
        x = same_layout(not_nan(x), x)  # where NaN goes is free
    return (x,), keywords


# ---- statistics ---------------------------------------------------------------------------------------


def totals(draw, name, dtypes=NUMERIC, positive=False):
    x = draw(arrays(dtypes, finite=True))
    if positive and x.dtype.kind in "fc":
        x = same_layout((0.5 + np.abs(x) % 1).astype(x.dtype), x)  # sums and products without cancellation
    return x


@case("sum", "prod", close=within(400))
def total(draw, name):
    x = totals(draw, name, positive=True)
    keywords = maybe(draw, axis=axes_of(x.ndim), keepdims=st.booleans())
    if draw(st.integers(0, 3)) == 0:
        keywords["dtype"] = draw(some_dtype({"f": FLOATING, "c": ["complex128"]}.get(x.dtype.kind, INTEGER)))
    return (x,), keywords


@case("cumulative_sum", "cumulative_prod", close=within(4000))
def cumulative(draw, name):
    x = draw(arrays(NUMERIC, shapes(1, large=name == "cumulative_sum"), finite=True))
    if x.dtype.kind in "fc":
        x = same_layout((0.5 + np.abs(x) % 1).astype(x.dtype), x)
    keywords = maybe(draw, axis=axis_of(x.ndim), include_initial=st.booleans())
    if x.ndim > 1:
        keywords.setdefault("axis", 0)
    return (x,), keywords


@case("max", "min", close=equal)
def extreme(draw, name):
    x = draw(arrays(REAL))
    keywords = maybe(draw, axis=axes_of(x.ndim), keepdims=st.booleans())
    return (x,), keywords


@case("mean", close=within(400))
def mean(draw, name):
    x = totals(draw, name, FLOATING, positive=True)
    return (x,), maybe(draw, axis=axes_of(x.ndim), keepdims=st.booleans())


@case("std", "var", close=within(2000, 2000))
def spread(draw, name):
    x = draw(arrays(FLOAT, finite=True, scale=1.0))
    return (x,), maybe(draw, axis=axes_of(x.ndim), keepdims=st.booleans(), correction=st.sampled_from([0, 1, 0.5, 2.0]))


@case("diff")
def diff(draw, name):
    x = draw(arrays(REAL, shapes(1)))
    keywords = maybe(draw, axis=axis_of(x.ndim), n=st.integers(0, 3))
    for side in ("prepend", "append"):
        if draw(st.booleans()):
            shape = list(x.shape)
            shape[keywords.get("axis", -1)] = draw(st.integers(0, 2))
            keywords["n"] = max(1, keywords.get("n", 1))  # for 0 NumPy leaves them out
            keywords[side] = draw(arrays([x.dtype.name], tuple(shape)))
    return (x,), keywords


# ---- inspection ---------------------------------------------------------------------------------------


@case("__array_namespace_info__", "inspection.info.capabilities", "inspection.info.devices", "inspection.info.default_device")
def nothing(draw, name):
    return (), {}


@case("inspection.info.default_dtypes")
def default_dtypes(draw, name):
    return (), maybe(draw, device=st.none())


@case("inspection.info.dtypes")
def dtypes(draw, name):
    kind = st.sampled_from(KINDS)
    return (), maybe(draw, device=st.none(), kind=st.none() | kind | st.lists(kind).map(tuple))


# ---- linalg -------------------------------------------------------------------------------------------


def matrices(draw, square=True, dtypes=FLOATING, layout=True):
    """Stacks of matrices that are far from singular where they are square."""
    m = draw(st.sampled_from([0, 1, 2, 3, 5, 12]))
    n = m if square else draw(st.sampled_from([0, 1, 2, 4, 9]))
    stack = draw(st.sampled_from([(), (), (2,), (2, 3), (0,)]))
    dtype = draw(st.sampled_from([d for d in dtypes if d in THERE]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    a = rng.standard_normal(stack + (m, n))
    if np.dtype(dtype).kind == "c":
        a = a + 1j * rng.standard_normal(a.shape)
    if square:
        a = a + 2 * np.sqrt(m) * np.eye(m) * rng.choice([-1.0, 1.0], m)
    a = a.astype(dtype)
    return draw(st.sampled_from(LAYOUTS))(a) if layout else a


def adjoint(a):
    return np.conj(np.swapaxes(a, -1, -2))


def hermitian(draw):
    a = matrices(draw, layout=False)
    return draw(st.sampled_from(LAYOUTS))(((a + adjoint(a)) / 2).astype(a.dtype))


def rebuilt(rebuild):
    """Compares a decomposition by what it is of; each factor has the form of the other library's."""

    def close(expected, got, args):
        for e, g in zip(expected, got):
            check_form(e, g)
        x = np.asarray(args[0])
        for error, scale in rebuild(x, *got):
            if error.size:
                bound = 200 * np.finfo(x.dtype).eps * max(1.0, float(np.max(np.abs(scale), initial=0)))
                assert np.max(np.abs(error)) <= bound, f"an error of {np.max(np.abs(error))}"

    close.whole = True
    return close


def orthonormal(q):
    return adjoint(q) @ q - np.eye(q.shape[-1]), np.ones(1)


def svd_of(x, u, s, vh):
    k = s.shape[-1]
    yield (u[..., :k] * s[..., None, :]) @ vh[..., :k, :] - x, x
    yield orthonormal(u)
    yield orthonormal(adjoint(vh))
    assert (s >= 0).all() and (np.diff(s) <= 0).all()


def qr_of(x, q, r):
    yield q @ r - x, x
    yield orthonormal(q)
    assert (np.tril(r, -1) == 0).all()


def eigh_of(x, w, v):
    yield (v * w[..., None, :]) @ adjoint(v) - x, x
    yield orthonormal(v)
    assert (np.diff(w) >= 0).all()


def eig_of(x, w, v):
    yield x @ v - v * w[..., None, :], x
    yield np.linalg.norm(v, axis=-2) - 1, np.ones(1)


@case("linalg.cholesky", close=overall(200))
def cholesky(draw, name):
    a = matrices(draw, layout=False)
    a = (a @ adjoint(a) + np.eye(a.shape[-1])).astype(a.dtype)
    return (draw(st.sampled_from(LAYOUTS))(a),), maybe(draw, upper=st.booleans())


@case("linalg.cross", close=overall(50))
def cross(draw, name):
    stack1, stack2 = draw(st.sampled_from([((), ()), ((4,), ()), ((2, 1), (5,)), ((0,), (1,))]))
    return factors(draw, SIGNED + FLOATING, stack1 + (3,), stack2 + (3,)), maybe(draw, axis=st.just(-1))


@case("linalg.det", "linalg.inv", "linalg.slogdet", close=overall(2000))
def square_matrices(draw, name):
    return (matrices(draw),), {}


@case("linalg.diagonal")
def diagonal(draw, name):
    return (draw(arrays(ALL, shapes(2))),), maybe(draw, offset=st.integers(-4, 4))


@case("linalg.eig", close=rebuilt(eig_of))
def eig(draw, name):
    return (matrices(draw),), {}


def same_set(expected, got, *_):
    """The same eigenvalues, in any order."""
    check_form(expected, got)
    eps = 2000 * np.finfo(expected.dtype).eps
    for e, g in zip(expected.reshape(-1, expected.shape[-1]), got.reshape(-1, got.shape[-1])) if expected.size else ():
        distances = np.abs(e[:, None] - g)
        scale = np.max(np.abs(e))
        assert (distances.min(axis=0) <= eps * scale).all() and (distances.min(axis=1) <= eps * scale).all()


@case("linalg.eigvals", close=same_set)
def eigvals(draw, name):
    return (hermitian(draw) if draw(st.booleans()) else matrices(draw),), {}


@case("linalg.eigh", close=rebuilt(eigh_of))
def eigh(draw, name):
    return (hermitian(draw),), {}


@case("linalg.eigvalsh", close=overall(500))
def eigvalsh(draw, name):
    return (hermitian(draw),), {}


@case("linalg.matrix_norm", close=overall(500))
def matrix_norm(draw, name):
    x = matrices(draw, square=False)
    assume(x.size)
    return (x,), maybe(draw, keepdims=st.booleans(), ord=st.sampled_from(["fro", "nuc", 1, 2, -1, -2, np.inf, -np.inf]))


@case("linalg.matrix_power", close=overall(10000))
def matrix_power(draw, name):
    return (matrices(draw), draw(st.integers(-3, 5))), {}


@case("linalg.matrix_rank")
def matrix_rank(draw, name):
    x = matrices(draw, square=False)
    assume(x.size)
    return (x,), maybe(draw, rtol=st.sampled_from([1e-3, 1e-5]))


@case("linalg.outer", close=overall(10))
def outer(draw, name):
    return factors(draw, NUMERIC, (draw(LENGTH),), (draw(LENGTH),)), {}


@case("linalg.pinv", close=overall(20000))
def pinv(draw, name):
    return (matrices(draw),), maybe(draw, rtol=st.sampled_from([1e-6, 1e-10]))


@case("linalg.qr", close=rebuilt(qr_of))
def qr(draw, name):
    return (matrices(draw, square=False),), maybe(draw, mode=st.sampled_from(["reduced", "complete"]))


@case("linalg.solve", close=overall(5000))
def solve(draw, name):
    x1 = matrices(draw, dtypes=["float64", "complex128"])
    n = x1.shape[-1]
    shape = (n,) if draw(st.booleans()) else x1.shape[:-2] + (n, draw(st.sampled_from([0, 1, 4])))
    return (x1, draw(arrays(["float64"], shape, finite=True))), {}


@case("linalg.svd", close=rebuilt(svd_of))
def svd(draw, name):
    return (matrices(draw, square=False),), maybe(draw, full_matrices=st.booleans())


@case("linalg.svdvals", close=overall(500))
def svdvals(draw, name):
    return (matrices(draw, square=False),), {}


@case("linalg.trace", close=overall(200))
def trace(draw, name):
    return (draw(arrays(NUMERIC, shapes(2), finite=True)),), maybe(draw, offset=st.integers(-4, 4))


@case("linalg.vector_norm", close=within(400))
def vector_norm(draw, name):
    x = draw(arrays(FLOATING, finite=True))
    keywords = maybe(draw, axis=axes_of(x.ndim), keepdims=st.booleans(), ord=st.sampled_from([0, 1, 2, 3, 2.5, np.inf, -np.inf, -1]))
    assume(x.size)
    return (x,), keywords


# ---- fft ----------------------------------------------------------------------------------------------

NORM = st.sampled_from(["backward", "ortho", "forward"])
TRANSFORMED = [(1,), (2,), (7,), (16,), (30,), (1, 5), (3, 8), (2, 3, 4), (101,), (4, 64)]


def signal(draw, dtypes):
    return draw(arrays(dtypes, st.sampled_from(TRANSFORMED), finite=True))


@case("fft.fft", "fft.ifft", "fft.irfft", "fft.hfft", close=overall(100))
def transform(draw, name):
    x = signal(draw, COMPLEX)
    axis = draw(axis_of(x.ndim))
    n = draw(st.none() | st.integers(1, 40))
    assume(n is not None or x.shape[axis] > 1)
    return (x,), {"axis": axis, "n": n, **maybe(draw, norm=NORM)}


@case("fft.rfft", "fft.ihfft", close=overall(100))
def real_transform(draw, name):
    x = signal(draw, FLOAT)
    return (x,), {"axis": draw(axis_of(x.ndim)), **maybe(draw, n=st.integers(1, 40), norm=NORM)}


@case("fft.fftn", "fft.ifftn", "fft.rfftn", "fft.irfftn", close=overall(200))
def transform_n(draw, name):
    x = signal(draw, FLOAT if name == "fft.rfftn" else COMPLEX)
    keywords = maybe(draw, norm=NORM)
    if draw(st.booleans()):
        keywords["axes"] = tuple(draw(st.permutations(range(x.ndim)))[: draw(st.integers(1, x.ndim))])
        if draw(st.booleans()):
            keywords["s"] = tuple(draw(st.integers(1, 12)) for _ in keywords["axes"])
    last = keywords.get("s", [x.shape[a] for a in keywords.get("axes", range(x.ndim))])[-1]
    assume(last > 1)
    return (x,), keywords


@case("fft.fftfreq", "fft.rfftfreq", close=within(4))
def frequencies(draw, name):
    return (draw(st.integers(1, 50)),), maybe(draw, d=st.sampled_from([1.0, 0.5, 3.0]), dtype=some_dtype(FLOAT))


@case("fft.fftshift", "fft.ifftshift")
def shifted(draw, name):
    x = signal(draw, FLOATING)
    axes = st.none() | axis_of(x.ndim) | st.permutations(range(x.ndim)).map(tuple)
    return (x,), maybe(draw, axes=axes)
