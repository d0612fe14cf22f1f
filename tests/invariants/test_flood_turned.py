"""Floods have no direction: turned or mirrored with all that is built, a town floods the same, by both equations."""

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pytest
from numpy.typing import NDArray
from shapely.affinity import affine_transform
from shapely.geometry import LineString, Point

from tests.resilience.basin import Outputs, features, line, rain, run, series

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
Turn = tuple[int, int, int, int]
"""East of the new by east and north of the old, north of the new by east and north of the old."""
COUNT = 16
WIDE = 5.0 * COUNT
TURNS: dict[str, Turn] = {
    "mirrored": (-1, 0, 0, 1), "upside down": (1, 0, 0, -1), "by a quarter": (0, -1, 1, 0), "by half": (-1, 0, 0, -1),
}  # fmt: skip
SIDES = {"west": (-1, 0), "east": (1, 0), "north": (0, 1), "south": (0, -1)}


class Town(NamedTuple):
    """Rasters, tables and edges of a town."""

    rasters: dict[str, Floats]
    tables: dict[str, gpd.GeoDataFrame]
    edges: dict[str, str | float]

    def turned(self, turn: Turn) -> "Town":
        """Return the town turned about its middle."""
        a, b, c, d = turn
        return Town(
            {name: turned(values, turn) for name, values in self.rasters.items()},
            {
                name: table.set_geometry(
                    [
                        affine_transform(each, (*turn, WIDE / 2 * (1 - a - b), WIDE / 2 * (1 - c - d)))
                        for each in table.geometry
                    ]
                )
                for name, table in self.tables.items()
            },
            {
                next(name for name, place in SIDES.items() if place == (a * x + b * y, c * x + d * y)): self.edges[side]
                for side, (x, y) in SIDES.items()
            },
        )


def turned(values: Floats, turn: Turn) -> Floats:
    """Return a raster turned about its middle."""
    a, b, c, d = turn
    row, column = np.indices(values.shape)
    middle = (COUNT - 1) / 2
    x, y = column - middle, middle - row
    return np.ascontiguousarray(
        values[np.rint(middle - b * x - d * y).astype(int), np.rint(middle + a * x + c * y).astype(int)]
    )


def town(seed: int) -> Town:
    """Return rough ground with a lake behind a bent levee with a gate, a low levee, a culvert, pumps, soil, drains.

    Roofs hold their rain: which of two equally near cells a roof drains to is a matter of order.
    """
    draw, shape = np.random.default_rng(seed), (COUNT, COUNT)
    x = 5.0 * (np.arange(COUNT) + 0.5)
    bed = 10.0 + 0.02 * x[np.newaxis] + 0.01 * x[:, np.newaxis] + draw.normal(0.0, 0.15, shape)
    bed[5:9, 11:14] -= 0.8
    built = np.zeros(shape)
    built[2:4, 9:12] = built[12, 5:8] = 1.0
    rasters = {
        "terrain": bed, "initial_depth": np.where(x < 30.0, np.clip(11.3 - bed, 0.0, None), 0.0),
        "building_fraction": built, "surface_storage": np.where(built > 0.0, 100.0, 5.0 * draw.random(shape)),
        "hydraulic_conductivity": 20.0 * draw.random(shape), "suction_head": 300.0 * draw.random(shape),
        "moisture_deficit": 0.4 * draw.random(shape), "drain_capacity": 30.0 * draw.random(shape),
    }  # fmt: skip
    bent = LineString([(31, -5), (31, 30.3), (38, 50.7), (38, 90)])
    tables = {
        "levees": features(bent, LineString([(60, -5), (60, 90)]), crest_height=[0.9, 0.1]),
        "gates": features(
            LineString([(27.5, 12.5), (37.5, 12.5)]), gate_width=[3.0], gate_sill=[10.2], gate_height=[0.5]
        ),
        "culverts": features(
            LineString([(22.5, 62.5), (52.5, 52.5)]), culvert_diameter=[0.8], inlet_level=[10.4], outlet_level=[10.3]
        ),
        "pumps": features(
            LineString([(22.5, 47.5), (67.5, 72.5)]), Point((72.5, 12.5)), pump_capacity=[0.3, 0.2],
            pump_start_level=[10.5, np.nan], pump_stop_level=[10.4, np.nan],
        ),
        "inflows": line((42.0, 0.5), (57.0, 0.5)),
    }  # fmt: skip
    return Town(rasters, tables, {"west": "closed", "east": "free", "north": 11.1, "south": "closed"})


def flooded(made: Town, momentum: str) -> Outputs:
    rasters = dict(made.rasters)
    words: dict[str, Any] = {**rasters, **made.tables, **made.edges, "momentum": momentum}
    return run(
        words.pop("terrain"), falling=rain(60.0, 60.0), duration=120.0, threshold=0.01,
        inflow_discharge=series([6.0, 6.0], 60.0), **words,
    )  # fmt: skip


@pytest.mark.parametrize("momentum", ["inertial", "full"])
def test_a_town_with_all_that_is_built_has_no_direction(momentum: str) -> None:
    straight = flooded(town(0), momentum)
    flows = ("levee_volume", "gate_volume", "culvert_volume", "pump_volume", "gate_peak")
    for name in flows:
        assert float(getattr(straight, name).max()) > 1e-3, f"nothing passes: {name}"
    assert abs(straight.mass_error) < 1e-12
    for turn in TURNS.values():
        found = flooded(town(0).turned(turn), momentum)
        for name in ("final_depth", "max_depth"):
            want = turned(getattr(straight, name).to_numpy(), turn)
            np.testing.assert_allclose(getattr(found, name), want, atol=1e-9, err_msg=name)
        np.testing.assert_allclose(found.max_speed, turned(straight.max_speed.to_numpy(), turn), atol=2e-3)
        for name in flows:
            np.testing.assert_allclose(getattr(found, name), getattr(straight, name), rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(found.inflow_volume, straight.inflow_volume, rtol=1e-9)
