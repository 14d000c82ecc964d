"""The surface: everything that the standard names is there, with its signature, and fails by exceptions."""

import inspect

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from common import *

KIND = {
    "pos_only": inspect.Parameter.POSITIONAL_ONLY,
    "pos_or_kw": inspect.Parameter.POSITIONAL_OR_KEYWORD,
    "kw_only": inspect.Parameter.KEYWORD_ONLY,
    "var_pos": inspect.Parameter.VAR_POSITIONAL,
}


def the_function(name):
    return lookup(xp.__array_namespace_info__() if name.startswith("inspection.info.") else xp, name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_signature(name):
    expected = [
        (p["name"], KIND[p["kind"]], p["default"] if "default" in p else inspect.Parameter.empty)
        for p in FUNCTIONS[name]["params"]
    ]
    found = [(p.name, p.kind, p.default) for p in inspect.signature(the_function(name)).parameters.values()]
    assert found == expected


def test_methods_with_keywords():
    for f in TABLE["functions"]:
        if f["category"] == "array_method" and any(p["kind"] == "kw_only" for p in f["params"]):
            found = inspect.signature(getattr(xp.Array, f["name"])).parameters.values()
            assert [(p.name, p.kind) for p in found] == [(p["name"], KIND[p["kind"]]) for p in f["params"]]


def test_names():
    for name in TABLE["namespace_attrs"] + TABLE["constants"] + TABLE["dtypes"] + ["fft", "linalg"]:
        assert hasattr(xp, name), name
    import importlib

    assert importlib.import_module(xp.__name__ + ".linalg") is xp.linalg
    assert importlib.import_module(xp.__name__ + ".fft") is xp.fft
    info = xp.__array_namespace_info__()
    for function, keys in TABLE["inspection_required_keys"].items():
        if function != "kinds":
            assert set(getattr(info, function)()) == set(keys)
    assert isinstance(info.devices(), tuple) and info.default_device() in info.devices()


def test_wrong_calls():
    for wrong in (
        lambda: xp.sin(),
        lambda: xp.sin(xp.zeros(1), xp.zeros(1)),
        lambda: xp.sin(x=xp.zeros(1)),
        lambda: xp.sum(xp.zeros(1), 0),
        lambda: xp.sum(xp.zeros(1), axes=0),
        lambda: xp.linspace(0, 1, 5, num=5),
        lambda: xp.zeros(shape=2, dtype="int8"),
        lambda: xp.sin([1.0, 2.0]),
        lambda: xp.sin(np.zeros(2)),
        lambda: xp.meshgrid(3),
        lambda: xp.concat(3),
    ):
        with pytest.raises(TypeError):
            wrong()
    for wrong in (
        lambda: xp.add(1, 2),
        lambda: xp.meshgrid(xp.zeros(2), indexing="yx"),
        lambda: xp.isdtype(xp.int8, "whole"),
        lambda: xp.zeros(-1),
        lambda: xp.sum(xp.zeros(1), axis=3),
        lambda: xp.reshape(xp.zeros(6), (4, -1)),
        lambda: xp.linalg.inv(xp.zeros((2, 2))),
        lambda: xp.fft.fft(xp.zeros(2, dtype=xp.complex64), norm="none"),
        lambda: xp.broadcast_to(xp.zeros(3), (2,)),
    ):
        with pytest.raises(ValueError):
            wrong()
    with pytest.raises(MemoryError):
        xp.zeros(2**62)
    with pytest.raises(IndexError):
        xp.expand_dims(xp.zeros(1), axis=5)
    with pytest.raises(TypeError):
        xp.astype(xp.zeros(1, dtype=xp.complex64), xp.float32)


# what makes no sense for most parameters
GARBAGE = (
    st.sampled_from(
        [None, True, 0, 1, -1, 7, 2**63, -(2**63) - 1, 10**40, 0.5, float("nan"), float("inf"), 1j, "", "xy", "fro",
         "left", b"ab", (), (0,), (0, 0), (-1, 2**63), (2**40, 2**40), [], [[1], [2, 3]], {}, object(), int, slice(1), ...]
    )
    | st.sampled_from([DT(d) for d in ALL])
    | arrays(ALL, shapes(large=False))
    | st.lists(arrays(ALL, shapes(large=False)), max_size=3)
)  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
@given(data=st.data())
def test_garbage_raises(name, data):
    """Whatever is given, there is a result or an exception, and the process lives."""
    args, keywords = [], {}
    for p in FUNCTIONS[name]["params"]:
        if p["kind"] == "var_pos":
            args += data.draw(st.lists(GARBAGE, max_size=3))
        elif p["kind"] == "kw_only":
            if data.draw(st.booleans()):
                keywords[p["name"]] = data.draw(GARBAGE)
        elif "default" not in p or data.draw(st.booleans()):
            first = data.draw(st.booleans()) and not args
            args.append(data.draw(arrays(ALL, shapes(large=False)) if first else GARBAGE))
        else:
            break
    note(f"{name}(*{args}, **{keywords})")
    try:
        the_function(name)(*(convert(xp, x) for x in args), **{k: convert(xp, v) for k, v in keywords.items()})
    except Exception as error:
        assert str(error)
