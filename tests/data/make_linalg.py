"""Writes linalg.json: figures of NumPy for a fixed set of matrices.

    python tests/data/make_linalg.py

Arrays are lists in row-major order, of numbers, or of pairs [real, imaginary]. What is not unique (vectors of decompositions) is
left out; eigenvalues are sorted.
"""

import json
import pathlib

import numpy as np
from numpy import linalg as la


def numbers(x):
    x = np.asarray(x, dtype=complex).ravel()
    if not x.imag.any():
        return [float(v) for v in x.real]
    return [[float(v.real), float(v.imag)] for v in x]


rng = np.random.default_rng(20251201)


def real(m, n):
    return rng.integers(-64, 65, (m, n)) / 16.0


def cplx(m, n):
    return real(m, n) + 1j * real(m, n)


def hilbert(n):
    i = np.arange(n)
    return 1.0 / (i[:, None] + i + 1)


symmetric = real(6, 6)
hermitian = cplx(5, 5)
MATRICES = {
    "real 1": real(1, 1),
    "real 2": real(2, 2),
    "real 4": real(4, 4),
    "real 7": real(7, 7),
    "real 10": real(10, 10),
    "complex 3": cplx(3, 3),
    "complex 6": cplx(6, 6),
    "tall": real(6, 3),
    "wide": cplx(3, 6),
    "column": cplx(5, 1),
    "hilbert": hilbert(5),
    "magic": np.array([[16, 2, 3, 13], [5, 11, 10, 8], [9, 7, 6, 12], [4, 14, 15, 1]], dtype=float),
    "rank 1": np.outer([1.0, -2.0, 3.0], [0.5, 0.25, -1.0]),
    "symmetric": symmetric + symmetric.T,
    "definite": symmetric @ symmetric.T + np.eye(6),
    "hermitian": hermitian + hermitian.conj().T,
    "complex definite": hermitian @ hermitian.conj().T + np.eye(5),
    "triangular": np.triu(real(5, 5)) + 5 * np.eye(5),
    "rotation": np.array([[0.6, -0.8, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 1.0]]),
}
NORMS = {"fro": "fro", "nuc": "nuc", "1": 1, "-1": -1, "2": 2, "-2": -2, "inf": np.inf, "-inf": -np.inf}
ORDERS = {"0": 0, "1": 1, "2": 2, "3": 3, "0.5": 0.5, "-1": -1, "-2": -2, "inf": np.inf, "-inf": -np.inf}

cases = []
for name, a in MATRICES.items():
    m, n = a.shape
    case = {
        "name": name,
        "shape": [m, n],
        "complex": bool(np.iscomplexobj(a)),
        "x": numbers(a),
        "svdvals": numbers(la.svd(a, compute_uv=False)),
        "matrix_rank": int(la.matrix_rank(a)),
        "pinv": numbers(la.pinv(a, rcond=max(m, n) * np.finfo(float).eps)),
        "matrix_norm": {k: float(la.norm(a, v)) for k, v in NORMS.items()},
        "vector_norm": {k: float(la.norm(a.ravel() + 8, v)) for k, v in ORDERS.items()},
        "trace": numbers(np.trace(a)),
    }
    if m == n:
        sign, log = la.slogdet(a)
        case["det"] = numbers(la.det(a))
        case["eigvals"] = numbers(sorted(la.eigvals(a), key=lambda v: (round(v.real, 6), v.imag)))
        if la.matrix_rank(a) == n:
            b = cplx(n, 2) if np.iscomplexobj(a) else real(n, 2)
            case["slogdet"] = [numbers(sign)[0], float(log)]
            case["inv"] = numbers(la.inv(a))
            case["b"] = numbers(b)
            case["solve"] = numbers(la.solve(a, b))
            case["power -2"] = numbers(la.matrix_power(a, -2))
        case["power 5"] = numbers(la.matrix_power(a, 5))
        if np.array_equal(a, a.conj().T):
            w = la.eigvalsh(a)
            case["eigvalsh"] = numbers(w)
            if w[0] > 0:
                case["cholesky"] = numbers(la.cholesky(a))
    cases.append(case)

text = "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n"
pathlib.Path(__file__).with_name("linalg.json").write_text(text)
