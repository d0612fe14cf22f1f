"""Position of a file's shapes or pixels before reprojection to the study's CRS."""

from dataclasses import dataclass

from citybraid.sources.protocol.target import Bounds


@dataclass(frozen=True)
class Position:
    """Extent of a file in its own coordinates, and the CRS assumed for them.

    `crs` (the one used) and `stated` (the file's own, '' where it has none) are WKT;
    `named` is the CRS set in the study, '' where there is none. `bounds` are in file
    coordinates, x before y as they were read. `datum` is the web-map datum that was
    removed ('' for none), which shifted the shapes by `moved` on average [m].
    """

    name: str
    crs: str
    bounds: Bounds
    named: str = ""
    stated: str = ""
    axes: str = ""
    datum: str = ""
    moved: float = 0.0
