"""The Array API standard as the Rust library arrayspace has it: a namespace for each backend.

`arrayspace.cpu` is one, with its extensions `arrayspace.cpu.linalg` and `arrayspace.cpu.fft`. All of it is
made by the compiled module.
"""

from . import _core

cpu = _core.cpu

__all__ = ["cpu"]
