"""Figures that the demo's page and lessons tell in words, beside a run of today: they go stale when a cover moves.

Those of floods depend on the grid: they are held to the card of the whole run on 5 m that comes with the program.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

PILOT = Path(__file__).parents[2] / "pilots" / "jiaxing-hsr"
THIN = "\u202f"


def told(run: Run, alternative: str, indicator: str) -> float:
    table = run.table(f"units/{alternative}")
    assert table is not None
    return float(table[indicator][WHOLE_AREA])


def in_words(run: Run) -> Mapping[str, str]:
    """Return the figures of a run as the texts write them."""
    people, car, net = "residents", "car_distance_per_resident", "emissions_per_resident"
    whole = {
        f"{name}/{state}": f"{told(run, state, name):,.0f}".replace(",", " ")
        for name in (people, car) for state in ("as_is", "as_planned")
    }  # fmt: skip
    wet = json.loads((PILOT / "case.json").read_text(encoding="utf-8"))["card"]["indicators"]["people_exposed"][
        "values"
    ]
    whole |= {f"wet/{state}": f"{wet[state]:,.0f}".replace(",", " ") for state in ("as_is", "as_planned")}
    whole |= {f"{net}/{state}": f"{told(run, state, net):.2f}" for state in ("as_is", "as_planned")}
    return whole


@pytest.mark.parametrize(("name", "languages"), [("README.md", 2), ("lessons.toml", 2)])
def test_texts_of_the_demo_tell_todays_figures(ran: Run, name: str, languages: int) -> None:
    """Residents of the plan are rounded to hundreds there."""
    text = (PILOT / name).read_text(encoding="utf-8").replace("\n", " ").replace(THIN, " ")
    figures = in_words(ran)
    rounded = {key: value for key, value in figures.items() if key != "residents/as_planned"}
    assert {key: value for key, value in rounded.items() if text.count(value) < languages} == {}
    assert round(told(ran, "as_planned", "residents"), -2) == 55_300
    assert text.count("55 300") >= languages
