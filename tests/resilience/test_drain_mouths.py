"""Outfalls of coupled drains that discharge onto the ground: backwater, what runs back, and that no water is lost."""

from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from citybraid.resilience.swmm.model_text import parse
from citybraid.resilience.swmm.outfalls import as_junctions, pipe_ends
from tests.resilience.basin import CLOSED, Outputs, plane, rain, run
from tests.resilience.drained_street import nodes, street

SHAPE = (11, 40)
STREET, BANK, POND = 10.0, 10.6, 6.5
OUTFALL = 7.5
PIPES = 220.0 * 3.1416 * 0.2**2
"""Volume of the street's pipes [m3]."""

MANHOLES = 1.17 * 10.0
"""Water in all manholes, which the engine's continuity does not count [m3]."""


def pond(bottom: float = POND) -> NDArray[np.float64]:
    """Return a street of 55 x 175 m, a bank that parts it from a pond of 55 x 20 m, and the pond's bottom."""
    bed = plane(SHAPE, STREET)
    bed[:, 35], bed[:, 36:] = BANK, bottom
    return bed


def drained(bed: NDArray[np.float64], *, outfall: tuple[float, float] = (192.5, 27.5), **words: Any) -> Outputs:
    """Run a closed street whose drain ends in the pond."""
    at = nodes().copy()
    at.loc["O1", "geometry"] = shapely.Point(outfall)
    given = {"falling": rain(0.0, 300.0), "duration": 3600.0, "drainage_model": street(), **CLOSED, **words}
    found = run(bed, drains="coupled", drain_nodes=at, **given)
    assert abs(found.mass_error) < 1e-9
    assert found.exchange_error < 1e-9
    assert abs(found.drains_continuity) * found.drains_taken <= 0.02 * found.drains_taken + MANHOLES
    return found


def level(found: Outputs, bed: NDArray[np.float64], column: int) -> float:
    return float(found.final_depth[5, column]) + float(bed[5, column])


def test_a_street_drains_into_its_pond_and_no_water_leaves_the_ground() -> None:
    bed = pond()
    found = drained(bed, initial_depth=np.where(bed == STREET, 0.3, 0.0), duration=1800.0)
    assert found.node_coupling["O1"] == "mouth"
    assert found.node_rim_gap["O1"] == pytest.approx(OUTFALL - POND)
    assert found.drains_discharged == pytest.approx(0.0, abs=0.1)
    assert found.drains_released == pytest.approx(found.node_returned["O1"])
    assert found.drains_released == pytest.approx(found.drains_taken, abs=1.2 * PIPES + MANHOLES)
    assert found.stored_volume + PIPES * 1.2 + MANHOLES > 0.3 * 175.0 * 55.0
    assert level(found, bed, 38) == pytest.approx(POND + found.drains_released / (55.0 * 20.0), abs=0.05)


def test_the_level_of_the_pond_holds_the_drain_back() -> None:
    """The higher the pond stands, the less runs off; at the street's own level nothing but the pipes' filling."""
    bed = pond()
    lake = np.where(bed == STREET, 0.3, 0.0)
    taken = [
        drained(bed, initial_depth=lake + np.where(bed == POND, deep, 0.0), duration=1800.0).drains_released
        for deep in (0.0, 3.0, 3.8)
    ]
    assert taken[0] > 1.1 * taken[1]
    assert taken[2] < 0.02 * taken[0]


def test_a_pond_above_the_street_runs_back_until_both_stand_level() -> None:
    bed = pond()
    found = drained(bed, initial_depth=np.where(bed == POND, 3.8, 0.0), duration=10800.0)
    assert found.node_taken["O1"] == pytest.approx(found.drains_taken)
    assert found.drains_taken > 200.0
    assert found.drains_released == 0.0
    assert level(found, bed, 38) == pytest.approx(level(found, bed, 10), abs=0.01)
    assert level(found, bed, 38) < POND + 3.8


def test_a_flap_holds_the_pond_off() -> None:
    bed = pond()
    text = street().replace("O1 7.5 FREE", "O1 7.5 FREE YES")
    found = drained(bed, initial_depth=np.where(bed == POND, 3.8, 0.0), drainage_model=text)
    assert found.drains_taken == found.drains_returned == 0.0


def test_below_the_ground_water_must_rise_to_come_out_and_runs_back_only_from_above_it() -> None:
    bed = pond(9.0)
    gives = drained(bed, initial_depth=np.where(bed == STREET, 0.3, 0.0))
    assert gives.node_rim_gap["O1"] == pytest.approx(OUTFALL - 9.0)
    assert gives.drains_released > 500.0
    takes = drained(bed, initial_depth=np.where(bed == 9.0, 1.3, 0.0), duration=10800.0)
    assert takes.node_taken["O1"] > 100.0
    assert level(takes, bed, 38) == pytest.approx(level(takes, bed, 10), abs=0.02)
    assert drained(bed, duration=600.0).drains_taken == 0.0


def test_an_outfall_drawn_on_the_bank_leads_into_the_water_beside_it() -> None:
    bed = pond()
    words: dict[str, Any] = {"initial_depth": np.where(bed == STREET, 0.3, 0.0), "outfall": (177.5, 27.5)}
    found = drained(bed, **words)
    assert found.node_shift["O1"] == pytest.approx(5.0)
    assert found.node_rim_gap["O1"] == pytest.approx(OUTFALL - POND)
    assert drained(bed, **words, drain_reach=2.0).node_rim_gap["O1"] == pytest.approx(OUTFALL - BANK)


def test_away_outfalls_lead_out_of_the_area() -> None:
    bed = pond()
    found = drained(bed, initial_depth=np.where(bed == STREET, 0.3, 0.0), duration=900.0, outfalls="away")
    assert found.node_coupling["O1"] == "outfall"
    assert found.drains_released == found.drains_returned == 0.0
    assert found.drains_discharged > 100.0


def test_the_interval_changes_little_and_slicing_nothing() -> None:
    bed = pond()
    words: dict[str, Any] = {"falling": rain(80.0, 1200.0), "duration": 2400.0}
    fine, coarse = (drained(bed, coupling_interval=step, **words) for step in (1.0, 10.0))
    assert coarse.drains_released == pytest.approx(fine.drains_released, rel=0.1)
    shares: list[float] = []
    again = drained(bed, coupling_interval=10.0, tick=shares.append, **words)
    np.testing.assert_array_equal(again.final_depth, coarse.final_depth)


def test_outfalls_become_junctions_whose_vents_are_as_wide_as_their_pipes() -> None:
    text = """[OUTFALLS]
A 1.0 FREE
B 2.0 FIXED 3.0 YES
"C 1" 2.5 TIDAL T1 NO S1
D 4.0 FREE YES
[CONDUITS]
L1 J1 A 10 0.013 0 0
[WEIRS]
W1 J2 B TRANSVERSE 0 1.8
[PUMPS]
"P 1" J3 "C 1" *
[XSECTIONS]
L1 CIRCULAR 2.0 0 0 0 3
W1 RECT_OPEN 0.5 4.0 0 0
"""
    model = parse(text)
    found = pipe_ends(model, {"A", "B", "C 1", "D"})
    assert found.keys() == {"A", "B", "C 1"}
    assert found["A"].section == pytest.approx(3.0 * np.pi)
    assert not found["A"].flap
    assert found["B"] == (2.0, True)
    assert found["C 1"] == (0.0, False)
    turned = as_junctions(model, found)
    assert [line.words[0] for line in turned.lines("[OUTF")] == ["D"]
    assert [line.words[:3] for line in turned.lines("[JUNC")] == [
        ("A", "1.0", "0"), ("B", "2.0", "0"), ('"C 1"', "2.5", "0"),
    ]  # fmt: skip
