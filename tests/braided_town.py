"""A made-up town of four units in which measures meet: homes and offices on both sides of a street, a park, rain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from citybraid.core.evaluate import Use
from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather_year.weather import weather
from citybraid.store.store import Store
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.engine import Engine
from citybraid.study.run.evaluation import Evaluator
from tests.geotiffs import CRS, NORTH, WEST, write_raster

SIDE = 24
CELL = 10.0
UNITS = ("NW", "NE", "SW", "SE")
HALF = SIDE * CELL / 2
STUDY = """
[study]
name = "braided"
title = { zh = "编织", en = "Braided" }
crs = "EPSG:4549"
region = "CN-ZJ"
year = 2025
climate_zone = "3A"
resolution = 10
synthetic = true

[alternatives.as_is]
title = { zh = "现状", en = "As it is" }

[parameters."resilience.soil"]
soil_group = "C"
[parameters."resilience.curve_number"]
soil_group = "C"
"""
ROLES = {
    "parcels": "parcels.gpkg", "units": "units.gpkg", "buildings": "buildings.gpkg", "streets": "streets.gpkg",
    "land_cover": "cover.tif", "terrain": "terrain.tif", "canopy_cover": "canopy.tif", "weather": "year.epw",
    "storm": "rain.csv",
}  # fmt: skip


@dataclass(frozen=True)
class Braided:
    """The town: how high its buildings are, which files it has, and what else its study says."""

    folder: Path
    height: float = 6.0
    """Of every building [m]: street trees grow to 8 m."""
    use: str = "office"
    """Of the buildings north of the street; those south of it are homes."""
    year: int = 1995
    without: Sequence[str] = ()
    """Roles that are left out."""
    extra: str = ""
    factors: Sequence[str] = ()
    """Rows of the study's own factors."""
    columns: Mapping[str, object] = field(default_factory=dict)
    """Further columns of buildings."""

    def written(self) -> Path:
        """Write the files and return the study file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._tables()
        self._rasters()
        write_epw(self.folder / "year.epw", weather(1))
        rain = "\n".join(["time_min,rain_mm", *(f"{5 * step},{4.0 + step % 3 * 3}" for step in range(12))])
        (self.folder / "rain.csv").write_text(rain + "\n", encoding="utf-8")
        roles = {role: name for role, name in ROLES.items() if role not in self.without}
        head = 'factors = "factors.csv"\n' if self.factors else ""
        if self.factors:
            names = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note"
            (self.folder / "factors.csv").write_text("\n".join([names, *self.factors]) + "\n", encoding="utf-8")
        files = "".join(f'[files.{role}]\npath = "{name}"\n' for role, name in roles.items())
        path = self.folder / "study.toml"
        path.write_text(head + STUDY + files + self.extra, encoding="utf-8")
        return path

    def opened(self) -> "Opened":
        """Write, open and take in the study."""
        return Opened.of(open_study(self.written()))

    def _tables(self) -> None:
        units = [(0, HALF), (HALF, HALF), (0, 0), (HALF, 0)]
        write(self.folder / "units.gpkg", [at(x, y, x + HALF, y + HALF) for x, y in units], id=UNITS,
              unit_name=UNITS, population=[60] * 4)  # fmt: skip
        write(self.folder / "parcels.gpkg", [at(0, 124, 160, 240), at(160, 124, 240, 240), at(0, 0, 240, 116)],
              id=["north", "park", "south"], land_use=["0901", "1401", "0901"])  # fmt: skip
        corners = [(x, y) for y in (95, 125) for x in range(10, 200, 30) if x < 150 or y < 100]
        count = len(corners)
        columns = {
            "use": [self.use if y > 100 else "residential" for _, y in corners], "height": self.height,
            "floors": max(round(self.height / 3.0), 1),
            "year": self.year, **self.columns,
        }  # fmt: skip
        write(self.folder / "buildings.gpkg", [at(x, y, x + 20, y + 20) for x, y in corners],
              id=[f"B{at:02d}" for at in range(count)], **columns)  # fmt: skip
        write(self.folder / "streets.gpkg", [line((0, 120), (240, 120))], id=["S"], road_class=["residential"])

    def _rasters(self) -> None:
        cover = np.full((SIDE, SIDE), 50, np.uint8)
        cover[11:13], cover[:10, 16:], cover[18:] = 51, 30, 30
        write_raster(self.folder / "cover.tif", cover, cell=CELL, nodata=0)
        down, across = np.indices((SIDE, SIDE)).astype(np.float32)
        ground = 4.0 + 0.02 * np.hypot(down - 6, across - 20) + 0.01 * down
        write_raster(self.folder / "terrain.tif", ground.astype(np.float32), cell=CELL, nodata=-9999.0)
        write_raster(self.folder / "canopy.tif", np.zeros((SIDE, SIDE), np.float32), cell=CELL, nodata=-1.0)


@dataclass(frozen=True)
class Opened:
    """The town opened, with an evaluator of its runs."""

    study: OpenStudy
    evaluator: Evaluator

    @classmethod
    def of(cls, study: OpenStudy) -> "Opened":
        store = Store(study.folder / "store")
        taken = take_in_study(study, store)
        return cls(study, Evaluator(study, taken.place, (), Engine(store, threads=1), taken.grid))

    def use(self, name: str, **params: object) -> Use:
        return self.study.use(name, params)

    def value(self, quantity: str, *names: str | Use) -> np.ndarray:
        """Return a quantity under measures, as numbers; only what stands behind it is computed."""
        from citybraid.study.plan.planner import plan
        from citybraid.study.plan.required import required_steps

        uses = tuple(self.use(each) if isinstance(each, str) else each for each in names)
        given = self.evaluator
        planned = plan(given.place, self.study.models, uses, self.study.settings(given.grid))
        layers = planned.place.layers[quantity]
        given.engine.run(required_steps(planned.steps, *(layer.key for layer in layers)))
        (layer,) = layers
        return np.atleast_1d(np.asarray(given.engine.memory.get(layer.key), dtype=np.float64))

    def joint(self, quantity: str, one: str | Use, other: str | Use) -> np.ndarray:
        """Return what both measures do beyond the sum of what each does alone."""
        alone = self.value(quantity, one) + self.value(quantity, other)
        return np.asarray(self.value(quantity, one, other) - alone + self.value(quantity))


def at(left: float, bottom: float, right: float, top: float) -> BaseGeometry:
    low = NORTH - SIDE * CELL
    return box(WEST + left, low + bottom, WEST + right, low + top)


def line(*points: tuple[float, float]) -> LineString:
    low = NORTH - SIDE * CELL
    return LineString([(WEST + x, low + y) for x, y in points])


def write(path: Path, shapes: Sequence[BaseGeometry], **columns: object) -> None:
    gpd.GeoDataFrame({**columns}, geometry=list(shapes), crs=CRS).to_file(path)
