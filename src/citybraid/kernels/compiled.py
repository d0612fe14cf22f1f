"""The one place that says njit: picks a writable cache folder before numba is imported."""

import gc
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

# Contraction and reciprocals never change whether a sum closes; reassociation may, so it is never here.
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


def modules_compiled() -> frozenset[str]:
    """Return the modules of this checkout with a kernel that is compiled on this machine, as `flood.solver`.

    A build of a kernel that no run has asked for yet is compiled when it is, which this does not tell.
    """
    if _FOLDER is None:
        return frozenset()
    rooms = [each for each in Path(__file__).parent.iterdir() if each.is_dir() and not each.name.startswith("_")]
    return frozenset(f"{room.name}.{name}" for room in rooms for name in _kept_in(room, _FOLDER))


def _kept_in(room: Path, folder: Path) -> Iterator[str]:
    """Yield the modules of a room of which numba keeps a kernel, by the names that it gives its files."""
    path = os.path.abspath(room)  # noqa: PTH100  (the name is numba's, which takes links as they are)
    named = hashlib.sha1(path.encode(), usedforsecurity=False).hexdigest()
    for each in (folder / f"{room.name}_{named}").glob("*.nbi"):
        yield each.name.split(".", 1)[0]


_FOLDER = cache_folder()
if _FOLDER is not None:
    os.environ["NUMBA_CACHE_DIR"] = str(_FOLDER)

from numba import config, njit  # noqa: E402  (the cache folder must be chosen first)
from numba.extending import register_jitable  # noqa: E402

if _FOLDER is not None:
    # Where numba was imported before us it has read the environment already.
    config.CACHE_DIR = str(_FOLDER)  # type: ignore[attr-defined]  # numba's settings are made at run time


def compiled(*, fast: frozenset[str] = FAST, inline: bool = False, inner: bool = False) -> Callable[[F], F]:
    """Compile a kernel to machine code that releases the interpreter lock.

    `fast` names the LLVM fast-math flags that this kernel tolerates; pass an
    empty set for strict arithmetic. A division by zero gives infinity, as numpy's does:
    a check of every divisor would keep loops from vectorising. `inline` marks small functions to inline at
    their calls. `inner` is for kernels that only kernels call and that allocate nothing: they are compiled with
    their callers, which own the arrays, and run as plain Python when called from Python.
    """
    options: dict[str, Any] = {"fastmath": set(fast) or False, "error_model": "numpy"}
    if inner:
        return cast("Callable[[F], F]", register_jitable(_nrt=False, **options))
    options |= {"nogil": True, "cache": _FOLDER is not None}
    if inline:
        options["inline"] = "always"
    return cast("Callable[[F], F]", njit(**options))


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the cyclic garbage collector where kernels may compile: scans of long-lived objects took a tenth of that.

    Only who found it on turns it on again, so that threads that overlap never leave it off.
    """
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()
