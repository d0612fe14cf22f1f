"""Floods coupled with drains: who gives and takes, by which law, where, and that no water is lost between the two."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import shapely

from citybraid.core.errors import Cancelled, InputError
from citybraid.resilience.flood import coupled_drains
from citybraid.resilience.swmm.model_text import parse
from citybraid.resilience.swmm.model_times import with_rain
from citybraid.resilience.swmm.vents import open_share, vent_flow
from tests.resilience.basin import CLOSED, INLET, Outputs, plane, rain, run
from tests.resilience.drained_street import PLACES, nodes, street

pytestmark = pytest.mark.slow

SHAPE = (11, 40)
GRAVITY = 9.80665
NO_RAIN = rain(0.0, 300.0)
PIPES = 220.0 * 3.1416 * 0.2**2
"""Volume of the street's pipes [m3]."""


def coupled(terrain: Any = None, text: str | None = None, at: gpd.GeoDataFrame | None = None, **words: Any) -> Outputs:
    """Run a closed street of 55 x 200 m with its drain under it."""
    given: dict[str, Any] = {"falling": NO_RAIN, "duration": 1800.0, **CLOSED, **words}
    return run(
        plane(SHAPE, 10.0) if terrain is None else terrain, drains="coupled",
        drainage_model=street() if text is None else text, drain_nodes=nodes() if at is None else at, **given,
    )  # fmt: skip


def refused(**words: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        coupled(**words)
    return caught.value


def test_nothing_flows_where_all_is_dry() -> None:
    found = coupled()
    assert found.drains_taken == found.drains_returned == 0.0
    assert float(found.max_depth.max()) == 0.0


def test_an_empty_node_takes_water_by_the_law_of_its_inlets() -> None:
    found = coupled(initial_depth=plane(SHAPE, 0.1), duration=20.0)
    root = np.sqrt(2.0 * GRAVITY)
    weir = 2.0 / 3.0 * INLET["weir"] * INLET["perimeter"] * root * 0.1**1.5
    orifice = INLET["orifice"] * INLET["opening"] * root * 0.1**0.5
    assert weir < orifice
    most = 4 * weir * 20.0
    assert 0.6 * most < found.drains_taken < most
    assert found.drains_returned == 0.0
    assert found.node_taken["O1"] == 0.0


def test_a_lake_runs_off_through_the_drain_whatever_the_interval() -> None:
    runs = [coupled(initial_depth=plane(SHAPE, 0.3), coupling_interval=step) for step in (1.0, 5.0, 10.0)]
    taken = [one.drains_taken for one in runs]
    assert min(taken) > 0.9 * max(taken)
    for one in runs:
        assert one.drains_returned == 0.0
        assert one.drains_discharged == pytest.approx(one.drains_taken, abs=1.2 * PIPES)
        assert abs(one.drains_continuity) < 2e-2
        assert abs(one.mass_error) < 1e-9
        assert one.exchange_error < 1e-9
        depth = one.final_depth
        assert float(depth.max() - depth.min()) < 0.06, "no waves stand on the lake"


def test_nothing_flows_where_levels_are_the_same() -> None:
    """A lake over full pipes whose outlet stands at the lake's level stays where it is."""
    text = street().replace("O1 7.5 FREE", "O1 7.5 FIXED 10.3")
    short, long = (coupled(text=text, initial_depth=plane(SHAPE, 0.3), duration=end) for end in (2400.0, 4800.0))
    still = long.drains_taken - short.drains_taken + long.drains_returned - short.drains_returned
    assert still < 0.01 * 0.3 * 11 * 40 * 25.0
    np.testing.assert_allclose(long.final_depth, 0.3, atol=0.02)


def test_a_full_node_gives_water_up_to_the_level_of_its_outlet() -> None:
    """A river that stands above the street comes up through the manholes and never above its own level."""
    text = street().replace("O1 7.5 FREE", "O1 7.5 FIXED 10.3")
    found = coupled(text=text, duration=3600.0)
    assert found.drains_taken == 0.0
    assert found.drains_returned > 100.0
    assert found.node_returned.drop("O1").min() > 0.0
    assert float(found.stored_volume) == pytest.approx(found.drains_returned, rel=1e-9)
    assert float(found.max_depth.max()) < 0.3


def test_water_that_enters_above_comes_out_below() -> None:
    """The hill's rain goes down its inlets; the pipe that leads on is too small, and the street below gets the rest."""
    x = np.mgrid[0:11, 0:40][1]
    hill = 10.0 + 0.4 * np.maximum(0, 20 - x)
    hill[:, 4] -= 1.0
    text = street(diameter=0.1).replace("J1 8.4 1.6", "J1 14.6 1.6").replace("J2 8.2 1.8", "J2 10.6 1.8")
    found = coupled(terrain=hill, text=text, falling=rain(150.0, 3000.0), duration=3000.0)
    assert found.node_taken["J1"] > 1.0
    assert found.node_returned[["J3", "J4"]].sum() > 1.0
    assert abs(found.mass_error) < 1e-9
    assert found.exchange_error < 1e-9


def test_drains_lower_the_flood() -> None:
    words: dict[str, Any] = {"falling": rain(100.0, 1800.0), "duration": 3600.0}
    with_, without = coupled(**words), coupled(**words, text=street(diameter=0.05))
    bare = run(plane(SHAPE, 10.0), **words, **CLOSED)
    assert with_.stored_volume < 0.7 * without.stored_volume < bare.stored_volume
    assert {"drains_taken", "node_taken", "exchange_error"} <= vars(with_).keys()
    assert not {"drains_taken", "node_taken", "exchange_error"} & vars(bare).keys()


def test_slicing_changes_no_bit() -> None:
    shares: list[float] = []
    words: dict[str, Any] = {"falling": rain(80.0, 600.0), "duration": 900.0}
    one, other = coupled(**words), coupled(**words, tick=shares.append)
    assert len(shares) >= 180
    np.testing.assert_array_equal(one.max_depth, other.max_depth)
    np.testing.assert_array_equal(one.node_taken, other.node_taken)


def test_where_nodes_meet_the_ground() -> None:
    """One in a building moves to the nearest open cell; outfalls, bolted lids and nodes outside are told."""
    built = plane(SHAPE, 0.0)
    built[4:7, 13:16] = 1.0
    at = nodes().copy()
    at.loc["J1", "geometry"] = shapely.Point(-40.0, 20.0)
    found = coupled(
        text=street(surcharge=5.0), at=at, initial_depth=plane(SHAPE, 0.1) * (built == 0.0), building_fraction=built,
        duration=300.0,
    )  # fmt: skip
    assert found.node_coupling.to_dict() == {
        "J1": "outside", "J2": "moved", "J3": "coupled", "J4": "sealed", "O1": "outfall",
    }  # fmt: skip
    assert found.node_shift["J2"] == pytest.approx(10.0)
    assert np.isnan(found.node_shift["J1"])
    assert found.node_rim_gap["J3"] == pytest.approx(0.0, abs=1e-9)
    assert (found.node_taken > 0.0).to_dict() == {"J1": False, "J2": True, "J3": True, "J4": False, "O1": False}
    far = coupled(building_fraction=built, drain_reach=5.0, duration=60.0)
    assert far.node_coupling["J2"] == "blocked"


def test_two_nodes_in_one_cell_share_its_water() -> None:
    at = nodes().copy()
    at.loc[["J1", "J2", "J3", "J4"], "geometry"] = shapely.Point(101.0, 26.0)
    found = coupled(at=at, initial_depth=plane(SHAPE, 0.02), duration=120.0, coupling_interval=20.0)
    assert found.drains_taken > 0.0
    assert found.exchange_error < 1e-9
    assert float(found.final_depth.min()) >= 0.0


def test_what_cannot_be_coupled() -> None:
    assert refused(text=street(routing="KINWAVE")).text == "drains.not_dynamic"
    assert refused(at=nodes(("O1",))).text == "drains.none_inside"
    assert refused(drain_capacity=plane(SHAPE, 36.0)).text == "drains.twice"
    assert refused(at=nodes().rename(index={"J1": "J9"})).text == "drains.names_differ"
    assert refused(text=street().replace("J2 8.2", "J2 x")).text == "drains.engine_211"
    with pytest.raises(InputError) as caught:
        run(plane(SHAPE, 10.0), drains="coupled", falling=NO_RAIN, drain_nodes=nodes())
    assert caught.value.text == "drains.nothing_to_couple"
    assert caught.value.say("zh") != caught.value.say("en")
    zones = plane(SHAPE, 36.0)
    zones[5, :] = 0.0
    assert coupled(drain_capacity=zones, duration=30.0).drains_taken == 0.0


def test_catchments_beyond_the_ground_run_into_the_pipes_where_the_study_says_so() -> None:
    """S1 lies on the street, S4 beyond it: with the parameter, S4 alone is rained on."""
    boxes = [shapely.box(0, 0, 40, 40), shapely.box(400, 0, 440, 40)]
    areas = gpd.GeoDataFrame(geometry=boxes, index=["S1", "S4"], crs=nodes().crs)
    words: dict[str, Any] = {"falling": rain(100.0, 1800.0), "duration": 3600.0, "drain_catchments": areas}
    without, beyond = coupled(**words), coupled(**words, catchments_beyond=True)
    assert without.drains_runoff == 0.0
    fallen = 0.05 * 2000.0
    assert 0.5 * fallen < beyond.drains_runoff < fallen
    assert beyond.drains_discharged > without.drains_discharged + 0.3 * beyond.drains_runoff
    assert beyond.exchange_error < 1e-9
    assert coupled(**{**words, "drain_catchments": None}, catchments_beyond=True).drains_runoff == 0.0


def test_what_comes_out_beyond_the_ground_is_told() -> None:
    at = nodes().copy()
    at.loc["J1", "geometry"] = shapely.Point(-40.0, 20.0)
    text = street() + '\n[INFLOWS]\nJ1 FLOW "" FLOW 1.0 1.0 0.6\n'
    found = coupled(text=text, at=at, duration=600.0)
    assert found.node_coupling["J1"] == "outside"
    assert found.drains_lost > 50.0
    assert found.node_returned["J1"] == 0.0


def test_an_engine_that_loses_water_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coupled_drains, "DOUBTFUL", 0.0)
    monkeypatch.setattr(coupled_drains, "MANHOLE", 0.0)
    assert refused(initial_depth=plane(SHAPE, 0.3)).text == "drains.coupled_continuity"


@pytest.mark.parametrize(
    "storage",
    ["J3 8.0 2.0 0 FUNCTIONAL 0 0 20 0 0", "J3 8.0 2.0 0 TABULAR K1 0 0", "J3 8.0 2.0 0 FUNCTIONAL 0 0 20"],
)
def test_basins_and_offsets_by_level(storage: str) -> None:
    """A storage stands for a manhole; offsets are levels; nodes have Chinese names."""
    text = (
        street()
        .replace("J3 8.0 2.0 0 0 0\n", "")
        .replace("[OUTFALLS]", f"[STORAGE]\n{storage}\n\n[OUTFALLS]")
        .replace("FLOW_UNITS CMS", "FLOW_UNITS CMS\nLINK_OFFSETS ELEVATION")
        .replace("0.013 0 0", "0.013 * *")
        .replace("[TIMESERIES]", "[CURVES]\nK1 STORAGE 0 20\nK1 3 20\n\n[TIMESERIES]")
        .replace("J1", "一号井")
    )
    at = nodes().rename(index={"J1": "一号井"})
    found = coupled(text=text, at=at, initial_depth=plane(SHAPE, 0.2), duration=600.0)
    assert set(found.node_coupling) == {"coupled", "outfall"}
    assert found.node_taken["一号井"] > 1.0
    assert found.node_taken["J3"] > 1.0
    assert found.exchange_error < 1e-9


def test_a_user_may_stop_it() -> None:
    def stop(share: float) -> None:
        assert 0.0 <= share <= 1.0
        raise Cancelled("run.cancelled")

    with pytest.raises(Cancelled):
        coupled(tick=stop)


def test_the_model_is_told_what_the_ground_does_for_it() -> None:
    text = with_rain(parse(street().replace('"a report.txt"', "*")), 600.0, step=1.0)
    assert [text.option(name) for name in ("ALLOW_PONDING", "IGNORE_RAINFALL", "SKIP_STEADY_STATE")] == [
        "NO", "YES", "NO",
    ]  # fmt: skip
    assert text.option("END_TIME") == "00:10:00"
    assert [line.words[5] for line in text.lines("[RAINGAGE")] == ["citybraid_rain"]


def test_vents_let_through_what_inlets_would() -> None:
    law = {"coefficient": 0.67, "opening": 0.3, "gravity": GRAVITY}
    head, wanted = np.array([0.005, 0.05, 0.3, 1.0, 0.1]), np.array([1e-4, 0.01, 0.2, 0.5, 9.0])
    share = open_share(head, wanted, **law)
    flow = vent_flow(head, share, **law)
    np.testing.assert_allclose(flow[:4], wanted[:4], rtol=1e-6)
    assert share[4] == pytest.approx(1.0)
    deep = vent_flow(np.array([2.0]), np.array([1.0]), **law)
    np.testing.assert_allclose(deep, 0.67 * 0.3 * np.sqrt(2.0 * GRAVITY * 2.0))


def test_figure(figure: Callable[[str], Path]) -> None:
    """Deepest water on a street with hollows, without drains and over two sizes of pipes; water in and out of nodes."""
    y, x = np.mgrid[0:11, 0:40]
    bed = 10.0 + 0.12 * np.cos(x / 40.0 * 6.0 * np.pi) - 0.004 * x + 0.02 * np.abs(y - 5) + 0.35 * (x < 10)
    words: dict[str, Any] = {"falling": rain(120.0, 1800.0), "duration": 3600.0}
    runs = {
        "no drains": run(bed, **words, **CLOSED),
        "pipes of 0.4 m": coupled(bed, **words),
        "pipes of 0.15 m": coupled(bed, street(diameter=0.15), **words),
    }
    fig, axes = plt.subplots(3, 1, figsize=(8.4, 6.6), sharex=True, layout="constrained")
    for axis, (name, found) in zip(axes, runs.items(), strict=True):
        image = axis.imshow(found.max_depth, cmap="Blues", vmin=0.0, vmax=0.3, extent=(0, 200, 0, 55))
        axis.set(title=name, ylabel="y [m]", yticks=[0, 25, 50])
        axis.title.set_fontsize(10)
        for node, (east, north) in PLACES.items():
            if node == "O1" or name == "no drains":
                continue
            taken, back = float(found.node_taken[node]), float(found.node_returned[node])
            axis.plot(east, north, "o", color="#c0392b" if back > 1.0 else "#1b7837", markersize=9, mec="white")
            axis.text(east + 4, north + 4, f"in {taken:.0f}\nout {back:.0f} m³", fontsize=8, va="bottom")
    axes[-1].set(xlabel="x [m]")
    fig.colorbar(image, ax=axes, label="deepest water [m]", shrink=0.8)
    fig.savefig(figure("resilience.flood.drains"), dpi=130)
    plt.close(fig)
    stored = [one.stored_volume for one in runs.values()]
    assert stored[1] < stored[2] < stored[0]


@pytest.mark.parametrize(("depth", "bed"), [(1.5, 8.6), (0.3, 9.8)])
@pytest.mark.parametrize("courant", [0.2, 0.5, 0.7])
def test_a_lake_that_drains_stays_level_at_any_courant_number(depth: float, bed: float, courant: float) -> None:
    """Short last steps of intervals would make waves grow: intervals are cut evenly."""
    found = coupled(terrain=plane(SHAPE, bed), initial_depth=plane(SHAPE, depth), alpha=courant).final_depth
    assert float(found.max() - found.min()) < 0.03
