"""What a study file may say is told in words, not by the patterns that its fields are held to."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from citybraid.core.text import known
from citybraid.study.open.schema import PlanInfo, Storm, StudyFile
from citybraid.study.open.validation_errors import FORMS, error_phrase, value_range

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


def test_ranges_of_a_models_parameters_are_told_from_a_schema_that_is_made_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The help of a model asks for each parameter: to make the schema anew for each takes most of the command."""

    class Pump(BaseModel):
        rate: float = Field(1.0, gt=0.0, le=5.0)
        kind: Literal["drain", "lift"] = "lift"
        note: str = ""

    made: list[str] = []
    schema = Pump.model_json_schema()

    def counted() -> dict[str, Any]:
        made.append("once")
        return schema

    monkeypatch.setattr(Pump, "model_json_schema", counted)
    told = [value_range(Pump, name) for name in ("rate", "kind", "note")]
    assert told == ["> 0, ≤ 5", "drain, lift", ""]
    assert made == ["once"]
