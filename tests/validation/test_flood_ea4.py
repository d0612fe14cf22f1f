"""Environment Agency test 4: a flood spreads over a flat plain from a 20 m inflow (Neelz and Pender 2013, 4.5)."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from tests.resilience.basin import CRS, plane, run, series
from tests.validation.publishing import Published

STEP = 60.0
ARRIVED = 0.01


@pytest.mark.case("validation/flood_ea4")
def test_flood_ea4(cases: Path, published: Published) -> None:
    """Peaks within 2 % at gauges 2 to 6 and 5 % at gauge 1, arrival within 5 min, volume within 0.5 %."""
    folder = cases / "validation" / "flood_ea4"
    given = json.loads((folder / "inputs.json").read_text(encoding="utf-8"))
    expected = pd.read_csv(folder / "expected_lisflood_dg2_5m.csv")
    times, widths = np.array(given["inflow"]["q_per_width_m2s_vs_time_s"], dtype=np.float64).T
    edges = np.arange(0.0, given["t_end_s"] + STEP, STEP)
    means = np.diff(np.interp(edges, times, widths)) / 2 + np.interp(edges[:-1], times, widths)
    low, high = given["inflow"]["y"]
    line = gpd.GeoDataFrame(geometry=gpd.GeoSeries([LineString([(0, low), (0, high)])], index=["in"], crs=CRS))
    found = run(
        plane((400, 200), 0.0),
        manning=given["manning_n"],
        duration=given["t_end_s"],
        west="closed",
        threshold=ARRIVED,
        inflows=line,
        inflow_discharge=series((high - low) * means, STEP),
    )
    published.near("Volume", found.inflow_volume, 285_000, share=0.005, unit="m³")
    published.at_most("Balance", abs(found.mass_error), 1e-6)
    for gauge, (x, y) in given["gauges"].items():
        row, column = int((2000 - y) / 5), int(x / 5)
        depths = expected[f"g{gauge}"].to_numpy()
        share = 0.05 if gauge == "1" else 0.02
        published.near(f"Gauge {gauge}: peak", float(found.max_depth[row, column]), depths.max(), share=share, unit="m")
        first = int(np.argmax(depths > ARRIVED))
        crossed = np.interp(ARRIVED, depths[first - 1 : first + 1], expected["t_s"][first - 1 : first + 1])
        if first:
            arrived = float(found.arrival_time[row, column]) * 60
            published.near(f"Gauge {gauge}: arrival", arrived, crossed / 60, by=5.0, unit="min")
