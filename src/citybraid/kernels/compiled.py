"""The one place that says njit: picks a writable cache folder before numba is imported, and the width of vectors."""

import gc
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from llvmlite.binding import get_host_cpu_features

F = TypeVar("F", bound=Callable[..., Any])

# Contraction and reciprocals never change whether a sum closes; reassociation may, so it is never here.
FAST = frozenset({"nsz", "arcp", "contract", "afn"})
KEPT = "citybraid-kernels"
"""Folder of compiled kernels in the user's cache."""
WIDE, NARROW = "avx512vbmi2", "prefer-256-bit"
"""Features: of x86 processors that keep their pace in instructions of 512 bits, and LLVM's habit of 256 on Intel's."""
TARGET = ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "NUMBA_ENABLE_AVX")
"""Settings of numba by which a user chooses the processor to compile for."""
LOCATORS = f"{__name__}.Kept,UserProvidedCacheLocator"
"""Classes that tell numba where a kernel is kept: ours, and where that cannot, numba's for the same folder."""
_KERNELS = Path(__file__).parent
_NAMED = re.compile(r"citybraid\.kernels((?:\.\w+)*)", re.ASCII)


def cache_folder() -> Path | None:
    """Return a writable folder for compiled kernels, or None where there is none."""
    home = os.environ.get("HOME")
    roots = [
        os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME"), os.environ.get("LOCALAPPDATA"),
        f"{home}/.cache" if home else None,
    ]  # fmt: skip
    for root in roots:
        if not root:
            continue
        folder = Path(root) if Path(root).name == KEPT else Path(root) / KEPT
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


@cache
def _read(path: Path) -> tuple[bytes, frozenset[Path]]:
    """Return a digest of a module's name and text, and the kernels that it names: all of a room, where it names one."""
    text = path.read_bytes()
    named: set[Path] = set()
    for name in _NAMED.findall(text.decode("utf-8")):
        place = _KERNELS.joinpath(*name.split(".")[1:])
        named.update(place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")])
    return hashlib.sha256(path.name.encode() + text).digest(), frozenset(each for each in named if each.is_file())


@cache
def code_digest(path: Path) -> str:
    """Return a digest of a module and all kernels below it: numba notices a change of a kernel's own file alone."""
    known, waiting = {_KERNELS / "compiled.py"}, [path]
    while waiting:
        each = waiting.pop()
        if each not in known:
            known.add(each)
            waiting.extend(_read(each)[1])
    return hashlib.sha256(b"".join(sorted(_read(each)[0] for each in known))).hexdigest()[:12]


def modules_compiled() -> frozenset[str]:
    """Return the modules of this checkout with a kernel that is compiled on this machine, as `flood.solver`.

    A build of a kernel that no run has asked for yet is compiled when it is, which this does not tell.
    """
    if _FOLDER is None:
        return frozenset()
    rooms = [each for each in _KERNELS.iterdir() if each.is_dir() and not each.name.startswith("_")]
    return frozenset(f"{room.name}.{name}" for room in rooms for name in _kept_in(room, _FOLDER))


def _kept_in(room: Path, folder: Path) -> Iterator[str]:
    """Yield the modules of a room of which numba keeps a kernel, by the names that it gives its files."""
    for module in room.glob("*.py"):
        if next(_place(folder, module).glob(f"{module.stem}.*.nbi"), None) is not None:
            yield module.stem


def _place(folder: Path, module: Path) -> Path:
    """Return the folder of a module's kernels: by its code and that below it, and by numba, wherever the module lies.

    A change compiles only what rests on it anew; a checkout, an environment or a release with the same code, nothing.
    """
    return folder / code_digest(module) / f"{module.parent.name}-{numba.__version__}"


class Kept:
    """Tells numba where a kernel is kept; numba's own places are apart for each path of a module.

    It has what numba asks of a class named in NUMBA_CACHE_LOCATOR_CLASSES.
    """

    def __init__(self, folder: Path, module: Path, line: int) -> None:
        self._path, self._stamp, self._line = _place(folder, module), code_digest(module), line
        self._py_file = str(module)  # named where numba tells that a kernel cannot be kept

    @classmethod
    def from_function(cls, kernel: Callable[..., Any], path: str) -> Self | None:
        """Return the place of a kernel of a module at a path; None where it cannot be kept here."""
        module = Path(path)
        if _FOLDER is None or not module.is_file():
            return None
        made = cls(_FOLDER, module, kernel.__code__.co_firstlineno)
        return made if _writable(made._path) else None

    def ensure_cache_path(self) -> None:
        """Make the folder."""
        self._path.mkdir(parents=True, exist_ok=True)

    def get_cache_path(self) -> str:
        """Return the folder."""
        return str(self._path)

    def get_source_stamp(self) -> str:
        """Return what changes with the code; the folder does so too."""
        return self._stamp

    def get_disambiguator(self) -> str:
        """Return what tells kernels of one name in a module apart."""
        return str(self._line)


def processor_features() -> str | None:
    """Return the features to compile for, None where numba's choice stands: that of a user, or of other processors.

    LLVM uses half the width of Intel's vectors, as the first processors that had 512 bits slowed down by them. Those
    since 2019 do not.
    """
    if any(os.environ.get(name) for name in TARGET):
        return None
    try:
        features = get_host_cpu_features()
    except RuntimeError:  # LLVM does not tell those of every processor
        return None
    return f"{features.flatten()},-{NARROW}" if features.get(WIDE) else None


_FOLDER = cache_folder()
if _FOLDER is not None:
    os.environ["NUMBA_CACHE_DIR"] = str(_FOLDER)

import numba  # noqa: E402  (the cache folder must be chosen first)
from numba import config, njit  # noqa: E402
from numba.extending import register_jitable  # noqa: E402

if _FOLDER is not None:
    # Where numba was imported before us it has read the environment already.
    config.CACHE_DIR = str(_FOLDER)  # type: ignore[attr-defined]  # numba's settings are made at run time
if (_FEATURES := processor_features()) is not None:
    config.CPU_FEATURES = _FEATURES  # type: ignore[attr-defined]


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

    def kept(kernel: F) -> F:
        if _FOLDER is None:
            return cast("F", njit(**options)(kernel))
        others = config.CACHE_LOCATOR_CLASSES  # type: ignore[attr-defined]
        config.CACHE_LOCATOR_CLASSES = LOCATORS  # type: ignore[attr-defined]
        made = njit(**options)(kernel)
        config.CACHE_LOCATOR_CLASSES = others  # type: ignore[attr-defined]
        return cast("F", made)

    return kept


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
