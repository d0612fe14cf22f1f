"""The library as the workspace shows it: search in both languages, facets, places alike, effects, review."""

import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.commons.library.effects import Limit
from citybraid.commons.library.facets import FACETS
from citybraid.commons.opening.opened import check
from citybraid.web.cases.opening import finish
from citybraid.web.cases.words import facet_said, limit_said
from citybraid.web.jobs.lookup import arguments
from tests.commands import citybraid
from tests.commons.test_library import CHECKS
from tests.web.made import person
from tests.web.packed_place import published_library, put_place

PAGE = "<!doctype html><title>报告</title><script>parent.location</script>"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    return published_library(folder / "library", folder / "made").folder


@pytest.fixture
def library(published: Path, workspace: Path) -> Path:
    return Path(shutil.copytree(published, workspace / "library"))


def names(owner: TestClient, **asked: str | list[str]) -> list[str]:
    return [each["name"] for each in owner.get("/api/cases", params=asked).json()["cases"]]


def test_without_a_library_there_is_none(owner: TestClient, workspace: Path) -> None:
    told = owner.get("/api/cases").json()
    assert (told["there"], told["folder"], told["cases"]) == (False, "library", [])
    assert owner.get("/api/cases/alpha").status_code == 404
    assert not (workspace / "library").exists(), "looking makes nothing"


def test_words_of_both_languages_and_facets_find_cases(owner: TestClient, library: Path) -> None:
    assert names(owner) == ["alpha", "beta"]
    assert names(owner, words="积水") == ["alpha"]
    assert names(owner, words="heat SUMMER") == ["beta"]
    assert names(owner, words='积水" OR x \x00') == []
    assert names(owner, form=["village"]) == ["beta"]
    assert names(owner, climate=["5A"]) == ["beta"]
    assert names(owner, form=["village", "new_town"], words="积水") == ["alpha"]
    told = owner.get("/api/cases", params={"words": "积水"}).json()
    assert (told["published"], told["found"]) == (2, 1)
    assert "积水" in told["cases"][0]["excerpt"]
    facets = {each["facet"]: each for each in told["facets"]}
    assert set(facets) <= set(FACETS)
    assert facets["form"]["values"] == [
        {"value": "new_town", "title": facets["form"]["values"][0]["title"], "count": 1}
    ]
    assert facets["form"]["values"][0]["title"]["zh"] != "new_town"


def test_a_case_is_told_in_full_and_taken(owner: TestClient, library: Path, tmp_path: Path, workspace: Path) -> None:
    told = owner.get("/api/cases/alpha").json()
    assert told["lessons"][0]["text"] == {"en": "Waterlogging", "zh": "老街区积水"}
    assert told["indicators"][0]["title"]["zh"] != told["indicators"][0]["indicator"]
    assert told["held"]["absent"]
    assert told["report"] is False
    assert owner.get("/api/cases/alpha/report").json()["error"] == "web.cases.no_report"
    assert all(each["change"] for each in told["effects"])
    file = tmp_path / "taken.case.zip"
    file.write_bytes(owner.get("/api/cases/alpha/file").content)
    assert check(file).id == told["id"]
    made = owner.post("/api/cases/alpha/study").json()["study"]
    finish(workspace / made["folder"], tell=lambda _read, _of: None)
    assert owner.get(f"/api/studies/{made['id']}").json()["name"] == "alpha"
    assert owner.get("/api/cases/alpha/file").content == file.read_bytes(), "the library's own file stays"


def test_places_alike_are_explained_and_two_are_compared(
    owner: TestClient, library: Path, study: str, workspace: Path
) -> None:
    put_place(workspace / "片区 一")
    near = owner.get(f"/api/studies/{study}/runs/latest/alike").json()
    assert [each["name"] for each in near] == ["alpha", "beta"]
    assert [each["distance"] for each in near] == [0.0, 1.0], "of one climate, and of another"
    (term,) = near[1]["terms"]
    assert (term["here"]["zh"], term["there"]["en"]) == ("3A 夏热冬冷 A 区", "5A: mild A"), "zones by their names"
    assert near[0]["terms"][0]["title"]["zh"] != near[0]["terms"][0]["feature"]
    assert [each["name"] for each in owner.get("/api/cases/alpha/alike").json()] == ["beta"]
    told = owner.get("/api/cases/alpha/compared/beta").json()
    assert told["indicators"]
    assert all(each["one"] == each["other"] for each in told["indicators"])
    assert owner.get(f"/api/studies/{study}/runs/001/case/compared/alpha").status_code == 404, "not packed"
    assert citybraid(*arguments("pack", workspace / "片区 一", {"run": "001"})).returncode == 0
    assert owner.get(f"/api/studies/{study}/runs/001/case/compared/alpha").json()["indicators"] == told["indicators"]


def test_effects_come_with_their_limits(owner: TestClient, library: Path, study: str, workspace: Path) -> None:
    put_place(workspace / "片区 一")
    for url in ("/api/case-effects/green_roof", f"/api/studies/{study}/runs/latest/case-effects/green_roof"):
        told = owner.get(url).json()
        assert all(each["n"] == 2 and each["few"] and each["median"] is None for each in told["effects"])
        assert any("fewer than" in each["en"] for each in told["limits"])
        assert any("少于" in each["zh"] for each in told["limits"])
        named = [one for each in told["effects"] for one in each["cases"]]
        assert named
        assert all(one["title"] for one in named)
    none = owner.get("/api/case-effects/no_such_thing").json()
    assert none["effects"] == []
    assert "No case" in none["limits"][0]["en"]


def test_a_run_is_handed_in_reviewed_by_another_published_and_withdrawn(
    app: FastAPI, owner: TestClient, study: str, workspace: Path
) -> None:
    run = put_place(workspace / "片区 一")
    (run.folder / "report").mkdir()
    (run.folder / "report" / "report.html").write_text(PAGE, encoding="utf-8")
    assert citybraid(*arguments("pack", workspace / "片区 一", {"run": "001"})).returncode == 0
    handed = f"/api/studies/{study}/runs/001/case/handed-in"
    made = owner.post(handed, json={"by": "Wang"})
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    assert owner.post(handed, json={"by": "Wang"}).json()["error"] == "case.known_version"
    assert names(owner) == []
    waiting = owner.get("/api/library").json()
    assert [each["name"] for each in waiting["cases"]] == ["made"]
    assert [each["question"] for each in waiting["questions"]] == list(CHECKS)
    good = dict.fromkeys(CHECKS, True)
    review = "/api/library/made/review"
    assert owner.post(review, json={"by": "Wang", "answers": good}).json()["error"] == "case.own_review"
    assert owner.post(review, json={"by": "Li", "answers": {}}).json()["error"] == "case.checklist"
    assert owner.post(review, json={"by": "Li", "answers": good}).json()["state"] == "reviewed"
    assert owner.post("/api/library/made/release", json={"by": "Li"}).json()["state"] == "published"
    assert names(owner) == ["made"]
    stranger = person(app, "somebody")
    assert [each["name"] for each in stranger.get("/api/cases").json()["cases"]] == ["made"]
    assert stranger.get("/api/cases/made").json()["report"] is True
    page = stranger.get("/api/cases/made/report")
    assert (page.status_code, page.text) == (200, PAGE)
    assert "sandbox allow-scripts; default-src 'none'" in page.headers["content-security-policy"]
    assert stranger.get("/api/library").status_code == 403
    assert stranger.post("/api/library/made/retract", json={"by": "x", "reason": "y"}).status_code == 403
    gone = owner.post("/api/library/made/retract", json={"by": "Li", "reason": "Wrong rain"}).json()
    assert (gone["state"], gone["history"][-1]["note"]) == ("retracted", "Wrong rain")
    assert names(owner) == []
    assert owner.get("/api/cases/made/file").status_code == 404
    assert owner.get("/api/cases/made/report").status_code == 404
    (trace,) = owner.get("/api/library").json()["settled"]
    assert (trace["name"], trace["state"]) == ("made", "retracted")
    assert [each["by"] for each in trace["history"]][-2:] == ["Li", "Li"]
    assert trace["history"][-1]["note"] == "Wrong rain"


def test_a_folder_of_other_things_is_no_library(owner: TestClient, workspace: Path) -> None:
    (workspace / "library").mkdir()
    (workspace / "library" / "notes.txt").write_text("x", encoding="utf-8")
    assert owner.get("/api/cases").json()["error"] == "case.no_library"


def test_nobody_looks_without_logging_in(stranger: TestClient) -> None:
    for url in ("/api/cases", "/api/cases/alpha", "/api/case-effects/green_roof", "/api/library"):
        assert stranger.get(url).status_code == 401


def test_a_place_beyond_the_cases_is_told_with_its_unit_and_no_gap_where_it_has_none() -> None:
    """A floor area ratio was told as "0.1566 , outside", a share as "0 %，"."""
    known = {"low": 0.748, "high": 1.155}
    told = {
        name: limit_said(Limit("case_limit.outside", {"name": name, "got": got, "unit": unit, **known}), {})
        for name, got, unit in (
            ("floor_area_ratio", 0.1566, "1"),
            ("flooded_share", 0.0, "%"),
            ("mean_temperature", 30.0, "degC"),
        )
    }
    assert "0.1566, outside" in told["floor_area_ratio"]["en"]
    assert "为 0%，超出" in told["flooded_share"]["zh"]
    assert "为 30 ℃，超出" in told["mean_temperature"]["zh"]


def test_units_and_currencies_in_sentences_are_those_of_the_language() -> None:
    assert facet_said("cost", "CNY-5") == {
        "en": "CNY 100,000 to 1,000,000 per hectare", "zh": "每公顷 100,000 至 1,000,000 元",
    }  # fmt: skip
    limit = limit_said(Limit("case_limit.amount_one", {"amount": 67.38, "unit": "m2"}), {})
    assert all("67.38 m²" in each for each in limit.values())
    wide = limit_said(Limit("case_limit.amount", {"low": 6277.4, "high": 15683.2, "unit": "m2"}), {})
    assert "6,277 to 15,683 m²" in wide["en"]
    assert "6,277 至 15,683 m²" in wide["zh"]


def test_climate_zones_and_cases_of_a_limit_are_named() -> None:
    assert facet_said("climate", "3A") == {"en": "3A: hot summer, cold winter A", "zh": "3A 夏热冬冷 A 区"}
    assert facet_said("climate", "Cfa") == {"en": "Cfa", "zh": "Cfa"}
    titles = {"alpha": {"en": "Old harbour", "zh": "老码头"}}
    told = limit_said(Limit("case_limit.no_band", {"count": 2, "cases": ["alpha", "beta"]}), titles)
    assert told["en"].startswith("Old harbour; beta: ")
    assert told["zh"].startswith("老码头、beta：")
