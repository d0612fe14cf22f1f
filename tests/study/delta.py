"""Three towns of a delta made for a test, a kilometre and more apart: one study of all, or one for each."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather_year.weather import weather

CRS, WEST, SOUTH = "EPSG:4549", 500_000.0, 3_400_000.0


class Town(NamedTuple):
    """A jurisdiction: where it lies, how much is built, who lives there."""

    at: float
    buildings: int
    floors: int
    people: float
    region: str


TOWNS: Mapping[str, Town] = {
    "qingpu": Town(0.0, 5, 6, 420.0, "CN-SH"),
    "wujiang": Town(1500.0, 4, 4, 260.0, "CN-JS"),
    "jiashan": Town(3000.0, 3, 3, 150.0, "CN-ZJ"),
}
TITLES = {"qingpu": ("青浦", "Qingpu"), "wujiang": ("吴江", "Wujiang"), "jiashan": ("嘉善", "Jiashan")}


def write_study(folder: Path, names: tuple[str, ...], region: str) -> Path:
    """Write a study of some of the towns as one area of a region, and return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    towns = [TOWNS[name] for name in names]
    _written(folder / "parcels.gpkg", [_parcels(name) for name in names])
    _written(folder / "buildings.gpkg", [_buildings(name) for name in names])
    _written(folder / "units.gpkg", [_unit(name, town) for name, town in zip(names, towns, strict=True)])
    write_epw(folder / "year.epw", weather(1))
    text = (
        f'[study]\nname = "{folder.name}"\ntitle = {{ zh = "小城", en = "Town" }}\ncrs = "{CRS}"\nregion = "{region}"\n'
        'year = 2025\nclimate_zone = "3A"\nresolution = 50.0\ncurrency = "CNY"\n'
        '[files.parcels]\npath = "parcels.gpkg"\n[files.buildings]\npath = "buildings.gpkg"\n'
        '[files.units]\npath = "units.gpkg"\n[files.weather]\npath = "year.epw"\n'
        '[alternatives.as_is]\ntitle = { zh = "现状", en = "As is" }\n'
        '[alternatives.pv]\ntitle = { zh = "光伏", en = "Photovoltaics" }\n'
        'measures = [{ measure = "rooftop_pv", params = { share = 0.5 } }]\n'
    )
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def write_special(folder: Path, regions: Mapping[str, str], more: str = "") -> Path:
    """Write the special plan of the three towns, each in a region, and return its file."""
    lines = ['[special]\nname = "delta"\ntitle = { zh = "长三角示范区", en = "Delta zone" }']
    for name, region in regions.items():
        write_study(folder / name, (name,), region)
        zh, en = TITLES[name]
        lines.append(
            f'[jurisdictions.{name}]\ntitle = {{ zh = "{zh}", en = "{en}" }}\nstudy = "{name}/study.toml"\n'
            f'region = "{region}"'
        )
    path = folder / "special.toml"
    path.write_text("\n".join([*lines, more]) + "\n", encoding="utf-8")
    return path


def _written(path: Path, parts: list[gpd.GeoDataFrame]) -> None:
    gpd.GeoDataFrame(pd.concat(parts, ignore_index=True)).set_crs(CRS).to_file(path)


def _buildings(name: str) -> gpd.GeoDataFrame:
    town = TOWNS[name]
    shapes = [box(WEST + town.at + 60 * k + 10, SOUTH + 10, WEST + town.at + 60 * k + 40, SOUTH + 30)
              for k in range(town.buildings)]  # fmt: skip
    return gpd.GeoDataFrame(
        {
            "id": [f"{name}{k}" for k in range(town.buildings)], "use": "residential", "floors": town.floors,
            "height": 3.0 * town.floors, "year": [1995 + k for k in range(town.buildings)],
            "floor_area": [600.0 * town.floors + k for k in range(town.buildings)],
        },
        geometry=shapes,
    )  # fmt: skip


def _parcels(name: str) -> gpd.GeoDataFrame:
    town = TOWNS[name]
    shapes = [box(WEST + town.at + 60 * k, SOUTH, WEST + town.at + 60 * k + 55, SOUTH + 50)
              for k in range(town.buildings)]  # fmt: skip
    ids = [f"{name}-p{k}" for k in range(town.buildings)]
    return gpd.GeoDataFrame({"id": ids, "land_use": "R2", "far": 1.5}, geometry=shapes)


def _unit(name: str, town: Town) -> gpd.GeoDataFrame:
    shape = box(WEST + town.at - 50, SOUTH - 50, WEST + town.at + 350, SOUTH + 100)
    return gpd.GeoDataFrame(
        {"id": [name], "unit_name": [name], "population": [town.people], "单元类型": ["居住"]}, geometry=[shape]
    )
