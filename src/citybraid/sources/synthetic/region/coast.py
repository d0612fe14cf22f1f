"""A synthetic coast with hills: land, roads in stretches, districts and ground; places are invented."""

from pathlib import Path

import numpy as np
import shapely

from citybraid.sources.synthetic.english_names import HEADER, english_names
from citybraid.sources.synthetic.frame import LABEL
from citybraid.sources.synthetic.region import coast_land
from citybraid.sources.synthetic.region.coast_land import CANVAS, EPSG
from citybraid.sources.synthetic.region.region_files import write_cells, write_shapes


def write_coast(folder: Path, seed: int = 1) -> tuple[Path, ...]:
    """Write a synthetic coast of 7.2 km by 6 km near Xiamen and return the files.

    Wooded hills behind a town on a bay, mangroves, and roads that part them; nothing is copied from a real map. The
    same seed writes the same coast.
    """
    level, ways, parts = coast_land.ground(seed), coast_land.roads(), coast_land.districts()
    return (
        write_shapes(
            folder / f"道路_{LABEL}.gpkg",
            {
                "编号": [each.number for each in ways], "道路名称": [each.name for each in ways],
                HEADER: english_names(each.name for each in ways),
                "道路等级": [each.grade for each in ways], "红线宽度": [each.width for each in ways],
            },
            [each.line for each in ways], EPSG,
        ),
        write_shapes(
            folder / f"片区_{LABEL}.gpkg",
            {"编号": [f"PQ{k}" for k in range(1, len(parts) + 1)],
             "片区": [f"虚片{k}（合成）" for k in range(1, len(parts) + 1)],
             HEADER: english_names(f"虚片{k}（合成）" for k in range(1, len(parts) + 1))},
            parts, EPSG,
        ),
        write_shapes(folder / f"规划范围_{LABEL}.gpkg", {"名称": [f"规划范围（{LABEL}）"]},
                     [shapely.union_all(parts)], EPSG),
        write_cells(folder / f"地形高程_{LABEL}.tif", level.astype(np.float32), CANVAS, nodata=-9999.0,
                    about="bare ground elevation, m"),
        write_cells(folder / f"地表覆盖_{LABEL}.tif", coast_land.cover(seed, level, ways), CANVAS, nodata=0,
                    about="land cover codes"),
    )  # fmt: skip
