"""Copernicus DEM GLO-30: surface heights, including roofs and tree crowns, in tiles of one degree."""

import math
from collections.abc import Sequence

from citybraid.sources.open_data import item, known
from citybraid.sources.open_data.item import Fetched, Item, StudyFile, Workspace
from citybraid.sources.protocol.target import Bounds

NAME = "dem"
ROLES = ("terrain",)


class Options(item.Options):
    """No options."""


def tiles(bounds: Bounds, options: Options) -> tuple[Item, ...]:
    """Return the tiles over an area, named by their south-west corner; open sea has none."""
    del options
    row = known.source(NAME, "tile")
    west, south, east, north = bounds
    items: list[Item] = []
    for latitude in range(math.floor(south), math.ceil(north)):
        for longitude in range(math.floor(west), math.ceil(east)):
            name = f"Copernicus_DSM_COG_10_{_corner(latitude, longitude)}_DEM"
            items.append(Item(*row.placed(tile=name), "tiff", may_lack=True))
    return tuple(items)


def _corner(latitude: int, longitude: int) -> str:
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{north}{abs(latitude):02d}_00_{east}{abs(longitude):03d}_00"


def make(fetched: Sequence[Fetched], options: Options, desk: Workspace) -> tuple[StudyFile, ...]:
    """Make one raster of the area; it includes roofs and crowns, which is noted."""
    del options
    return (StudyFile("terrain", desk.cut(fetched, "terrain"), notes=("fetch.surface_model",)),)
