"""From a known raster to the pixel of a tile, to the line of the legend."""

import io
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from citybraid.report.sheets import legend_of, mapped, themes
from citybraid.web.maps.catalogue import Chart, Found
from citybraid.web.maps.classes import classes_of
from citybraid.web.maps.extent import degrees
from citybraid.web.maps.pyramid import SIDE
from citybraid.web.maps.tiles import tile, water_of

ZOOM = 17
BOUNDS = (0.05, 0.15, 0.3, 0.5, 1.0, 2.0)
"""Class breaks of flood depth [m], as codes/legend.csv states them."""


def found(chart: Chart, var: str = "max_depth", alternative: str = "as_is", label: str = "p50") -> Found:
    quantity = chart.quantities[var]
    return Found(quantity, alternative, quantity.layers[alternative][label])


def pixel_of(longitude: float, latitude: float, zoom: int = ZOOM) -> tuple[int, int, int, int]:
    """Column and row of the tile, and of the pixel in it, by the formula of Web Mercator."""
    across = (longitude + 180.0) / 360.0 * 2**zoom
    down = (1.0 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2.0 * 2**zoom
    return int(across), int(down), int(across % 1 * SIDE), int(down % 1 * SIDE)


def colour_at(chart: Chart, study: Path, layer: Found, cell: tuple[int, int], zoom: int = ZOOM) -> tuple[int, ...]:
    grid = layer.layer.grid
    assert grid is not None
    x, y = grid.affine * (cell[1] + 0.5, cell[0] + 0.5)
    tile_x, tile_y, across, down = pixel_of(*degrees(chart, x, y), zoom)
    picture = Image.open(io.BytesIO(tile(study, chart, layer, (zoom, tile_x, tile_y)))).convert("RGBA")
    assert picture.size == (SIDE, SIDE)
    return tuple(picture.getpixel((across, down)))  # type: ignore[arg-type]


@pytest.mark.parametrize("zoom", [ZOOM, 16, 20])
@pytest.mark.parametrize(("row", "column"), [(0, 0), (3, 9), (12, 20), (20, 15), (37, 31), (39, 39), (5, 38)])
def test_a_pixel_has_the_colour_of_the_class_that_the_stored_value_falls_into(
    chart: Chart, tmp_path: Path, row: int, column: int, zoom: int
) -> None:
    layer = found(chart)
    value = float(chart.run.value(layer.layer)[row, column])
    ramp = classes_of(chart, layer.quantity).colours
    expected = ramp[sum(value >= bound for bound in BOUNDS)] if value >= BOUNDS[0] else None
    red, green, blue, opacity = colour_at(chart, tmp_path, layer, (row, column), zoom)
    assert opacity == (0 if expected is None else 255)
    if expected is not None:
        assert f"#{red:02x}{green:02x}{blue:02x}" == expected


def test_the_legend_is_that_of_the_report(chart: Chart) -> None:
    row = next(each for each in mapped() if each.var == "max_depth")
    theme = themes(chart.view, row, chart.run.alternatives, "p50")[0]
    shown = classes_of(chart, chart.quantities["max_depth"]).legend
    assert [(line.label["en"], line.colour) for line in shown] == [
        (entry.label, entry.colour) for entry in legend_of(theme, "en")
    ]


def test_codes_have_the_colours_of_their_table(chart: Chart, tmp_path: Path) -> None:
    layer = found(chart, "land_cover", "as_is", "")
    codes = np.asarray(chart.run.value(layer.layer))
    water = tuple(int(at) for at in np.argwhere(codes == 80)[0])
    red, green, blue, opacity = colour_at(chart, tmp_path, layer, (water[0], water[1]))
    line = next(each for each in classes_of(chart, layer.quantity).legend if each.label["en"] == "water")
    assert (f"#{red:02x}{green:02x}{blue:02x}", opacity) == (line.colour, 255)


def test_a_tile_beyond_the_cells_is_transparent(chart: Chart, tmp_path: Path) -> None:
    picture = Image.open(io.BytesIO(tile(tmp_path, chart, found(chart), (10, 3, 3)))).convert("RGBA")
    assert not np.asarray(picture)[..., 3].any()


def test_tiles_are_the_same_after_a_restart(chart: Chart, tmp_path: Path) -> None:
    layer, at = found(chart), pixel_of(120.002, 30.722)[:2]
    first = tile(tmp_path, chart, layer, (ZOOM, *at))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.tif")}
    again = Chart(chart.run, chart.view)
    assert tile(tmp_path, again, found(again), (ZOOM, *at)) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.tif")} == before


def test_the_water_of_a_map_is_the_land_cover(chart: Chart) -> None:
    assert water_of(chart, "as_is") == chart.view.layers["as_is"]["land_cover"][""].key
