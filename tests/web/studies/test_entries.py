"""What of a study file the workspace may change, and how forms ask for it."""

import pytest

from citybraid.study.open.schema import PlanInfo
from citybraid.web.access.refusals import Refused
from citybraid.web.studies.entries import allowed, fields
from citybraid.web.studies.study_text import Change, changed, parsed

LAW = {"zh": "《城乡规划法》", "en": "Urban and Rural Planning Law"}
DATUM = {"zh": "1985 国家高程基准", "en": "National Height Datum 1985"}


def none() -> frozenset[str]:
    return frozenset()


def test_all_that_a_plan_states_of_itself_can_be_filled_in() -> None:
    kinds = {each.entry.removeprefix("plan."): each.kind for each in fields("plan")}
    assert kinds == {"period": "string", "elevation": "titles", "basis": "titles_list"}
    assert set(kinds) == set(PlanInfo.model_fields), "nothing is left to the file alone"
    stated = {"period": "2021-2035", "elevation": DATUM, "basis": [LAW]}
    changes = allowed([Change(("plan", name), value) for name, value in stated.items()], none)
    text = changed('[study]\nname = "a"\n', changes)
    assert parsed(text)["plan"] == stated
    assert "plan" in text.splitlines()[3], "under a head of its own"
    taken = changed(text, allowed([Change(("plan", "basis"), None)], none))
    assert parsed(taken)["plan"] == {"period": "2021-2035", "elevation": DATUM}


@pytest.mark.parametrize("at", [("plan",), ("plan", "author"), ("plan", "basis", "zh"), ("study", "data")])
def test_other_entries_are_changed_in_the_file_alone(at: tuple[str, ...]) -> None:
    with pytest.raises(Refused):
        allowed([Change(at, "x")], none)


def test_words_by_language_are_asked_for_as_such() -> None:
    assert next(each for each in fields("study") if each.entry == "study.title").kind == "titles"
