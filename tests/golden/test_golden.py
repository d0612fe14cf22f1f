"""Golden values: one small case for each model, and the rule that changed code either keeps every bit or a new version.

`make goldens` (record.py) records what may be recorded and says what moved.
"""

import json
import math
from typing import Any

import pytest

from tests.discovered import AnyModel, models
from tests.golden.record import models_now, readers_now
from tests.golden.values import CODE, READERS, golden_outputs, record_of

RELATIVE = 1e-5
ABSOLUTE = 1e-9


def differences(got: Any, want: Any, at: str = "") -> list[str]:
    """Return where two JSON values part by more than rounding."""
    if isinstance(got, dict) and isinstance(want, list):
        got = list(got.values())
    if isinstance(got, dict) and isinstance(want, dict) and got.keys() == want.keys():
        return [line for key in want for line in differences(got[key], want[key], f"{at}[{key}]")]
    if isinstance(got, list) and isinstance(want, list) and len(got) == len(want):
        return [
            line
            for number, pair in enumerate(zip(got, want, strict=True))
            for line in differences(*pair, f"{at}[{number}]")
        ]
    numbers = isinstance(got, int | float) and isinstance(want, int | float)
    same = math.isclose(got, want, rel_tol=RELATIVE, abs_tol=ABSOLUTE) if numbers else got == want
    return [] if same else [f"{at}: got {got!r}, recorded {want!r}"]


def test_there_are_models() -> None:
    assert models()


@pytest.mark.parametrize("model", models(), ids=lambda model: model.id)
def test_values(model: AnyModel) -> None:
    record = record_of(model)
    assert record.is_file(), f"{model.id} has no record {record.name}: make goldens"
    stored = json.loads(record.read_text(encoding="utf-8"))
    assert (stored["model"], stored["version"]) == (model.id, model.version), (
        "recorded for another version: make goldens"
    )
    outputs = golden_outputs(model)
    assert stored["outputs"].keys() == outputs.keys()
    assert not differences(outputs, stored["outputs"]), f"{model.id} changed its values: raise its version"


def test_code_changes_keep_every_bit_or_raise_the_version() -> None:
    stored = json.loads(CODE.read_text(encoding="utf-8"))
    now = models_now()
    assert stored.keys() == now.keys(), "models came or went: make goldens"
    changed = [key for key in now if now[key] != stored[key]]
    assert not changed, f"the code behind {changed} changed: make goldens says whether their values did"


@pytest.mark.slow
def test_code_of_readers_and_repairs_keeps_every_reading_or_raises_the_version() -> None:
    stored, now = json.loads(READERS.read_text(encoding="utf-8")), readers_now()
    assert stored.keys() == now.keys(), "readers or repairs came or went: make goldens"
    changed = [name for name in now if now[name] != stored[name]]
    assert not changed, f"the code of {changed} changed: make goldens says whether a file is read otherwise"
