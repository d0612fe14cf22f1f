"""Vector files as common in practice: a GBK shapefile without .prj, GeoPackages, a GBK drawing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from citybraid.sources.synthetic.buildings import Building
from citybraid.sources.synthetic.english_names import HEADER, english_names
from citybraid.sources.synthetic.frame import DOMAIN, EPSG, LABEL, generator, on_map
from citybraid.sources.synthetic.parcels import Parcel
from citybraid.sources.synthetic.population import Community
from citybraid.sources.synthetic.streets import Street

TIMESTAMP = "2026-01-01T00:00:00.000Z"
"""Timestamp of the files, so that a second run writes the same bytes."""
FACILITIES = {"080601": "医院", "1310": "消防救援站"}
"""Land-use codes of sites with emergency vehicles."""
MISSING = {"用途": 0.14, "层数": 0.12, "高度": 0.35, "年代": 0.45}
"""Share of buildings without the attribute."""


@contextmanager
def stamped() -> Iterator[None]:
    """Let GDAL stamp files with a fixed time, so that a second run writes the same bytes."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": TIMESTAMP})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _with_gaps(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Blank some cells, as in a surveyed table."""
    random = generator(seed, 70)
    for column, share in MISSING.items():
        blank = random.random(len(table)) < share
        table[column] = table[column].mask(blank, np.nan if column == "高度" else "")
    return table


def write_buildings(path: Path, buildings: tuple[Building, ...], seed: int) -> tuple[Path, ...]:
    """Write buildings as a shapefile with GBK attributes, no .prj, no .cpg, and gaps.

    Floors and years are texts, as surveyors' tables often have them.
    """
    columns: dict[str, list[str]] = {
        "编号": [f"JZ{k:04d}" for k in range(1, len(buildings) + 1)],
        "用途": [b.use for b in buildings],
        "层数": [str(b.floors) for b in buildings],
        "年代": [str(b.year) for b in buildings],
        "备注": [f"{LABEL}数据" for _ in buildings],
    }
    table = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    table.insert(3, "高度", [b.height for b in buildings])
    frame = gpd.GeoDataFrame(_with_gaps(table, seed), geometry=[on_map(b.shape) for b in buildings], crs=EPSG)
    options = {"DBF_DATE_LAST_UPDATE": TIMESTAMP[:10]}
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding="GBK", layer_options=options)
    for suffix in (".cpg", ".prj"):
        path.with_suffix(suffix).unlink(missing_ok=True)
    return tuple(path.with_suffix(suffix) for suffix in (".dbf", ".shp", ".shx"))


def free_verge(piece: Street, trees: int) -> float:
    """Verge of both sides free for planting [m]: three quarters of them less 7.5 m a tree, to 0.1 m."""
    return round(max(0.0, 1.5 * (piece.line.length - 16.0) - 7.5 * trees), 1)


def write_streets(path: Path, pieces: tuple[Street, ...], trees: tuple[int, ...]) -> Path:
    """Write street centre lines with class, width between red lines and trees standing."""
    frame = gpd.GeoDataFrame(
        {
            "编号": [f"DL{k:03d}" for k in range(1, len(pieces) + 1)],
            "道路名称": [piece.name for piece in pieces],
            HEADER: english_names(piece.name for piece in pieces),
            "道路等级": [piece.road_class for piece in pieces],
            "红线宽度": [piece.width for piece in pieces],
            "行道树": list(trees),
            "可种植长度": [free_verge(piece, count) for piece, count in zip(pieces, trees, strict=True)],
            "备注": f"{LABEL}数据",
        },
        geometry=[on_map(piece.line) for piece in pieces],
        crs=EPSG,
    )
    with stamped():
        pyogrio.write_dataframe(frame, path, driver="GPKG", layer="道路中心线")
    return path


def write_facilities(path: Path, plan: Iterable[Parcel]) -> Path:
    """Write a point for each hospital and fire station site of the plan."""
    facilities = [(parcel, FACILITIES[parcel.code]) for parcel in plan if parcel.code in FACILITIES]
    frame = gpd.GeoDataFrame(
        {
            "编号": [f"JY{k:02d}" for k in range(1, len(facilities) + 1)],
            "设施类型": [kind for _, kind in facilities],
            "备注": f"{LABEL}数据",
        },
        geometry=[on_map(parcel.shape.representative_point()) for parcel, _ in facilities],
        crs=EPSG,
    )
    with stamped():
        pyogrio.write_dataframe(frame, path, driver="GPKG", layer="救援设施")
    return path


def write_communities(path: Path, communities: tuple[Community, ...]) -> Path:
    """Write the communities' outlines; their residents are in the workbook."""
    frame = gpd.GeoDataFrame(
        {
            "编号": [c.number for c in communities],
            "社区": [c.name for c in communities],
            HEADER: english_names(c.name for c in communities),
            "备注": f"{LABEL}数据",
        },
        geometry=[on_map(c.shape) for c in communities],
        crs=EPSG,
    )
    with stamped():
        pyogrio.write_dataframe(frame, path, driver="GPKG", layer="社区")
    return path


def write_outline(path: Path) -> Path:
    """Write the plan area."""
    frame = gpd.GeoDataFrame({"名称": [f"规划范围（{LABEL}）"]}, geometry=[on_map(DOMAIN)], crs=EPSG)
    with stamped():
        pyogrio.write_dataframe(frame, path, driver="GPKG", layer="规划范围")
    return path


def write_layer(path: Path, frame: gpd.GeoDataFrame) -> Path:
    """Write a GeoPackage of one layer, named as the file before its label."""
    with stamped():
        pyogrio.write_dataframe(frame, path, driver="GPKG", layer=path.stem.partition("_")[0])
    return path
