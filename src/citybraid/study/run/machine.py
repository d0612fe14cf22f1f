"""The class of machine that a run was computed on: what its speed and the bits of its libraries depend on."""

import os
import platform
from collections.abc import Mapping


def machine_class() -> Mapping[str, str | int]:
    """Return the operating system, the processor's architecture and count, and the C library."""
    return {
        "system": platform.system(), "architecture": platform.machine(), "processors": os.cpu_count() or 1,
        "c_library": " ".join(platform.libc_ver()).strip() or "-",
    }  # fmt: skip
