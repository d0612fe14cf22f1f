"""Why a value of the study file is refused, in words for people in both languages."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.errors import InputError, PlanError
from citybraid.core.text import Phrase, known


def why(problem: Mapping[str, Any]) -> Phrase:
    """Return what pydantic found wrong with a value; in its own English words where there is no text for it."""
    text = f"value.{problem['type']}"
    if known(text):
        return Phrase(text, dict(problem.get("ctx", {})))
    return Phrase("value.other", {"why": problem["msg"]})


def parameter(model: str, problem: Mapping[str, Any]) -> PlanError:
    """Return the error that names a model's parameter and what is wrong with it."""
    name = ".".join(str(part) for part in problem["loc"])
    return InputError("study.parameter", model=model, name=name, why=why(problem))
