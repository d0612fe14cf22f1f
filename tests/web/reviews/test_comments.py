"""Comments of people with roles: who may do what, what they are about, what resolves them, votes, and the table."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.report.annex.places import places
from citybraid.study.review.comment import Entry, comments_of
from citybraid.study.review.exchange import import_rows, read_rows, write_comments
from citybraid.study.review.journal import comments, entries
from citybraid.study.run.run import Run
from tests.web.made import person, put_run

HOSTILE = '<img src=x onerror="alert(1)">=1+1'


@pytest.fixture
def run(workspace: Path) -> Run:
    put_run(workspace / "片区 一", "002", rehearsed=False)
    return put_run(workspace / "片区 一", rehearsed=False)


@pytest.fixture
def comments_url(run: Run, study: str) -> str:
    return f"/api/studies/{study}/runs/{run.folder.name}/comments"


@pytest.fixture
def reviewer(app: FastAPI, study: str) -> TestClient:
    return person(app, "zhang", study=study, role="reviewer", display="张工 <b>")


def test_a_comment_is_entered_under_the_persons_name_and_stays_as_text(
    reviewer: TestClient, owner: TestClient, comments_url: str, run: Run
) -> None:
    made = reviewer.post(comments_url, json={"text": HOSTILE, "about": "R1-01-00"}).json()
    assert (made["author"], made["text"], made["kind"]) == ("张工 <b>", HOSTILE, "value")
    assert made["about"] == "indicator:flooded_area@as_is/", "the code is kept as the address, which stays"
    (kept,) = comments(run)
    assert (kept.author, kept.text) == ("张工 <b>", HOSTILE)
    answer = owner.get(comments_url)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [each["text"] for each in answer.json()] == [HOSTILE]


@pytest.mark.parametrize(
    ("about", "kind", "said"),
    [
        ("", "plan", "the whole plan"), ("map:max_depth", "map", "map: Greatest water depth"),
        ("parcel:P001", "parcel", "parcel 嘉南-01"), ("factor:drain_share/road", "factor", "factor drain_share · road"),
        ("clause:3", "clause", "article 3"), ("place:120.53,30.75", "place", "place 120.53,30.75"),
    ],
)  # fmt: skip
def test_a_comment_may_be_about(reviewer: TestClient, comments_url: str, about: str, kind: str, said: str) -> None:
    made = reviewer.post(comments_url, json={"text": "?", "about": about})
    assert made.status_code == 201
    assert (made.json()["kind"], made.json()["about_said"]["en"]) == (kind, said)


@pytest.mark.parametrize(
    "about", ["R9-99-99", "parcel:X", "factor:drain_share", "clause:0", "clause:9999", "place:200,0", "place:1,2,3",
              "../../etc/passwd", "map:../x"],
)  # fmt: skip
def test_a_comment_on_nothing_is_refused_and_not_kept(
    reviewer: TestClient, comments_url: str, run: Run, about: str
) -> None:
    answer = reviewer.post(comments_url, json={"text": "?", "about": about})
    assert (answer.status_code, answer.json()["error"]) == (422, "review.about_unknown")
    assert comments(run) == ()


def test_a_reader_may_not_comment_and_a_reviewer_not_close(
    app: FastAPI, reviewer: TestClient, comments_url: str, study: str, run: Run
) -> None:
    reader = person(app, "reader", study=study, role="viewer")
    assert reader.get(comments_url).status_code == 200
    assert reader.post(comments_url, json={"text": "x"}).status_code == 403
    made = reviewer.post(comments_url, json={"text": "x"}).json()
    one = f"{comments_url}/{made['id']}"
    assert reader.post(one, json={"text": "x"}).status_code == 403
    assert reader.put(f"{one}/vote", json={"value": 1}).status_code == 403
    assert reviewer.post(one, json={"status": "closed"}).status_code == 403
    assert reviewer.post(one, json={"text": "see", "change": "run:002"}).status_code == 403
    assert len(entries(run)) == 1


def test_an_editor_names_the_change_that_resolves_a_comment(
    app: FastAPI, reviewer: TestClient, comments_url: str, study: str, run: Run
) -> None:
    editor = person(app, "li", study=study, role="editor", display="李工")
    made = reviewer.post(comments_url, json={"text": "The drains are too large."}).json()
    assert (
        reviewer.post(f"{comments_url}/{made['id']}", json={"text": "And the inlets."}).json()["status"] == "answered"
    )
    told = editor.post(f"{comments_url}/{made['id']}", json={"status": "closed", "change": "run:002"}).json()
    assert told["status"] == "closed"
    assert [(each["author"], each["text"], each["change"]) for each in told["replies"]] == [
        ("张工 <b>", "And the inlets.", ""), ("李工", "", "run:002"),
    ]  # fmt: skip
    assert told["replies"][1]["change_said"] == {"en": "run 002", "zh": "运行 002"}
    (kept,) = comments(run)
    assert kept.replies[-1].change == "run:002"


@pytest.mark.parametrize("change", ["run:009", "run:../001", "alternative:none", "factor:x/y", "map:max_depth", "x"])
def test_a_change_that_there_is_not_is_refused(owner: TestClient, comments_url: str, change: str) -> None:
    made = owner.post(comments_url, json={"text": "x"}).json()
    answer = owner.post(f"{comments_url}/{made['id']}", json={"text": "y", "change": change})
    assert (answer.status_code, answer.json()["error"]) == (422, "review.change_unknown")


def test_an_answer_to_what_has_changed_meanwhile_asks_to_read_again(owner: TestClient, comments_url: str) -> None:
    made = owner.post(comments_url, json={"text": "x"}).json()
    one = f"{comments_url}/{made['id']}"
    first = owner.post(one, json={"text": "first", "revision": made["revision"]})
    second = owner.post(one, json={"status": "closed", "revision": made["revision"]})
    assert (first.status_code, second.status_code) == (200, 409)
    assert owner.get(comments_url).json()[0]["status"] == "answered"


def test_each_person_has_one_vote_that_can_be_taken_back(
    owner: TestClient, reviewer: TestClient, comments_url: str
) -> None:
    made = owner.post(comments_url, json={"text": "x"}).json()
    vote = f"{comments_url}/{made['id']}/vote"
    reviewer.put(vote, json={"value": 1})
    told = reviewer.put(vote, json={"value": 1}).json()
    assert (told["up"], told["down"], told["mine"]) == (1, 0, 1)
    assert owner.get(comments_url).json()[0]["mine"] == 0
    owner.put(vote, json={"value": -1})
    told = reviewer.put(vote, json={"value": 0}).json()
    assert (told["up"], told["down"], told["mine"]) == (0, 1, 0)
    assert owner.put(vote, json={"value": 2}).status_code == 422
    assert owner.put(f"{comments_url}/C-00000000/vote", json={"value": 1}).status_code == 404


def test_the_table_goes_out_and_comes_back_with_replies_and_changes(
    owner: TestClient, comments_url: str, run: Run, study: str, workspace: Path
) -> None:
    made = owner.post(comments_url, json={"text": HOSTILE}).json()
    owner.post(f"{comments_url}/{made['id']}", json={"text": "done", "change": "run:002"})
    table = comments_url.replace("/comments", "/comment-table/{}/files")
    other = table.replace("/001/", "/002/")
    for suffix in ("xlsx", "csv"):
        data = owner.get(table.format(suffix)).content
        merged = owner.post(other.format(suffix), files={"file": ("c." + suffix, data)})
        assert merged.status_code == 200, merged.json()
    second = Run.open(workspace / "片区 一" / "runs" / "002")
    assert comments(second) == comments(run), "the second table has added nothing to the first"
    wrong = owner.post(table.format("xlsx"), files={"file": ("c.xlsx", b"PK\x03\x04 no workbook")})
    assert wrong.status_code == 422
    assert len(entries(run)) == 2


def test_a_search_finds_values_by_name_and_code(owner: TestClient, comments_url: str) -> None:
    for text in ("flooded", "积水", "R1-01-00"):
        found = owner.get(f"{comments_url}/places", params={"text": text}).json()
        assert "indicator:flooded_area@as_is/" in {each["about"] for each in found}


def test_values_that_a_search_finds_differ_in_words_not_in_codes_alone(owner: TestClient, comments_url: str) -> None:
    found = owner.get(f"{comments_url}/places", params={"text": "flooded deeper"}).json()
    told = [re.sub(r" \[.*?\]", "", each["said"]["en"]) for each in found if each["about"].startswith("indicator:")]
    assert len(told) > 2
    assert len(set(told)) == len(told)
    assert all(" · " in each for each in told), "each names its alternative"


def test_entries_of_before_keep_their_ids(run: Run) -> None:
    """A reply that names no change has the digest that it always had."""
    old = Entry(at="2026-05-01T09:30:00Z", author="a", text="x")
    assert old.id == "C-7580b0ae"
    assert comments_of([old])[0].replies == ()


def test_places_list_what_there_is(run: Run) -> None:
    found = places(run)
    assert {"map:max_depth", "parcel:P003", "factor:drain_share/road", "R1-01-00"} <= set(found)
    assert len(found) == len(set(found))
    assert found["clause:03"] == "clause:3"
    assert "clause:x" not in found


def test_a_table_from_the_page_is_that_of_the_command(
    owner: TestClient, comments_url: str, run: Run, tmp_path: Path
) -> None:
    owner.post(comments_url, json={"text": "x"})
    count = write_comments(run, tmp_path / "c.csv")
    data = owner.get(comments_url.replace("/comments", "/comment-table/csv/files")).content
    assert count == 1
    assert data == (tmp_path / "c.csv").read_bytes()
    assert import_rows(run, read_rows(tmp_path / "c.csv"), file="c.csv").entries == ()
