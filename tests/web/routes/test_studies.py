from pathlib import Path

from fastapi.testclient import TestClient


def test_studies_of_the_folder_are_listed_with_their_names(owner: TestClient) -> None:
    (each,) = owner.get("/api/studies").json()
    assert each["title"] == {"en": "Quarter <b>", "zh": "片区"}
    assert (each["folder"], each["role"], each["runs"], each["problem"]) == ("片区 一", "owner", [], {})


def test_a_study_that_cannot_be_read_tells_why(owner: TestClient, workspace: Path, study: str) -> None:
    (workspace / "片区 一" / "study.toml").write_text("[study", encoding="utf-8")
    each = owner.get(f"/api/studies/{study}").json()
    assert set(each["problem"]) == {"en", "zh"}


def test_an_unknown_study_is_not_found(owner: TestClient) -> None:
    assert owner.get("/api/studies/0123").status_code == 404
