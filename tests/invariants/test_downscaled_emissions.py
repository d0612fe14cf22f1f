import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.downscaling import PLAN_SHARE
from citybraid.core.vocabulary.place import FLOOR_AREA, RESIDENTS
from citybraid.lowcarbon.accounts.downscaled_emissions import DownscaledEmissions, downscaled_emissions
from tests.downscaling_town import LINES, town
from tests.ranges import ends

amounts = st.lists(st.floats(0, 1e9), min_size=len(LINES), max_size=len(LINES))
people = st.lists(st.floats(0.01, 1e5), min_size=5, max_size=5)


def placed(totals: list[float], residents: list[float], share: float) -> DownscaledEmissions:
    given_town = town(dict(zip(LINES, totals, strict=True)), share=share)
    given_town["buildings"]["residents"] = residents
    return downscaled_emissions(**given_town)


@given(amounts, people, st.floats(0, 1))
def test_parcels_and_the_rest_are_the_plans_part_of_the_city(
    totals: list[float], residents: list[float], share: float
) -> None:
    found = placed(totals, residents, share)
    counted = share * sum(total for line, total in zip(LINES, totals, strict=True)
                          if line.startswith("2023") and "energy_industry" not in line)  # fmt: skip
    assert found.downscaled_total == pytest.approx(counted, rel=1e-9)
    assert abs(found.downscaled_emissions.sum() + found.downscaled_outside - counted) <= 1e-9 * max(counted, 1e-300)
    assert (found.downscaled_low <= found.downscaled_emissions * (1 + 1e-12)).all()
    assert (found.downscaled_high >= found.downscaled_emissions * (1 - 1e-12)).all()


@given(amounts, people, st.floats(0.01, 100))
def test_only_the_ratio_of_residents_counts(totals: list[float], residents: list[float], times: float) -> None:
    one, other = (placed(totals, [factor * each for each in residents], 0.5) for factor in (1.0, times))
    assert other.downscaled_emissions.to_numpy() == pytest.approx(one.downscaled_emissions.to_numpy(), rel=1e-9)


def corners() -> list[tuple[float, float, float]]:
    tops = (min(end, 1e9) for end in ends(RESIDENTS) if end > 0)
    areas = (min(end, 1e9) for end in ends(FLOOR_AREA) if end > 0)
    return list(itertools.product(ends(PLAN_SHARE), tops, areas))


@pytest.mark.parametrize(("share", "residents", "area"), corners())
def test_corners(share: float, residents: float, area: float) -> None:
    given_town = town(share=share)
    given_town["buildings"] = given_town["buildings"].assign(residents=residents, floor_area=area)
    found = downscaled_emissions(**given_town)
    assert np.isfinite(found.downscaled_emissions).all()
    assert abs(found.downscaling_error) < 1e-9
