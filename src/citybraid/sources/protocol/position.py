"""Where a file's shapes or pixels stood before they were brought to the study's CRS."""

from dataclasses import dataclass

from citybraid.sources.protocol.target import Bounds


@dataclass(frozen=True)
class Position:
    """A file's coordinates as it holds them, and in which CRS they were taken to be.

    `crs` and `stated` (the file's own word, '' where it has none) are WKT; `named` is
    the study's word, '' where it says none. `bounds` are in the file's numbers, x before
    y as they were read. `datum` is the datum of web maps that was taken out ('' for
    none), which moved the shapes by `moved` on average [m].
    """

    name: str
    crs: str
    bounds: Bounds
    named: str = ""
    stated: str = ""
    axes: str = ""
    datum: str = ""
    moved: float = 0.0
