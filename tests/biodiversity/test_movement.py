"""Resistance, current and barriers of a small plan by hand; what is refused; figures."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import rasterio

from citybraid.biodiversity.omnidirectional_current import (
    OmnidirectionalCurrent,
    OmnidirectionalParams,
    omnidirectional_current,
)
from citybraid.biodiversity.resistance_surface import ResistanceParams, resistance_surface
from citybraid.core.errors import InputError, RangeError
from citybraid.core.factor import resolve
from citybraid.core.var import Threads
from citybraid.core.vocabulary.surface import COVER
from citybraid.kernels.ecology.circuit import Circuit
from citybraid.kernels.ecology.conductance import conductances
from citybraid.kernels.ecology.cost_distance import cost_distance
from tests.commands import citybraid
from tests.geotiffs import write_raster
from tests.movement_case import CELL, COLUMNS, ROAD, ROWS, box, connected, covers, patches, raster, resistances


def omni(resistance: np.ndarray, suits: np.ndarray | None = None, **words: object) -> OmnidirectionalCurrent:
    return omnidirectional_current(
        movement_resistance=raster(resistance),
        habitat_suitability=None if suits is None else raster(suits),
        grid=box(*resistance.shape),
        threads=Threads(2),
        tick=lambda _: None,
        p=OmnidirectionalParams.model_validate({"radius": 300.0, **words}),
    )


def test_covers_resist_as_the_scheme_says() -> None:
    found = resistances(covers())
    assert (found[0, 0], found[2, 0], found[3, ROAD], found[0, ROAD], found[6, 3]) == (50, 1, 1, 500, 500)
    assert resistances(covers(), scheme="haikou")[0, 0] == 30
    assert resistances(covers(), scheme="xian")[2, 0] == 2
    assert resistances(np.array([[40]]))[0, 0] == 100  # paddy in Zhejiang
    assert np.isnan(resistances(np.array([[0]]))[0, 0])


def test_roads_raise_resistance() -> None:
    assert resistances(covers(), road_factor=3.0)[0, ROAD] == 1500
    near = resistances(covers(), near_roads=True)
    # 20 m off the road, 60 m off and 140 m off: as Beijing's table of distances says
    assert [near[0, ROAD + step] for step in (1, 3)] == [500, 300]
    assert near[2, 0] == 300


def test_a_scheme_without_a_cover_is_refused() -> None:
    with pytest.raises(InputError, match=r"lacks resistances above 0.*xian/water"):
        resistance_surface(
            land_cover=raster(covers()),
            resistances={key: value for key, value in resolve("movement_resistance").items() if key != "xian/water"},
            road_distances=resolve("road_distance_resistance"),
            grid=box(),
            p=ResistanceParams(scheme="xian"),
        )


def test_a_scheme_that_nobody_published_is_refused_and_an_own_one_taken() -> None:
    with pytest.raises(InputError, match="'otters' lacks"):
        resistances(covers(), scheme="otters")
    own = {f"otters/{name}": 1.0 + code for code, name in COVER}
    found = resistance_surface(
        land_cover=raster(covers()), resistances=own, road_distances={}, grid=box(), p=ResistanceParams(scheme="otters")
    )
    assert found.movement_resistance.to_numpy()[2, 0] == 11.0


def test_current_through_a_gap_by_hand() -> None:
    """Two patches, a wall between them with one gap: a chain of resistors.

    Cells of the row: patch, 1, 4, 1, patch; links of (1 + 1)/2, (1 + 4)/2, (4 + 1)/2, (1 + 1)/2 = 7 in all.
    """
    resistance = np.full((3, 5), np.nan)
    resistance[1] = [1, 1, 4, 1, 1]
    patch = np.zeros((3, 5), np.int32)
    patch[1, 0], patch[1, 4] = 1, 2
    found = connected(resistance, patch, neighbours="4")
    assert found.patch_conductance == pytest.approx(1 / 7, rel=1e-6)
    np.testing.assert_allclose(found.current_flow.to_numpy()[1], 1.0, rtol=1e-5)
    # A second gap beside it, of three cells of 1 joined to the patches, takes its share by 1 / resistance: 7 to 4
    two = np.full((3, 5), np.nan)
    two[0], two[2] = [1, 1, 4, 1, 1], [1, 1, 1, 1, 1]
    patch[:] = 0
    patch[[0, 2], 0], patch[[0, 2], 4] = 1, 2
    both = connected(two, patch, neighbours="4")
    assert both.patch_conductance == pytest.approx(1 / 7 + 1 / 4, rel=1e-6)
    shares = both.current_flow.to_numpy()[:, 2]
    assert shares[2] / shares[0] == pytest.approx(7 / 4, rel=1e-5)


def test_a_bridge_over_the_road_joins_and_is_the_pinch_point() -> None:
    without, bridged = (connected(resistances(covers(bridge=each)), patches()) for each in (False, True))
    assert bridged.patch_conductance > 1.1 * without.patch_conductance
    assert bridged.pinch_point.to_numpy()[3, ROAD] == 1
    current = bridged.current_flow.to_numpy()
    assert current[3, ROAD] == current[:, ROAD].max()
    # All current crosses the road
    assert without.current_flow.to_numpy()[:, ROAD].sum() >= 1.0 - 1e-6


def test_the_gain_of_removing_a_barrier_by_hand() -> None:
    """A row of 1, with 9 in the middle: 20 m cells.

    Least-cost distance between the ends: links of 1 and of 5, 20 m each: (1 + 5 + 5 + 1) × 20 = 240. A disc of 60 m
    around the middle reaches a cell to either side, at 20 from either patch: 20 + 20 + 60 × 1 = 100; (240 - 100) / 60.
    """
    patch = np.array([[1, 0, 0, 0, 2]])
    resistance = np.array([[1.0, 1.0, 9.0, 1.0, 1.0]])
    assert cost_distance(resistance, resistance > 0, patch == 1, CELL, CELL, np.inf)[0, 4] == pytest.approx(240.0)
    found = connected(resistance, patch, barrier_width=60.0)
    assert found.barrier_gain.to_numpy()[0, 2] == pytest.approx(140 / 60)
    assert found.barrier_gain.to_numpy()[0, 2] == found.barrier_gain.to_numpy().max()


def test_fewer_than_two_patches_have_no_current() -> None:
    one = connected(resistances(covers()), np.minimum(patches(), 1) * (patches() == 1))
    assert (one.patch_conductance, one.joined_pairs, float(one.current_flow.max())) == (0.0, 0.0, 0.0)
    # One class of cover: all is one patch
    forest = np.full((4, 4), 10)
    all_forest = connected(resistances(forest), np.ones((4, 4), np.int32))
    assert float(all_forest.current_flow.max()) == 0.0
    assert int(all_forest.pinch_point.sum()) == 0


def test_patches_without_a_path_are_told_apart() -> None:
    resistance = resistances(covers())
    resistance[:, ROAD] = np.nan
    found = connected(resistance, patches())
    assert (found.joined_pairs, found.patch_conductance) == (0.0, 0.0)
    assert np.isnan(found.current_flow.to_numpy()[0, ROAD])


def test_resistances_of_zero_are_refused_with_their_place() -> None:
    resistance = resistances(covers())
    resistance[4, 5] = 0.0
    with pytest.raises(InputError, match=r"1 cell is not above 0.*row 5, column 6") as refused:
        connected(resistance, patches())
    assert "迁移阻力" in refused.value.say("zh")
    with pytest.raises(InputError, match="not above 0"):
        omni(resistance, source="resistance")
    with pytest.raises(ValueError, match="above 0"):
        conductances(resistance, np.isfinite(resistance))


@pytest.mark.parametrize("bad", [-3.0, np.inf])
def test_negative_and_infinite_resistances_are_refused(bad: float) -> None:
    resistance = resistances(covers())
    resistance[4, 5] = bad
    with pytest.raises(RangeError, match="movement_resistance"):
        connected(resistance, patches())


def test_patches_outside_the_ground_are_refused() -> None:
    resistance = np.where(patches() > 0, np.nan, resistances(covers()))
    with pytest.raises(InputError, match="all 2 lie on cells without resistance"):
        connected(resistance, patches())
    with pytest.raises(InputError, match="no cell has a value"):
        connected(np.full((ROWS, COLUMNS), np.nan), patches())


def test_a_circuit_without_an_accurate_solution_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def inaccurate(*_: object) -> None:
        raise ArithmeticError("the circuit has no accurate solution")

    monkeypatch.setattr(Circuit, "solve", inaccurate)
    for run in (lambda: connected(resistances(covers()), patches()),
                lambda: omni(resistances(covers()), np.ones((ROWS, COLUMNS)), block=1)):  # fmt: skip
        with pytest.raises(InputError, match="give impassable cells no value") as refused:
            run()
        assert "求解精度不足" in refused.value.say("zh")


def test_omnidirectional_current_is_the_same_on_any_number_of_threads_and_1_on_even_ground() -> None:
    even = omni(np.full((15, 16), 7.0), source="resistance", radius=100.0, block=3)
    np.testing.assert_allclose(even.normalised_current, 1.0, rtol=1e-5)
    found = omni(resistances(covers()), np.ones((ROWS, COLUMNS)), radius=100.0, block=1)
    ratio = found.normalised_current.to_numpy()
    # The bridge channels, the road beside it impedes
    assert ratio[3, ROAD] > 1.5
    assert ratio[0, ROAD] < 1.0
    assert found.omnidirectional_residual <= 1e-6


def test_current_goes_round_a_wall_within_the_buffer_and_blocks_may_show() -> None:
    """A wall between two sources: a cell 6 cells off is beyond the radius of 4, within radius and buffer."""
    resistance = np.ones((21, 21))
    resistance[9:12, 10] = 1e6
    suits = np.zeros((21, 21))
    suits[10, [8, 12]] = 1.0
    size = abs(float(box(21, 21).resolution.x))
    words = {"radius": 4.0 * size, "block": 1, "neighbours": "4"}
    narrow, wide = (omni(resistance, suits, **words, buffer=cells * size) for cells in (0.0, 4.0))
    beyond = (4, 10)
    assert narrow.omnidirectional_current.to_numpy()[beyond] == 0.0
    assert wide.omnidirectional_current.to_numpy()[beyond] > 0.0
    even = np.ones((15, 15))
    shown, hidden = (omni(even, even, block=3, corrected=choice) for choice in (False, True))
    rough = [float(np.nanstd(np.diff(each.omnidirectional_current.to_numpy()[5:10, 5:10]))) for each in (shown, hidden)]
    assert rough[0] > 2.0 * rough[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"block": 4}, "odd number"), ({"threshold": 2.0}, "no passable cell is a source"), ({}, "which is missing"),
        ({"radius": 0.9 * CELL, "block": 1}, "no source lies in reach"),
        ({"radius": 2.9 * CELL, "block": 5}, "no source lies in reach"), ({"block": 59}, "holds the whole grid"),
    ],
)  # fmt: skip
def test_what_omnidirectional_current_refuses(words: dict[str, object], message: str) -> None:
    suits = None if not words else np.ones((ROWS, COLUMNS))
    with pytest.raises(InputError, match=message):
        omni(resistances(covers()), suits, **words)


def test_the_command_makes_maps_and_refuses_zero(tmp_path: Path) -> None:
    resistance = resistances(covers())
    write_raster(tmp_path / "resistance.tif", resistance, cell=CELL)
    write_raster(tmp_path / "patch.tif", patches().astype(np.float64), cell=CELL)
    words = [
        "model", "biodiversity.circuit_connectivity", "--movement-resistance", "resistance.tif", "--habitat-patch",
        "patch.tif", "--out", "out",
    ]  # fmt: skip
    done = citybraid(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    with rasterio.open(tmp_path / "out" / "current_flow.tif") as source:
        np.testing.assert_allclose(source.read(1), connected(resistance, patches()).current_flow, rtol=1e-5)
    resistance[0, 0] = 0.0
    write_raster(tmp_path / "resistance.tif", resistance, cell=CELL)
    refused = citybraid(*words, folder=tmp_path)
    assert refused.returncode == 2
    assert "row 1, column 1" in refused.stderr


def test_figure_of_resistance(figure: Callable[[str], Path]) -> None:
    left, right = plt.figure(figsize=(8.4, 3.0), layout="constrained").subplots(1, 2, sharey=True)
    for axes, words, title in ((left, {}, "by cover"), (right, {"near_roads": True}, "and distance to roads")):
        image = axes.imshow(resistances(covers(), **words), cmap="magma_r", vmin=0, vmax=500)
        axes.set(title=f"resistance, {title}")
    right.figure.colorbar(image, ax=right)
    plt.savefig(figure("biodiversity.resistance_surface"), dpi=110)


def test_figure_of_current(figure: Callable[[str], Path]) -> None:
    found = connected(resistances(covers()), patches())
    panels = plt.figure(figsize=(9.5, 2.8), layout="constrained").subplots(1, 3, sharey=True)
    for axes, values, title in zip(
        panels,
        (found.current_flow, found.pinch_point, found.barrier_gain),
        ("current [A]", "pinch points", "gain of removal [-]"),
        strict=True,
    ):
        axes.figure.colorbar(axes.imshow(values, cmap="viridis"), ax=axes)
        axes.set(title=title)
    plt.savefig(figure("biodiversity.circuit_connectivity"), dpi=110)


def test_figure_of_omnidirectional_current(figure: Callable[[str], Path]) -> None:
    found = omni(resistances(covers()), np.ones((ROWS, COLUMNS)), radius=100.0, block=1)
    panels = plt.figure(figsize=(9.5, 2.8), layout="constrained").subplots(1, 3, sharey=True)
    for axes, values, title in zip(
        panels, found[:3], ("current [A]", "flow potential [A]", "normalised [-]"), strict=True
    ):
        axes.figure.colorbar(axes.imshow(values, cmap="viridis"), ax=axes)
        axes.set(title=title)
    plt.savefig(figure("biodiversity.omnidirectional_current"), dpi=110)
