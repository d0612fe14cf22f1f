"""The environment of a child: a few variables of the user's shell; home and temporary folders in its scratch folder."""

import os
import site
from collections.abc import Mapping
from pathlib import Path

PASSED = frozenset(
    {
        "PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT",
        "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE",
    }
)  # fmt: skip
"""Variables of the user's shell that reach a child; keys, proxies and settings of libraries are not among them."""
PLACES = ("TMPDIR", "TEMP", "TMP", "HOME", "USERPROFILE", "XDG_CACHE_HOME")
FIXED: Mapping[str, str] = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MALLOC_ARENA_MAX": "2",
}


def child_environment(scratch: Path, more: Mapping[str, str]) -> dict[str, str]:
    """Return a child's environment: the user variables that it needs, its home in `scratch`, and `more`."""
    passed = {name: value for name, value in os.environ.items() if name.upper() in PASSED}
    return {
        **passed, **FIXED, **dict.fromkeys(PLACES, str(scratch)), "PYTHONUSERBASE": site.getuserbase(), **more,
    }  # fmt: skip


def with_package(environment: Mapping[str, str], source: Path) -> dict[str, str]:
    """Return an environment in which this package comes first on PYTHONPATH."""
    paths = [str(source), *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths)}
