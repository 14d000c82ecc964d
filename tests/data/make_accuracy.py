"""Writes accuracy.txt: values of the elementary functions by mpmath, with 200 digits and more.

    python tests/data/make_accuracy.py

A line is: the function, its arguments, and the result as two numbers and a power of two, (high + low) * 2^power. All
numbers are given by their bits.
"""

import math
import pathlib
import random
import struct

from mpmath import mp, mpf

mp.prec = 3000
random.seed(20251201)


def bits(x):
    return f"{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"


def anything():
    while True:
        x = struct.unpack("<d", random.randbytes(8))[0]
        if math.isfinite(x) and x != 0:
            return x


def spread(least, most):
    return random.choice((-1, 1)) * 2.0 ** random.uniform(least, most)


def near_pole(count):
    """Multiples of pi/2, as near as a number of all binades comes."""
    for _ in range(count):
        k = int(2.0 ** random.uniform(0, 1000))
        yield float(k * mp.pi / 2)


def exponents():
    return [spread(-40, 6) for _ in range(20)] + [random.uniform(-745, 709) for _ in range(15)]


def angles():
    return (
        [spread(-70, 1) for _ in range(12)]
        + [anything() for _ in range(12)]
        + [random.uniform(-1000, 1000) for _ in range(8)]
        + list(near_pole(12))
        + [6381956970095103.0 * 2.0**797]
    )


def positive():
    return (
        [abs(anything()) for _ in range(12)]
        + [1 + spread(-52, -1) for _ in range(16)]
        + [random.uniform(0.5, 2.0) for _ in range(8)]
        + [5e-324, 1e-310]
    )


def within_one():
    return (
        [spread(-70, 0) for _ in range(12)]
        + [random.uniform(-1, 1) for _ in range(10)]
        + [math.copysign(1 - 2.0 ** random.uniform(-53, -1), random.uniform(-1, 1)) for _ in range(10)]
        + [1e-310, -5e-324]
    )


def any_pairs():
    return (
        [(anything(), anything()) for _ in range(10)]
        + [(random.uniform(-10, 10), random.uniform(-10, 10)) for _ in range(10)]
        + [(x, x * spread(-80, 80)) for x in (spread(-900, 900) for _ in range(16))]
        + [(5e-324, 1.5), (5e-324, -1.5), (1e-300, 1e300), (1e-310, 3e-310), (1.7e308, 1.6e308)]
    )


def powers():
    pairs = [(1 + spread(-40, -1), 0) for _ in range(15)] + [(abs(spread(-20, 20)), 0) for _ in range(15)]
    pairs = [(x, random.uniform(-745, 709) / math.log(x)) for x, _ in pairs]
    return pairs + [(-3.5, 7.0), (-1.25, -30.0), (5e-324, 0.01), (1e-310, -0.9), (2.0, -1073.5)]


def sums():
    return (
        [(random.uniform(-30, 30), random.uniform(-30, 30)) for _ in range(20)]
        + [(x, x + spread(-40, 8)) for x in (random.uniform(5, 700) for _ in range(10))]
        + [(1e-3, -740.0), (0.0, -740.0), (1e-310, -700.0), (1e300, 1e299)]
    )


functions = {
    "exp": (mp.exp, exponents()),
    "expm1": (mp.expm1, exponents() + [spread(-80, 0) for _ in range(10)]),
    "log": (mp.log, positive()),
    "log2": (lambda x: mp.log(x) / mp.ln2, positive()),
    "log10": (lambda x: mp.log(x) / mp.ln10, positive()),
    "log1p": (lambda x: mp.log(1 + x), [spread(-80, 0) / 2 for _ in range(20)] + positive()),
    "sin": (mp.sin, angles()),
    "cos": (mp.cos, angles()),
    "tan": (mp.tan, angles()),
    "asin": (mp.asin, within_one()),
    "acos": (mp.acos, within_one()),
    "atan": (mp.atan, angles()),
    "atan2": (mp.atan2, any_pairs()),
    "sinh": (mp.sinh, exponents()),
    "cosh": (mp.cosh, exponents()),
    "tanh": (mp.tanh, exponents()),
    "asinh": (mp.asinh, angles()),
    "acosh": (mp.acosh, [x for x in positive() if x > 1]),
    "atanh": (mp.atanh, within_one()),
    "pow": (lambda x, y: mpf(x) ** mpf(y), powers()),
    "hypot": (lambda x, y: mp.sqrt(x * x + y * y), any_pairs()),
    "logaddexp": (lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), sums()),
}

path = pathlib.Path(__file__).with_name("accuracy.txt")
with path.open("w") as file:
    for name, (f, arguments) in functions.items():
        for x in arguments:
            x = x if isinstance(x, tuple) else (x,)
            value = f(*map(mpf, x))
            power = int(mp.floor(mp.log(abs(value), 2)))
            value = mp.ldexp(value, -power)
            high = float(value)
            print(name, *map(bits, x), bits(high), bits(float(value - high)), power, file=file)
