"""A plan and a portfolio asked for in the workspace: written into the study file, once, by those who may."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.study.open.open_study import open_study
from tests.web.made import person

ASKED: dict[str, Any] = {
    "indicator": "flooded_area", "target": 0.5, "total": 1e6, "currency": "CNY", "candidates": ["green_roof"],
    "pairs": False,
}  # fmt: skip
STATE = """
[files.ground]
path = "ground.tif"
role = "terrain"

# what stands now 现状
[alternatives.as_is]
title = { zh = "现状", en = "As is" }
"""


@pytest.fixture(autouse=True)
def study_file(workspace: Path) -> Path:
    path = workspace / "片区 一" / "study.toml"
    (path.parent / "ground.tif").write_bytes(b"II*\0")
    path.write_text(path.read_text(encoding="utf-8") + STATE, encoding="utf-8")
    return path


def asked(client: TestClient, study: str, part: str, **body: Any) -> tuple[int, Any]:
    seen = client.get(f"/api/studies/{study}/settings").json()
    about = {"version": seen["version"], "digest": seen["digest"]}
    answer = client.post(f"/api/studies/{study}/wanted/{part}", json={**about, **body})
    return answer.status_code, answer.json()


def test_a_plan_and_a_portfolio_are_written_with_their_reasons(owner: TestClient, study: str, study_file: Path) -> None:
    told = owner.get(f"/api/studies/{study}/wanted").json()
    assert (told["planned"], told["portfolio"], told["year"]) == (False, False, 2025)
    assert "built_form" not in {each["name"] for each in told["measures"]}, "no budget buys it"
    assert {"green_roof", "rain_garden"} <= {each["name"] for each in told["measures"]}
    assert all(each["title"]["zh"] for each in (*told["measures"], *told["indicators"]))
    before = study_file.read_text(encoding="utf-8")
    assert asked(owner, study, "plan", year=2035)[0] == 201
    status, lines = asked(owner, study, "portfolio", **ASKED)
    assert status == 201, lines
    assert all(each["sign"] == "+" for each in lines), "nothing of the file is touched"
    text = study_file.read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if line not in text.splitlines()] == []
    written = tomllib.loads(text)
    assert written["alternatives"]["as_planned"]["measures"] == [{"measure": "built_form", "params": {"year": 2035}}]
    assert written["alternatives"]["chosen"]["portfolio"] is True
    assert written["budget"] == {
        "total": 1e6, "maximise": "flooded_area", "pairs": False, "candidates": ["green_roof"],
    }  # fmt: skip
    study_of = open_study(study_file)
    assert study_of.asked.budget is not None
    assert study_of.asked.objectives[0].target == 0.5
    told = owner.get(f"/api/studies/{study}/wanted").json()
    assert (told["planned"], told["portfolio"], told["currency"]) == (True, True, "CNY")


def test_neither_is_asked_for_twice(owner: TestClient, study: str, study_file: Path) -> None:
    for part, body in (("plan", {"year": 2035}), ("portfolio", ASKED)):
        assert asked(owner, study, part, **body)[0] == 201
        after = study_file.read_bytes()
        assert asked(owner, study, part, **body)[0] == 409
        assert study_file.read_bytes() == after


def test_what_is_asked_can_be_taken_out_again_and_nothing_else(owner: TestClient, study: str, study_file: Path) -> None:
    before = study_file.read_text(encoding="utf-8")
    for part, body in (("plan", {"year": 2035}), ("portfolio", ASKED)):
        assert asked(owner, study, part, **body)[0] == 201
    taken_out = [["alternatives", "as_planned"], ["budget"], ["alternatives", "chosen"]]

    def removed(*places: list[str]) -> int:
        seen = owner.get(f"/api/studies/{study}/settings").json()
        about = {"version": seen["version"], "digest": seen["digest"]}
        changes = [{"at": at, "value": None} for at in places]
        return owner.patch(f"/api/studies/{study}/settings", json={**about, "changes": changes}).status_code

    for refused in (["alternatives"], ["alternatives", "as_is", "title"], ["objectives"], ["study"]):
        assert removed(refused) == 400, refused
    assert removed(*taken_out) == 200
    text = study_file.read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if line not in text.splitlines()] == []
    written = tomllib.loads(text)
    assert set(written["alternatives"]) == {"as_is"}
    assert "budget" not in written
    told = owner.get(f"/api/studies/{study}/wanted").json()
    assert (told["planned"], told["portfolio"]) == (False, False)
    assert {each["indicator"]: each["unit"] for each in told["indicators"]}["flooded_area"] == {
        "en": "ha",
        "zh": "公顷",
    }


@pytest.mark.parametrize(
    ("change", "status"),
    [({"indicator": "no_such"}, 400), ({"total": 0}, 422), ({"currency": "yuan"}, 422), ({"candidates": ["no"]}, 422)],
)
def test_what_cannot_be_asked_leaves_the_file(
    owner: TestClient, study: str, study_file: Path, change: dict[str, Any], status: int
) -> None:
    before = study_file.read_bytes()
    assert asked(owner, study, "portfolio", **{**ASKED, **change})[0] == status
    assert study_file.read_bytes() == before


def test_who_only_comments_changes_nothing(app: FastAPI, owner: TestClient, study: str) -> None:
    reviewer = person(app, "rita", study=study, role="reviewer")
    assert reviewer.get(f"/api/studies/{study}/wanted").status_code == 200
    assert asked(reviewer, study, "plan", year=2030)[0] == 403
