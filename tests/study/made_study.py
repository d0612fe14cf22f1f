"""A small study made for a test: nine parcels of 90 m, fourteen buildings, sloping ground, an hour of rain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from rasterio.transform import from_origin
from scipy.io import netcdf_file
from shapely.geometry import LineString, Point, box

from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather_year.weather import weather

CRS = "EPSG:4549"
WEST, SOUTH = 500_000.0, 3_400_000.0
BLOCK = 100.0
SIDE = 3
CELL = 10.0
USES = ("R2", "A33", "G1", "M1", "B1")
STORED: Mapping[str, str] = {
    "parcels": "parcels.gpkg", "buildings": "buildings.gpkg", "terrain": "terrain.tif", "land_cover": "cover.tif",
    "storm": "rain.csv", "weather": "year.epw", "streets": "streets.gpkg", "facilities": "facilities.gpkg",
    "rain_field": "field.nc", "drainage": "drains.inp",
}  # fmt: skip
"""Files by role."""
OPTIONS: Mapping[str, str] = dict.fromkeys(("rain_field", "drainage"), f'\ncrs = "{CRS}"')
"""Further lines of their entries."""


@dataclass(frozen=True)
class Made:
    """The study: which files it names, and what it asks for."""

    folder: Path
    roles: tuple[str, ...]
    region: str = "CN"
    resolution: float = 20.0
    storms: tuple[float, ...] = ()
    floor_areas: int = 14
    """Buildings with a floor area."""
    parameters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    alternatives: tuple[str, ...] = ("as_is",)
    measures: tuple[str, ...] = ()
    """Measures of every alternative but the first."""
    budget: bool = False
    candidates: tuple[str, ...] = ()
    """Measures that the budget chooses from; all where none is named."""
    runs: int = 0
    """Runs of the flood ensemble."""
    drains: str = ""
    """Whether drains are apart from or coupled with the flood; '' leaves it open."""
    shift: float = 0.0
    """How far east one parcel more lies [m]; 0: none."""

    def written(self) -> Path:
        """Write the files and return the study file."""
        for role in self.roles:
            getattr(self, f"_{role}")(self.folder / STORED[role])
        path = self.folder / "study.toml"
        path.write_text(self._text(), encoding="utf-8")
        return path

    def _text(self) -> str:
        lines = [
            '[study]\nname = "made"\ntitle = { zh = "小城", en = "Small town" }',
            f'crs = "{CRS}"\nregion = "{self.region}"\nyear = 2025\nresolution = {self.resolution}\ncurrency = "CNY"',
            *(f'[files.{role}]\npath = "{STORED[role]}"{OPTIONS.get(role, "")}' for role in self.roles),
            *(f'[[storms]]\nlabel = "rp{years:g}"\nreturn_period = {years}' for years in self.storms),
        ]
        parameters = dict(self.parameters)
        if self.drains:
            parameters["resilience.flood"] = {**parameters.get("resilience.flood", {}), "drains": self.drains}
            parameters["resilience.drainage"] = {"rain": "own"}
        for model, values in parameters.items():
            lines += [f'[parameters."{model}"]', *(f'{name} = "{value}"' for name, value in values.items())]
        uses = ", ".join(f'{{ measure = "{name}" }}' for name in self.measures)
        for at, name in enumerate(self.alternatives):
            lines.append(f'[alternatives."{name}"]\ntitle = {{ zh = "方案", en = "Alternative" }}')
            lines += [f"measures = [{uses}]"] * (at > 0)
        if self.budget:
            lines.append(
                '[alternatives.chosen]\ntitle = { zh = "组合", en = "Portfolio" }\nportfolio = true\n'
                '[[objectives]]\nid = "dry"\ntitle = { zh = "不淹", en = "Dry" }\n'
                'strategy = { zh = "蓄", en = "Store" }\n'
                'indicator = "flooded_buildings"\ntarget = 0\n[budget]\ntotal = 1e6\nmaximise = "dry"'
            )
            lines += [f"candidates = {list(self.candidates)}"] * bool(self.candidates)
        if self.runs:
            lines.append(f"[uncertainty]\nruns = {self.runs}\ndraws = 64")
        return "\n".join(lines) + "\n"

    def _parcels(self, path: Path) -> None:
        cells = [(row, column) for row in range(SIDE) for column in range(SIDE)]
        shapes = [
            box(WEST + BLOCK * i + 5, SOUTH + BLOCK * j + 5, WEST + BLOCK * i + 95, SOUTH + BLOCK * j + 95)
            for i, j in cells
        ]
        ids = [f"P{i}{j}" for i, j in cells]
        if self.shift:
            shapes.append(box(WEST + self.shift, SOUTH, WEST + self.shift + 90, SOUTH + 90))
            ids.append("FAR")
        uses = [USES[at % len(USES)] for at in range(len(ids))]
        columns = {"id": ids, "land_use": uses, "far": 1.5, "density": 0.3}
        gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(path)

    def _buildings(self, path: Path) -> None:
        corners = [(WEST + 100 * (k // 5) + 20, SOUTH + 50 * (k % 5) + 12) for k in range(14)]
        columns = {
            "id": [f"B{k}" for k in range(14)], "use": "residential", "floors": [3 + k % 5 for k in range(14)],
            "height": [10.0 + k for k in range(14)], "year": [1990 + k for k in range(14)],
            "floor_area": [1000.0 + k if k < self.floor_areas else np.nan for k in range(14)],
        }  # fmt: skip
        gpd.GeoDataFrame(columns, geometry=[box(x, y, x + 30, y + 20) for x, y in corners], crs=CRS).to_file(path)

    def _terrain(self, path: Path) -> None:
        east = np.arange(40) * 0.01
        _raster(path, (3.0 + east[:, None] * 2.0 + east[None, :]).astype(np.float32), nodata=-9999.0)

    def _land_cover(self, path: Path) -> None:
        cover = np.full((40, 40), 50, np.uint8)
        cover[:8], cover[20:22], cover[:, 30:] = 30, 80, 10
        _raster(path, cover, nodata=0)

    def _storm(self, path: Path) -> None:
        rows = (f"{5 * step},{1.0 + step % 3}" for step in range(12))
        path.write_text("\n".join(["time_min,rain_mm", *rows]) + "\n", encoding="utf-8")

    def _rain_field(self, path: Path) -> None:
        edge, side, count = 100.0, 100.0, 5
        middles = side * (np.arange(count) + 0.5) - edge
        axes = {"time": np.arange(3) * 30.0, "y": SOUTH + middles[::-1], "x": WEST + middles}
        with netcdf_file(path, "w") as target:
            for name, values in axes.items():
                target.createDimension(name, len(values))
                target.createVariable(name, "d", (name,))[:] = values
            setattr(target.variables["time"], "units", "minutes since 2020-07-01")  # noqa: B010  (scipy has no types)
            rain = target.createVariable("rain", "f", ("time", "y", "x"))
            rain[:] = np.arange(3 * count * count).reshape(3, count, count) % 20
            setattr(rain, "units", "mm/h")  # noqa: B010  (the same)

    def _drainage(self, path: Path) -> None:
        places = {"J1": (105.0, 105.0), "J2": (105.0, 205.0), "O1": (105.0, 295.0)}
        spots = "".join(f"{name} {WEST + x} {SOUTH + y}\n" for name, (x, y) in places.items())
        path.write_text(
            "[TITLE]\nmade\n[OPTIONS]\nFLOW_UNITS CMS\nFLOW_ROUTING DYNWAVE\nSTART_DATE 06/01/2020\n"
            "START_TIME 00:00:00\nEND_DATE 06/01/2020\nEND_TIME 02:00:00\nREPORT_STEP 00:05:00\nROUTING_STEP 5\n"
            "[JUNCTIONS]\nJ1 1.0 1.8 0 0 0\nJ2 0.8 1.8 0 0 0\n[OUTFALLS]\nO1 0.5 FREE\n"
            "[CONDUITS]\nC1 J1 J2 100 0.013 0 0\nC2 J2 O1 90 0.013 0 0\n"
            "[XSECTIONS]\nC1 CIRCULAR 0.4 0 0 0\nC2 CIRCULAR 0.4 0 0 0\n"
            f"[COORDINATES]\n{spots}",
            encoding="utf-8",
        )

    def _weather(self, path: Path) -> None:
        write_epw(path, weather(1))

    def _streets(self, path: Path) -> None:
        lines = [
            LineString([(WEST + BLOCK * at, SOUTH), (WEST + BLOCK * at, SOUTH + BLOCK * SIDE)])
            for at in range(SIDE + 1)
        ] + [
            LineString([(WEST, SOUTH + BLOCK * at), (WEST + BLOCK * SIDE, SOUTH + BLOCK * at)])
            for at in range(SIDE + 1)
        ]
        columns = {"id": [f"S{at}" for at in range(len(lines))], "class": "residential"}
        gpd.GeoDataFrame(columns, geometry=lines, crs=CRS).to_file(path)

    def _facilities(self, path: Path) -> None:
        points = [Point(WEST + 20, SOUTH + 2), Point(WEST + 220, SOUTH + 198)]
        columns = {"id": ["F0", "F1"], "kind": ["fire station", "hospital"]}
        gpd.GeoDataFrame(columns, geometry=points, crs=CRS).to_file(path)


def _raster(path: Path, values: np.ndarray, *, nodata: float) -> None:
    rows, columns = values.shape
    profile = {
        "driver": "GTiff", "height": rows, "width": columns, "count": 1, "dtype": str(values.dtype), "crs": CRS,
        "transform": from_origin(WEST - 50, SOUTH + 350, CELL, CELL), "nodata": nodata,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(values, 1)
