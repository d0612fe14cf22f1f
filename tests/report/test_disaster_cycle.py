"""How much a phase gains: each of its indicators counts as a share of the larger of its two values."""

import pytest

from citybraid.report.answers.disaster_cycle import Change


@pytest.mark.parametrize(
    ("indicator", "before", "after", "gain"),
    [
        ("people_near_shelter", 10_146.0, 29_816.0, 19_670 / 29_816),
        ("people_near_shelter", 0.0, 5.0, 1.0),
        ("people_near_shelter", 8.0, 2.0, -0.75),
        ("people_exposed", 15_086.0, 1_371.0, 13_715 / 15_086),
        ("people_exposed", 2.0, 8.0, -0.75),
        ("people_exposed", 0.0, 0.0, 0.0),
    ],
)
def test_no_indicator_counts_more_than_whole(indicator: str, before: float, after: float, gain: float) -> None:
    """People warned in time, 194 % more, lifted the phase of Xiong'an in which two others hardly changed to 82 %."""
    assert Change("preparedness", indicator, before, after).gain == pytest.approx(gain)
