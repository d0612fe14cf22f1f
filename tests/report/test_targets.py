"""Targets handed down to parcels are told with the digits of their unit."""

import pandas as pd

from citybraid.report.chapter import TranslatedText, in_words
from citybraid.report.levels.targets import _by_parcel, out_of_reach, shared_by
from citybraid.report.page_table import laid_out
from citybraid.report.view import View
from citybraid.study.run.run import Run


def test_targets_of_parcels_are_whole_people_and_buildings(run: Run) -> None:
    """Parcels of Xinhua Road were asked for 690.8 people and 8.748 buildings, their units for 691 and 9."""
    below = pd.DataFrame(
        {
            "objective": ["heat", "water", "cover"], "parent": "U1", "zone": ["a", "b", "c"],
            "indicator": ["blackout_elderly", "flooded_buildings", "pervious_share"],
            "present": [767.8, 11.0, 21.84], "target": [690.8, 8.748, 24.25],
        }
    )  # fmt: skip
    titles = {name: TranslatedText({"zh": name, "en": name}) for name in ("heat", "water", "cover")}
    rows = laid_out(_by_parcel(View(run), below, titles), "si").rows
    assert [[in_words(each, "en") for each in row[-2:]] for row in rows] == [
        ["768", "691"], ["11", "9"], ["21.8", "24.3"]
    ]  # fmt: skip


def test_an_answer_on_units_says_how_targets_are_shared_and_what_the_alternatives_can_do_of_them() -> None:
    """Xi'an's page one asked 1.1 % of a unit and 9.2 % of another, by no rule, and not that a quarter is in reach."""
    units = pd.DataFrame(
        {
            "objective": ["water", "water", "cover"], "zone": ["a", "b", "a"],
            "rule": ["capacity", "capacity", "pervious_share"],
            "reach": [0.253, 0.253, 0.8], "met": [False, False, True],
        }
    )  # fmt: skip
    titles = {name: TranslatedText({"zh": name, "en": name}) for name in ("water", "cover")}
    (text,) = (in_words(each, "en") for each in out_of_reach(units, titles))
    assert text.startswith("water: all alternatives together change 25% of what the target asks for")
    said = in_words(shared_by(units, titles), "en")
    assert said == "water: what the alternatives can change there; cover: by Pervious surface share"
