"""A workspace without a library shows the cases of pilots that come with the program, and says what they are."""

import pytest
from fastapi.testclient import TestClient

from citybraid.commons.library import shipped as module
from citybraid.commons.library.shipped import shipped


@pytest.fixture(autouse=True)
def _with_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "shipped", shipped)


def test_the_first_look_finds_them_and_their_facets(owner: TestClient) -> None:
    found = owner.get("/api/cases").json()
    assert (found["there"], found["found"]) == (True, len(shipped()))
    assert {each["facet"] for each in found["facets"]} >= {"climate", "form", "hazard", "measure", "level"}
    assert all(each["pilot"] and each["run"]["zh"] and each["run"]["en"] for each in found["cases"])
    assert owner.get("/api/cases", params={"words": "新华路"}).json()["found"] == 1


def test_one_is_told_in_full_without_a_file(owner: TestClient) -> None:
    told = owner.get("/api/cases/shanghai-xinhua").json()
    assert (told["size"], told["report"], told["line"]["pilot"]) == (None, False, "shanghai-xinhua")
    assert len(told["lessons"]) == 7
    sizes = [abs(each["change"]) for each in told["effects"] if each["measure"] == told["effects"][0]["measure"]]
    assert sizes == sorted(sizes, reverse=True)
    for part in ("file", "report"):
        refused = owner.get(f"/api/cases/shanghai-xinhua/{part}")
        assert refused.status_code == 404
        assert "pilot" in refused.json()["said"]["en"]
    assert owner.post("/api/cases/shanghai-xinhua/study").status_code == 404


def test_places_alike_comparison_and_effects_are_of_them(owner: TestClient) -> None:
    alike = owner.get("/api/cases/shanghai-xinhua/alike").json()
    assert alike[0]["distance"] <= alike[-1]["distance"]
    assert owner.get("/api/cases/shanghai-xinhua/compared/shanghai-yangpu").json()["indicators"]
    effects = owner.get("/api/case-effects/envelope_retrofit").json()
    assert effects["limits"]
    assert max(each["n"] for each in effects["effects"]) >= 2
