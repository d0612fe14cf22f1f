"""Roads and crossings by hand: current that meets streets, ground carried across, ranking, the measure; figures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import shapely

from citybraid.biodiversity.resistance_surface import ResistanceParams, resistance_surface
from citybraid.biodiversity.road_severance import road_severance
from citybraid.biodiversity.wildlife_crossings import CrossingParams, WildlifeCrossings, wildlife_crossings
from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.integrate.measures.wildlife_crossing import (
    WildlifeCrossing,
    WildlifeCrossingParams,
    wildlife_crossing,
)
from citybraid.kernels.ecology.crossings import carried, share_carried, sites
from tests.movement_case import CELL, COLUMNS, ROAD, ROWS, box, connected, covers, patches, raster, resistances

WIDTHS = {"overpass": 50.0, "culvert": 3.0, "canopy_bridge": 1.0}
COSTS = {"overpass": 20e6, "culvert": 3e6}


def ranked(cover: Any, patch: Any, costs: dict[str, float] | None = None, **words: Any) -> WildlifeCrossings:
    resistance = resistances(np.asarray(cover))
    return wildlife_crossings(
        movement_resistance=raster(resistance),
        habitat_patch=raster(np.asarray(patch, np.int32)),
        current_flow=connected(resistance, patch).current_flow,
        land_cover=raster(cover),
        costs=COSTS if costs is None else costs,
        widths=WIDTHS,
        grid=box(*resistance.shape),
        tick=lambda _: None,
        p=CrossingParams.model_validate({"count": 3, **words}),
    )


def eased(cover: np.ndarray, share: np.ndarray) -> np.ndarray:
    found = resistance_surface(
        land_cover=raster(cover), resistances=resolve("movement_resistance", region="CN-ZJ"),
        road_distances=resolve("road_distance_resistance"), grid=box(*cover.shape), crossing_share=raster(share),
        p=ResistanceParams(),
    )  # fmt: skip
    return found.movement_resistance.to_numpy()


def built(cover: np.ndarray, **words: Any) -> WildlifeCrossing:
    units = gpd.GeoDataFrame(
        {"crossings_built": [0.0, 0.0]}, index=["north", "south"], crs="EPSG:32651",
        geometry=[shapely.box(0, 80, 280, 180), shapely.box(0, 0, 280, 80)],
    )  # fmt: skip
    return wildlife_crossing(
        land_cover=raster(cover), crossing_share=raster(np.zeros(cover.shape)), units=units, widths=WIDTHS,
        grid=box(*cover.shape), p=WildlifeCrossingParams.model_validate(words),
    )  # fmt: skip


def test_a_crossing_and_the_road_beside_it_are_resistors_side_by_side() -> None:
    """A culvert of 3 m in a cell of 20 m, ground of 50, road of 500: 1 / (0.15 / 50 + 0.85 / 500) = 212.77."""
    resistance = np.array([[50.0, 500.0, 20.0]])
    road = np.array([[False, True, False]])
    found = carried(resistance, road, np.array([[0.0, 0.15, 0.0]]))
    assert found[0, 1] == pytest.approx(1.0 / (0.15 / 50.0 + 0.85 / 500.0))
    assert found[0, [0, 2]].tolist() == [50.0, 20.0]
    # Ground beside that resists more is no help
    assert carried(np.array([[900.0, 500.0, 900.0]]), road, np.array([[0.0, 1.0, 0.0]]))[0, 1] == 500.0


def test_an_overpass_takes_cells_beside_and_a_culvert_part_of_one() -> None:
    road = covers() == 51
    site = sites(road * 1.0, road, np.ones(road.shape, bool), cell=(CELL, CELL), longest=60, spacing=1e3, most=1)[0]
    assert not site.down
    assert site.cells == ((0, ROAD),)
    middle = site._replace(row=5, cells=((5, ROAD),))
    assert share_carried(middle, road, cell=(CELL, CELL), width=3.0).sum() == pytest.approx(3 / 20)
    # 50 m over 20 m cells: 2.5, rounded to even: two whole cells
    np.testing.assert_array_equal(
        np.argwhere(share_carried(middle, road, cell=(CELL, CELL), width=50.0) == 1.0), [[4, ROAD], [5, ROAD]]
    )


def test_the_gain_is_what_the_circuit_says_with_the_crossing() -> None:
    cover = covers(bridge=False)
    found = ranked(cover, patches(), count=1, candidates=3, spacing=60.0)
    before = connected(resistances(cover), patches()).patch_conductance
    site = found.crossing_sites.iloc[0]
    row = ROWS - 1 - int(site.y // CELL)
    share = np.zeros(cover.shape)
    share[row, ROAD] = 3 / 20
    assert found.crossing_kind.iloc[0] == "culvert"
    after = connected(eased(cover, share), patches()).patch_conductance
    assert found.crossings_gain == pytest.approx(after / before - 1.0, rel=1e-3)
    assert found.crossing_gain.iloc[0] == pytest.approx(found.crossings_gain)
    assert found.crossings_cost == 3e6
    assert found.crossing_length.iloc[0] == pytest.approx(CELL)


def test_gain_for_cost_decides_and_gains_come_after_one_another() -> None:
    cover = covers(bridge=False)
    dear = ranked(cover, patches(), {"overpass": 20e6, "culvert": 19e6}, count=2, candidates=3, spacing=60.0)
    assert dear.crossing_kind.iloc[0] == "overpass"
    assert dear.crossing_order.tolist()[:2] == [1.0, 2.0]
    assert dear.crossing_gain.iloc[1] < dear.crossing_gain.iloc[0]
    assert dear.crossings_gain == pytest.approx(dear.crossing_gain.iloc[:2].sum())
    rest = dear.crossing_gain[dear.crossing_order == 0]
    assert (rest < dear.crossing_gain.iloc[0]).all()


def test_canopy_bridges_join_trees_only_and_kinds_without_a_cost_are_left_out() -> None:
    cover = covers(bridge=False)
    none = ranked(cover, patches(), {}, canopy_bridge_cost=1e5)
    assert none.crossing_sites.empty
    cover[3, ROAD - 1] = cover[3, ROAD + 1] = 10
    trees = ranked(cover, patches(), {}, canopy_bridge_cost=1e5)
    assert trees.crossing_kind.tolist() == ["canopy_bridge"]
    with pytest.raises(InputError, match="no kind has a cost") as refused:
        ranked(cover, patches(), {})
    assert "没有任何类型有造价" in refused.value.say("zh")


def test_no_road_or_one_patch_has_no_crossing() -> None:
    assert ranked(np.full((ROWS, COLUMNS), 30), patches()).crossing_sites.empty
    one = ranked(covers(), patches() * (patches() == 1))
    assert (one.crossings_gain, one.crossings_cost) == (0.0, 0.0)


def test_current_that_meets_streets_by_hand() -> None:
    """All 1 A between two patches crosses the middle column once; a street along the row meets it in every cell."""
    resistance = np.full((3, 5), np.nan)
    resistance[1] = 1.0
    patch = np.zeros((3, 5), np.int32)
    patch[1, 0], patch[1, 4] = 1, 2
    lines = [
        shapely.LineString([(50, 0), (50, 60)]),
        shapely.LineString([(21, 30), (79, 30)]),
        shapely.LineString([(500, 0), (500, 60)]),
        None,
    ]
    streets = gpd.GeoDataFrame(index=["across", "along", "outside", "none"], geometry=lines, crs="EPSG:32651")
    found = road_severance(current_flow=connected(resistance, patch).current_flow, streets=streets, grid=box(3, 5))
    assert found.severed_current.tolist() == pytest.approx([1.0, 3.0, 0.0, 0.0], rel=1e-5)
    assert found.streets_current == pytest.approx(3.0, rel=1e-5)


def test_the_measure_lowers_resistance_and_raises_conductance() -> None:
    cover = covers(bridge=False)
    found = built(cover)
    assert found.crossings_built.to_dict() == {"north": 1.0, "south": 1.0}
    share = found.crossing_share.to_numpy()
    assert share.sum() == pytest.approx(2 * 3 / 20)
    after = connected(eased(cover, share), patches()).patch_conductance
    assert after > 1.01 * connected(resistances(cover), patches()).patch_conductance
    # Without crossings the surface is what it was
    np.testing.assert_array_equal(eased(cover, np.zeros(cover.shape)), resistances(cover))


def test_the_measure_at_stated_places() -> None:
    found = built(covers(bridge=False), kind="overpass", at=("165 110",))
    assert found.crossings_built.to_dict() == {"north": 1.0, "south": 0.0}
    assert np.argwhere(found.crossing_share.to_numpy() > 0).tolist() == [[2, ROAD], [3, ROAD]]
    assert built(covers(), at=("5 5",)).crossings_built.sum() == 0
    assert built(covers(), where=("south",)).crossings_built.to_dict() == {"north": 0.0, "south": 1.0}
    assert built(covers(), share=0.0).crossing_share.to_numpy().sum() == 0.0
    # No trees stand beside the road
    assert built(covers(), kind="canopy_bridge").crossings_built.sum() == 0
    with pytest.raises(InputError, match="is not two numbers"):
        built(covers(), at=("here",))


def test_figure_of_severance(figure: Callable[[str], Path]) -> None:
    current = connected(resistances(covers()), patches()).current_flow
    lines = [shapely.LineString([(150, 0), (150, 90)]), shapely.LineString([(150, 90), (150, 180)])]
    streets = gpd.GeoDataFrame(index=["south", "north"], geometry=lines, crs="EPSG:32651")
    found = road_severance(current_flow=current, streets=streets, grid=box())
    axes = plt.figure(figsize=(6.4, 3.2), layout="constrained").subplots()
    axes.figure.colorbar(axes.imshow(current, extent=(0, 280, 0, 180)), ax=axes, label="current [A]")
    for (name, value), line, colour in zip(found.severed_current.items(), lines, ("orange", "red"), strict=True):
        axes.plot(*line.xy, color=colour, lw=3, label=f"street {name}: {value:.2f} A")
    axes.legend(loc="lower left")
    plt.savefig(figure("biodiversity.road_severance"), dpi=110)


def test_figure_of_ranking(figure: Callable[[str], Path]) -> None:
    cover = covers(bridge=False)
    found = ranked(cover, patches(), count=2, candidates=4, spacing=30.0)
    axes = plt.figure(figsize=(6.4, 3.2), layout="constrained").subplots()
    current = connected(resistances(cover), patches()).current_flow
    axes.figure.colorbar(axes.imshow(current, extent=(0, 280, 0, 180)), ax=axes, label="current [A]")
    for name, place in found.crossing_sites.items():
        order = int(found.crossing_order[name])
        axes.plot(place.x, place.y, "o", color="red" if order else "white")
        label = f"{order or '-'}: {found.crossing_kind[name]}, {100 * found.crossing_gain[name]:+.0f} %"
        axes.annotate(label, (place.x + 6, place.y), color="white")
    plt.savefig(figure("biodiversity.wildlife_crossings"), dpi=110)


def test_figure_of_the_measure(figure: Callable[[str], Path]) -> None:
    cover = covers(bridge=False)
    found = built(cover, kind="overpass")
    left, right = plt.figure(figsize=(8.4, 3.0), layout="constrained").subplots(1, 2, sharey=True)
    for axes, values, title in (
        (left, resistances(cover), "before"), (right, eased(cover, found.crossing_share.to_numpy()), "with overpasses"),
    ):  # fmt: skip
        image = axes.imshow(values, cmap="magma_r", vmin=0, vmax=500)
        axes.set(title=f"resistance, {title}")
    right.figure.colorbar(image, ax=right)
    plt.savefig(figure("integrate.measures.wildlife_crossing"), dpi=110)
