"""array-api-strict as the reference, mended where it is not what the standard says, or not precise enough.

Importing this module changes array_api_strict; it is a plugin of pytest, too (`-p reference`).
"""

import functools

import array_api_strict as strict
import numpy as np

Array = type(strict.asarray(0))


def wrapped(values, like):
    return Array._new(np.asarray(values), device=like.device)


def isin(x1, x2, /, *, invert=False):
    """In 2.6.1 `invert` is forgotten: "If True, the function must test whether each element in x1 is not in x2"."""
    array = x1 if isinstance(x1, Array) else x2
    x1, x2 = (x._array if isinstance(x, Array) else x for x in (x1, x2))
    return wrapped(np.isin(x1, x2, invert=invert), array)


def deviation(root):
    def function(x, /, *, axis=None, correction=0.0, keepdims=False):
        """In more than double precision, for in float32 NumPy's mean of equal numbers may be another number; and
        NumPy divides by 0: "If M - correction is less than or equal to 0, the standard deviation must be NaN"."""
        if x.dtype not in (strict.float32, strict.float64):
            raise TypeError("only real floating-point dtypes")
        values = x._array.astype(np.longdouble)
        centred = values - values.mean(axis=axis, keepdims=True)
        total = np.square(centred).sum(axis=axis, keepdims=keepdims)
        eps, largest = np.finfo(x._array.dtype).eps, np.abs(values).max(initial=0)
        tiny = np.finfo(x._array.dtype).tiny / eps
        if np.any((total <= np.square(1000 * eps * largest)) | (total < tiny)) and largest > 0:
            raise ValueError("there is no reference for a deviation that rounding decides, or that underflows")
        # what overflows in the precision of x
        limit = np.finfo(x._array.dtype).max
        total = np.where(total > limit, np.inf, total)
        divisor = values.size // max(total.size, 1) - correction if values.size else 0
        out = total / divisor if divisor > 0 else np.full_like(total, np.nan)
        out = np.where(out > limit, np.inf, out)
        return wrapped((np.sqrt(out) if root else out).astype(x._array.dtype), x)

    return function


def argsort(x, /, *, axis=-1, descending=False, stable=True, original=strict.argsort):
    """Always stable: with stable=False any order of equal elements is right, that of the stable sort as well."""
    return original(x, axis=axis, descending=descending, stable=True)


def floor_divide(x1, x2, /, *, original=strict.floor_divide):
    """In more than double precision, and never above the quotient: NumPy's are off by one where the quotient has
    nearly all digits of the dtype, and rounded to nearest where it has more."""
    out = original(x1, x2)
    if out.dtype not in (strict.float32, strict.float64):
        return out
    x1, x2 = (np.asarray(x._array if isinstance(x, Array) else x).astype(np.longdouble) for x in (x1, x2))
    floor = np.floor_divide(x1, x2)
    nearest = floor.astype(out._array.dtype)
    above = np.isfinite(nearest) & (nearest > floor)
    return wrapped(np.where(above, np.nextafter(nearest, nearest.dtype.type(-np.inf)), nearest), out)


def pow(x1, x2, /, *, original=strict.pow):
    """Complex powers in more than double precision: NumPy's are off by some hundred units in the last place where
    the exponent is large."""
    out = original(x1, x2)
    if out.dtype not in (strict.complex64, strict.complex128):
        return out
    x1, x2 = (np.asarray(x._array if isinstance(x, Array) else x).astype(np.clongdouble) for x in (x1, x2))
    if np.any(np.abs(x2 * np.log(np.where(x1 == 0, 1, x1))) > 1e4):
        raise ValueError("there is no reference for an angle of so many turns")
    precise = np.power(x1, x2).astype(out._array.dtype)
    return wrapped(np.where(np.isfinite(precise) & np.isfinite(out._array), precise, out._array), out)


def ill_conditioned(x):
    """Whether the result of a function of matrices is decided by rounding."""
    if x._array.size == 0:
        return False
    sizes = np.linalg.svd(x._array.astype(np.complex128), compute_uv=False)
    largest, least = sizes.max(axis=-1), sizes.min(axis=-1)
    return not np.all(least * 30 > largest)


def of_matrices(original):
    """None for ill-conditioned matrices, nor where the result overflows."""

    @functools.wraps(original)
    def function(x, /, *args, **keywords):
        if ill_conditioned(x):
            raise ValueError("there is no reference for a matrix like this")
        out = original(x, *args, **keywords)
        if isinstance(out, Array) and not np.isfinite(out._array).all():
            raise ValueError("there is no reference for a result that overflows")
        return out

    return function


def eigvals(x, /, *, original=strict.linalg.eigvals):
    """None for eigenvalues of which several belong to (nearly) one eigenvector: they have half the digits."""
    if x._array.size and np.any(np.linalg.cond(np.linalg.eig(x._array.astype(np.complex128))[1]) > 30):
        raise ValueError("there is no reference for a matrix like this")
    return original(x)


strict.isin, strict.argsort, strict.floor_divide, strict.pow = isin, argsort, floor_divide, pow
strict.std, strict.var = deviation(True), deviation(False)
strict.linalg.eigvals = eigvals
for name in ("det", "inv", "matrix_power", "pinv", "slogdet", "solve"):
    setattr(strict.linalg, name, of_matrices(getattr(strict.linalg, name)))
