"""Profiles of units: where thresholds come from, marks, scores, and words of the units file."""

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.profiles import (
    NONE,
    OBJECTIVE,
    OWN,
    Wanted,
    attained,
    profile_of_words,
    profiles,
    shipped_profiles,
    totals,
    unit_scores,
    unknown_words,
)
from citybraid.planning.rows import indicators

UNITS = ("north", "south", "east")


def table(**columns: tuple[float, ...]) -> pd.DataFrame:
    index = pd.Index([*UNITS, WHOLE_AREA], name="zone")
    return pd.DataFrame({name: [*values, np.nan] for name, values in columns.items()}, index=index)


def kinds(*names: str) -> pd.Series:
    return pd.Series(names, index=list(UNITS))


def test_rows_judge_by_what_every_unit_has_of_its_own_and_weigh_alike() -> None:
    for rows in shipped_profiles().values():
        assert len({row.weight for row in rows}) == 1
        for row in rows:
            indicator = indicators()[row.indicator]
            assert not indicator.extensive, "a sum grows with the unit"
            assert indicator.direction != "none"
            assert indicator.reading.statistic not in ("number", "grid_max")
            assert row.threshold is None or row.source, "a threshold without a source"


def test_a_threshold_is_the_profiles_own_then_the_objectives() -> None:
    found = profiles(
        {"ecological": Wanted(thresholds={"canopy_cover": 30.0}, weights={"canopy_cover": 2.0})},
        {"canopy_cover": 20.0, "blue_green_share": 40.0, "net_emissions": 5.0},
    )["ecological"]
    told = {each.indicator: (each.threshold, each.basis, each.weight) for each in found.criteria}
    assert told["canopy_cover"] == (30.0, OWN, 2.0)
    assert told["blue_green_share"] == (40.0, OBJECTIVE, 1.0)
    assert told["habitat_quality"][1:] == (NONE, 1.0)
    assert np.isnan(told["habitat_quality"][0])


def test_a_target_of_the_whole_that_is_a_sum_is_no_threshold_of_a_unit() -> None:
    found = profiles({"own": Wanted(indicators=("net_emissions",))}, {"net_emissions": 5.0})["own"]
    assert found.criteria[0].basis == NONE


@pytest.mark.parametrize(
    ("indicator", "value", "threshold", "mark"),
    [
        ("flooded_share", 4.0, 5.0, 1.0),
        ("flooded_share", 10.0, 5.0, 0.5),
        ("flooded_share", 10.0, 0.0, 0.0),
        ("canopy_cover", 30.0, 20.0, 1.0),
        ("canopy_cover", 5.0, 20.0, 0.25),
        ("canopy_cover", 0.0, 20.0, 0.0),
        ("emissions_per_resident", -1.0, 0.5, 1.0),
    ],
)
def test_a_mark_is_the_share_of_the_threshold_that_is_reached(
    indicator: str, value: float, threshold: float, mark: float
) -> None:
    assert attained(indicators()[indicator], value, threshold) == pytest.approx(mark)


def test_a_score_is_the_weighted_mean_of_marks() -> None:
    known = profiles(
        {
            "industrial": Wanted(
                indicators=("flooded_share", "canopy_cover"), thresholds={"flooded_share": 5.0},
                weights={"flooded_share": 3.0},
            )
        },
        {},
    )  # fmt: skip
    values = table(flooded_share=(10.0, 4.0, 20.0), canopy_cover=(10.0, 20.0, 30.0))
    scores = unit_scores(kinds("产业", "INDUSTRY", "industrial"), values, {}, known)
    told = totals(scores, UNITS).set_index("unit")
    # north: 3 x 5/10 and place 0; south: 3 x 1 and place 1/2; east: 3 x 5/20 and place 1.
    assert told["score"].to_dict() == pytest.approx({"north": 1.5 / 4, "south": 3.5 / 4, "east": (0.75 + 1.0) / 4})
    assert told["missed"].to_dict() == {"north": 1, "south": 0, "east": 1}
    assert told["worst"]["south"] == "canopy_cover"
    assert set(told["thresholds"]) == {1}


def test_sums_are_compared_per_area() -> None:
    known = profiles({"own": Wanted(indicators=("building_emissions",))}, {})
    values = table(building_emissions=(100.0, 100.0, 100.0))
    scores = unit_scores(kinds("own", "own", "own"), values, {"north": 1.0, "south": 2.0, "east": 4.0}, known)
    marks = scores.set_index("unit")["mark"]
    assert marks["north"] == 0.0
    assert marks["east"] == 1.0
    assert marks["south"] == pytest.approx((100 - 50) / (100 - 25))


def test_marks_of_alternatives_compare() -> None:
    known = profiles({"own": Wanted(indicators=("canopy_cover",))}, {})
    before, after = table(canopy_cover=(10.0, 20.0, 30.0)), table(canopy_cover=(20.0, 30.0, 50.0))
    marks = [
        unit_scores(kinds("own", "own", "own"), each, {}, known, among=(before, after))["mark"].tolist()
        for each in (before, after)
    ]
    assert marks == [pytest.approx([0.0, 0.25, 0.5]), pytest.approx([0.25, 0.5, 1.0])]


def test_without_contrast_or_value_nothing_is_judged() -> None:
    known = profiles({"own": Wanted(indicators=("canopy_cover", "flooded_share"))}, {})
    scores = unit_scores(kinds("own", "own", ""), table(canopy_cover=(5.0, 5.0, 5.0)), {}, known)
    told = totals(scores, UNITS).set_index("unit")
    assert told["judged"].sum() == 0
    assert told["score"].isna().all()
    assert told["profile"]["east"] == ""


def test_the_studys_words_win_and_unknown_ones_are_named() -> None:
    known = profiles({"renewal": Wanted(words=("mixed", "旧改"))}, {})
    assert profile_of_words(known)["mixed"] == "renewal"
    assert profile_of_words(known)["旧改"] == "renewal"
    assert unknown_words(kinds("旧改", "Wohnen", ""), known) == {"south": "Wohnen"}
