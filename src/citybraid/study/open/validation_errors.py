"""Validation errors of the study file as bilingual messages."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.errors import InputError, PlanError
from citybraid.core.text import Phrase, known


def error_phrase(problem: Mapping[str, Any]) -> Phrase:
    """Return the message of a pydantic error; its own English message where there is no text for it."""
    text = f"value.{problem['type']}"
    if known(text):
        return Phrase(text, dict(problem.get("ctx", {})))
    return Phrase("value.other", {"why": problem["msg"]})


def parameter_error(model: str, problem: Mapping[str, Any]) -> PlanError:
    """Return the error for an invalid model parameter."""
    name = ".".join(str(part) for part in problem["loc"])
    return InputError("study.parameter", model=model, name=name, why=error_phrase(problem))
