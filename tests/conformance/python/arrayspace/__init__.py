"""The Array API standard as the Rust library arrayspace has it: a namespace for each backend.

`arrayspace.cpu` is one, with its extensions `arrayspace.cpu.linalg` and `arrayspace.cpu.fft`; `arrayspace.wgpu` is
another where the package was built with it and there is a device. All of it is made by the compiled module.
"""

from . import _core
from ._core import Device, DType

cpu = _core.cpu

__all__ = ["DType", "Device", "cpu"]

if hasattr(_core, "wgpu"):
    wgpu = _core.wgpu
    __all__ += ["wgpu"]
