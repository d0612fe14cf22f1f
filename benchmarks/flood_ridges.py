"""How much water ridges thinner than a coarse cell let through with `subgrid`: prints one JSON line each.

A levee one cell of 5 m thick and 2 m (or 0.3 m: overtopped) high runs over sloping ground at several orientations and
places within the coarse cells; 25 200 m³ are poured on its upper side within half an hour and stand for another half.
Told are the water behind it at the end, on fine cells and on coarse ones, and root mean square error, bias and the
share of flooded cells in common of the greatest depth. With `--faces` the sills within coarse cells are left out.

    python -m benchmarks.flood_ridges [--faces]
"""

import argparse
import json
from typing import Any, NamedTuple
from unittest.mock import patch

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from shapely.geometry import LineString

from benchmarks.flood import CELL, DEBRIS, MANNING
from benchmarks.flood_subgrid import STEPS, against
from citybraid.core.factor import resolve
from citybraid.resilience.flood.coefficients import Coefficients
from citybraid.resilience.flood.event_forcing import EventForcing
from citybraid.resilience.flood.flood import Flood, flood
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.flood.surface import Surface

F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]
COUNT = 96
CRS = "EPSG:32651"
ORIENTATIONS = {"along columns": 0.0, "1 in 2": 0.5, "diagonal": 1.0, "other diagonal": -1.0, "2 in 1": 2.0}
"""Cells that a levee runs eastward for each it runs southward."""
DISCHARGE = 14.0
"""Inflow in the first half hour [m³ s⁻¹]."""


class Ridge(NamedTuple):
    """Ground with a levee [m], and which cells lie behind it."""

    bed: F64
    beyond: Flags


def ridge(run_east: float, place: int, height: float) -> Ridge:
    """Return sloping ground with a levee that runs `run_east` cells eastward for each southward."""
    y, x = np.mgrid[0:COUNT, 0:COUNT].astype(np.float64)
    ground = 2.0 - 0.006 * x + np.random.default_rng(3).normal(0.0, 0.02, x.shape)
    beyond = x - (COUNT // 2 + place) - run_east * (y - COUNT // 2) > 0.0
    beside = np.pad(beyond, 1, mode="edge")
    wall = (beside[:-2, 1:-1] | beside[2:, 1:-1] | beside[1:-1, :-2] | beside[1:-1, 2:]) & ~beyond
    return Ridge(ground + height * wall, beyond)


def poured(bed: F64, subgrid: int) -> Flood:
    """Return the flood of what is poured on the upper side."""
    side = COUNT * CELL
    grid = GeoBox.from_bbox((0, 0, side, side), crs=CRS, resolution=CELL)
    inflows = gpd.GeoDataFrame(
        geometry=gpd.GeoSeries([LineString([(12.0, 100.0), (12.0, 380.0)])], index=["in"], crs=CRS)
    )
    sides: dict[str, Any] = dict.fromkeys(("north", "south", "east", "west"), "closed")
    return flood(
        surface=Surface(xr.DataArray(bed, dims=("y", "x")), xr.DataArray(np.full(bed.shape, MANNING), dims=("y", "x"))),
        forcing=EventForcing(
            rain_intensity=pd.Series([0.0], index=[0.0]),
            inflows=inflows,
            inflow_discharge=pd.Series([DISCHARGE, 0.0], index=[0.0, 0.5]),
        ),
        coefficients=Coefficients(DEBRIS, resolve("flood_structures"), resolve("drain_inlet")),
        grid=grid,
        p=FloodParams.model_validate({"subgrid": subgrid, "duration": 3600.0, **sides}),
    )


def behind(found: Flood, beyond: Flags) -> float:
    """Return the water behind the levee at the end [m³]."""
    return float(np.where(beyond, found.peaks.final_depth.to_numpy(), 0.0).sum()) * CELL**2


def main() -> None:
    """Pour water beside each levee on fine and on coarse cells, and print what got behind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", action="store_true", help="let faces know their own ground alone")
    if parser.parse_args().faces:
        patch("citybraid.resilience.flood.subgrid_tables.sills", lambda z, _step: z).start()
    every: dict[int, list[dict[str, float]]] = {step: [] for step in STEPS}
    for (name, run_east), height in ((each, high) for each in ORIENTATIONS.items() for high in (2.0, 0.3)):
        for place in range(4):
            bed, beyond = ridge(run_east, place, height)
            fine = poured(bed, 1)
            volume = fine.balance.inflow_volume
            for step in STEPS:
                found = poured(bed, step)
                off = against(found.peaks.max_depth.to_numpy(), fine.peaks.max_depth.to_numpy(), np.ones_like(beyond))
                more = (behind(found, beyond) - behind(fine, beyond)) / volume
                told = {**off, "behind_share_off": round(more, 4)}
                every[step].append(told)
                print(json.dumps({"levee": name, "height_m": height, "place": place, "step": step, **told}), flush=True)
    for step, all_of in every.items():
        mean = {key: round(float(np.mean([abs(each[key]) for each in all_of])), 4) for key in all_of[0]}
        print(json.dumps({"levee": "mean of all, absolute", "step": step, **mean}), flush=True)


if __name__ == "__main__":
    main()
