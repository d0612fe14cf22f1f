"""Gothenburg and London from their files to comfort by hour: surface model, trees, land cover and UMEP weather."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.kernels.climate.solar import sun_of_year
from citybraid.resilience.heat.outdoor_comfort import OutdoorComfort, OutdoorComfortParams, outdoor_comfort
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target
from tests.outdoor_case import FACTORS
from tests.validation.publishing import Published

pytestmark = pytest.mark.slow

UMEP_CLASSES = {"1": "50", "2": "52", "3": "10", "4": "10", "5": "30", "6": "60", "7": "80"}
LONDON_CLASSES = {"1": "50", "2": "30", "3": "80", "4": "52"}
PAVED, ROOF = 50, 52
CLEAR = 24 * 183 + 12
"""3 July 2018, among the brightest days of the file."""
WEATHER = "data/gothenburg/ERA5_GBG_2018_UMEP.txt"
SERIES = ("dry_bulb", "relative_humidity", "direct_normal", "diffuse_horizontal", "wind_speed")
PLACE = ("latitude", "longitude", "elevation", "time_zone")
RASTERS = ("terrain", "land_cover", "building_height", "building_fraction", "canopy_height", "canopy_cover")
F64 = NDArray[np.float64]


class Walked(NamedTuple):
    """What came of the files: intake, comfort, and the weather's air by hour of the day."""

    intake: Intake
    comfort: OutdoorComfort
    given: Mapping[str, Any]
    air: F64

    def raster(self, name: str) -> F64:
        return np.asarray(self.given[name].to_numpy(), np.float64)

    @property
    def radiant(self) -> F64:
        """Mean radiant temperature by hour (24, rows, columns)."""
        assert self.comfort.course is not None
        return np.asarray(self.comfort.course.hourly_radiant.to_numpy(), np.float64)


Box = tuple[float, float, float, float]


def walked(root: Path, files: Mapping[str, FileSpec], crs: str, box: Box, cell: float) -> Walked:
    """Return comfort on a clear day in early July, computed of the files of a place."""
    grid = GeoBox.from_bbox(box, crs=crs, resolution=cell)
    intake = take_in(files, Target(crs, cell, base=grid), root=root)
    by_name = {each.var.name: each.value for each in intake.layers}
    given: dict[str, Any] = {name: by_name[name] for name in (*SERIES, *PLACE, *RASTERS)}
    given |= {name: resolve(name) for name in FACTORS}
    comfort = outdoor_comfort.of({**given, "grid": grid, "p": OutdoorComfortParams(day=CLEAR // 24 + 1, by_hour=True)})
    first = 24 * (CLEAR // 24)
    return Walked(intake, comfort, given, by_name["dry_bulb"].to_numpy(np.float64)[first : first + 24])


SQUARE = {
    "terrain": FileSpec(path="data/gothenburg/torgg_dem.tif"),
    "surface_model": FileSpec(path="data/gothenburg/torgg_dsm.tif"),
    "canopy_height": FileSpec(path="data/gothenburg/torgg_cdsm.tif"),
    "land_cover": FileSpec(path="data/gothenburg/torgg_lc.tif", classes=UMEP_CLASSES),
    "weather": FileSpec(path=WEATHER),
}
"""Files of Gustav Adolfs torg."""


@cache
def gothenburg(cases: Path) -> Walked:
    return walked(cases, SQUARE, "EPSG:3006", (318_900.0, 6_399_760.0, 319_700.0, 6_400_560.0), 4.0)


@cache
def london(cases: Path) -> Walked:
    folder = "data/london/London_BNG"
    files = {
        "terrain": FileSpec(path=f"{folder}/dem_barb_1m_tif.tif"),
        "surface_model": FileSpec(path=f"{folder}/dsm_barb_1m_tif.tif"),
        "canopy_height": FileSpec(path=f"{folder}/cdsm_barb_1m_v2_float.tif"),
        "land_cover": FileSpec(path=f"{folder}/landcover_barb_1m_v3.tif", classes=LONDON_CLASSES),
        "weather": FileSpec(path=WEATHER),
    }
    return walked(cases, files, "EPSG:27700", (532_150.0, 181_500.0, 532_450.0, 181_800.0), 2.0)


PLACES = {"gothenburg": gothenburg, "london": london}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.case("data/gothenburg")
@pytest.mark.case("data/london")
def test_noon_and_night_are_as_measured_in_such_places(cases: Path, published: Published, place: str) -> None:
    """Lindberg et al. (2008) and later works: 55 to 65 °C in the sun of clear summer noons, 30 to 35 in shade."""
    found = PLACES[place](cases)
    hour = 12
    radiant, view = found.radiant[hour], found.comfort.sky_view.to_numpy()
    paved = (found.raster("land_cover") == PAVED) & np.isfinite(radiant)
    warm, cool = (float(np.quantile(radiant[paved], share)) for share in (0.9, 0.1))
    published.near(f"{place}: paved ground in the sun at noon", warm, 58.0, by=7.0, unit="°C")
    published.near(f"{place}: paved ground in shade at noon", cool, 30.0, by=6.0, unit="°C")
    night = found.radiant[2][paved] - found.air[2]
    published.near(f"{place}: night, radiant less air", float(np.median(night)), 0.0, by=3.0, unit="K")
    wide, narrow = (night[mask] for mask in (view[paved] > 0.7, view[paved] < 0.4))
    assert float(np.median(wide)) < float(np.median(narrow)), "a court keeps its heat by night, a square loses it"
    assert 20.0 < warm - cool < 40.0


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.case("data/gothenburg")
@pytest.mark.case("data/london")
def test_files_become_rasters_without_silent_gaps(cases: Path, place: str) -> None:
    found = PLACES[place](cases)
    told = {finding.text for finding in found.intake.findings}
    assert told >= {"intake.surface_heights", "intake.cover_of_heights", "intake.radiation_split", "intake.umep_place"}
    built = found.raster("building_fraction") >= OutdoorComfortParams().built_from
    agree = float((built == (found.raster("land_cover") == ROOF)).mean())
    assert agree > 0.85, "roofs of the land cover stand where the surface rises above the terrain"
    known = np.isfinite(found.raster("terrain")) & (found.raster("land_cover") > 0) & ~built
    assert np.isfinite(found.radiant[:, known]).all()
    assert np.isnan(found.radiant[:, built]).all()


@pytest.mark.case("data/gothenburg")
def test_an_open_cell_lies_between_two_skies_by_hand(cases: Path, published: Published) -> None:
    """The widest paved cell at noon, six fluxes of light by hand: 0.06 up and down, 0.22 each side.

    Below: an even sky over ground as warm as cobble stones; above: a horizon as black as the air over dark asphalt
    (both Lindberg et al. 2016: 0.37 and 0.58 K a degree of the sun's height, less 3.41 and 9.78 K).
    """
    found = gothenburg(cases)
    hour, first = 12, 24 * (CLEAR // 24)
    weather = {name: float(found.given[name].to_numpy()[first + hour]) for name in SERIES}
    sun = sun_of_year(**{name: float(found.given[name]) for name in PLACE}, year=2023)
    degrees = 90.0 - float(sun.zenith[first + hour])
    height = np.radians(degrees)
    air, beam, diffuse = weather["dry_bulb"], weather["direct_normal"], weather["diffuse_horizontal"]
    up = 0.2 * (diffuse + beam * np.sin(height))
    black = 5.67e-8 * (air + 273.15) ** 4
    vapour = weather["relative_humidity"] * 6.105 * np.exp(17.27 * air / (237.7 + air))
    water = 46.5 * vapour / (air + 273.15)
    sky = (1.0 - (1.0 + water) * np.exp(-np.sqrt(1.2 + 3.0 * water))) * black
    short = beam * (0.88 / np.pi * np.cos(height) + 0.06 * np.sin(height)) + (0.06 + 0.44) * (diffuse + up)

    def radiant(warmer: float, horizon: float) -> float:
        ground = 0.95 * 5.67e-8 * (air + warmer + 273.15) ** 4 + 0.05 * sky
        long = 0.06 * (sky + ground) + 0.88 * 0.5 * (horizon + ground)
        return float(((0.7 * short + 0.97 * long) / (0.97 * 5.67e-8)) ** 0.25 - 273.15)

    low, high = radiant(0.37 * degrees - 3.41, sky), radiant(0.58 * degrees - 9.78, black)
    paved = (found.raster("land_cover") == PAVED) & np.isfinite(found.radiant[hour])
    widest = np.where(paved, found.comfort.sky_view.to_numpy(), 0.0)
    got = float(found.radiant[hour].ravel()[int(widest.argmax())])
    published.near("widest paved cell at noon, amid two skies by hand", got, 0.5 * (low + high), by=0.5 * (high - low))
    assert 3.0 < high - low < 9.0
