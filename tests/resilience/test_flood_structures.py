"""What is built against floods: levees hold and overflow, gates, culverts and pumps do what their formulas say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from shapely.geometry import LineString, Point, Polygon

from citybraid.core.errors import PlanError
from citybraid.core.text import LANGUAGES, say
from tests.examples import at_most
from tests.resilience.basin import CLOSED, STRUCTURES, features, plane, rain, run, series

Floats = NDArray[np.float64]
QUIET: dict[str, Any] = {**CLOSED, "alpha": 0.5}
HALVES = LineString([(50, -5), (50, 105)])
"""Splits a grid of 20 columns of 5 m."""
WEIR, DROWNED = STRUCTURES["wall/weir"], STRUCTURES["submergence"]
GRAVITY = 9.80665


def halves(left: float, right: float, rows: int = 6) -> Floats:
    """Return depths on a flat bed that differ on both sides of the middle."""
    depth = np.full((rows, 20), left)
    depth[:, 10:] = right
    return depth


def pool(depth: tuple[float, float], seconds: float, **words: Any) -> Any:
    """Run two cells of 50 m beside each other; a wall, a gate or a culvert may join them."""
    fine = {"longest_step": 0.5, **QUIET, **words}
    return run(plane((1, 2), 0.0), initial_depth=np.array([depth]), duration=seconds, cell=50.0, **fine)


def over(high: float, low: float, crest: float) -> float:
    """Return the discharge over a metre of wall [m² s⁻¹]."""
    head, tail = high - crest, low - crest
    if head <= 0.0:
        return 0.0
    return float(WEIR * head**1.5 * (1.0 - (max(tail, 0.0) / head) ** 1.5) ** DROWNED)


def two_pools(discharge: Callable[[float, float], float], depth: tuple[float, float], seconds: float) -> Floats:
    """Return the depths of two cells of 50 m after water has passed from the first to the second."""
    area = 2500.0

    def rate(_: float, h: Floats) -> Floats:
        q = discharge(float(h[0]), float(h[1])) / area
        return np.array([-q, q])

    return np.asarray(solve_ivp(rate, (0.0, seconds), depth, rtol=1e-9, atol=1e-12, max_step=1.0).y[:, -1])


@pytest.mark.parametrize("column", ["crest_level", "crest_height"])
def test_a_wall_holds_water_up_to_its_crest(column: str) -> None:
    depth = halves(1.0, 0.0)
    found = run(
        plane((6, 20), 0.0), initial_depth=depth, duration=3600, levees=features(HALVES, **{column: [1.0]}), **QUIET
    )
    np.testing.assert_array_equal(found.final_depth, depth)
    assert float(found.levee_volume["a"]) == float(found.levee_peak["a"]) == 0.0


def test_without_the_wall_the_water_evens_out() -> None:
    found = run(plane((6, 20), 0.0), initial_depth=halves(1.0, 0.0), duration=7200, manning=0.1, **QUIET)
    np.testing.assert_allclose(found.final_depth, 0.5, atol=0.05)


@pytest.mark.parametrize("level", [0.7, 1.6])
def test_a_lake_rests_on_both_sides_of_a_wall(level: float) -> None:
    bed = np.round(np.random.default_rng(2).normal(0.0, 0.2, (6, 20)) * 2**16) / 2**16
    level = round(level * 2**16) / 2**16
    found = run(bed, initial_depth=level - bed, duration=3600, levees=features(HALVES, crest_level=[1.0]), **QUIET)
    np.testing.assert_allclose(found.final_depth, level - bed, atol=1e-9)
    assert float(found.levee_volume["a"]) < 1e-6


@pytest.mark.parametrize(("depth", "crest"), [((1.5, 0.0), 1.0), ((2.0, 1.2), 1.0), ((1.2, 1.9), 0.8)])
def test_overflow_follows_the_weir_formula(depth: tuple[float, float], crest: float) -> None:
    """Free, drowned, and from the other side."""
    seconds = 60.0

    def discharge(one: float, other: float) -> float:
        return 50.0 * (over(one, other, crest) if one > other else -over(other, one, crest))

    wall = features(LineString([(50, -5), (50, 55)]), crest_level=[crest])
    found = pool(depth, seconds, levees=wall)
    expected = two_pools(discharge, depth, seconds)
    moved = abs(depth[0] - expected[0])
    assert moved > 0.05
    np.testing.assert_allclose(found.final_depth.to_numpy()[0], expected, atol=0.01 * moved)
    assert float(found.levee_volume["a"]) == pytest.approx(2500.0 * moved, rel=0.01)
    assert float(found.levee_peak["a"]) == pytest.approx(abs(discharge(*depth)), rel=0.04)


def test_a_steady_inflow_stands_above_the_crest_as_the_formula_says() -> None:
    bed = halves(0.0, -3.0)
    inflow = features(LineString([(1, 0), (1, 30)]))
    found = run(
        bed, inflows=inflow, inflow_discharge=series([6.0, 6.0], 7200.0), east="free", alpha=0.5, north="closed",
        south="closed", west="closed", recession=0.0, levees=features(HALVES, crest_level=[1.0]),
    )  # fmt: skip
    assert float(found.levee_peak["a"]) == pytest.approx(6.0, rel=0.02)
    beside = found.final_depth.to_numpy()[:, 9]
    np.testing.assert_allclose(beside, 1.0 + (6.0 / (WEIR * 30.0)) ** (2.0 / 3.0), atol=0.01)


def test_a_slanted_crest_is_as_long_as_its_line() -> None:
    bed = np.full((20, 20), -5.0)
    corner = np.add.outer(np.arange(20), np.arange(20)) < 19
    bed[corner] = 0.0
    line = LineString([(-50, -47.5), (150, 152.5)])
    found = run(
        bed, initial_depth=np.where(corner, 2.0, 0.0), duration=0.05, longest_step=0.05,
        levees=features(line, crest_level=[1.0]), **QUIET,
    )  # fmt: skip
    within = line.intersection(shapely.box(2.5, 2.5, 97.5, 97.5)).length
    assert float(found.levee_peak["a"]) == pytest.approx(WEIR * within, rel=0.06)


turns = st.lists(st.tuples(st.floats(5.0, 95.0), st.floats(0.0, 60.0)), max_size=5)


@at_most(25)
@given(turns, st.floats(5.0, 95.0), st.floats(5.0, 95.0))
def test_no_bend_of_a_wall_leaks(corners: list[tuple[float, float]], start: float, end: float) -> None:
    """Water on cells on one side of a wall never gets to the other, whatever its line."""
    ordered = sorted(corners, key=lambda point: point[1])
    line = LineString([(start, -10.0), *ordered, (end, 70.0)])
    west = Polygon([*line.coords, (-50.0, 70.0), (-50.0, -10.0)])
    y, x = 60.0 - 5.0 * (np.arange(12) + 0.5), 5.0 * (np.arange(20) + 0.5)
    here = shapely.contains_xy(west, *np.meshgrid(x, y))
    near = shapely.distance(line, shapely.points(*np.meshgrid(x, y))) < 1e-3
    if not west.is_valid or near.any() or not here.any() or here.all():
        return
    depth = np.where(here, 0.9, 0.0)
    found = run(
        plane((12, 20), 0.0), initial_depth=depth, duration=300, levees=features(line, crest_level=[1.0]), **QUIET
    )
    np.testing.assert_array_equal(found.final_depth.to_numpy() > 0.0, here)


def test_the_higher_of_two_levees_counts() -> None:
    levees = features(HALVES, HALVES, crest_level=[0.5, 2.0])
    found = run(plane((6, 20), 0.0), initial_depth=halves(1.0, 0.0), duration=300, levees=levees, **QUIET)
    np.testing.assert_array_equal(found.final_depth, halves(1.0, 0.0))


def gate(*points: tuple[float, float], **columns: float) -> dict[str, Any]:
    """Return a gate in a high wall between two pools."""
    wall = features(LineString([(50, -5), (50, 55)]), crest_level=[9.0])
    return {"levees": wall, "gates": features(LineString(points), **{name: [value] for name, value in columns.items()})}


OUT, BACK = ((45.0, 25.0), (55.0, 25.0)), ((55.0, 25.0), (45.0, 25.0))


@pytest.mark.parametrize("depth", [(1.0, 0.0), (3.0, 0.0), (3.0, 2.0), (0.5, 0.3)])
def test_a_gate_passes_the_smaller_of_weir_and_orifice(depth: tuple[float, float]) -> None:
    high, width = 1.2, 4.0

    def discharge(one: float, other: float) -> float:
        weir = over(one, other, 0.0)
        if one <= high:
            return width * weir
        drop = one - max(other, 0.5 * high)
        through = STRUCTURES["gate/orifice"] * high * (2.0 * GRAVITY * max(drop, 0.0)) ** 0.5
        return float(width * min(weir, through))

    found = pool(depth, 60.0, **gate(*OUT, gate_width=width, gate_sill=0.0, gate_height=high))
    expected = two_pools(discharge, depth, 60.0)
    np.testing.assert_allclose(found.final_depth.to_numpy()[0], expected, atol=0.01 * abs(depth[0] - expected[0]))
    assert float(found.gate_volume["a"]) == pytest.approx(2500.0 * (depth[0] - expected[0]), rel=0.01)


def test_a_flap_gate_lets_water_out_only() -> None:
    words = {"gate_width": 4.0, "gate_sill": 0.0, "gate_flap": 1.0}
    assert float(pool((1.0, 0.2), 60.0, **gate(*OUT, **words)).gate_volume["a"]) > 1.0
    held = pool((0.2, 1.0), 600.0, **gate(*OUT, **words))
    np.testing.assert_array_equal(held.final_depth.to_numpy()[0], (0.2, 1.0))
    assert float(pool((0.2, 1.0), 60.0, **gate(*BACK, **words)).gate_volume["a"]) > 1.0


def test_a_gate_opens_and_shuts_by_the_level_where_its_line_starts() -> None:
    falls = gate(*OUT, gate_width=4.0, gate_sill=0.0, gate_opens_at=0.9, gate_shuts_at=0.7)
    opened = pool((1.0, 0.0), 3600.0, **falls).final_depth.to_numpy()[0]
    assert 0.68 < opened[0] <= 0.7
    below = pool((0.85, 0.0), 3600.0, **falls).final_depth.to_numpy()[0]
    np.testing.assert_array_equal(below, (0.85, 0.0))
    barrier = gate(*BACK, gate_width=4.0, gate_sill=0.0, gate_opens_at=0.5, gate_shuts_at=1.0)
    held = pool((0.3, 1.2), 3600.0, **barrier).final_depth.to_numpy()[0]
    np.testing.assert_array_equal(held, (0.3, 1.2))
    even = pool((0.3, 0.9), 7200.0, **barrier).final_depth.to_numpy()[0]
    np.testing.assert_allclose(even, 0.6, atol=1e-3)


def test_a_gate_is_open_within_its_hours_only() -> None:
    words = {"gate_width": 4.0, "gate_sill": 0.0, "gate_open_from": 0.1, "gate_open_until": 0.2}
    before, within, after, late = (
        float(pool((1.0, 0.0), 3600.0 * hours, **gate(*OUT, **words)).gate_volume["a"])
        for hours in (0.1, 0.15, 0.2, 1.0)
    )
    assert before == 0.0
    assert 0.0 < within < after == pytest.approx(late, rel=5e-3)


def test_a_wide_gate_opens_as_many_faces_as_it_is_wide() -> None:
    levees = features(HALVES, crest_level=[9.0])
    line = LineString([(45, 15), (55, 15)])
    peaks = [
        float(
            run(
                plane((6, 20), 0.0), initial_depth=halves(1.0, 0.0), duration=0.01, longest_step=0.01, levees=levees,
                gates=features(line, gate_width=[width], gate_sill=[0.0]), **QUIET,
            ).gate_peak["a"]
        )
        for width in (2.0, 20.0)
    ]  # fmt: skip
    np.testing.assert_allclose(peaks, [2.0 * WEIR, 20.0 * WEIR], rtol=0.05)


PIPE = LineString([(25.0, 25.0), (75.0, 25.0)])


def pipe(**columns: float) -> dict[str, Any]:
    """Return a culvert under a high wall between two pools."""
    wall = features(LineString([(50, -5), (50, 55)]), crest_level=[9.0])
    return {"levees": wall, "culverts": features(PIPE, **{name: [value] for name, value in columns.items()})}


def test_a_culvert_drains_a_pond_as_its_formula_says() -> None:
    """Both ends under water all the time: HDS-5's full barrel."""
    wide, high, rough = 1.5, 0.6, 0.013
    radius = wide * high / (2.0 * (wide + high))
    loss = 1.0 + 0.5 + 2.0 * GRAVITY * rough**2 * 50.0 / radius ** (4.0 / 3.0)

    def discharge(one: float, other: float) -> float:
        return float(2.0 * wide * high * (2.0 * GRAVITY * max(one - other, 0.0) / loss) ** 0.5)

    depth = (1.6, 0.9)
    found = pool(depth, 300.0, **pipe(culvert_width=wide, culvert_height=high, culvert_barrels=2.0))
    expected = two_pools(discharge, depth, 300.0)
    moved = depth[0] - expected[0]
    assert moved > 0.1
    np.testing.assert_allclose(found.final_depth.to_numpy()[0], expected, atol=0.01 * moved)
    assert float(found.culvert_peak["a"]) == pytest.approx(discharge(*depth), rel=0.02)


def test_a_drowned_inlet_rules_a_short_steep_culvert() -> None:
    """HDS-5, eq. A.3, solved for Q."""
    d, slope = 0.6, 2.0 / 50.0
    area = 0.25 * np.pi * d**2
    head = 2.0 / d
    law = {name: STRUCTURES[f"round/{name}"] for name in ("c", "Y")}
    q = area * d**0.5 / 0.3048**-0.5 * ((head - law["Y"] + 0.5 * slope) / law["c"]) ** 0.5
    words = {"culvert_diameter": d, "inlet_level": 0.0, "outlet_level": -2.0, "culvert_roughness": 0.005}
    found = run(
        np.array([[0.0, -3.0]]), initial_depth=np.array([[2.0, 0.0]]), duration=1.0, longest_step=0.2, cell=50.0,
        **QUIET, **pipe(**words),
    )  # fmt: skip
    assert float(found.culvert_peak["a"]) == pytest.approx(q, rel=0.01)


def test_a_long_culvert_without_tailwater_runs_at_its_critical_outlet() -> None:
    """The head at hand is what the outlet's critical flow, the barrel's friction and the entrance take."""
    found = run(
        np.array([[0.0, -3.0]]), initial_depth=np.array([[0.8, 0.0]]), duration=1.0, longest_step=0.2, cell=50.0,
        **QUIET, **pipe(culvert_width=2.0, culvert_height=2.0, outlet_level=0.0),
    )  # fmt: skip
    q = float(found.culvert_peak["a"]) / 2.0
    deep = (q**2 / GRAVITY) ** (1.0 / 3.0)

    def carried(y: float) -> float:
        return float(y * (2.0 * y / (2.0 + 2.0 * y)) ** (2.0 / 3.0) / 0.013)

    friction = 50.0 * (q / (0.5 * (carried(0.8) + carried(deep)))) ** 2
    needed = 1.5 * deep + 0.5 * (q / 0.8) ** 2 / (2.0 * GRAVITY) + friction
    assert needed == pytest.approx(0.8, abs=0.01)


def test_a_culvert_is_still_where_levels_are_even_and_a_flap_holds_water_back() -> None:
    words = {"culvert_diameter": 0.6, "culvert_flap": 1.0}
    np.testing.assert_array_equal(pool((0.4, 0.4), 600.0, **pipe(**words)).final_depth.to_numpy()[0], (0.4, 0.4))
    np.testing.assert_array_equal(pool((0.2, 1.0), 600.0, **pipe(**words)).final_depth.to_numpy()[0], (0.2, 1.0))
    back = pool((0.2, 1.0), 600.0, **pipe(culvert_diameter=0.6)).final_depth.to_numpy()[0]
    assert back[0] > 0.25
    assert back.sum() == pytest.approx(1.2)


def pump(shape: Any, **columns: float) -> dict[str, Any]:
    return {"pumps": features(shape, **{name: [value] for name, value in columns.items()})}


def test_a_pump_lifts_out_of_the_area_until_it_stops() -> None:
    words = {"pump_capacity": 1.0, "pump_start_level": 0.8, "pump_stop_level": 0.5}
    found = pool((1.0, 1.0), 7200.0, **pump(Point(25.0, 25.0), **words))
    np.testing.assert_allclose(found.final_depth.to_numpy()[0], 0.5, atol=0.02)
    assert found.outflow_volume == pytest.approx(float(found.pump_volume["a"]))
    assert found.outflow_volume == pytest.approx(5000.0 - found.stored_volume)
    assert float(found.pump_peak["a"]) == pytest.approx(1.0)
    assert abs(found.mass_error) < 1e-9
    idle = pool((0.7, 0.7), 600.0, **pump(Point(25.0, 25.0), **words))
    assert idle.outflow_volume == 0.0


def test_a_pump_starts_again_when_the_water_is_back() -> None:
    """Rain of 36 mm/h on two cells brings 0.05 m³/s: the pump of 0.1 m³/s runs half the time."""
    words = {"pump_capacity": 0.1, "pump_start_level": 0.06, "pump_stop_level": 0.04}
    found = run(
        plane((1, 2), 0.0), initial_depth=np.array([[0.05, 0.05]]), cell=50.0, falling=rain(36.0, 36000.0),
        duration=36000, **QUIET, **pump(Point(25.0, 25.0), **words),
    )  # fmt: skip
    assert float(found.pump_volume["a"]) == pytest.approx(0.05 * 36000.0, rel=0.1)
    assert 0.035 < float(found.final_depth.mean()) < 0.065


def test_a_pump_moves_water_within_the_area_or_beyond_its_rim() -> None:
    within = pool((1.0, 0.0), 100.0, **gate(*OUT, gate_width=0.0, gate_sill=0.0), **pump(PIPE, pump_capacity=2.0))
    np.testing.assert_allclose(within.final_depth.to_numpy()[0], (1.0 - 200.0 / 2500.0, 200.0 / 2500.0), rtol=1e-6)
    assert within.outflow_volume == 0.0
    beyond = pool((1.0, 1.0), 100.0, **pump(LineString([(25, 25), (-30, 25)]), pump_capacity=2.0))
    assert beyond.outflow_volume == pytest.approx(200.0)


def test_a_pump_on_dry_ground_lifts_nothing() -> None:
    assert pool((0.0, 0.0), 100.0, **pump(Point(25.0, 25.0), pump_capacity=2.0)).outflow_volume == 0.0


WALL = features(HALVES, crest_level=[1.0])
SHORT = LineString([(51, 12), (52, 12)])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("flood.levee_crest", {"levees": features(HALVES)}),
        ("flood.levee_crest", {"levees": features(HALVES, crest_level=[1.0], crest_height=[1.0])}),
        ("flood.levee_crest", {"levees": features(HALVES, crest_level=[np.nan])}),
        ("flood.levee_nowhere", {"levees": features(SHORT, crest_level=[1.0])}),
        ("flood.levee_nowhere", {"levees": features(LineString([(900, 0), (900, 90)]), crest_level=[1.0])}),
        ("flood.levee_low", {"levees": features(HALVES, crest_level=[0.0])}),
        ("flood.structure_line", {"levees": features(Point(50, 10), crest_level=[1.0])}),
        ("flood.structure_value", {"levees": WALL, "gates": features(HALVES, gate_width=[np.nan], gate_sill=[0.0])}),
        ("flood.gate_nowhere", {"gates": features(SHORT, gate_width=[1.0], gate_sill=[0.0])}),
        (
            "flood.gate_nowhere",
            {"levees": WALL, "gates": features(LineString([(5, 5), (9, 5)]), gate_width=[1.0], gate_sill=[0.0])},
        ),
        (
            "flood.gate_rule",
            {
                "levees": WALL,
                "gates": features(SHORT, gate_width=[1.0], gate_sill=[0.0], gate_opens_at=[1.0], gate_shuts_at=[1.0]),
            },
        ),
        (
            "flood.gate_hours",
            {
                "levees": WALL,
                "gates": features(
                    SHORT, gate_width=[1.0], gate_sill=[0.0], gate_open_from=[2.0], gate_open_until=[1.0]
                ),
            },
        ),
        ("flood.culvert_short", {"culverts": features(SHORT, culvert_diameter=[1.0])}),
        ("flood.link_end", {"culverts": features(LineString([(5, 5), (500, 5)]), culvert_diameter=[1.0])}),
        ("flood.culvert_section", {"culverts": features(LineString([(5, 5), (50, 5)]))}),
        ("flood.culvert_section", {"culverts": features(LineString([(5, 5), (50, 5)]), culvert_width=[1.0])}),
        ("flood.link_end", pump(Point(-50, 0), pump_capacity=1.0)),
        ("flood.pump_short", pump(SHORT, pump_capacity=1.0)),
        ("flood.pump_levels", pump(Point(50, 10), pump_capacity=1.0, pump_start_level=1.0)),
        ("flood.pump_levels", pump(Point(50, 10), pump_capacity=1.0, pump_start_level=1.0, pump_stop_level=2.0)),
        ("flood.structure_value", pump(Point(50, 10), pump_capacity=np.nan)),
        ("check.range", pump(Point(50, 10), pump_capacity=-1.0)),
        ("check.infinite", {"levees": features(HALVES, crest_level=[np.inf])}),
    ],
)
def test_refuses(text: str, words: dict[str, Any]) -> None:
    with pytest.raises(PlanError) as told:
        run(plane((6, 20), 0.0), **words)
    assert told.value.text == text
    for language in LANGUAGES:
        assert say(text, language, **told.value.values)


def test_figure(figure: Callable[[str], Path]) -> None:
    """A river rises by a town: a low stretch of its levee overflows, a culvert lets water through, a pump lifts it."""
    y, x = 300.0 - 5.0 * (np.arange(60) + 0.5)[:, None], 5.0 * (np.arange(80) + 0.5)[None, :]
    bed = np.where(x < 100.0, 0.0, 1.0 + 0.0 * y) - 0.7 * np.exp(
        -(((x - 250.0) / 50.0) ** 2 + ((y - 147.0) / 40.0) ** 2)
    )
    high, low = LineString([(100, -5), (112, 120)]), LineString([(112, 120), (118, 180)])
    levees = features(high, low, LineString([(118, 180), (105, 305)]), crest_level=[3.0, 2.4, 3.0])
    under, away = LineString([(95, 60), (190, 80)]), Point(252.0, 147.0)
    found = run(
        bed, west="level", edge_level=series(2.0 + 0.5 * np.sin(np.linspace(0.0, np.pi, 13)), 600.0),
        initial_depth=np.where((x < 100.0) & (y > -1.0), 2.0, 0.0), duration=7200, alpha=0.6,
        north="closed", south="closed", east="closed", levees=levees,
        culverts=features(under, culvert_diameter=[0.8], inlet_level=[0.2], outlet_level=[0.1]),
        **pump(away, pump_capacity=0.4, pump_start_level=0.8, pump_stop_level=0.6),
    )  # fmt: skip
    deep = found.max_depth.to_numpy()
    picture, (plan, section) = plt.subplots(1, 2, figsize=(12, 4.2), layout="constrained")
    drawn = plan.imshow(np.where(deep > 0.01, deep, np.nan), cmap="Blues", extent=(0, 400, 0, 300), vmin=0.0, vmax=2.5)
    picture.colorbar(drawn, ax=plan, shrink=0.8, label="Greatest depth [m]")
    for name, colour, line in zip(("levee", "low stretch", None), ("k", "tab:red", "k"), levees.geometry, strict=True):
        plan.plot(*line.xy, color=colour, lw=2.5, label=name)
    plan.plot(*under.xy, color="tab:green", lw=2, marker="o", label="culvert")
    plan.plot(*away.xy, "^", color="tab:orange", ms=9, label="pump")
    plan.set(xlabel="x [m]", ylabel="y [m]", xlim=(0, 400), ylim=(0, 300))
    plan.legend(loc="upper right")
    for row, colour, name in ((30, "tab:red", "across the low stretch"), (5, "tab:blue", "across the high levee")):
        level = np.where(deep[row] > 0.01, bed[row] + deep[row], np.nan)
        section.plot(x[0], level, color=colour, label=f"highest water {name}")
    section.plot(x[0], bed[30], color="0.4", label="ground")
    section.vlines([115.0], 1.0, 2.4, color="tab:red", lw=3)
    section.vlines([107.0], 1.0, 3.0, color="tab:blue", lw=3)
    section.set(xlabel="x [m]", ylabel="Level [m]", ylim=(-0.2, 3.2))
    section.legend(loc="upper right")
    picture.savefig(figure("resilience.flood.structures"), dpi=110)
    plt.close(picture)
    assert float(found.levee_volume["b"]) > 1000.0
    assert float(found.levee_volume["a"]) == float(found.levee_volume["c"]) == 0.0
    assert float(found.culvert_volume["a"]) > 1000.0
    assert float(found.pump_volume["a"]) > 100.0
    assert abs(found.mass_error) < 1e-6
