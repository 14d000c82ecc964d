"""Writes display.json beside it: arrays and how NumPy (2.3 or later) prints them.

    python display.py

Each case has a dtype, a shape, the elements in row-major order as little-endian bytes in hexadecimal, and
the text.
"""

import json
import pathlib

import numpy as np

rng = np.random.default_rng(2025)
f32, f16, c64 = np.float32, np.float16, np.complex64
nan, inf = np.nan, np.inf

arrays = [
    # 0-d
    np.array(True), np.array(-5, np.int8), np.array(2**63, np.uint64), np.array(1.0), np.array(0.1),
    np.array(-0.0), np.array(1e16), np.array(1e15), np.array(1.5e-5), np.array(1e-4), np.array(nan),
    np.array(-inf), np.array(0.1, f32), np.array(1e-4, f32), np.array(123456789, f32),
    np.array(999999, f32), np.array(0.1, f16), np.array(2048, f16), np.array(1 + 2j),
    np.array(-1.5 - 0.25j), np.array(2j), np.array(complex(-0.0, 1)), np.array(complex(nan, inf)),
    np.array(complex(1, -nan)), np.array(1e20 + 1e-9j), np.array(0.1 + 0.2j, c64),
    # no elements
    np.zeros(0), np.zeros((0, 3)), np.zeros((2, 0), np.int32), np.zeros((1, 0, 2), bool),
    # bool and integers
    np.array([True, False]), np.array([True, True]), np.array([[True], [False]]), np.arange(5),
    np.array([-1, 10, 200]), np.array([[1, -22], [333, 4]], np.int16), np.arange(24).reshape(2, 3, 4),
    np.arange(16).reshape(2, 2, 2, 2), np.array([0, 2**64 - 1], np.uint64),
    np.array([-(2**63), 2**63 - 1]), np.array([[[7]]], np.uint8),
    # real numbers
    np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.5, -3.0]), np.array([0.1, 0.02, 0.003]),
    np.array([1 / 3, 2 / 3, 1.0]), np.array([1.0, nan]), np.array([nan, inf]), np.array([nan, -inf]),
    np.array([1.5, -inf, nan, 100.25]), np.array([nan]), np.array([1e10, 1.0]), np.array([1e-5, 1.0]),
    np.array([1e8]), np.array([99999999.0, 1e5]), np.array([1.0, 1000.0]), np.array([1.0, 1000.1]),
    np.array([1e100, -1e-100, 0.0, nan, -inf]), np.array([1e300, inf]), np.array([5e-324, 1.7976931348623157e308]),
    np.array([0.0, -0.0]), np.array([123456.789, 200000.0]), np.array([0.30000000000000004, 0.1]),
    np.array([0.123456785, 0.5]), np.array([-1.25, 10.0])[:, None] * np.array([1.0, 3.3]),
    rng.normal(size=(4, 5)), rng.normal(size=(2, 3, 3)) * 1e-6, rng.normal(size=30),
    rng.integers(-9, 9, size=(3, 40)), np.linspace(0, 1, 11), rng.normal(size=(2, 12)) * 1e9,
    # narrower ones
    np.array([0.1, 0.2, 1 / 3], f32), np.array([1e6, 1.0], f32), np.array([999999.0, 1e5], f32),
    np.array([1e-4, 0.05], f32), np.array([1.0, 0.001], f32), np.array([3.4028235e38, 1e-45], f32),
    rng.normal(size=(3, 4)).astype(f32), np.array([0.1, 1 / 3, 1.5], f16),
    np.array([999.0, 500.0], f16), np.array([1000.0, 5.0], f16), np.array([65504, 6e-8, -inf], f16),
    rng.normal(size=(2, 3)).astype(f16), rng.normal(size=(5, 4)).astype(f32) * f32(1e-7),
    np.array([0.1, 1.1754945e-38], f32), np.array([7211.15625, 1.0], f32), np.array([0.1, 9.9e-5], f16),
    # complex numbers
    np.array([1 + 2j, -3.5 - 0.25j]), np.array([1e10 + 1j, 1e-10j]), np.array([complex(nan, 1), complex(1, -inf)]),
    np.array([[1j, 2], [3, 0.5j]]), np.array([0.1 + 1 / 3j, 2], c64), rng.normal(size=(2, 6)).view(complex),
    np.array([complex(-0.0, 0.0), complex(0.0, -0.0)]),
    # wrapped and summarised
    np.arange(100), np.arange(1000, dtype=np.int16), np.arange(1001, dtype=np.int16),
    np.arange(1100, dtype=np.int16).reshape(11, 100), np.arange(1200, dtype=np.int16).reshape(2, 3, 200),
    np.arange(1029, dtype=np.int16).reshape(7, 7, 21), np.arange(1024, dtype=np.int16).reshape((2,) * 10),
    np.arange(1001, dtype=np.int16).reshape(1001, 1), (np.arange(1002) % 2 == 0).reshape(6, 167),
    rng.normal(size=1005).astype(f16), np.ones((8, 130), np.uint8) * np.arange(130, dtype=np.uint8),
]
cases = []
for x in arrays:
    cases.append({
        "dtype": x.dtype.name,
        "shape": list(x.shape),
        "bytes": np.ascontiguousarray(x).astype(x.dtype.newbyteorder("<")).tobytes().hex(),
        "text": str(x),
    })
path = pathlib.Path(__file__).with_name("display.json")
path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
