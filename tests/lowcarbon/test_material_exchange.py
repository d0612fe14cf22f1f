"""By-products between sites: by material, reach and the shortest way; avoided only where a factor is known."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from shapely.geometry import Point

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.industry.material_exchange import (
    MaterialExchange,
    MaterialExchangeParams,
    material_exchange,
)

NONE = float("nan")


def sites(*rows: tuple[float, str | None, float, float], factor: list[float] | None = None) -> gpd.GeoDataFrame:
    """Return sites in a line: x [m], material, offered [t], needed [t]."""
    names = ("byproduct_material", "byproduct_offered", "byproduct_needed")
    columns = dict(zip(names, zip(*(row[1:] for row in rows), strict=True), strict=True))
    frame = gpd.GeoDataFrame(
        columns, geometry=[Point(row[0], 0) for row in rows], index=[f"s{at}" for at in range(len(rows))],
        crs="EPSG:32651",
    )  # fmt: skip
    return frame if factor is None else frame.assign(byproduct_factor=factor)


def matched(table: gpd.GeoDataFrame, *, reach: float = 20000.0) -> MaterialExchange:
    result: MaterialExchange = material_exchange(
        byproducts=table, byproduct_saving=resolve("byproduct_saving"), p=MaterialExchangeParams(reach=reach)
    )
    return result


def test_materials_meet_under_their_own_name_in_either_language() -> None:
    found = matched(sites((0, "脱硫石膏", 900, NONE), (500, "Gypsum", NONE, 600), (10, "粉煤灰", NONE, 600)))
    assert found.matched_material.to_dict() == pytest.approx({"s0>s1:gypsum": 600.0})
    assert found.material_distance["s0>s1:gypsum"] == 500.0
    assert found.byproduct_given.to_list() == pytest.approx([600.0, 0.0, 0.0])
    assert (found.exchanged_material, found.unused_material) == pytest.approx((600.0, 300.0))


def test_a_name_that_no_table_knows_stands_for_itself() -> None:
    found = matched(sites((0, " 豆渣 ", 10, NONE), (5, "豆渣", NONE, 4), (6, "酒糟", NONE, 4)))
    assert found.matched_material.to_dict() == pytest.approx({"s0>s1:豆渣": 4.0})


def test_of_equal_sums_the_nearest_is_served_and_nobody_serves_itself() -> None:
    found = matched(sites((0, "slag", 10, 5), (3000, "slag", NONE, 10), (100, "slag", NONE, 10)))
    assert found.matched_material.to_dict() == pytest.approx({"s0>s2:slag": 10.0})
    assert matched(sites((0, "slag", 10, NONE), (100, "slag", NONE, 5)), reach=99).exchanged_material == 0.0


def test_emissions_are_avoided_only_where_a_factor_is_known() -> None:
    """Gypsum has a sourced factor of 32.8 kg a tonne; the user's own goes first; slag has none."""
    rows = (
        (0, "石膏", 10, NONE), (1, "石膏", NONE, 4), (0, "矿渣", 10, NONE), (1, "矿渣", NONE, 6), (1, "矿渣", NONE, 2),
    )  # fmt: skip
    found = matched(sites(*rows)).byproduct_avoided
    assert found["s1"] == pytest.approx(4 * 32.8)
    assert np.isnan(found["s3"])
    assert found["s0"] == found["s2"] == 0.0
    own = matched(sites(*rows, factor=[NONE, 50.0, NONE, 700.0, NONE])).byproduct_avoided
    assert (own["s1"], own["s3"]) == pytest.approx((200.0, 4200.0))
    assert np.isnan(own["s4"])


@pytest.mark.parametrize(
    ("row", "needs"),
    [
        ((0, None, 5, NONE), "s0"), ((0, " ", 5, NONE), "s0"), ((0, "slag", NONE, NONE), "s0"),
        ((0, "slag", -5, NONE), "byproduct_offered"), ((0, "slag", 5, -1), "byproduct_needed"),
    ],
)  # fmt: skip
def test_bad_rows_are_refused_in_both_languages(row: tuple[float, str | None, float, float], needs: str) -> None:
    with pytest.raises(InputError) as told:
        matched(sites(row))
    assert needs in told.value.say("en")
    assert needs in told.value.say("zh")


def test_a_negative_factor_is_refused() -> None:
    with pytest.raises(InputError):
        matched(sites((0, "slag", 5, NONE), factor=[-1.0]))


def test_figure(figure: Callable[[str], Path]) -> None:
    rows = (
        (0, "粉煤灰", 9000, NONE), (2600, "粉煤灰", NONE, 5000), (6000, "粉煤灰", NONE, 6000),
        (1200, "脱硫石膏", 3000, NONE), (4500, "石膏", NONE, 2500),
    )  # fmt: skip
    names = ("power plant: ash", "brick works", "cement works", "boiler: gypsum", "board works")
    found = matched(sites(*rows))
    fig, axis = plt.subplots(figsize=(6.5, 2.6), layout="constrained")
    for row, name in zip(rows, names, strict=True):
        axis.plot(row[0], 0, "s", color="#8c6d4f" if row[2] > 0 else "#4f7f8c", markersize=9)
        axis.annotate(name, (row[0], 0), xytext=(0, -18), textcoords="offset points", ha="center", fontsize=8)
    for pair, mass in found.matched_material.items():
        giver, taker = (rows[int(name[1:])][0] for name in str(pair).partition(":")[0].split(">"))
        bow = {"arrowstyle": "->", "connectionstyle": "arc3,rad=-0.3", "lw": 1 + mass / 2500, "color": "#b5651d"}
        axis.annotate("", (taker, 0.02), (giver, 0.02), arrowprops=bow)
        axis.text(
            0.3 * giver + 0.7 * taker,
            0.04 + (taker - giver) / 27000,
            f"{mass:,.0f} t",
            ha="center",
            fontsize=8,
            va="bottom",
        )
    axis.set(ylim=(-0.14, 0.42), xlim=(-700, 6700), yticks=[], xlabel="m", title="By-products between sites, a year")
    fig.savefig(figure("lowcarbon.material_exchange"), dpi=130)
    plt.close(fig)
