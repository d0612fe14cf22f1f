"""What a result lacks, told once: quantities, and the parameters of a model together."""

from citybraid.report.annex.lacking import needs_titles
from citybraid.report.chapter import TextList

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
