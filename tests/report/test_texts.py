import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import citybraid.report
from citybraid.core.account import without_gas
from citybraid.core.factor import STATUSES
from citybraid.core.model import Model, Params
from citybraid.core.text import known
from citybraid.core.var import Fact
from citybraid.planning.control_table import STATES
from citybraid.planning.rows import indicators
from citybraid.report.carbon.end_use import CARRIERS, END_USES
from citybraid.report.page import MAP_WORDS
from citybraid.report.sheets import mapped
from citybraid.sources.protocol.quantities import vocabulary
from tests import discovered

HOME = Path(citybraid.report.__file__).parent
MODELS = discovered.models()


def named() -> Iterator[str]:
    """Yield each literal id that the report's modules give to `words`, and the ones that conditions choose between."""
    for path in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "words" and node.args:
                yield from (
                    part.value
                    for part in ast.walk(node.args[0])
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and "." in part.value[1:-1]
                )


def test_every_text_that_a_chapter_says_is_in_the_catalogue() -> None:
    asked = set(named())
    assert len(asked) > 150
    assert sorted(text for text in asked if not known(text)) == []


@pytest.mark.parametrize(
    "texts",
    [
        [f"explorer.{name}" for name in MAP_WORDS],
        [f"status.{name}" for name in STATUSES],
        [f"plan.{state}" for state in (*STATES, "green", "red", "grey")],
        [f"measures.{kind}" for kind in ("help", "hinder", "additive")],
        [f"intake_chapter.{kind}" for kind in ("found", "repaired", "guessed", "rejected", "advice")],
        [
            f"{strand}.{name}"
            for strand in ("lowcarbon", "resilience", "biodiversity")
            for name in ("title", "indicators")
        ],
        [f"indicator.{name}" for name in indicators()],
        [f"end_use.{name}" for name in (*END_USES, *CARRIERS, "inside", "below", "above")],
        [f"plausible_reason.electricity_intensity.{side}" for side in ("below", "above")],
    ],
)
def test_texts_whose_ids_are_put_together_exist(texts: list[str]) -> None:
    assert [text for text in texts if not known(text)] == []


def test_what_is_mapped_is_in_the_vocabulary_with_a_name() -> None:
    assert [row.var for row in mapped() if row.var not in vocabulary() or not known(f"var.{row.var}")] == []


def test_every_unit_has_a_name_in_both_languages() -> None:
    units = {var.unit_with_gas for var in vocabulary().values()} | {row.unit for row in indicators().values()}
    assert sorted(unit for unit in units - {"", "1", "%"} if not known(f"unit.{without_gas(unit)[0]}")) == []


def test_what_a_model_lacks_is_told_by_name() -> None:
    """A gap said 'parameter "daily_rain"': what a model asks for, or takes in place of an input, has a name."""
    wanted = {(model.id, name) for model in MODELS for name in (*asked_parameters(model), *factors(model))}
    assert len(wanted) > len(MODELS)
    assert sorted(each for each in wanted if not known(each[1])) == []


def asked_parameters(model: Model[Any, Any]) -> Iterator[str]:
    """Yield the texts of parameters that a model asks for, or takes in place of an input."""
    needs = model.needs
    inputs = {name for name, each in needs.items() if not isinstance(each.what, Fact)}
    for kind in (each.what for each in needs.values()):
        if isinstance(kind, type) and issubclass(kind, Params):
            fields = kind.model_fields
            instead = {name for name, info in fields.items() if info.default is None} & inputs
            yield from (f"parameter.{name}" for name, info in fields.items() if info.is_required() or name in instead)


def factors(model: Model[Any, Any]) -> Iterator[str]:
    """Yield the texts of factors that a model reads."""
    return (f"factor.{each.what.name}" for each in model.needs.values() if isinstance(each.what, Fact))
