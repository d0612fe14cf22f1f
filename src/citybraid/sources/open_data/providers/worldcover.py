"""ESA WorldCover 2021: land cover in 11 classes, in tiles of three degrees."""

import math
from collections.abc import Sequence

from citybraid.sources.open_data import item, known
from citybraid.sources.open_data.item import Fetched, Item, StudyFile, Workspace
from citybraid.sources.protocol.target import Bounds

NAME = "worldcover"
ROLES = ("land_cover",)
SIDE = 3
"""Side of a tile [degree]."""
YEAR = 2021


class Options(item.Options):
    """No options."""


def tiles(bounds: Bounds, options: Options) -> tuple[Item, ...]:
    """Return the tiles over an area, named by their south-west corner; open sea has none."""
    del options
    row = known.source(NAME, "tile")
    west, south, east, north = bounds
    return tuple(
        Item(*row.placed(tile=_corner(latitude, longitude)), "tiff", may_lack=True)
        for latitude in range(_tile_edge(south), math.ceil(north), SIDE)
        for longitude in range(_tile_edge(west), math.ceil(east), SIDE)
    )


def _tile_edge(degrees: float) -> int:
    return math.floor(degrees / SIDE) * SIDE


def _corner(latitude: int, longitude: int) -> str:
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{north}{abs(latitude):02d}{east}{abs(longitude):03d}"


def make(fetched: Sequence[Fetched], options: Options, desk: Workspace) -> tuple[StudyFile, ...]:
    """Make one raster of the area; its classes are mapped by the land-cover table."""
    del options
    words = {"as_of": YEAR}
    return (StudyFile("land_cover", desk.cut(fetched, "land_cover"), words, ("fetch.built_up_one_class",)),)
