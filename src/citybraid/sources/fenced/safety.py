"""What a reader may lean on: which GDAL drivers and settings, which files of the study."""

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
"""Settings of GDAL and its kin, made before the worker imports either."""


def drivers() -> tuple[frozenset[str], frozenset[str]]:
    """Return the drivers that readers use, and those that are known and taken out of both GDALs."""
    from citybraid.core.rows.intake import GdalDriver
    from citybraid.core.tables import read_table

    rows = read_table(GdalDriver)
    kept = frozenset(row.driver for row in rows if row.kept == "yes")
    return kept, frozenset(row.driver for row in rows) - kept


def without_drivers(scratch: Path, skipped: Iterable[str] = ()) -> dict[str, str]:
    """Return what the worker's environment says to both GDALs: files in `scratch`, only drivers that readers use.

    `skipped` are further drivers that this GDAL turned out to have.
    """
    out = ",".join(sorted({*drivers()[1], *skipped}))
    return {**FIXED, "CPL_TMPDIR": str(scratch), "GDAL_SKIP": out, "OGR_SKIP": out}


def refuse_outside(path: Path, root: Path, *, entry: str, said: str) -> None:
    """Raise InputError where a path, a link in it, or a file that goes with it leads out of the data folder.

    `path` is as the study writes it, joined to `root` and not resolved; `entry` is its
    entry in the study. Devices, pipes and sockets are no files either.
    """
    inside, real = root.resolve(), path.resolve()
    for each in (path, *(_companions(real) if real.is_relative_to(inside) else ())):
        if not each.resolve().is_relative_to(inside):
            raise InputError("intake.outside", name=entry, path=said, piece=each.name)
        if each.exists() and stat.S_IFMT(each.stat().st_mode) not in (stat.S_IFREG, stat.S_IFDIR):
            raise InputError("intake.no_plain_file", name=entry, path=said, piece=each.name)


def _companions(path: Path) -> Iterator[Path]:
    """Links and devices beside a file that share its stem (.dbf, .prj, .tfw ...): a library may open them unasked."""
    if not path.parent.is_dir():
        return
    stem = path.stem.casefold()
    for each in os.scandir(path.parent):
        odd = each.is_symlink() or not (each.is_file() or each.is_dir())
        if odd and each.name.casefold().startswith(stem):
            yield Path(each.path)
