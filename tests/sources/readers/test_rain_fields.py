"""Rain by time and place from NetCDF and GeoTIFF: times, units and pixels, and what is refused."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import rasterio
from affine import Affine
from scipy.io import netcdf_file

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.readers import geotiff, netcdf
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST

EDGES = (WEST, SOUTH, WEST + 200, SOUTH + 200)
CELL = 50.0
RAIN = np.random.default_rng(3).random((3, 4, 4)) * 60.0
"""Three steps on four by four pixels of 50 m over the plan area."""


def nc(path: Path, rain: np.ndarray = RAIN, *, units: str = "mm/h", clock: str = "minutes since 2020-07-01") -> Path:
    with netcdf_file(path, "w") as target:
        for name, values in (
            ("time", np.arange(len(rain)) * 30.0),
            ("y", SOUTH + 200 - CELL * (np.arange(4) + 0.5)),
            ("x", WEST + CELL * (np.arange(4) + 0.5)),
        ):
            target.createDimension(name, len(values))
            target.createVariable(name, "d", (name,))[:] = values
        setattr(target.variables["time"], "units", clock)  # noqa: B010  (scipy has no types for it)
        target.createVariable("rain", "f", ("time", "y", "x"))[:] = rain
        setattr(target.variables["rain"], "units", units)  # noqa: B010  (the same)
    return path


def tif(
    path: Path, rain: np.ndarray = RAIN, names: tuple[str, ...] = ("0", "0.5", "1 h"), crs: str | None = CRS
) -> Path:
    affine = Affine(CELL, 0, WEST, 0, -CELL, SOUTH + 200)
    profile = {"driver": "GTiff", "width": 4, "height": 4, "count": len(rain), "dtype": "float32", "transform": affine}
    with rasterio.open(path, "w", crs=crs, **profile) as target:
        target.write(rain.astype("float32"))
        target.descriptions = names
    return path


def read(reader: ModuleType, path: Path, **options: object) -> Reading:
    asked = reader.Options(**options)
    reading: Reading = reader.read(path, "rain_field", asked, TARGET.placed(EDGES), limits=Limits())
    return reading


@pytest.mark.parametrize(("reader", "make", "said"), [(netcdf, nc, {"crs": CRS}), (geotiff, tif, {"unit": "mm/h"})])
def test_every_step_lies_where_it_lay(reader: ModuleType, make: object, said: dict[str, str], tmp_path: Path) -> None:
    path = make(tmp_path / ("rain" + reader.SUFFIXES[0]))  # type: ignore[operator]
    reading = read(reader, path, event="meiyu", **said)
    assert "3 steps of 30 min" in next(each for each in reading.findings if each.text == "intake.field_read").say("en")
    field, mean = reading.layers
    assert (field.var.name, dict(field.at), mean.var.name) == ("rain_field", {"event": "meiyu"}, "rain_intensity")
    assert field.native_resolution == pytest.approx(CELL, rel=1e-3)
    np.testing.assert_allclose(field.value, RAIN, rtol=1e-5)
    np.testing.assert_allclose(field.value["time"], [0.0, 0.5, 1.0])
    np.testing.assert_allclose(field.value["x"], WEST + CELL * (np.arange(4) + 0.5))
    np.testing.assert_allclose(mean.value, RAIN.mean(axis=(1, 2)), rtol=1e-5)


def test_rain_of_a_step_and_other_units(tmp_path: Path) -> None:
    depth = read(netcdf, nc(tmp_path / "a.nc", units="mm"), crs=CRS).layers[0].value
    np.testing.assert_allclose(depth, 2.0 * RAIN, rtol=1e-5)
    second = read(netcdf, nc(tmp_path / "b.nc", RAIN / 3600.0, units="kg m-2 s-1"), crs=CRS).layers[0].value
    np.testing.assert_allclose(second, RAIN, rtol=1e-5)


@pytest.mark.parametrize(
    ("text", "rain", "words", "said"),
    [
        ("intake.field_negative", RAIN - 10.0, {}, {"crs": CRS}),
        ("intake.field_times", RAIN[:1], {}, {"crs": CRS}),
        ("intake.field_clock", RAIN, {"clock": "fortnights since 2020-07-01"}, {"crs": CRS}),
        ("intake.field_unit", RAIN, {"units": ""}, {"crs": CRS}),
        ("intake.raster_unit", RAIN, {}, {"crs": CRS, "unit": "m"}),
        ("intake.crs_missing", RAIN, {}, {}),
        ("intake.raster_elsewhere_likely", RAIN, {}, {"crs": "EPSG:32651"}),
    ],
)
def test_refuses_a_netcdf(
    text: str, rain: np.ndarray, words: dict[str, str], said: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(InputError) as told:
        read(netcdf, nc(tmp_path / "rain.nc", rain, **words), **said)
    assert told.value.text == text
    assert told.value.say("zh") != told.value.say("en")


def test_refuses_bands_without_hours(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        read(geotiff, tif(tmp_path / "rain.tif", names=("first", "second", "third")), unit="mm/h")
    assert told.value.text == "intake.field_bands"
