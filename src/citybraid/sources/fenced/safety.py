"""What a reader may access: GDAL drivers and settings, and the files of the study."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from citybraid.core.errors import InputError

FIXED: Mapping[str, str] = {
    "GDAL_CONFIG_FILE": os.devnull,
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_CACHEMAX": "64",
    "GDAL_NUM_THREADS": "1",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "PROJ_NETWORK": "OFF",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
"""Settings of GDAL, PROJ and Arrow, set before the worker imports them."""


def gdal_drivers() -> tuple[frozenset[str], frozenset[str]]:
    """Return the drivers that readers use, and the known drivers that are disabled in both GDAL builds."""
    from citybraid.core.rows.intake import GdalDriver
    from citybraid.core.tables import read_table

    rows = read_table(GdalDriver)
    enabled = frozenset(row.driver for row in rows if row.kept == "yes")
    return enabled, frozenset(row.driver for row in rows) - enabled


def gdal_environment(scratch: Path, skipped: Iterable[str] = ()) -> dict[str, str]:
    """Return the worker's environment variables for both GDAL builds: temporary files in `scratch`, unused drivers off.

    `skipped` are further drivers of this GDAL build to disable.
    """
    disabled = ",".join(sorted({*gdal_drivers()[1], *skipped}))
    return {**FIXED, "CPL_TMPDIR": str(scratch), "GDAL_SKIP": disabled, "OGR_SKIP": disabled}


def refuse_outside(path: Path, root: Path, *, entry: str, said: str) -> None:
    """Raise InputError where a path, a link in it, or a companion file leads out of the data folder.

    `path` is as the study writes it, joined to `root` and not resolved; `entry` is its
    entry in the study and `said` the path for the message. Devices, pipes and sockets are refused too.
    """
    folder, resolved = root.resolve(), path.resolve()
    for part in (path, *(_companions(resolved) if resolved.is_relative_to(folder) else ())):
        if not part.resolve().is_relative_to(folder):
            raise InputError("intake.outside", name=entry, path=said, piece=part.name)
        if part.exists() and stat.S_IFMT(part.stat().st_mode) not in (stat.S_IFREG, stat.S_IFDIR):
            raise InputError("intake.no_plain_file", name=entry, path=said, piece=part.name)


def _companions(path: Path) -> Iterator[Path]:
    """Yield links and devices beside a file that share its stem (.dbf, .prj, .tfw ...); a library may open them."""
    if not path.parent.is_dir():
        return
    stem = path.stem.casefold()
    for entry in os.scandir(path.parent):
        irregular = entry.is_symlink() or not (entry.is_file() or entry.is_dir())
        if irregular and entry.name.casefold().startswith(stem):
            yield Path(entry.path)
