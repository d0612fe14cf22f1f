"""A special plan that asks a question and checks published figures; `citybraid run` takes it."""

from pathlib import Path

import pytest

from citybraid.cli.special_plans import is_special, require_no_options
from citybraid.core.errors import InputError, PlanError
from citybraid.study.special.schema import read_special
from tests.study.delta import write_special, write_study

REGIONS = {"qingpu": "CN-SH", "wujiang": "CN-JS", "jiashan": "CN-ZJ"}
PUBLISHED = (
    '[[published]]\nindicator = "{name}"\nvalue = 1.0\nbound = "{bound}"\nyear = 2035\nsource = "made for a test"\n'
)


def test_questions_and_published_figures_are_read(tmp_path: Path) -> None:
    more = '[question]\nask = { zh = "如何？", en = "How?" }\n' + PUBLISHED.format(
        name="construction_land", bound="most"
    )
    asked = read_special(write_special(tmp_path, REGIONS, more))
    assert asked.question is not None
    assert asked.question.ask["en"] == "How?"
    assert [(each.indicator, each.bound) for each in asked.published] == [("construction_land", "most")]


@pytest.mark.parametrize("name", ["park_coverage", "nothing"])
def test_a_figure_that_does_not_add_up_is_refused(tmp_path: Path, name: str) -> None:
    path = write_special(tmp_path, REGIONS, PUBLISHED.format(name=name, bound="least"))
    with pytest.raises(PlanError, match=name) as refused:
        read_special(path)
    assert "construction_land" in refused.value.say("en")
    assert "可求和" in refused.value.say("zh")


def test_an_unknown_bound_and_half_a_question_are_refused(tmp_path: Path) -> None:
    wrong = PUBLISHED.format(name="construction_land", bound="about") + '[question]\nask = { en = "How?" }\n'
    with pytest.raises(PlanError) as refused:
        read_special(write_special(tmp_path, REGIONS, wrong))
    assert "published.0.bound" in refused.value.say("en")
    assert "question.ask" in refused.value.say("en")


def test_run_tells_special_plans_from_studies(tmp_path: Path) -> None:
    special = write_special(tmp_path / "special", REGIONS)
    study = write_study(tmp_path / "study", ("qingpu",), "CN-SH")
    assert is_special(special)
    assert not is_special(study)
    assert not is_special(tmp_path / "absent.toml")
    require_no_options(special, {"--out": None, "--json": False})
    with pytest.raises(InputError, match="--json"):
        require_no_options(special, {"--out": None, "--json": True})
