"""Writes welch.json: spectra by scipy.signal.welch, for the test of the example `welch`.

    python tests/data/make_welch.py
"""

import csv
import json
from pathlib import Path

import numpy as np
import scipy
from scipy import signal

HERE = Path(__file__).parent
RATE = 10e3


def sunspots():
    with open(HERE / "../../examples/data/sunspots.csv") as file:
        return np.array([float(row[1]) for row in list(csv.reader(file))[1:]])


def random(k):
    """The numbers of SplitMix64, as in the example."""
    z = (k + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)) / float(1 << 53)


def sine_in_noise(samples):
    """The signal of the example."""
    k = np.arange((samples + 1) // 2, dtype=np.uint64)
    u, v = random(np.uint64(2) * k), random(np.uint64(2) * k + np.uint64(1))
    radius = np.sqrt(0.001 * RATE / 2) * np.sqrt(-2 * np.log(1 - u))
    noise = np.stack([radius * np.cos(2 * np.pi * v), radius * np.sin(2 * np.pi * v)], axis=1)
    t = np.arange(samples)
    return noise.reshape(-1)[:samples] + np.sqrt(8) * np.sin(2 * np.pi * 1234.0 * t / RATE)


cases = []
for name, x, rate, lengths in [
    ("sunspots", sunspots(), 1.0, [154, 101, 309, 64, 2, 3]),
    ("signal", sine_in_noise(9001), RATE, [256, 33]),
    ("signal", sine_in_noise(1_100_000), RATE, [128]),
]:
    for nperseg in lengths:
        f, density = signal.welch(x, rate, nperseg=nperseg)
        cases.append(
            dict(data=name, samples=len(x), nperseg=nperseg, f=f.tolist(), density=density.tolist())
        )
made = f"scipy {scipy.__version__}, numpy {np.__version__}"
lines = ",\n".join(json.dumps(case) for case in cases)
(HERE / "welch.json").write_text(f'{{"made_by": "{made}", "cases": [\n{lines}\n]}}\n')
