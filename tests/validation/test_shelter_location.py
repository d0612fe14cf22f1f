"""Four sites for 205 census tracts of San Francisco: published p-median and maximal coverage."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.kernels.relief.siting import EXACT_PAIRS, maximal_coverage, p_median
from tests.validation.publishing import Published

DISTANCES = "validation/shelter_location/SF_network_distance_candidateStore_16_censusTract_205_new.csv"
COUNT, NEAR = 4, 5000.0
BEST = ["Store_2", "Store_11", "Store_12", "Store_15"]


@pytest.mark.case(DISTANCES)
@pytest.mark.parametrize("exact_pairs", [EXACT_PAIRS, 0], ids=["proved", "heuristic"])
def test_four_sites_for_san_francisco(cases: Path, published: Published, exact_pairs: int) -> None:
    table = pd.read_csv(cases / DISTANCES)
    away = table.pivot_table(index="DestinationName", columns="name", values="distance", sort=False)
    people = table.drop_duplicates("DestinationName").set_index("DestinationName")["demand"].loc[away.index]
    weight, distance = people.to_numpy(np.float64), away.to_numpy(np.float64)
    median = p_median(distance, weight, COUNT, exact_pairs=exact_pairs)
    how = "proved" if exact_pairs else "heuristic"
    published.near(
        f"mean way to the nearest of 4 sites, {how}", median.value / weight.sum(), 2982.126858, share=1e-9, unit="m"
    )
    assert set(away.columns[median.sites]) == set(BEST)
    cover = maximal_coverage(distance <= NEAR, weight, COUNT, exact_pairs=exact_pairs)
    published.near(f"people within 5 km of 4 sites, {how}", cover.value, 875_247.0, share=1e-9, unit="person")
    published.at_most(f"gap of the p-median, {how}", median.gap, 1e-6)
    published.at_most(f"gap of maximal coverage, {how}", cover.gap, 1e-4)
