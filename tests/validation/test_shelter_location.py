"""Four sites for 205 census tracts of San Francisco: published p-median and maximal coverage."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import citybraid as cb
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


@pytest.mark.case(DISTANCES)
def test_other_numbers_of_sites_by_the_model(cases: Path, published: Published) -> None:
    """The published answers by `resilience.facility_location`; other counts, reaches and weights by trying all."""
    path = cases / DISTANCES
    table = pd.read_csv(path)
    away = table.pivot_table(index="DestinationName", columns="name", values="distance", sort=False)
    weight = table.drop_duplicates("DestinationName").set_index("DestinationName")["demand"].loc[away.index].to_numpy()
    distance = away.to_numpy()
    median = cb.models.facility_location(cost_table=path, problem="p_median", count=COUNT)
    published.near(
        "mean way to the nearest of 4 sites, by the model", median.location_mean, 2982.126858, share=1e-9, unit="m"
    )
    assert {site for site, chosen in median.site_chosen.items() if chosen} == set(BEST)
    cover = cb.models.facility_location(cost_table=path, problem="coverage", count=COUNT, reach=NEAR)
    published.near(
        "people within 5 km of 4 sites, by the model", cover.location_value, 875_247.0, share=1e-9, unit="person"
    )
    assert cover.location_demand_total == 955_113.0
    worst = 0.0
    for count, reach in ((1, 8000.0), (2, 3000.0), (3, 4000.0), (5, 2000.0)):
        nearest = np.array([distance[:, list(each)].min(axis=1) for each in combinations(range(16), count)])
        unweighted = {"demand_table": pd.DataFrame({"tract": away.index, "homes": np.arange(205) % 7})}
        wanted = {
            "p_median": ((nearest @ weight).min(), {}), "p_centre": (nearest.max(axis=1).min(), {}),
            "coverage": (((nearest <= reach) @ (np.arange(205) % 7)).max(), {"reach": reach, **unweighted}),
        }  # fmt: skip
        for problem, (value, words) in wanted.items():
            found = cb.models.facility_location(cost_table=away, problem=problem, count=count, **words)
            if problem == "p_median":
                found = cb.models.facility_location(cost_table=path, problem=problem, count=count)
            worst = max(worst, abs(found.location_value / value - 1.0))
    published.at_most("1, 2, 3 and 5 sites: largest error against all choices", worst, 1e-9)
    for reach in (5000.0, 8000.0):
        fewest = cb.models.facility_location(cost_table=path, problem="set_cover", reach=reach)
        size = next(size for size in range(1, 17) if any(
            (distance[:, list(each)].min(axis=1) <= reach).all() for each in combinations(range(16), size)
        ))  # fmt: skip
        published.near(f"fewest sites with all within {reach:g} m", fewest.location_value, float(size), share=1e-9)
