"""What a result lacks, told once: quantities, and the parameters of a model together."""

from citybraid.report.annex.lacking import left_out_models, needs_titles
from citybraid.report.chapter import TextList, in_words
from citybraid.report.view import View
from citybraid.study.open.schema import ModelChoices
from citybraid.study.run.run import Run
from tests.report.test_basis import asking

OWN, OTHER = "lowcarbon.building_waste", "resilience.surge"
NEEDS = (
    f"parameter:{OWN}.start",
    "floors",
    f"parameter:{OWN}.end",
    f"parameter:{OTHER}.offshore",
    f"parameter:{OWN}.end",
)


def told(language: str, of: str = "") -> str:
    return TextList(tuple(needs_titles(NEEDS, of=of)), ", ").say(language)


def test_parameters_are_named_once_for_all_models() -> None:
    """A list said 项目文件中“…”的参数 for each of them."""
    assert told("zh").count("项目文件") == 1
    assert told("en").count("study file") == 1


def test_the_model_that_a_line_is_about_is_not_named_again() -> None:
    said = told("en", of=OWN)
    assert said.count("study file") == 2, "its own, and those of another"
    assert "waste" not in said.casefold()


def test_what_a_model_that_the_study_leaves_out_would_make_is_told_with_the_model() -> None:
    """An article read "habitat area: not computed; needs habitat patch area"."""
    (said,) = needs_titles(["electricity"], left_out={"electricity": "lowcarbon.building_energy"})
    assert in_words(said, "zh") == "用电量（项目设定不运行计算该量的模型：建筑能耗）"
    (plain,) = needs_titles(["electricity"])
    assert in_words(plain, "zh") == "用电量"


def test_models_left_out_are_those_of_the_study(run: Run) -> None:
    skipping = asking(run, models=ModelChoices(skip=("biodiversity.connectivity",)))
    assert set(left_out_models(View(skipping)).values()) == {"biodiversity.connectivity"}
    assert left_out_models(View(run)) == {}
