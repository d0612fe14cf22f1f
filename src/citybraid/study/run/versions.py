"""Versions of the program, Python and libraries that results may depend on."""

import platform
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
        **{name: version(name) for name in LIBRARIES},
    }
