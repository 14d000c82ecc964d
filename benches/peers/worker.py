"""The peers of Python, one process each: reads work from standard input, writes seconds to standard output.

    worker.py numpy|jax|torch

A line `prepare NAME DTYPE SIZE` is answered with `yes` or `no`, a line `time CALLS` with the seconds that so many calls
took, without what as many calls of nothing take.
"""

import importlib
import sys
import time


def numbers(np, dtype, n, seed=1):
    """The same kind of numbers that every library gets: positive and less than 2, or small integers of either sign."""
    rng = np.random.default_rng(seed)
    if dtype == "bool":
        return rng.random(n) < 0.5
    if dtype.startswith("int"):
        return rng.integers(-99, 100, n).astype(dtype)
    x = rng.random(n) + 0.5
    return (x + 1j * x[::-1]).astype(dtype) if dtype.startswith("complex") else x.astype(dtype)


def square(name):
    return name.endswith(("_axis0", "_axis1")) or "transposed" in name or name in ("matmul", "matvec")


def prepare(lib, np, module, name, dtype, size):
    """A call without arguments that does the work once, or nothing if the library lacks it."""
    xp = module
    n = size * size if square(name) else size
    shape = (size, size) if square(name) else (size,)

    def give(a):
        if lib == "numpy":
            return a
        if lib == "torch":
            return module.from_numpy(a)
        return module.asarray(a)

    def done(f):
        """Of JAX, compiled, and waited for."""
        if lib != "jax":
            return f
        import jax

        if name in ("nonzero", "mask", "unique", "index", "reshape"):
            return lambda: jax.block_until_ready(f())
        # the arrays as arguments: of constants, the compiler would compute results once and for all
        program = jax.make_jaxpr(f)()
        g = jax.jit(lambda *arrays: jax.core.eval_jaxpr(program.jaxpr, arrays))
        return lambda: jax.block_until_ready(g(*program.consts))

    numpy, torch = lib == "numpy", lib == "torch"
    if name == "matmul_batched":
        a, b = (give(numbers(np, dtype, size * 16, k).reshape(size, 4, 4)) for k in (1, 2))
        return done(lambda: a @ b)
    if name == "add_strided":
        a, b = (give(numbers(np, dtype, 2 * size, k)) for k in (1, 2))
        return done(lambda: a[::2] + b[::2])
    x, y = (give(numbers(np, dtype, n, k).reshape(shape)) for k in (1, 2))
    if dtype.startswith("int") and name in ("floor_divide", "remainder"):
        y = y + (y == 0)
    if name == "cumulative_prod":
        x = (x - 1) * 1e-4 + 1  # running products stay normal numbers
    mask = give(numbers(np, "bool", n, 3).reshape(shape)) if name in ("where", "mask") else None
    if name == "broadcast":
        line = x[:1000]
        x = x.reshape(-1, 1000)
    places = give(numbers(np, "float64", n, 4).argsort()) if name == "take" else None
    half = n // 2
    if name.endswith("_element"):
        if not numpy:
            return None
        table = numbers(np, dtype, n).reshape(2, -1)
    first = y[:half] if name in ("concat", "stack") else None
    if name == "searchsorted":
        ordered = give(np.sort(numbers(np, dtype, n, 5)))
    to = {"float64": "float32", "float32": "float64"}.get(dtype)

    def axis(f, k):
        return f(x, k) if torch else f(x, axis=k)

    calls = {
        "add": lambda: x + y,
        "multiply": lambda: x * y,
        "divide": lambda: x / y,
        "scalar": lambda: x * 2.5,
        "less": lambda: x < y,
        "where": lambda: xp.where(mask, x, y),
        "cast": lambda: x.to(getattr(xp, to)) if torch else x.astype(to),
        "broadcast": lambda: x + line,
        "index": lambda: x[3],
        "get_element": lambda: table[1, 2],
        "set_element": lambda: table.__setitem__((1, 2), 2.5),
        "reshape": lambda: x.reshape(2, 4),
        "floor_divide": lambda: x // y,
        "remainder": lambda: x % y,
        "add_transposed": lambda: x + y.T,
        "exp": lambda: xp.exp(x),
        "log": lambda: xp.log(x),
        "sin": lambda: xp.sin(x),
        "cos": lambda: xp.cos(x),
        "tanh": lambda: xp.tanh(x),
        "pow": lambda: x**y,
        "sum": lambda: x.sum(),
        "mean": lambda: x.mean(),
        "max": lambda: x.max(),
        "argmax": lambda: x.argmax(),
        "any": lambda: xp.any(zero),
        "all": lambda: xp.all(one),
        "sum_axis0": lambda: axis(xp.sum, 0),
        "sum_axis1": lambda: axis(xp.sum, 1),
        "max_axis0": lambda: axis(xp.amax, 0),
        "max_axis1": lambda: axis(xp.amax, 1),
        "var": lambda: xp.var(x),
        "std": lambda: xp.std(x),
        "cumulative_sum": lambda: xp.cumsum(x, 0),
        "cumulative_prod": lambda: xp.cumprod(x, 0),
        "zscore": lambda: (x - xp.mean(x)) / xp.std(x),
        "matmul": lambda: x @ y,
        "matvec": lambda: x @ y[0],
        "sort": lambda: xp.sort(x),
        "argsort": lambda: xp.argsort(x, stable=True) if not numpy else xp.argsort(x, kind="stable"),
        "unique": lambda: xp.unique(x),
        "searchsorted": lambda: xp.searchsorted(ordered, x),
        "nonzero": lambda: xp.nonzero(x),
        "mask": lambda: x[mask],
        "copy_transposed": lambda: x.T.contiguous() if torch else xp.array(x.T, order="C", copy=True),
        "concat": lambda: xp.concatenate([first, first]),
        "stack": lambda: xp.stack([first, first]),
        "take": lambda: x[places],
        "repeat": lambda: x[:half].repeat_interleave(2) if torch else xp.repeat(x[:half], 2),
        "roll": lambda: xp.roll(x, 12345),
        "flip": lambda: xp.flip(x, [0]) if torch else xp.flip(x).copy() if numpy else xp.flip(x),
        "tile": lambda: xp.tile(x[:half], (2,)),
    }
    if name in ("any", "all"):
        zero, one = give(np.zeros(n, bool)), give(np.ones(n, bool))
    if lib == "jax" and name == "copy_transposed":
        return None  # its layouts are the compiler's
    return done(calls[name]) if name in calls else None


def main():
    lib = sys.argv[1]
    np = importlib.import_module("numpy")
    if lib == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
        module = importlib.import_module("jax.numpy")
    else:
        module = importlib.import_module(lib)
    np.seterr(all="ignore")
    print("ready", np.__version__ if lib == "numpy" else importlib.import_module(lib).__version__, flush=True)
    call, nothing = None, lambda: None
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "prepare":
            call = None
            try:
                call = prepare(lib, np, module, rest[0], rest[1], int(rest[2]))
                if call is not None:
                    call()
            except Exception as error:  # what a library cannot do is not compared
                print(f"{lib} {line.strip()}: {error}", file=sys.stderr)
                call = None
            print("no" if call is None else "yes", flush=True)
        else:
            count = range(int(rest[0]))
            begin = time.perf_counter()
            for _ in count:
                call()
            seconds = time.perf_counter() - begin
            begin = time.perf_counter()
            for _ in count:
                nothing()
            print(repr(seconds - (time.perf_counter() - begin)), flush=True)


main()
