"""What imputation must never do, whatever is missing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.integrate.bridges.building_residents import building_residents
from citybraid.sources.protocol.imputation import Draw, spread
from citybraid.sources.protocol.layers import Layers
from tests.examples import at_most
from tests.sources.filled_town import COLUMNS, draws, filled, holed, rules, town

SHARES = st.floats(0.05, 0.95)
SEEDS = st.integers(0, 10_000)
FEW = at_most(8)
"""Each example fills a whole town several times."""


def column(layers: Layers, name: str) -> pd.Series:
    found = layers.get(name, on="buildings")
    assert found is not None
    values: pd.Series = found.value
    return values


@FEW
@given(SHARES, SEEDS)
def test_a_stated_value_never_changes(share: float, seed: int) -> None:
    before = holed(town(50, seed), share, seed)
    states = [filled(before), *(filled(before, rules(3, seed, number)) for number in (1, 2))]
    for name in COLUMNS:
        stated = before.get(name, on="buildings")
        if stated is None:
            continue
        known = stated.stated[stated.stated].index  # type: ignore[index]  # a column's flags
        for after in states:
            assert column(after, name)[known].equals(stated.value[known])


@FEW
@given(SHARES, SEEDS)
def test_everything_is_filled_within_what_a_quantity_can_be(share: float, seed: int) -> None:
    for number in (0, 1, 2):
        after = filled(holed(town(50, seed), share, seed), rules(2, seed, number))
        for name in COLUMNS:
            found = after.get(name, on="buildings")
            assert found is not None
            if name == "building_use":
                assert set(found.value) <= {"residential", "office", "other"}
                continue
            assert found.value.between(found.var.ge, found.var.le).all()
            assert name == "height" or (found.value == found.value.round()).all()


@FEW
@given(SHARES, SEEDS)
def test_people_of_a_unit_stay_in_it_in_every_draw(share: float, seed: int) -> None:
    before = holed(town(50, seed), share, seed)
    for number in (0, 1, 2):
        after = filled(before, rules(2, seed, number))
        buildings, units = after.table("buildings"), after.table("units")
        assert buildings is not None
        assert units is not None
        buildings["floor_area"] = buildings["floors"] * buildings.geometry.area
        made = building_residents(buildings=buildings, units=units)
        placed = float(made.residents.sum()) + float(made.unplaced_population.sum())
        assert placed == pytest.approx(6400.0, rel=1e-9)
        assert abs(made.residents_error) < 1e-9


@FEW
@given(SHARES, SEEDS)
def test_the_same_seed_makes_the_same_draws_and_another_makes_others(share: float, seed: int) -> None:
    before = holed(town(50, seed), share, seed)
    one, again, other = (draws(before, 2, each) for each in (seed, seed, seed + 1))
    assert one
    for left, right in zip(one, again, strict=True):
        assert left.keys() == right.keys()
        assert all(left[name].equals(right[name]) for name in left)
    pairs = [(left[name], right.get(name)) for left, right in zip(one, other, strict=True) for name in left]
    assert any(right is None or not left.equals(right) for left, right in pairs)


@FEW
@given(SEEDS)
def test_where_nothing_is_missing_nothing_is_drawn(seed: int) -> None:
    whole = town(60, seed).without(names=("population",))
    assert draws(whole, 3) == []
    for name in COLUMNS:
        assert column(filled(whole), name).equals(column(whole, name))


def test_more_missing_does_not_narrow_what_is_left_open() -> None:
    """On average over towns, the spread of all storeys between draws grows with what is missing."""
    widths = []
    for share in (0.1, 0.3, 0.6, 0.9):
        ranges = []
        for seed in range(4):
            before = holed(town(80, seed), share, seed)
            now = column(filled(before), "floors")
            totals = [float(each.get("floors", now).sum()) for each in draws(before, 6)]
            ranges.append(max(totals) - min(totals))
        widths.append(float(np.mean(ranges)))
    assert widths == sorted(widths)
    assert widths[-1] > 2 * widths[0]


@given(st.integers(2, 12), SEEDS)
def test_a_draw_takes_one_of_the_likely_values(width: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows = pd.Index([f"b{number}" for number in range(20)])
    likely = chance.integers(1, 30, (20, width)).astype(float)
    likely[chance.random(likely.shape) < 0.3] = np.nan
    value = pd.Series(5.0, index=rows)
    guess = spread("intake.how_near", value, likely, np.tile(np.arange(width), (20, 1)))
    taken = Draw(1, seed).of(guess, "floors")
    for row, each in enumerate(taken):
        assert each in guess.likely[row]
    low, high = guess.ends()
    assert (low <= value).all()
    assert (high >= value).all()


def test_corners_where_little_or_nothing_is_stated() -> None:
    """Rules make nothing up where no building states anything; one statement is all that the others can be given."""
    bare = town(5).without(names=(*COLUMNS, "population"))
    assert all(filled(bare).get(name, on="buildings") is None for name in COLUMNS)
    assert draws(bare, 2) == []
    whole = town(5)
    floors, year = (whole.get(name, on="buildings") for name in ("floors", "year_built"))
    assert floors is not None
    assert year is not None
    only = year.value.where(year.value.index == "b3")
    one = whole.put(replace(year, value=only, stated=only.notna()))
    assert (column(filled(one), "year_built") == only["b3"]).all()
    assert all("year_built" not in each for each in draws(one, 2))
