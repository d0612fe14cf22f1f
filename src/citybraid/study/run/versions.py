"""Versions of the program, Python and libraries that results may depend on."""

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from citybraid import __version__

LIBRARIES = (
    "numpy",
    "numba",
    "scipy",
    "pandas",
    "geopandas",
    "shapely",
    "pyproj",
    "rasterio",
    "pvlib",
    "highspy",
    "SALib",
)


def versions() -> dict[str, str]:
    """Return the versions that results may depend on."""
    return {
        "citybraid": __version__,
        "python": platform.python_version(),
        **_of_libraries(),
    }


@cache
def _of_libraries() -> Mapping[str, str]:
    """Return the versions of libraries, which do not change while a process runs: each is looked up on the disk."""
    return {name: version(name) for name in LIBRARIES}
