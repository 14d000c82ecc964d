"""Writes complex.txt: values of the functions of complex numbers by mpmath, with 1500 digits.

    python tests/data/make_complex.py [COUNT [PATH]]

A line is: the function, the bits of its arguments' parts (8 digits for complex64, 16 for complex128), and for both
parts of the result the bits of the nearest number and what the exact value is more, in thousandths of a unit in the last
place. Of results out of range nothing is written.
"""

import math
import pathlib
import random
import struct
import sys

from mpmath import mp, mpc, mpf

mp.prec = 5000
random.seed(20251202)
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 30
PATH = sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(__file__).with_name("complex.txt")


class Format:
    def __init__(self, code, bits, digits, least, most):
        self.code, self.bits, self.digits, self.least, self.most = code, bits, digits, least, most

    def rounded(self, x):
        return struct.unpack(self.code, struct.pack(self.code, x))[0]

    def hex(self, x):
        return struct.pack(">" + self.code[1], x).hex().upper()

    def nearest(self, x):
        """The nearest number and the rest in thousandths of a unit, or None where it is out of range."""
        if x == 0:
            return 0.0, 0
        _, power = mp.frexp(x)
        if power > self.most:
            return None
        unit = max(power - self.digits, self.least)
        scaled = mp.ldexp(x, -unit)
        whole = int(mp.nint(scaled))
        near = math.ldexp(whole, unit)
        if math.isinf(near) or not math.isfinite(self.rounded(near)):
            return None
        return near, int(mp.nint((scaled - whole) * 1000))


SINGLE = Format("<f", 8, 24, -149, 127)
DOUBLE = Format("<d", 16, 53, -1074, 1023)


def sign():
    return random.choice((-1, 1))


def spread(least, most):
    return sign() * 2.0 ** random.uniform(least, most)


def any_part(f):
    return spread(f.least + 30, f.most - 2)


def anywhere(f):
    """Parts of any exponents, of near ones, and of moderate ones beside any."""
    kind = random.randrange(6)
    if kind == 0:
        return any_part(f), any_part(f)
    if kind == 1:
        x = any_part(f)
        return x, x * spread(-8, 1)
    if kind == 2:
        return spread(-4, 4), any_part(f)
    if kind == 3:
        return any_part(f), spread(-4, 4)
    return spread(-4, 4), spread(-4, 4)


def near(*points):
    def draw(f):
        if random.randrange(3) == 0:
            return anywhere(f)
        x, y = random.choice(points)
        if random.randrange(4) == 0:
            angle = random.uniform(0, 7)
            return math.cos(angle), math.sin(angle)
        reach = f.digits + 8
        # one part off by less than the other, or not at all
        d, e = spread(-reach, -1), spread(random.choice((-reach, f.least / 3)), -1)
        return x + d * random.randrange(2), y + e

    return draw


def exponents(f):
    reach = 0.69 * f.most
    kind = random.randrange(5)
    if kind == 0:
        return random.uniform(-reach, reach), random.uniform(-10, 10)
    if kind == 1:
        return random.uniform(-reach, reach), spread(f.least + 30, 30)
    if kind == 2:
        return spread(-30, 4), any_part(f)
    if kind == 3:
        return spread(f.least + 30, 3), round(random.uniform(-20, 20)) * math.pi / 2 + spread(-f.digits, 0)
    return spread(-4, 4), spread(-4, 4)


def turned(draw):
    return lambda f: draw(f)[::-1]


def two(draw):
    return lambda f: draw(f) + draw(f)


def powers(f):
    kind = random.randrange(3)
    if kind == 0:
        return spread(-2, 2), spread(-2, 2), float(random.randrange(-32, 33)), 0.0
    if kind == 1:
        return spread(-3, 3), spread(-3, 3), spread(-3, 2), spread(-3, 2)
    return spread(-20, 20), spread(-20, 20), spread(-1, 1), spread(-1, 1)



UNIT = near((1, 0), (-1, 0), (0, 1), (0, -1))
FUNCTIONS = {
    "sqrt": (mp.sqrt, anywhere),
    "exp": (mp.exp, exponents),
    "expm1": (lambda z: mp.exp(z) - 1, exponents),
    "log": (mp.log, UNIT),
    "log1p": (lambda z: mp.log(1 + z), near((0, 0), (-1, 0), (-1, 1))),
    "log2": (lambda z: mp.log(z) / mp.ln2, UNIT),
    "log10": (lambda z: mp.log(z) / mp.ln10, UNIT),
    "sin": (mp.sin, turned(exponents)),
    "cos": (mp.cos, turned(exponents)),
    "tan": (mp.tan, turned(exponents)),
    "sinh": (mp.sinh, exponents),
    "cosh": (mp.cosh, exponents),
    "tanh": (mp.tanh, exponents),
    "asin": (mp.asin, UNIT),
    "acos": (mp.acos, UNIT),
    "atan": (mp.atan, UNIT),
    "asinh": (mp.asinh, UNIT),
    "acosh": (mp.acosh, UNIT),
    "atanh": (mp.atanh, UNIT),
    "abs": (lambda z: mpc(abs(z), 0), anywhere),
    "square": (lambda z: z * z, anywhere),
    "reciprocal": (lambda z: 1 / z, anywhere),
    "multiply": (lambda z, w: z * w, two(anywhere)),
    "divide": (lambda z, w: z / w, two(anywhere)),
    "pow": (lambda z, w: mp.exp(w * mp.log(z)), powers),
}

with open(PATH, "w") as file:
    for name, (function, draw) in FUNCTIONS.items():
        for f in (SINGLE, DOUBLE):
            written = 0
            while written < COUNT:
                try:
                    x = [f.rounded(x) for x in draw(f)]
                except OverflowError:
                    continue
                if not all(map(math.isfinite, x)) or x[0] == 0 or x[1] == 0:
                    continue
                z = [mpc(mpf(a), mpf(b)) for a, b in zip(x[::2], x[1::2])]
                value = function(*z)
                parts = [f.nearest(mp.re(value)), f.nearest(mp.im(value))]
                if None in parts:
                    continue
                result = [word for near, rest in parts for word in (f.hex(near), str(rest))]
                print(name, *map(f.hex, x), *result, file=file)
                written += 1
