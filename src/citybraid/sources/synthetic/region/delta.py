"""A synthetic delta of three jurisdictions: true areas and residents, published totals of land, invented places."""

from collections.abc import Sequence
from pathlib import Path

import shapely

from citybraid.sources.synthetic.english_names import HEADER, english_names
from citybraid.sources.synthetic.frame import LABEL
from citybraid.sources.synthetic.region import delta_blocks, delta_land
from citybraid.sources.synthetic.region.delta_blocks import Groups
from citybraid.sources.synthetic.region.delta_land import PADDY, Parcels
from citybraid.sources.synthetic.region.jurisdictions import DELTA, EPSG, Town, canvas, outlines, towns
from citybraid.sources.synthetic.region.region_files import write_cells, write_shapes


def write_delta(folder: Path, seed: int = 1) -> tuple[Path, ...]:
    """Write a synthetic delta the size of the demonstration zone of the Yangtze Delta and return the files.

    Areas of jurisdictions, their residents, and the zone's totals of water, construction land, forest, farmland and
    control lines are the published ones. Outlines, towns, places of every use and buildings are invented by rules and
    the seed. One row of buildings stands for all of a cell of 500 m.
    """
    cells, shapes = canvas(), outlines()
    places = towns(seed, shapes)
    land = delta_land.land(seed, cells, shapes, places)
    plots = delta_land.parcels(cells, land, places)
    houses = delta_blocks.groups(seed, cells, land, places)
    lines = delta_land.control_lines(seed, cells, land, places)
    fine = cells.finer(delta_land.PARTS)
    return (
        write_shapes(folder / f"区县_{LABEL}.gpkg", {"区县名称": [each.name for each in DELTA]},
                     [shapes[each.name] for each in DELTA], EPSG),
        _write_towns(folder / f"镇街_{LABEL}.gpkg", places),
        _write_parcels(folder / f"用地_{LABEL}.gpkg", plots),
        _write_groups(folder / f"建筑群_{LABEL}.gpkg", houses),
        write_shapes(folder / f"三线_{LABEL}.gpkg", {"管控边界": lines.use, "区县": lines.jurisdiction},
                     lines.shapes, EPSG),
        _write_villages(folder / f"农田_{LABEL}.gpkg", plots),
        write_cells(folder / f"地表覆盖_{LABEL}.tif", delta_land.cover(seed, cells, land), fine, nodata=0,
                    about="land cover codes"),
        write_cells(folder / f"地形高程_{LABEL}.tif", delta_land.ground(seed, cells, land), fine, nodata=-9999.0,
                    about="bare ground elevation, m"),
    )  # fmt: skip


def _write_towns(path: Path, places: Sequence[Town]) -> Path:
    columns: dict[str, Sequence[object]] = {
        "编号": [each.number for each in places], "镇街": [each.name for each in places],
        HEADER: english_names(each.name for each in places),
        "区县": [each.jurisdiction for each in places], "常住人口": [each.residents for each in places],
    }  # fmt: skip
    return write_shapes(path, columns, [each.shape for each in places], EPSG)


def _write_groups(path: Path, houses: Groups) -> Path:
    columns: dict[str, Sequence[object]] = {
        "编号": [f"JZ{k:05d}" for k in range(1, len(houses.built) + 1)],
        "用途": [each.use for each in houses.built], "层数": [each.floors for each in houses.built],
        "高度": [each.height for each in houses.built], "年代": [each.year for each in houses.built],
        "建筑面积": [each.floor_area for each in houses.built], "区县": houses.jurisdiction,
    }  # fmt: skip
    return write_shapes(path, columns, [each.shape for each in houses.built], EPSG)


def _write_parcels(path: Path, plots: Parcels) -> Path:
    columns: dict[str, Sequence[object]] = {
        "编号": [f"DK{k:05d}" for k in range(1, len(plots.use) + 1)], "用地代码": plots.use, "区县": plots.jurisdiction,
    }  # fmt: skip
    return write_shapes(path, columns, plots.shapes, EPSG)


def _write_villages(path: Path, plots: Parcels) -> Path:
    """Write the paddies of each jurisdiction as one row: one crop of rice a year."""
    rows = {
        each.name: [
            shape
            for shape, use, where in zip(plots.shapes, plots.use, plots.jurisdiction, strict=True)
            if use == PADDY and where == each.name
        ]
        for each in DELTA
    }
    columns: dict[str, Sequence[object]] = {
        "区县": list(rows), "单季稻面积": [sum(shape.area for shape in shapes) for shapes in rows.values()],
    }  # fmt: skip
    return write_shapes(path, columns, [shapely.union_all(shapes) for shapes in rows.values()], EPSG)
