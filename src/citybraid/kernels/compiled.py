"""The one place that says njit: picks a writable cache folder before numba is imported."""

import gc
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

# Contraction and reciprocals never change whether a sum closes; reassociation may, so it is never here.
RARELY = 2_000_000
"""Objects made between two collections of garbage while kernels are compiled."""
FAST = frozenset({"nsz", "arcp", "contract", "afn"})


def cache_folder() -> Path | None:
    """Return a writable folder for compiled kernels, or None where there is none.

    Its last part is a digest of all kernels: numba notices a change of a kernel's own
    file, but not one of a kernel that it calls in another.
    """
    home = os.environ.get("HOME")
    roots = [
        os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME"), os.environ.get("LOCALAPPDATA"),
        f"{home}/.cache" if home else None,
    ]  # fmt: skip
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    for root in roots:
        if not root:
            continue
        folder = Path(root) if Path(root).name == digest else Path(root) / "citybraid-kernels" / digest
        if _writable(folder):
            return folder
    return None


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


_FOLDER = cache_folder()
if _FOLDER is not None:
    os.environ["NUMBA_CACHE_DIR"] = str(_FOLDER)

import numba  # noqa: E402  (the cache folder must be chosen first)
from numba.core import event  # noqa: E402
from numba.core.registry import CPUDispatcher  # noqa: E402


class _Patience(event.Listener):
    """Lets garbage lie while a kernel is compiled: the compiler's many small objects live until its end."""

    def __init__(self) -> None:
        self._under_way = 0
        self._usual = gc.get_threshold()

    def on_start(self, _event: Any) -> None:
        """Collect rarely from the outermost kernel's start."""
        if self._under_way == 0:
            self._usual = gc.get_threshold()
            gc.set_threshold(RARELY, *self._usual[1:])
        self._under_way += 1

    def on_end(self, _event: Any) -> None:
        """Collect as usual after the outermost kernel's end."""
        self._under_way -= 1
        if self._under_way == 0:
            gc.set_threshold(*self._usual)


event.register("numba:compile", _Patience())  # type: ignore[no-untyped-call]


class _Inner(CPUDispatcher):
    """A kernel that only kernels call: nothing is compiled to reach it from Python."""

    def add_overload(self, compiled: Any) -> None:
        """Keep what was compiled for other kernels, out of reach of calls from Python."""
        self.overloads[tuple(compiled.signature.args)] = compiled

    def _compile_for_args(self, *_args: Any, **_named: Any) -> Any:
        raise TypeError(f"{self.py_func.__name__} is called by kernels only")


def compiled(
    *, fast: frozenset[str] = FAST, inline: bool = False, views: bool = False, inner: bool = False
) -> Callable[[F], F]:
    """Compile a kernel to machine code that releases the interpreter lock.

    `fast` names the LLVM fast-math flags this kernel was proved to bear; pass an
    empty set for strict arithmetic. A division by zero gives infinity, as numpy's does:
    a check of every divisor would keep loops from vectorising. `inline` marks small functions for LLVM.
    `views` leaves out reference counts: for kernels that allocate nothing and take many
    slices of arrays that their caller holds. `inner` is for kernels that kernels alone call: no way in from
    Python is compiled for them, nor are they cached by themselves.
    """

    def decorate(function: F) -> F:
        options: dict[str, Any] = {
            "nogil": True,
            "cache": _FOLDER is not None,
            "fastmath": set(fast) or False,
            "error_model": "numpy",
            "no_cfunc_wrapper": True,
        }
        if views:
            options["_nrt"] = False
        if inline:
            options["inline"] = "always"
        if inner:
            options |= {"cache": False, "no_cpython_wrapper": True}
        kernel = numba.njit(**options)(function)
        if inner:
            kernel.__class__ = _Inner
        return cast("F", kernel)

    return decorate
