"""Manifests of earlier formats are read as those of today; what is newer or damaged is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from citybraid.core.errors import InputError
from citybraid.core.text import LANGUAGES
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.migration import FORMAT, MANIFEST, STEPS, migrate
from citybraid.study.run.run import Run

FIRST = Path(__file__).parent / "manifest_1.json"
"""Part of what a run of the coarse demo town wrote before formats were numbered."""


@pytest.fixture
def first() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FIRST.read_text(encoding="utf-8"))
    assert "format" not in found
    return found


def refused(told: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        migrate(told, "017")
    assert all("017" in caught.value.say(language) for language in LANGUAGES)
    return caught.value


def test_each_format_has_a_step_to_the_next() -> None:
    assert len(STEPS) == FORMAT - 1


def test_a_manifest_of_the_first_format_says_the_same_in_this_one(first: dict[str, Any]) -> None:
    now = migrate(first, "001").model_dump(mode="json")
    assert now.pop("format") == FORMAT
    assert now.pop("uncertainty") is None
    assert now.pop("basis") is None
    assert now["asked"]["uncertainty"].pop("factor_runs") == 0
    for budget in (now["asked"]["budget"], now["choice"]["budget"]):
        assert (budget.pop("rounds"), budget.pop("full")) == (2, [])
    assert (now["choice"].pop("rounds"), now["choice"].pop("end")) == ([], "")
    assert now["asked"].pop("synergy")["measures"] == []
    assert now["asked"].pop("profiles") == {}
    assert {each.pop("cascade") for each in now["asked"]["objectives"]} <= {"equal"}
    assert set(now["asked"].pop("annex").values()) == {""}
    assert now["asked"].pop("plan") == {"period": "", "elevation": None, "basis": []}
    assert now["asked"].pop("interactions")["measures"] == []
    assert now["asked"].pop("couplings") == {"heat_loop": False}
    assert now["asked"].pop("question") is None
    assert now["asked"].pop("edits") == ""
    assert (now["asked"].pop("plan_figures"), now["asked"].pop("event_titles")) == ([], {})
    used = [use for each in now["asked"]["alternatives"].values() for use in each["measures"]]
    assert {use.pop("land") for use in used} == {""}
    assert [each.pop("milestones") for each in now["asked"]["objectives"]] == [{}] * len(first["asked"]["objectives"])
    for budget in (now["asked"]["budget"], now["choice"]["budget"]):
        assert (budget.pop("robust"), budget.pop("down_to"), budget.pop("payers")) == (None, "unit", {})
    for price in now["choice"]["prices"].values():
        assert (price.pop("price_year"), price.pop("indexed_to")) == (None, None)
    for about in (now["study"], now["asked"]["study"]):
        assert about.pop("currency") == ""
        assert about.pop("climate_zone") == ""
        assert about.pop("unknown_cover") == ""
        assert about.pop("climate") is None
        assert about.pop("unit_count") is None
    for budget in (now["asked"]["budget"], now["choice"]["budget"]):
        assert [budget.pop(name) for name in ("meet", "floors")] == [[], []]
        assert [budget.pop(name) for name in ("next_amount", "phases", "flips")] == [None] * 3
    for files in (now["asked"]["files"],):
        assert {each.pop(name) for each in files.values() for name in ("threat", "calendar")} == {""}
        assert {each.pop(name) for each in files.values() for name in ("licence", "obtained")} == {""}
        assert {each.pop("made") for each in files.values()} == {False}
        assert [each.pop(name) for each in files.values() for name in ("only", "rates")] == [{}] * 2 * len(files)
    assert [step.pop("facts") for step in now["steps"].values()] == [{}] * len(first["steps"])
    assert first["asked"]["limits"].pop("crs_bytes") == 4096
    assert json.dumps(now, sort_keys=True) == json.dumps(first, sort_keys=True)


def test_migrating_leaves_what_was_read_as_it_is(first: dict[str, Any]) -> None:
    before = json.dumps(first)
    migrate(first, "001")
    assert json.dumps(first) == before


def test_parts_that_a_first_run_left_out_are_told_as_absent(first: dict[str, Any]) -> None:
    for name in ("choice", "failing_in", "partial", "lacking"):
        first.pop(name)
    now = migrate(first, "001")
    assert (now.choice, now.failing_in, now.uncertainty) == (None, None, None)
    assert (now.partial, now.lacking) == ({}, {})


def test_a_run_of_the_first_format_is_opened_and_read(first: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(json.dumps(first), encoding="utf-8")
    run = Run.open(tmp_path)
    assert run.alternatives == ("as_is", "with_measures")
    flood = run.maker("as_is", run.layers("as_is")["max_depth"]["p20"])
    assert flood is not None
    assert flood.model == "resilience.flood"
    assert flood.residuals["mass_error"] < 1e-6
    assert {row.factor for rows in flood.factors.values() for row in rows} == set(flood.factors)
    assert run.choice is not None
    assert run.choice.cost <= run.choice.budget.total
    assert run.trust[0].light in {"good", "usable", "weak", "unknown"}


def test_a_run_with_a_quantity_that_is_gone_is_refused_with_its_name(first: dict[str, Any], tmp_path: Path) -> None:
    """As of runs made before the heat of buildings was split into district heat and gas."""
    layer = next(iter(first["alternatives"]["as_is"]["layers"]))
    first["alternatives"]["as_is"]["layers"].append({**layer, "var": "heat_fuel"})
    (tmp_path / MANIFEST).write_text(json.dumps(first), encoding="utf-8")
    with pytest.raises(InputError) as fault:
        Run.open(tmp_path)
    assert fault.value.text == "run.quantities_gone"
    assert all("heat_fuel" in fault.value.say(language) for language in LANGUAGES)


def test_a_manifest_is_read_as_it_was_written(first: dict[str, Any]) -> None:
    made = migrate(first, "001")
    assert migrate(json.loads(json.dumps(made.model_dump(mode="json"))), "001") == made


def test_a_newer_format_is_refused_with_both_numbers(first: dict[str, Any]) -> None:
    fault = refused({**first, "format": FORMAT + 1})
    assert fault.text == "run.newer"
    assert all(str(FORMAT + 1) in fault.say(language) for language in LANGUAGES)


@pytest.mark.parametrize("number", [0, -1, True, "2", 1.0, None])
def test_what_is_no_number_of_a_format_is_refused(first: dict[str, Any], number: object) -> None:
    assert refused({**first, "format": number}).values["part"] == f"{MANIFEST}: format"


@pytest.mark.parametrize("told", [[], None, "x", {}])
def test_what_is_no_manifest_is_refused(told: object) -> None:
    assert refused(told).text == "run.damaged"


def test_every_part_is_needed(first: dict[str, Any]) -> None:
    whole = migrate(first, "001").model_dump(mode="json")
    for name in set(Manifest.model_fields) - {"format", "tables"}:
        rest = {key: value for key, value in whole.items() if key != name}
        assert refused(rest | {"format": FORMAT}).values["part"] == f"{MANIFEST}: {name}"


def test_a_word_too_many_is_refused_wherever_it_stands(first: dict[str, Any]) -> None:
    first["findings"][0]["colour"] = "red"
    assert refused(first).values["part"] == f"{MANIFEST}: findings.0.colour"


def test_records_are_frozen(first: dict[str, Any]) -> None:
    made = migrate(first, "001")
    with pytest.raises(ValidationError):
        made.executed = 3  # type: ignore[misc]  # what must not work
