"""Leaks of buildings by size: DIN V 18599-2:2011, 6.3.1.2 and table 6."""

import numpy as np
import pytest
from shapely.geometry import box

from citybraid.core.factor import resolve, shipped
from citybraid.lowcarbon.climate import volume_heat
from citybraid.lowcarbon.envelope import Leaks, air_leaks, envelopes, shapes
from citybraid.lowcarbon.horizon import open_surroundings
from citybraid.lowcarbon.operation import Loads, programmes
from citybraid.lowcarbon.overheating.storeys import storeys
from citybraid.lowcarbon.stock import Fabric, building_stock
from tests.energy_year import factors, row_of_buildings

GIVEN = factors()
CATEGORIES = {2.0: 3.0, 4.0: 6.0, 6.0: 9.0, 10.0: 15.0}
"""Table 6: n50 [h-1] of categories I to IV up to 1 500 m3, q50 [m3 h-1 m-2] of larger buildings."""


def leaks(n50: float, *, height: float, name: str = "airtightness") -> Leaks:
    """Return the leaks of a home of 20 by 15 m as built in 1990."""
    home = row_of_buildings(("residential",), year=1990.0).set_geometry([box(0, 0, 20, 15)]).assign(height=height)
    rows = {**GIVEN["envelope"], f"residential/benchmark_1980/3/{name}": n50}
    skin = envelopes(home, zone="3A", since=GIVEN["standard_since"], envelope=rows)
    return air_leaks(shapes(home), skin, height=home["height"].to_numpy(), physics=GIVEN["physics"])


@pytest.mark.parametrize(("n50", "q50"), CATEGORIES.items())
def test_a_category_is_by_air_volume_up_to_1500_m3_and_by_surface_above(n50: float, q50: float) -> None:
    """20 by 15 m: 1 500 m3 at 5 m, to the bit as n50 says; at 30 m 9 000 m3 of air in 2 700 m2 of outer surface."""
    assert leaks(n50, height=5.0).own[0] == n50 * 0.07
    tall = leaks(n50, height=30.0)
    assert tall.own == pytest.approx([0.07 * q50 * 2700.0 / 9000.0])
    assert tall.standard == pytest.approx([0.07 * 6.0 * 2700.0 / 9000.0])


def test_sealing_a_block_saves_what_the_standard_says() -> None:
    """From category III to II: 0.14 an hour in a small house, 0.063 in this block."""
    saved = [leaks(6.0, height=height).own[0] - leaks(4.0, height=height).own[0] for height in (5.0, 30.0)]
    assert saved == pytest.approx([0.14, 0.07 * 3.0 * 0.3])


def test_above_1500_m3_a_flat_hall_may_leak_more_than_a_house() -> None:
    """5.1 m: 957 m2 around 1 530 m3, a factor of 0.938; an even lower one of the same volume would exceed 1.

    The standard has that step, and so have we.
    """
    assert leaks(6.0, height=5.1).own == pytest.approx([0.42 * 1.5 * 957.0 / 1530.0])


@pytest.mark.parametrize("height", [5.0, 30.0])
def test_air_changes_of_a_test_hold_at_any_size_and_go_before_a_category(height: float) -> None:
    tested = leaks(1.0, height=height, name="airtightness_tested")
    assert tested.own[0] == 0.07
    assert tested.standard == pytest.approx(leaks(6.0, height=height).standard)


def test_shipped_rows_are_categories_of_the_standard_or_of_a_test() -> None:
    rows = [row for row in shipped().rows if row.factor == "envelope" and "/airtightness" in row.key]
    category = [row for row in rows if row.key.endswith("/airtightness")]
    assert {row.value for row in category} <= set(CATEGORIES)
    assert all(row.source.startswith("DIN V 18599-2") for row in category)
    assert [row.key for row in rows if row not in category] == ["residential/nearly_zero/3/airtightness_tested"]
    physics = resolve("building_physics", region="CN")
    assert all(q50 == physics["leak_depth"] * n50 for n50, q50 in CATEGORIES.items())


@pytest.mark.parametrize("standard", ["as_built", "gb55015", "nearly_zero"])
def test_energy_and_overheating_take_the_same_leaks(standard: str) -> None:
    home = row_of_buildings(("residential",), year=1990.0).assign(envelope_standard=standard)
    fabric = Fabric(GIVEN["envelope"], GIVEN["standard_since"], GIVEN["window_share"], GIVEN["zone_capacity"])
    loads, heat = Loads(*(GIVEN[name] for name in Loads._fields)), volume_heat(4.0)
    shares = GIVEN["program_share"], GIVEN["conditioned_share"]
    whole = building_stock(
        home, zone="3A", calendar_year=2023, volume_heat=heat, fabric=fabric, loads=loads, shares=shares[0],
        conditioned=shares[1], system=GIVEN["heat_system"],
    )  # fmt: skip
    parts = storeys(
        home, zone="3A", volume_heat=heat, fabric=fabric, loads=loads, rooms=programmes("residential", "3A", *shares),
        around=open_surroundings(1), limits=resolve("overheating", region="CN"),
    )  # fmt: skip
    assert whole.plant.leakage.sum() == pytest.approx(6.0 * np.sum(parts.plant.leakage * parts.share))
