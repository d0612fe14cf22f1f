"""Parking by hand: floor area times the norm of the use, none where the norm counts something else."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import FLOOR_AREA
from citybraid.lowcarbon.travel.parking_need import parking_need
from tests.lowcarbon.test_supply import ROW
from tests.ranges import ends

NORM = resolve("parking_norm", region="CN")


def stock(area: list[float], uses: tuple[str, ...] | None = None) -> gpd.GeoDataFrame:
    table = ROW.iloc[: len(area)].assign(floor_area=area)
    return table if uses is None else table.assign(building_use=list(uses))


def spaces(table: gpd.GeoDataFrame) -> pd.Series:
    found: pd.Series = parking_need(buildings=table, norm=NORM).parking_need
    return found


def test_by_hand() -> None:
    """Per 100 m2: 1 space for homes, 0.8 for offices and shops, 0.6 for hotels."""
    assert spaces(stock([20_000.0, 5_000.0, 2_500.0, 8_000.0])).to_list() == pytest.approx([200.0, 40.0, 20.0, 48.0])


@pytest.mark.parametrize(("region", "spaces_of_offices"), [("CN-SH-QP", 40.0), ("CN-BJ", 32.5), ("CN-ZJ-JX", 40.0)])
def test_a_city_with_a_norm_of_its_own_takes_it(region: str, spaces_of_offices: float) -> None:
    """5 000 m2 of offices: 0.8 per 100 m2 in zone 2 of Shanghai, 6.5 per 1000 m2 in Beijing, else the rules at hand."""
    norm = resolve("parking_norm", region=region)
    found = parking_need(buildings=stock([5000.0], ("office",)), norm=norm).parking_need
    assert found.to_list() == pytest.approx([spaces_of_offices])
    assert norm.rows["residential"].region == "CN", "neither city counts homes by floor area"
    assert (norm.rows["office"].region == "CN") == region.startswith("CN-ZJ")


def test_a_use_whose_norm_counts_pupils_or_passengers_has_no_value() -> None:
    assert spaces(stock([900.0, 900.0], ("school", "transport"))).isna().all()


def test_an_unknown_floor_area_has_no_value() -> None:
    assert spaces(stock([np.nan])).isna().all()


@given(st.lists(st.floats(0.0, 1e6), min_size=4, max_size=4), st.floats(0.0, 10.0))
def test_spaces_are_in_proportion_to_floor_area(area: list[float], times: float) -> None:
    one, more = spaces(stock(area)), spaces(stock([times * each for each in area]))
    assert (one >= 0.0).all()
    np.testing.assert_allclose(more, times * one)


@pytest.mark.parametrize("area", ends(FLOOR_AREA))
@pytest.mark.parametrize("use", [*NORM.rows, "school", ""])
def test_corners(area: float, use: str) -> None:
    found = spaces(stock([area], (use,))).iloc[0]
    assert np.isnan(found) if use not in NORM.rows else 0.0 <= found <= area


def test_figure(figure: Callable[[str], Path]) -> None:
    drawn, axis = plt.subplots(figsize=(6.5, 3.0), layout="constrained")
    for at, (use, row) in enumerate(sorted(NORM.rows.items())):
        axis.plot([100 * (row.low or row.value), 100 * (row.high or row.value)], [at, at], color="#c9c2b6", lw=6)
        axis.plot(100 * row.value, at, "o", color="#4f7f8c")
        assert spaces(stock([100.0], (use,))).iloc[0] == pytest.approx(100 * row.value)
    axis.set_yticks(range(len(NORM.rows)), sorted(NORM.rows))
    axis.set(
        xlabel="car parking spaces per 100 m² of floor area", xlim=(0, None), title="Norm taken, and what others ask"
    )
    drawn.savefig(figure("lowcarbon.parking_need"), dpi=130)
    plt.close(drawn)
