"""Waste heat between plants: levels, reach, temperature, the most and the nearest."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import pytest
from shapely.geometry import Point

from citybraid.core.errors import InputError
from citybraid.lowcarbon.industry.waste_heat_exchange import (
    WasteHeatExchange,
    WasteHeatExchangeParams,
    waste_heat_exchange,
)

CRS = "EPSG:32651"
NONE = float("nan")
GJ = 1e3 / 3.6


def plants(*rows: tuple[float, float, float, float, float]) -> gpd.GeoDataFrame:
    """Return plants in a line: x [m], useful heat [kWh], its temperature, waste heat [GJ], its temperature."""
    names = ("plant_useful_heat", "heat_use_temperature", "plant_waste_heat", "plant_waste_heat_temperature")
    columns = dict(zip(names, zip(*(row[1:] for row in rows), strict=True), strict=True))
    columns |= {"plant_carbon": [0.2 * row[1] for row in rows], "plant_heat_emissions": [0.0] * len(rows)}
    return gpd.GeoDataFrame(
        columns, geometry=[Point(row[0], 0) for row in rows], index=[f"w{at}" for at in range(len(rows))], crs=CRS
    )


def matched(*rows: tuple[float, float, float, float, float], reach: float = 2000.0) -> WasteHeatExchange:
    return waste_heat_exchange(plants=plants(*rows), p=WasteHeatExchangeParams(reach=reach))


def test_a_furnace_heats_a_dye_works() -> None:
    found = matched((0, 0, NONE, 100, 150), (500, 20000, 90, 0, NONE))
    assert found.matched_heat.to_dict() == pytest.approx({"w0>w1": 20000.0})
    assert found.match_distance["w0>w1"] == 500.0
    assert found.exchanged_heat == pytest.approx(20000)
    assert found.unused_heat == pytest.approx(100 * GJ - 20000)
    assert found.exchange_saving == pytest.approx(0.2 * 20000)
    assert found.heat_given.to_dict() == pytest.approx({"w0": 20000.0, "w1": 0.0})


def test_heat_that_is_too_cold_or_too_far_or_ones_own_does_not_pass() -> None:
    assert matched((0, 0, NONE, 100, 99), (500, 20000, 90, 0, NONE)).exchanged_heat == 0.0
    assert matched((0, 0, NONE, 100, 100), (500, 20000, 90, 0, NONE)).exchanged_heat > 0.0
    assert matched((0, 0, NONE, 100, 150), (500, 20000, 90, 0, NONE), reach=499).exchanged_heat == 0.0
    assert matched((0, 20000, 90, 100, 150)).exchanged_heat == 0.0


def test_the_most_passes_even_where_the_nearest_pair_would_block_it() -> None:
    """The hot giver must serve the hot use, though the cold use is nearer."""
    rows = (0, 0, NONE, 3.6, 300), (10, 1000, 60, 0, NONE), (900, 1000, 250, 0, NONE), (800, 0, NONE, 3.6, 80)
    found = matched(*rows)
    assert found.matched_heat.to_dict() == pytest.approx({"w0>w2": 1000.0, "w3>w1": 1000.0})
    assert found.unused_heat == pytest.approx(0.0)


def test_of_equal_sums_the_shortest_way_is_taken() -> None:
    found = matched((0, 0, NONE, 3.6, 300), (1000, 5000, 60, 0, NONE), (200, 5000, 60, 0, NONE))
    assert found.matched_heat.to_dict() == pytest.approx({"w0>w2": 1000.0})


def test_levels_of_heat() -> None:
    found = matched(*[(0, heat, at, 0, NONE) for heat, at in ((1, 99), (2, 100), (4, 400), (8, 401), (16, 1400))])
    assert (found.low_heat, found.medium_heat, found.high_heat) == (1, 6, 24)


@pytest.mark.parametrize(
    ("row", "column"),
    [((0, 5, NONE, 0, NONE), "heat_use_temperature"), ((0, 0, NONE, 5, NONE), "plant_waste_heat_temperature")],
)
def test_heat_without_a_temperature_is_refused(row: tuple[float, float, float, float, float], column: str) -> None:
    with pytest.raises(InputError) as told:
        matched(row)
    assert column in told.value.say("zh")
    assert "w0" in told.value.say("en")


def test_figure(figure: Callable[[str], Path]) -> None:
    rows = (
        (0, 0, NONE, 40, 320), (400, 4000, 80, 0, NONE), (900, 6000, 160, 8, 70), (1500, 2500, 55, 0, NONE),
        (2100, 0, NONE, 10, 95),
    )  # fmt: skip
    names = ("glass", "food", "dyeing", "nursery", "data centre")
    found = matched(*rows)
    fig, axis = plt.subplots(figsize=(6.5, 2.8), layout="constrained")
    x = {f"w{at}": row[0] for at, row in enumerate(rows)}
    for at, row in enumerate(rows):
        axis.plot(row[0], 0, "s", color="#b5651d" if row[3] > 0 else "#4f7f8c", markersize=9)
        axis.annotate(names[at], (row[0], 0), xytext=(0, -16), textcoords="offset points", ha="center", fontsize=8)
    for pair, heat in found.matched_heat.items():
        giver, taker = (x[name] for name in str(pair).split(">"))
        bow = {"arrowstyle": "->", "connectionstyle": "arc3,rad=-0.35" if taker > giver else "arc3,rad=0.35",
               "lw": 1 + heat / 2500, "color": "#8c6d4f"}  # fmt: skip
        axis.annotate("", (taker, 0.02), (giver, 0.02), arrowprops=bow)
        axis.text(
            (giver + taker) / 2, 0.02 + abs(taker - giver) / 6000, f"{heat / 1e3:.1f} MWh", ha="center", fontsize=8
        )
    axis.set(ylim=(-0.12, 0.32), yticks=[], xlabel="m", title="Waste heat between plants, a year")
    fig.savefig(figure("lowcarbon.waste_heat_exchange"), dpi=130)
    plt.close(fig)
