"""Rasters of other schemes of land cover: refused with lines to paste, which are read as they say."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from citybraid.core.errors import InputError
from citybraid.core.rows.land import LandCover
from citybraid.core.tables import read_table
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.raster.cover_schemes import fitting, line, schemes
from citybraid.sources.readers import geotiff

WEST, SOUTH, SIDE = 520_000.0, 3_350_000.0, 600.0
TARGET = Target("EPSG:4549", 10.0).placed((WEST, SOUTH, WEST + SIDE, SOUTH + SIDE))


def read(
    folder: Path, codes: list[int], *, pixel: float = 10.0, name: str = "cover.tif", nodata: int | None = None,
    classes: dict[str, str] | None = None,
) -> Reading:  # fmt: skip
    cells = round(SIDE / pixel)
    values = np.repeat(np.resize(codes, cells)[None], cells, axis=0).astype(np.int16)
    profile = {"driver": "GTiff", "count": 1, "dtype": "int16", "crs": "EPSG:4549", "nodata": nodata}
    with rasterio.open(folder / name, "w", width=cells, height=cells,
                       transform=from_origin(WEST, SOUTH + SIDE, pixel, pixel), **profile) as raster:  # fmt: skip
        raster.write(values, 1)
    options = geotiff.Options(classes=classes or {})
    return geotiff.read(folder / name, "land_cover", options, TARGET, limits=Limits())


def covers(reading: Reading) -> list[int]:
    return [int(code) for code in np.unique(reading.layers[0].value)]


@pytest.mark.parametrize(
    ("codes", "pixel", "fit"),
    [
        ([1, 2, 3, 4, 5, 6, 7], 10.0, ["UMEP", "CLCD", "Dynamic World"]),
        ([1, 2, 4, 5, 7, 8, 9], 30.0, ["Esri Land Cover", "CLCD"]),
        ([0, 1, 2, 4, 6, 7], 10.0, ["UMEP", "CLCD", "Dynamic World"]),
        ([11, 12, 21, 51, 52, 53], 30.0, ["CNLUCC"]),
        ([51, 52], 30.0, ["CNLUCC", "ESA WorldCover"]),
        ([111, 112, 141, 211, 311, 512], 100.0, ["CORINE"]),
        ([1, 2, 10, 12, 23, 41], 100.0, ["CORINE (grid codes)"]),
        ([10, 20, 60, 80], 30.0, ["GlobeLand30", "ESA WorldCover"]),
    ],
)
def test_codes_of_another_scheme_are_asked_for(tmp_path: Path, codes: list[int], pixel: float, fit: list[str]) -> None:
    """Of the third survey's and GlobeLand30's codes those that WorldCover has had been read as its own."""
    with pytest.raises(InputError) as fault:
        read(tmp_path, codes, pixel=pixel)
    assert fault.value.text == "intake.cover_scheme"
    assert fault.value.values["schemes"] == fit
    for language in ("en", "zh"):
        said = fault.value.say(language)
        assert all(f"{scheme}: classes = {{" in said for scheme in fit)


def test_a_name_tells_globeland_and_worldcover(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="GlobeLand30"):
        read(tmp_path, [10, 20, 60, 80], name="n50_30_2020lc030.tif")
    assert covers(read(tmp_path, [10, 20, 60, 80], pixel=30.0, name="ESA_WorldCover_2021.tif")) == [10, 20, 60, 80]


@pytest.mark.parametrize("codes", [[10, 30, 40, 50, 60, 80], [10, 30, 50, 51, 52, 80], [10, 50, 95]])
def test_codes_of_worldcover_and_of_citybraid_are_read(tmp_path: Path, codes: list[int]) -> None:
    assert covers(read(tmp_path, codes)) == [90 if code == 95 else code for code in codes]


@pytest.mark.parametrize("scheme", sorted(schemes()))
def test_the_line_of_a_scheme_is_read_as_it_says(tmp_path: Path, scheme: str) -> None:
    """Class 0, water of Dynamic World, and numbers above 255 had had no way in."""
    classes = tomllib.loads(line(scheme))["classes"]
    table = schemes()[scheme]
    assert {int(code) for code in classes} == table.keys()
    codes = list(table)[:6]
    found = read(tmp_path, codes, classes=classes)
    assert covers(found) == sorted({int(table[code]) for code in codes})


def test_a_zero_that_the_file_declares_as_nothing_stays_nothing(tmp_path: Path) -> None:
    classes = tomllib.loads(line("Dynamic World"))["classes"]
    assert covers(read(tmp_path, [0, 1, 6], nodata=0, classes=classes)) == [0, 10, 50]


def test_every_scheme_leads_to_classes_of_citybraid() -> None:
    known = {row.code for row in read_table(LandCover)}
    assert all(set(table.values()) <= known for table in schemes().values())
    assert fitting([3, 77, 200]) == []
