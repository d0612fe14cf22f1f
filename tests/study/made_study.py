"""A small study made for a test: nine parcels of 90 m, fourteen buildings, sloping ground, an hour of rain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import LineString, Point, box

from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather import weather

CRS = "EPSG:4549"
WEST, SOUTH = 500_000.0, 3_400_000.0
BLOCK = 100.0
SIDE = 3
CELL = 10.0
USES = ("R2", "A33", "G1", "M1", "B1")
STORED: Mapping[str, str] = {
    "parcels": "parcels.gpkg", "buildings": "buildings.gpkg", "terrain": "terrain.tif", "land_cover": "cover.tif",
    "storm": "rain.csv", "weather": "year.epw", "streets": "streets.gpkg", "facilities": "facilities.gpkg",
}  # fmt: skip
"""Files by role."""


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
            *(f'[files.{role}]\npath = "{STORED[role]}"' for role in self.roles),
            *(f'[[storms]]\nlabel = "rp{years:g}"\nreturn_period = {years}' for years in self.storms),
        ]
        for model, values in self.parameters.items():
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
