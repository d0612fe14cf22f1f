"""A flood of two hours with its drains coupled, and the same flood apart: one JSON line each.

A square town with manholes every 50 m, pipes to one corner, an hour of 60 mm/h; the edges are closed. Every line has
seconds, the drains' accounts and what did not close.

    python benchmarks/drains.py [--manholes 22] [--cell 5] [--interval 5]
"""

import argparse
import json
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.resilience.flood.coefficients import Coefficients
from citybraid.resilience.flood.drain_exchange import Drainage
from citybraid.resilience.flood.event_forcing import EventForcing
from citybraid.resilience.flood.flood import Flood, flood
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.flood.surface import Surface

CRS = "EPSG:32651"
SPACING = 50.0
HEAD = (
    "[OPTIONS]", "FLOW_UNITS CMS", "FLOW_ROUTING DYNWAVE", "START_DATE 01/01/2020", "END_DATE 01/01/2020",
    "END_TIME 02:00:00", "ROUTING_STEP 5",
)  # fmt: skip
Places = dict[str, tuple[float, float]]


def ground(side: float, cell: float) -> NDArray[np.float64]:
    """Return a town's ground: it leans to the corner where the outfall is, and has hollows."""
    count = round(side / cell)
    y, x = np.mgrid[0:count, 0:count] * cell
    noise = np.random.default_rng(0).normal(0.0, 0.02, (count, count))
    return np.asarray(20.0 - 0.002 * x - 0.001 * y + 0.3 * np.sin(x / 85.0) * np.cos(y / 65.0) + noise)


def network(count: int, bed: NDArray[np.float64], cell: float) -> tuple[str, Places]:
    """Return the drains' model and where its nodes are: rows of pipes into a main along the eastern side."""
    side = count * SPACING
    junctions, conduits, sections, places = ["[JUNCTIONS]"], ["[CONDUITS]"], ["[XSECTIONS]"], Places()
    for i in range(count):
        for j in range(count):
            x, y = SPACING * (i + 0.5), SPACING * (j + 0.5)
            invert, rim = 17.0 - 0.002 * x - 0.001 * (side - y), float(bed[int((side - y) / cell), int(x / cell)])
            node, places[f"N{i}_{j}"] = f"N{i}_{j}", (x, y)
            junctions.append(f"{node} {invert:.3f} {max(rim - invert, 1.0):.3f} 0 0 0")
            after = f"N{i + 1}_{j}" if i < count - 1 else f"N{i}_{j - 1}" if j else "OUT"
            width = 0.6 if i < count - 1 else 1.8
            conduits.append(f"C{i}_{j} {node} {after} {SPACING} 0.013 0 0")
            sections.append(f"C{i}_{j} CIRCULAR {width} 0 0 0")
    places["OUT"] = (side + SPACING, 0.0)
    parts = [*HEAD, *junctions, "[OUTFALLS]", "OUT 13.5 FREE", *conduits, *sections]
    return "\n".join(parts) + "\n", places


def ran(bed: NDArray[np.float64], text: str, places: Places, p: FloodParams, *, cell: float) -> Flood:
    """Run the town's flood."""
    side = bed.shape[0] * cell
    points = [shapely.Point(place) for place in places.values()]
    return flood(
        surface=Surface(xr.DataArray(bed, dims=("y", "x")), xr.DataArray(np.full(bed.shape, 0.03), dims=("y", "x"))),
        forcing=EventForcing(pd.Series([60.0, 0.0], index=[0.0, 1.0])),
        coefficients=Coefficients(resolve("flood_debris"), resolve("flood_structures"), resolve("drain_inlet")),
        grid=GeoBox.from_bbox((0, 0, side, side), crs=CRS, resolution=cell),
        p=p,
        drains=Drainage(text, gpd.GeoDataFrame(geometry=points, index=list(places), crs=CRS)),
    )


def main() -> None:
    """Run both and print a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--manholes", type=int, default=22, help="manholes along a side")
    parser.add_argument("--cell", type=float, default=5.0)
    parser.add_argument("--interval", type=float, default=5.0, help="coupling interval [s]")
    told = parser.parse_args()
    bed = ground(told.manholes * SPACING, told.cell)
    text, places = network(told.manholes, bed, told.cell)
    closed = dict.fromkeys(("north", "south", "east", "west"), "closed")
    for drains in ("apart", "coupled"):
        words = {**closed, "drains": drains, "coupling_interval": told.interval, "duration": 7200.0}
        p = FloodParams.model_validate(words)
        ran(bed, text, places, p.model_copy(update={"duration": 10.0}), cell=told.cell)
        began = time.perf_counter()
        found = ran(bed, text, places, p, cell=told.cell)
        line = {
            "drains": drains, "cells": bed.size, "nodes": len(places), "seconds": time.perf_counter() - began,
            "rain": found.balance.rain_volume, "stored": found.balance.stored_volume,
            "mass_error": found.balance.mass_error,
        }  # fmt: skip
        if (exchange := found.drains) is not None:
            line |= {
                "taken": exchange.drains_taken, "returned": exchange.drains_returned,
                "discharged": exchange.drains_discharged, "exchange_error": exchange.exchange_error,
                "continuity": exchange.drains_continuity,
            }  # fmt: skip
        print(
            json.dumps({name: round(value, 6) if isinstance(value, float) else value for name, value in line.items()})
        )


if __name__ == "__main__":
    main()
