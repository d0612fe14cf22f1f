"""What a study file may say is told in words, not by the patterns that its fields are held to."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from citybraid.core.text import known
from citybraid.study.open.schema import PlanInfo, Storm, StudyFile
from citybraid.study.open.validation_errors import FORMS, error_phrase

OPEN = Path(__file__).parents[2] / "src/citybraid/study/open"


def phrases(kind: type[PlanInfo | Storm], values: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(values)
    for problem in caught.value.errors():
        phrase = error_phrase(problem)
        yield phrase.text, phrase.values


def test_years_and_labels_say_what_they_are_made_of() -> None:
    assert list(phrases(PlanInfo, {"period": "2021至2035"})) == [("value.form_years", {"most": 0})]
    told = dict(phrases(Storm, {"label": "50 年"}))
    assert told["value.form_label"]["most"] > 10


def test_each_pattern_of_a_study_has_words() -> None:
    """Each pattern that a field of the study file states begins as one of the patterns that have a text."""
    stated = set(re.findall(r'pattern=r"([^"]+)"', "\n".join(each.read_text("utf-8") for each in OPEN.glob("*.py"))))
    assert len(stated) > 4
    assert [each for each in stated if not each.startswith(tuple(FORMS))] == []
    assert all(known(text) for text in FORMS.values())
    assert "plan" in StudyFile.model_fields
