"""Results, reports and comments: nobody without a role learns of them, and no request names a file."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from citybraid.report.report_record import inputs_digest, write_record
from citybraid.study.run.run import Run
from citybraid.web.access.owner import laptop_owner
from citybraid.web.studies.listing import take_up
from tests.web.made import person, put_run
from tests.web.team import STUDY

TAGS = frozenset({"results", "report", "review"})
BODIES = {"comments": {"text": "x"}, "vote": {"value": 1}}
VALUES = {
    "indicator": "flooded_area", "name": "text", "language": "en", "other": "001", "picture": "depth_course",
    "hour": "0", "file": "0" * 16, "comment": "C-00000000", "suffix": "csv",
}  # fmt: skip


@pytest.fixture
def run(workspace: Path) -> Run:
    return put_run(workspace / "片区 一")


@pytest.fixture
def base(run: Run, study: str) -> str:
    return f"/api/studies/{study}/runs/001"


def addresses(app: FastAPI, study: str) -> Iterator[tuple[str, str]]:
    """Yield method and address of every route of these rooms, its parts filled in."""
    for route in _routes(app):
        if TAGS & set(route.tags):
            for method in route.methods or ():
                yield method, route.path.format(study=study, run="001", **VALUES)


def _routes(app: FastAPI) -> Iterator[APIRoute]:
    for route in app.routes:
        found = getattr(getattr(route, "original_router", None), "routes", [route])
        yield from (each for each in found if isinstance(each, APIRoute))


def test_there_are_routes(app: FastAPI, study: str) -> None:
    assert len(list(addresses(app, study))) >= 18


def test_without_a_role_nothing_is_found_and_without_a_session_nothing_said(
    app: FastAPI, stranger: TestClient, base: str, study: str
) -> None:
    outsider = person(app, "outsider")
    for method, address in addresses(app, study):
        body: dict[str, Any] = (
            {"json": BODIES.get(address.rsplit("/", 1)[-1], {"text": "x"})} if method != "GET" else {}
        )
        if address.endswith("/files") and method in {"PUT", "POST"}:
            body = {"files": {"file": ("x.docx", b"x")}}
        told = outsider.request(method, address, **body)
        assert (told.status_code, told.json()["error"]) == (404, "web.no_study"), (method, address)
        assert stranger.request(method, address, **body).status_code == 401, (method, address)


def test_a_role_in_one_study_opens_no_other(
    app: FastAPI, owner: TestClient, workspace: Path, base: str, study: str
) -> None:
    other = workspace / "other"
    other.mkdir()
    (other / "study.toml").write_text(STUDY, encoding="utf-8")
    with app.state.server.sessions.begin() as session:
        take_up(session, workspace, laptop_owner(session))
    second = next(each["id"] for each in owner.get("/api/studies").json() if each["folder"] == "other")
    member = person(app, "member", study=second, role="owner")
    assert member.get(f"/api/studies/{second}").status_code == 200
    assert member.get(f"{base}/results").status_code == 404
    assert member.get(f"/api/studies/{second}/runs/001/results").status_code == 404, "the run is the other study's"


@pytest.mark.parametrize("number", ["..", "%2e%2e", "001%2f..%2f..", "0x1", "latest", "-1", "999"])
def test_a_run_is_a_number_of_the_listing(owner: TestClient, base: str, number: str) -> None:
    answer = owner.get(base.replace("/001", f"/{number}") + "/report")
    assert answer.status_code == (200 if number == "latest" else 404)


def write_report(run: Run, workspace: Path) -> None:
    """Write what a report may hold, and what it must not give away."""
    folder = run.folder / "report"
    (folder / "maps" / "en").mkdir(parents=True)
    (folder / "report.html").write_text("<script>document.title='ran'</script>", encoding="utf-8")
    (folder / "报告 一.docx").write_bytes(b"word" * 1000)
    (folder / "maps" / "en" / "text.png").write_bytes(b"\x89PNG")
    (folder / "leak.txt").symlink_to(workspace / "片区 一" / "study.toml")
    (workspace / "secret").mkdir()
    (workspace / "secret" / "key.txt").write_text("secret", encoding="utf-8")
    (folder / "out").symlink_to(workspace / "secret", target_is_directory=True)


def test_files_are_listed_with_ids_and_links_lead_nowhere(
    owner: TestClient, base: str, run: Run, workspace: Path
) -> None:
    write_report(run, workspace)
    told = owner.get(f"{base}/report").json()
    assert {each["name"]: each["size"] for each in told["files"]} == {
        "report.html": 37, "报告 一.docx": 4000, "maps/en/text.png": 4,
    }  # fmt: skip
    assert told["page"]
    assert not told["current"]
    assert told["size"] == 4041
    word = next(each for each in told["files"] if each["kind"] == "docx")
    answer = owner.get(f"{base}/report/files/{word['id']}")
    assert answer.content == b"word" * 1000
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_report_is_current_until_a_comment_is_added(owner: TestClient, base: str, run: Run, workspace: Path) -> None:
    write_report(run, workspace)
    folder = run.folder / "report"
    write_record(folder, [folder / "report.html"], inputs_digest(run))
    assert owner.get(f"{base}/report").json()["current"]
    assert owner.post(f"{base}/comments", json={"text": "x"}).status_code == 201
    assert not owner.get(f"{base}/report").json()["current"]


@pytest.mark.parametrize(
    "name", ["../../study.toml", "..%2f..%2fstudy.toml", "report.html", "0" * 16, "leak.txt", "%00"]
)
def test_a_file_is_an_id_of_the_listing_and_no_name(
    owner: TestClient, base: str, run: Run, workspace: Path, name: str
) -> None:
    write_report(run, workspace)
    assert owner.get(f"{base}/report/files/{name}").status_code == 404


def test_all_files_come_as_one_archive(owner: TestClient, base: str, run: Run, workspace: Path) -> None:
    assert owner.get(f"{base}/report/all").status_code == 404
    write_report(run, workspace)
    answer = owner.get(f"{base}/report/all")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert package.testzip() is None
        assert sorted(package.namelist()) == ["maps/en/text.png", "report.html", "报告 一.docx"]
        assert package.read("报告 一.docx") == b"word" * 1000
    assert "made-001-report.zip" in answer.headers["content-disposition"]


def test_the_reports_page_is_shut_in(owner: TestClient, base: str, run: Run, workspace: Path) -> None:
    write_report(run, workspace)
    policy = owner.get(f"{base}/report/page").headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts;")
    assert "allow-same-origin" not in policy
    for part in ("default-src 'none'", "frame-ancestors 'self'", "form-action 'none'"):
        assert part in policy
    assert "connect-src" not in policy, "it falls back to none"


def test_a_picture_of_the_report_is_found_by_its_name(owner: TestClient, base: str, run: Run, workspace: Path) -> None:
    write_report(run, workspace)
    assert owner.get(f"{base}/figures/text/en").content == b"\x89PNG"
    assert owner.get(f"{base}/figures/text/en/seen").json() == {"seen": ""}
    for address in ("text/zh", "text/zh/seen", "text/xx/seen", "other/en", "..%2f..%2freport/en", "text/xx"):
        assert owner.get(f"{base}/figures/{address}").status_code == 404


def test_a_damaged_table_is_told_and_not_shown_as_nothing(owner: TestClient, base: str, run: Run) -> None:
    (run.folder / "tables" / "units" / "as_is.parquet").write_bytes(b"half")
    answer = owner.get(f"{base}/results")
    assert (answer.status_code, answer.json()["error"]) == (422, "run.table_damaged")
