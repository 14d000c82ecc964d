"""Every function, in every dtype and layout, gives what it gives in array-api-strict, which is NumPy."""

import warnings

import numpy as np
import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from cases import CASES
from common import FUNCTIONS, convert, lookup, strict, to_numpy, xp

UNSPECIFIED = {"empty", "empty_like"}
# of another kind than values: compared where they are tested
OBJECTS = {"__array_namespace_info__", "inspection.info.devices", "inspection.info.default_device", "inspection.info.capabilities"}


def call(namespace, name, args, keywords):
    if name.startswith("inspection.info."):
        namespace = namespace.__array_namespace_info__()
    args = [convert(namespace if hasattr(namespace, "asarray") else xp, x) for x in args]
    keywords = {k: convert(namespace, v) for k, v in keywords.items()}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return lookup(namespace, name)(*args, **keywords)


def plain(x):
    """A result as NumPy's arrays, dtypes' names and numbers."""
    if hasattr(x, "__dlpack__"):
        return to_numpy(x)
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if hasattr(x, "smallest_normal"):
        return [float(x.bits), x.eps, x.max, x.min, x.smallest_normal, plain(x.dtype)]
    if hasattr(x, "bits"):
        return [x.bits, x.max, x.min, plain(x.dtype)]
    if isinstance(x, (tuple, list)):
        return [plain(item) for item in x]
    if isinstance(x, (bool, int, float)):
        return x
    return np.dtype(getattr(x, "_np_dtype", x)).name


def test_every_function_has_a_case():
    assert set(CASES) == set(FUNCTIONS)


@pytest.mark.parametrize("name", CASES)
@given(data=st.data())
def test_function(name, data):
    case = CASES[name]
    args, keywords, *own = case.draw(data.draw, name)
    close = own[0] if own else case.close
    note(f"{name}(*{args}, **{keywords})")
    try:
        expected = call(strict, name, args, keywords)
    except (TypeError, ValueError, IndexError, OverflowError, np.linalg.LinAlgError) as error:
        # what is an error there may be one here, and is nothing worse
        note(f"array-api-strict: {error!r}")
        try:
            call(xp, name, args, keywords)
        except Exception as error:
            note(repr(error))
        return
    got = call(xp, name, args, keywords)
    if name in OBJECTS:
        assert got is not None
        return
    expected, got = plain(expected), plain(got)
    if isinstance(expected, np.ndarray):
        if name in UNSPECIFIED:
            expected, got = np.zeros_like(expected), np.zeros_like(got)
        close(expected, got, args)
    elif isinstance(expected, list) and expected and all(isinstance(x, np.ndarray) for x in expected):
        assert len(expected) == len(got)
        if getattr(close, "whole", False):
            close(expected, got, args)
        else:
            for e, g in zip(expected, got):
                close(e, g, args)
    else:
        assert expected == got
