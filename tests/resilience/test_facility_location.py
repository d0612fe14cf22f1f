"""Facility location by hand and by trying all choices, forms of tables, what is refused, the figure."""

from collections.abc import Callable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import citybraid as cb
from citybraid.core.errors import InputError
from citybraid.resilience.relief.facility_location import FacilityLocation, FacilityLocationParams, facility_location
from tests.commands import citybraid
from tests.examples import at_most

WIDE = "place,A,B,C\np,0,6,9\nq,6,0,5\nr,9,5,0\ns,2,7,8\n"
"""Four places of weights 4, 3, 2, 1 and three sites."""
WEIGHTS = "name,people,note\np,4,x\nq,3,x\nr,2,x\ns,1,x\nelsewhere,9,x\n"


def located(table: str, **words: Any) -> FacilityLocation:
    tables = {name: words.pop(name) for name in ("demand_table", "site_table") if name in words}
    return facility_location(cost_table=table, p=FacilityLocationParams.model_validate(words), **tables)


def test_four_places_by_hand() -> None:
    """B alone costs 24 + 0 + 10 + 7; A and B 0 + 0 + 10 + 2; the farthest of A and C is q at 5."""
    one = located(WIDE, demand_table=WEIGHTS, problem="p_median", count=1)
    assert one.location_value == pytest.approx(38.0)
    assert one.site_chosen.tolist() == [1.0, 0.0, 0.0]
    two = located(WIDE, demand_table=WEIGHTS, problem="p_median", count=2)
    assert two.site_chosen.to_dict() == {"A": 1.0, "B": 1.0, "C": 0.0}
    assert two.location_value == pytest.approx(12.0)
    assert two.location_mean == pytest.approx(1.2)
    assert two.chosen_site.to_dict() == {"p": "A", "q": "B", "r": "B", "s": "A"}
    assert two.site_load.tolist() == [5.0, 5.0, 0.0]
    centre = located(WIDE, problem="p_centre", count=2)
    assert centre.location_value == centre.location_farthest == 5.0
    near = located(WIDE, demand_table=WEIGHTS, problem="coverage", count=1, reach=2.0)
    assert (near.location_value, near.location_demand_total) == (5.0, 10.0)
    assert near.chosen_site.tolist() == ["A", "", "", "A"]
    assert near.site_distance.isna().tolist() == [False, True, True, False]
    fewest = located(WIDE, problem="set_cover", reach=5.0)
    assert (fewest.location_value, fewest.location_covered, fewest.location_gap) == (2.0, 4.0, 0.0)
    assert located(WIDE, problem="set_cover", reach=9.0).location_value == 1.0


def test_sites_that_are_set_and_capacities_by_hand() -> None:
    """With C set, A is added; where A holds 4 and B 6, s goes with 7 to B; p alone fills A."""
    words = {"demand_table": WEIGHTS, "problem": "p_median", "count": 2}
    for how in ({"fixed": "C"}, {"fixed": ["C"]}, {"site_table": "site,set\nA,0\nB,0\nC,1\n", "fixed_column": "set"}):
        fixed = located(WIDE, **words, **how)
        assert fixed.site_chosen.tolist() == [1.0, 0.0, 1.0]
        assert fixed.location_value == pytest.approx(0.0 + 15.0 + 0.0 + 2.0)
    held = "site,capacity\nA,4\nB,6\nC,1\n"
    found = located(WIDE, **words, site_table=held)
    assert found.chosen_site.tolist() == ["A", "B", "B", "B"]
    assert found.location_value == pytest.approx(17.0)
    assert found.site_load.tolist() == [4.0, 6.0, 0.0]
    tight = "site,capacity\nA,4.5\nB,5.5\nC,1\n"
    with pytest.raises(InputError) as caught:
        located(WIDE, **words, site_table=tight)
    assert caught.value.text == "location.no_solution"
    split = located(WIDE, **words, site_table=tight, split=True)
    assert split.location_value == pytest.approx(10.0 + 0.5 * 2.0 + 0.5 * 7.0)
    assert split.chosen_site["s"] == "A 0.5; B 0.5"
    cover = {"demand_table": WEIGHTS, "site_table": held, "reach": 7.0}
    assert located(WIDE, problem="set_cover", **cover).location_value == 2.0
    placed = located(WIDE, problem="coverage", count=1, **cover)
    assert (placed.location_value, placed.site_chosen.tolist()) == (6.0, [0.0, 1.0, 0.0])


def test_forms_of_tables(tmp_path: Path) -> None:
    """Wide and by pairs, with and without names, other separators, a DataFrame, an array; missing ways."""
    wanted = located(WIDE, problem="p_median", count=2)
    matrix = np.array([[0.0, 6, 9], [6, 0, 5], [9, 5, 0], [2, 7, 8]])
    frame = pd.DataFrame(matrix, index=list("pqrs"), columns=list("ABC"))
    by_pair = frame.rename_axis("o").reset_index().melt("o", var_name="s", value_name="km")
    pairs = by_pair.to_csv(index=False)
    for table, words in (
        (WIDE.replace(",", "\t"), {}), (WIDE.replace("place,", ""), {}), (WIDE.replace("\n", "\r\n"), {}),
        (pairs, {"demand_column": "o", "site_column": "S", "cost_column": "km"}),
        (by_pair.set_axis(["origin", "destination", "distance"], axis=1).to_csv(index=True), {}),
    ):  # fmt: skip
        pd.testing.assert_series_equal(
            located(table, problem="p_median", count=2, **words).site_chosen, wanted.site_chosen
        )
    for value in (frame, matrix, frame.to_numpy().tolist()):
        found = cb.models.facility_location(cost_table=value, problem="p_median", count=2)
        assert found.site_chosen.tolist() == wanted.site_chosen.tolist()
    path = tmp_path / "ways.csv"
    path.write_text(WIDE.replace("0,6,9", "0,,inf"), "utf-8")
    assert cb.models.facility_location(cost_table=path, problem="p_median", count=2).location_value == pytest.approx(
        7.0
    )
    typed = [
        "--cost-table",
        "ways.csv",
        "--problem",
        "p_median",
        "--count",
        "1",
        "--fixed",
        "B",
        "--lang",
        "en",
        "--out",
        "o",
    ]
    refused = citybraid("model", "resilience.facility_location", *typed, folder=tmp_path)
    assert (refused.returncode, "serves all demand" in refused.stderr) == (2, True)
    typed[5] = "2"
    done = citybraid("model", "resilience.facility_location", *typed, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert pd.read_csv(tmp_path / "o" / "location_value.csv")["value"][0] == pytest.approx(7.0)
    assert pd.read_csv(tmp_path / "o" / "chosen_site.csv").iloc[0].tolist() == ["p", "A"]


NUMBERED = "tract,1,2\n060750479.01,5,7\n060750479.02,1,2\n"


def test_names_stay_as_they_are_written() -> None:
    """Numbers of sites in a header, and places whose names begin with 0; 7.0 and 7 are the same name."""
    found = located(NUMBERED, problem="p_median", count=1, demand_table="id;pop\n060750479.01;10\n060750479.02;1\n")
    assert list(found.chosen_site.index) == ["060750479.01", "060750479.02"]
    assert found.location_value == 51.0
    numbered = located(
        "origin,destination,cost\n7,1,3\n8,1,4\n", problem="p_median", count=1, demand_table="7.0 2\n8.0 3\n"
    )
    assert numbered.location_value == 18.0


@pytest.mark.parametrize(("table", "words", "text"), [
    (WIDE, {"problem": "p_median"}, "location.count"),
    (WIDE, {"problem": "p_median", "count": 4}, "location.sites"),
    (WIDE, {"problem": "p_median", "count": 1, "fixed": "A,B"}, "location.sites"),
    (WIDE, {"problem": "p_median", "count": 1, "fixed": "D"}, "location.fixed"),
    (WIDE, {"problem": "coverage", "count": 1}, "location.reach"),
    (WIDE, {"problem": "set_cover", "reach": 9.0, "count": 1}, "location.count_unread"),
    (WIDE, {"problem": "set_cover", "reach": 1.0}, "location.out_of_reach"),
    (WIDE.replace("6,0,5", "6,0"), {"problem": "p_centre", "count": 1}, "listing.columns"),
    (WIDE.replace("6,0,5", "6,-1,5"), {"problem": "p_centre", "count": 1}, "location.negative"),
    (WIDE.replace("6,0,5", "6,far,5"), {"problem": "p_centre", "count": 1}, "listing.number"),
    (WIDE.replace("6,0,5", ",,"), {"problem": "p_centre", "count": 1}, "location.no_way"),
    (WIDE.replace("q,", "p,"), {"problem": "p_centre", "count": 1}, "listing.twice"),
    (WIDE.replace("A,B", "A,A"), {"problem": "p_centre", "count": 1}, "location.site_twice"),
    (WIDE, {"problem": "p_centre", "count": 1, "demand_table": "n,w\np,1\nq,1\n"}, "location.ids"),
    (WIDE, {"problem": "p_centre", "count": 1,
            "demand_table": "n,a,b\np,1,2\nq,1,2\nr,1,2\ns,1,2\n"}, "location.which"),
    (WIDE, {"problem": "p_centre", "count": 1,
            "site_table": "n,capacity\nA,9\nB,9\nC,9\n"}, "location.centre_capacity"),
    (WIDE, {"problem": "p_median", "count": 1, "site_table": "n,capacity\nA,1\nB,1\nC,1\n"}, "location.capacity"),
    (WIDE, {"problem": "p_median", "count": 1, "site_table": "n,x\nA,1\nB,1\nC,1\n"}, "location.site_columns"),
    (WIDE, {"problem": "p_median", "count": 1, "weight_column": "people"}, "location.no_weight"),
    (WIDE, {"problem": "p_median", "count": 1, "site_column": "A"}, "location.both_ends"),
    ("A,B\n1,2\n3,4\n", {"problem": "p_median", "count": 1}, "location.first_column"),
    ("origin,destination,distance\n1,1,3\n1,1,4\n", {"problem": "p_median", "count": 1}, "listing.twice"),
    ("name,DestinationName,distance,demand\na,1,3,5\nb,1,4,6\n",
     {"problem": "p_median", "count": 1}, "location.two_weights"),
])  # fmt: skip
def test_what_is_refused(table: str, words: dict[str, Any], text: str) -> None:
    with pytest.raises(InputError) as caught:
        located(table, **words)
    assert caught.value.text == text
    assert caught.value.say("zh")


@given(st.integers(0, 2**32 - 1))
@at_most(8)
def test_by_trying_all_choices(seed: int) -> None:
    """Two of five sites for seven places with capacities and missing ways, against all choices."""
    drawn = np.random.default_rng(seed)
    away, people = drawn.integers(1, 40, (7, 5)).astype(np.float64), drawn.integers(1, 9, 7).astype(np.float64)
    table, weights = pd.DataFrame(away).to_csv(), pd.Series(people).to_csv(header=False)
    nearest = np.array([away[:, list(each)].min(axis=1) for each in combinations(range(5), 2)])
    best = (nearest @ people).min(), nearest.max(axis=1).min(), ((nearest <= 15.0) @ people).max()
    for (problem, words), value in zip(
        (("p_median", {}), ("p_centre", {}), ("coverage", {"reach": 15.0})), best, strict=True
    ):
        found = located(table, demand_table=weights, problem=problem, count=2, **words)
        assert found.location_value == pytest.approx(value)
    room = pd.DataFrame({"capacity": np.full(5, people.sum())}).to_csv()
    roomy = located(table, demand_table=weights, problem="p_median", count=2, site_table=room)
    assert roomy.location_value == pytest.approx(best[0])
    reach = float(away.min(axis=1).max())
    fewest = located(table, problem="set_cover", reach=reach).location_value
    sizes = [size for size in range(1, 6) if any((away[:, list(each)].min(axis=1) <= reach).all()
                                                 for each in combinations(range(5), size))]  # fmt: skip
    assert fewest == min(sizes)


def corners() -> tuple[float, float, float]:
    return 0.0, 1e-6, 1e9


@pytest.mark.parametrize("cost", corners())
def test_corners(cost: float) -> None:
    """All ways alike: any site will do."""
    table = f"place,A,B\np,{cost!r},{cost!r}\nq,{cost!r},{cost!r}\n"
    for problem in ("p_median", "p_centre"):
        found = located(table, problem=problem, count=1)
        assert found.location_farthest == cost
        assert found.site_chosen.sum() == 1.0
    assert located(table, problem="set_cover", reach=cost).location_value == 1.0


def golden_case() -> Mapping[str, Any]:
    return {
        "cost_table": WIDE, "demand_table": WEIGHTS, "site_table": "site,capacity\nA,4\nB,6\nC,1\n",
        "p": FacilityLocationParams(problem="p_median", count=2),
    }  # fmt: skip


def test_figure(figure: Callable[[str], Path]) -> None:
    """Places on a plane, and the two sites of the p-median and of the p-centre."""
    drawn = np.random.default_rng(4)
    places, sites = (
        np.vstack([drawn.normal((2, 2), 0.8, (25, 2)), drawn.uniform(0, 10, (15, 2))]),
        drawn.uniform(0, 10, (9, 2)),
    )
    away = np.hypot(*(places[:, None] - sites[None]).transpose(2, 0, 1))
    fig, axes = plt.subplots(1, 2, figsize=(8.2, 3.6), layout="constrained", sharey=True)
    values = []
    for axis, problem in zip(axes, ("p_median", "p_centre"), strict=True):
        found = located(pd.DataFrame(away).to_csv(), problem=problem, count=2)
        for at, site in enumerate(found.chosen_site):
            axis.plot(*np.array([places[at], sites[int(site)]]).T, color="0.8", zorder=0)
        axis.scatter(places[:, 0], places[:, 1], s=10, color="k")
        axis.scatter(sites[:, 0], sites[:, 1], s=60, marker="s", c=np.where(found.site_chosen > 0, "tab:red", "0.7"))
        axis.set_title(
            f"{problem}: mean {found.location_mean:.2f}, farthest {found.location_farthest:.2f}", fontsize=10
        )
        axis.set_aspect("equal")
        values.append((found.location_mean, found.location_farthest))
    assert values[0][0] <= values[1][0]
    assert values[1][1] <= values[0][1]
    fig.savefig(figure("resilience.facility_location"), dpi=130)
    plt.close(fig)
