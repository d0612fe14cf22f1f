"""A limit breached is told as what is asked for and what the plan has."""

import pytest

from citybraid.report.chapter import in_words
from citybraid.report.verdict.remedies import why, why_of


def test_spaces_are_needed_not_too_many() -> None:
    """2 001 m2 ask for 20.01 spaces: 11 more than 10. '20.0 (must be at most 10.0)' told the reverse."""
    row = {"control": "parking", "computed": 20.01, "limit": 10.0, "unit": "count"}
    assert in_words(why_of(row), "en") == "Parking: 21 needed, 10 stated"
    assert in_words(why_of(row), "zh") == "配建停车：需 21 个，规划 10 个"


@pytest.mark.parametrize(("computed", "needed"), [(20.0, "20"), (20.0 + 1e-9, "20"), (19.5, "20")])
def test_a_part_of_a_space_asks_for_one(computed: float, needed: str) -> None:
    assert f"Parking: {needed} needed" in in_words(why("parking", computed, 10.0, "count", over=True), "en")


def test_other_controls_keep_their_sentence() -> None:
    told = in_words(why("height", 26.04, 24.0, "m", over=True), "en")
    assert told.endswith("26.04 m, above the limit of 24.00 m")
