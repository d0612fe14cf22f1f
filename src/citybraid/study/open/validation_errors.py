"""Validation errors of the study file as bilingual messages."""

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from citybraid.core.errors import InputError, PlanError
from citybraid.core.text import Phrase, known

LONGEST = re.compile(r"\{0,(\d+)\}\$$")
"""The end of a pattern that says how many characters may follow the first."""
FORMS = {
    "^[a-z0-9][a-z0-9_-]{": "value.form_label", "^[A-Za-z0-9][A-Za-z0-9._-]{": "value.form_scenario",
    "^\\w[\\w-]{": "value.form_name", "^([A-Z]{3})": "value.form_currency", "^[A-Z]{3}$": "value.form_currency",
    "^(\\d{4}-\\d{4})": "value.form_years", "^[^/\\\\": "value.form_event",
}  # fmt: skip
"""Texts of patterns in words, by their beginnings."""


def error_phrase(problem: Mapping[str, Any]) -> Phrase:
    """Return the message of a pydantic error; its own English message where there is no text for it."""
    text = f"value.{problem['type']}"
    pattern = str(problem.get("ctx", {}).get("pattern", ""))
    form = next((name for begin, name in FORMS.items() if pattern.startswith(begin)), None)
    if form is not None:
        most = LONGEST.search(pattern)
        return Phrase(form, {"most": int(most[1]) + 1 if most else 0})
    if known(text):
        return Phrase(text, dict(problem.get("ctx", {})))
    return Phrase("value.other", {"why": problem["msg"]})


def option_error(
    model: str, kind: type[BaseModel], problem: Mapping[str, Any], inputs: Collection[str] = ()
) -> PlanError:
    """Return the error for an invalid parameter given as an option, with both ends of its range.

    The option of a parameter that shares its name with one of the `inputs` begins with param-.
    """
    name = str(problem["loc"][0]) if problem["loc"] else ""
    allowed = value_range(kind, name)
    why = Phrase("value.allowed", {"allowed": allowed}) if allowed else error_phrase(problem)
    option = f"--{'param-' if name in inputs else ''}{name.replace('_', '-')}"
    if problem["type"] == "missing":
        return InputError("single.parameter_missing", model=model, option=option, why=why)
    return InputError("single.parameter", model=model, option=option, got=problem.get("input", "-"), why=why)


def value_range(kind: type[BaseModel], name: str) -> str:
    """Return the values that a parameter allows as text: both ends of its range, or its choices; '' where any."""
    schema = _schema(kind)
    parts = _alternatives(schema.get("properties", {}).get(name, {}), schema.get("$defs", {}))
    return " | ".join(dict.fromkeys(text for part in parts if (text := _allowed(part))))


@cache
def _schema(kind: type[BaseModel]) -> Mapping[str, Any]:
    """Return the schema of a model, made once: a command's help asks for the range of each parameter."""
    return kind.model_json_schema()


def _alternatives(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if "$ref" in schema:
        return _alternatives(definitions[str(schema["$ref"]).rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return [part for each in schema["anyOf"] for part in _alternatives(each, definitions)]
    return [schema]


def _allowed(schema: Mapping[str, Any]) -> str:
    if "enum" in schema or "const" in schema:
        return ", ".join(str(each) for each in schema.get("enum", [schema.get("const")]))
    low = f"≥ {schema['minimum']:g}" if "minimum" in schema else ""
    low = f"> {schema['exclusiveMinimum']:g}" if "exclusiveMinimum" in schema else low
    high = f"≤ {schema['maximum']:g}" if "maximum" in schema else ""
    high = f"< {schema['exclusiveMaximum']:g}" if "exclusiveMaximum" in schema else high
    return ", ".join(each for each in (low, high) if each)


def parameter_error(model: str, problem: Mapping[str, Any]) -> PlanError:
    """Return the error for an invalid model parameter."""
    name = ".".join(str(part) for part in problem["loc"])
    return InputError("study.parameter", model=model, name=name, why=error_phrase(problem))
