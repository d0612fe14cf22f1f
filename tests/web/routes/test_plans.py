"""Drafts over HTTP: changed, undone, in conflict, feasible, answered, written; nobody else's are reached."""

import json
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.whatif import learning
from citybraid.study.whatif.answer import what_if
from citybraid.study.whatif.bench import Bench
from citybraid.study.whatif.edit import Edit
from citybraid.web.access import logins
from citybraid.web.application.factory import create_app
from citybraid.web.application.security import MARK
from citybraid.web.configuration.settings import Settings
from citybraid.web.database.tables import Draft, Member, PlanEdit, StudyRow, User
from tests.study.what_if_town import EDITS
from tests.web.planned_town import planned_town
from tests.web.team import LOCAL

pytestmark = pytest.mark.slow
TITLE = {"zh": "加密", "en": "Denser"}
DENSER = {"kind": "controls", "parcels": ["P00", "P20"], "values": {"floor_area_ratio": 1.3}}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copytree(planned_town(), tmp_path / "规划 ws" / "town")
    return tmp_path / "规划 ws"


@pytest.fixture
def folder(workspace: Path) -> Path:
    return workspace / "town"


@pytest.fixture
def drafts(study: str) -> str:
    return f"/api/studies/{study}/drafts"


@pytest.fixture
def draft(owner: TestClient, drafts: str) -> str:
    made = owner.post(drafts, json={"name": "denser", "title": TITLE, "base": "as_planned"})
    assert made.status_code == 201, made.text
    return f"{drafts}/{made.json()['id']}"


def client_of(app: FastAPI, study: str, *, name: str, role: str) -> TestClient:
    """Return a client logged in as a member of a study, of none where no role is given."""
    with app.state.server.sessions.begin() as session:
        person = User(name=name, display=name.title())
        session.add(person)
        session.flush()
        if role:
            session.add(Member(study=study, user=person.id, role=role))
        cookie = logins.log_in(session, person)
    return TestClient(app, base_url=LOCAL, headers={MARK: "1"}, cookies={logins.COOKIE: cookie})


@pytest.fixture
def editor(app: FastAPI, study: str) -> Iterator[TestClient]:
    with client_of(app, study, name="li", role="editor") as client:
        yield client


def change(client: TestClient, draft: str, version: int, entry: dict[str, Any]) -> Any:
    kind = "turn" if entry["kind"] in ("undo", "redo") else "change"
    return client.post(f"{draft}/entries", json={"version": version, kind: entry})


def test_the_plan_lists_what_can_be_changed(owner: TestClient, study: str) -> None:
    plan = owner.get(f"/api/studies/{study}/plan").json()
    assert [each["id"] for each in plan["parcels"]] == [f"P{i}{j}" for i in range(3) for j in range(3)]
    first = plan["parcels"][0]
    assert (first["values"]["floor_area_ratio"], first["values"]["height_limit"], first["unit"]) == (1.0, 40.0, "W")
    assert first["area"] == 8100.0
    assert first["shape"]["type"] in ("Polygon", "MultiPolygon")
    assert {each["name"]: each["most"] for each in plan["controls"]}["green_ratio"] == 1.0
    roof = next(each for each in plan["measures"] if each["name"] == "green_roof")
    assert roof["on_land"]
    share = next(each for each in roof["fields"] if each["name"] == "share")
    assert (share["least"], share["most"], share["default"]) == (0.0, 1.0, 1.0)
    assert plan["alternatives"]["as_planned"]["builds"]
    assert not plan["alternatives"]["as_is"]["builds"]


def test_changes_are_kept_at_once_undone_and_made_again(owner: TestClient, draft: str, app: FastAPI) -> None:
    state = change(owner, draft, 0, DENSER).json()
    assert state["parcels"] == {name: {"floor_area_ratio": 1.3} for name in ("P00", "P20")}
    assert change(owner, draft, 1, {"kind": "undo"}).json()["parcels"] == {}
    again = change(owner, draft, 2, {"kind": "redo"}).json()
    assert again["parcels"] == state["parcels"]
    assert [each["change"]["kind"] for each in again["log"]] == ["controls", "undo", "redo"]
    assert owner.get(draft).json() == again
    assert change(owner, draft, 3, {"kind": "redo"}).json()["error"] == "web.plan.nothing_to_redo"
    assert owner.get(draft).json()["version"] == 3, "a refused turn enters nothing"
    with app.state.server.sessions.begin() as session:
        assert [each.number for each in session.scalars(select(PlanEdit).order_by(PlanEdit.number))] == [1, 2, 3]


def test_two_editors_never_overwrite_each_other(owner: TestClient, editor: TestClient, draft: str) -> None:
    assert change(owner, draft, 0, DENSER).status_code == 200
    other = {"kind": "controls", "parcels": ["P11"], "values": {"green_ratio": 0.4}}
    behind = change(editor, draft, 0, other)
    assert behind.status_code == 409
    told = behind.json()
    assert (told["error"], told["version"], told["fits"]) == ("web.plan.behind", 1, True)
    assert told["meanwhile"][0]["change"]["parcels"] == ["P00", "P20"]
    assert owner.get(draft).json()["version"] == 1
    merged = change(editor, draft, told["version"], other).json()
    assert set(merged["parcels"]) == {"P00", "P20", "P11"}
    assert merged["log"][-1]["author"] == "Li"
    clash = change(owner, draft, 1, {**other, "values": {"green_ratio": 0.2}}).json()
    assert (clash["fits"], clash["meanwhile"][0]["author"]) == (False, "Li")
    assert change(owner, draft, 1, {"kind": "undo"}).json()["fits"] is False
    assert owner.get(draft).json()["parcels"]["P11"] == {"green_ratio": 0.4}


def test_drafts_are_copied_renamed_and_deleted(owner: TestClient, drafts: str, draft: str) -> None:
    change(owner, draft, 0, DENSER)
    source = draft.rpartition("/")[2]
    copied = owner.post(drafts, json={"name": "二", "title": TITLE, "source": source}).json()
    assert copied["parcels"].keys() == {"P00", "P20"}
    taken = owner.post(drafts, json={"name": "DENSER", "title": TITLE, "base": "as_is"})
    assert (taken.status_code, taken.json()["error"]) == (409, "web.plan.name_taken")
    assert owner.patch(f"{drafts}/{copied['id']}", json={"name": "three", "title": TITLE}).json()["name"] == "three"
    assert owner.delete(draft).status_code == 204
    assert [each["name"] for each in owner.get(drafts).json()] == ["three"]
    assert owner.get(draft).status_code == 404


BAD: list[tuple[dict[str, Any], int]] = [
    ({**DENSER, "parcels": ["P99"]}, 404), ({**DENSER, "parcels": []}, 422),
    ({**DENSER, "values": {"floor_area_ratio": 31}}, 422), ({**DENSER, "values": {"floor_area_ratio": "1.3"}}, 422),
    ({**DENSER, "values": {"land_use": 7}}, 422),
    ({**DENSER, "values": {"colour": 1}}, 422), ({**DENSER, "values": {"land_use": "99"}}, 422),
    ({"kind": "place", "placement": "a", "measure": "no_such"}, 422),
    ({"kind": "place", "placement": "a", "measure": "green_roof", "params": {"share": 2}}, 422),
    ({"kind": "place", "placement": "a", "measure": "green_roof", "params": {"land": ["x"]}}, 422),
    ({"kind": "place", "placement": "a", "measure": "green_roof", "site": {"units": ["Q"]}}, 404),
    ({"kind": "place", "placement": "a", "measure": "green_roof", "site": {"area": [[0, 0], [1, 1]]}}, 422),
    ({"kind": "place", "placement": "a", "measure": "early_warning", "site": {"parcels": ["P00"]}}, 422),
    ({"kind": "remove", "placement": "../x"}, 422),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "status"), BAD)
def test_wrong_changes_are_refused_in_both_languages(
    entry: dict[str, Any], status: int, owner: TestClient, draft: str
) -> None:
    answer = change(owner, draft, 0, entry)
    assert answer.status_code == status, answer.text
    assert set(answer.json()["said"]) >= {"en", "zh"}
    assert owner.get(draft).json()["version"] == 0


def test_feasibility_is_told_for_what_is_typed(owner: TestClient, draft: str) -> None:
    """40 m are 13 storeys of 3 m: a density of 0.3 takes a ratio of 3.9 at most."""
    fine = owner.post(f"{draft}/feasibility", json={"parcels": ["P00"], "values": {"floor_area_ratio": 2.0}}).json()
    assert fine["conflicts"] == []
    assert fine["ranges"]["floor_area_ratio"][1] == pytest.approx(0.3 * 13)
    high = owner.post(f"{draft}/feasibility", json={"parcels": ["P00"], "values": {"floor_area_ratio": 6.0}}).json()
    assert [each["kind"] for each in high["conflicts"]] == ["storeys"]
    assert "P00" in high["conflicts"][0]["said"]["zh"]
    full = owner.post(f"{draft}/feasibility", json={"parcels": ["P00"], "values": {"green_ratio": 0.9}}).json()
    assert "ground" in [each["kind"] for each in full["conflicts"]]
    bare = owner.post(f"{draft}/feasibility", json={"parcels": ["P00"], "values": {"building_density": 0.0}}).json()
    assert "unbuildable" in [each["kind"] for each in bare["conflicts"]]
    change(owner, draft, 0, {**DENSER, "values": {"floor_area_ratio": 9.0}})
    whole = owner.post(f"{draft}/feasibility", json={}).json()
    assert {each["parcel"] for each in whole["conflicts"]} == {"P00", "P20"}


def test_the_answer_is_the_learned_one(owner: TestClient, draft: str, folder: Path) -> None:
    change(owner, draft, 0, DENSER)
    unlearned = owner.post(f"{draft}/whatif", json={"parcel": "P00"}).json()
    assert (unlearned["learned"], unlearned["can_learn"]) == (False, True)
    assert {language: text[:16] for language, text in unlearned["said"].items()} == {
        "en": '"Alternative" ha',
        "zh": "“方案”尚未学习：先运行一批随机",
    }
    store = Store(folder / ".citybraid" / "store")
    bench = Bench.of(open_study(folder / "study.toml"), store, alternative="as_planned", threads=1)
    sample = learning.learn(bench, EDITS, 1)
    told = owner.post(f"{draft}/whatif", json={"parcel": "P00"}).json()
    assert told["learned"]
    assert told["left_out"] == 1, "P20"
    expected = what_if(sample, Edit("P00", controls=(("floor_area_ratio", 1.3),))).table
    residents = next(each for each in told["rows"] if (each["scope"], each["name"]) == ("area", "residents"))
    row = expected[(expected["scope"] == "area") & (expected["name"] == "residents")].iloc[0]
    assert [residents[each] for each in ("before", "after", "low", "high")] == [
        row[each] for each in ("before", "after", "low", "high")
    ]
    assert owner.post(f"{draft}/whatif", json={"parcel": "P99"}).status_code == 422


def test_a_base_that_builds_nothing_is_not_answered(owner: TestClient, drafts: str) -> None:
    made = owner.post(drafts, json={"name": "bare", "title": TITLE, "base": "as_is"}).json()
    told = owner.post(f"{drafts}/{made['id']}/whatif", json={"parcel": "P00"}).json()
    assert (told["learned"], told["can_learn"]) == (False, False)
    assert "builds nothing" in told["said"]["en"]


def test_a_draft_is_written_as_an_alternative_with_the_numbers_of_one_by_hand(
    owner: TestClient, draft: str, folder: Path, tmp_path: Path, study: str
) -> None:
    before = (folder / "study.toml").read_text(encoding="utf-8")
    change(owner, draft, 0, DENSER)
    roofs = {"kind": "place", "placement": "r1", "measure": "green_roof", "site": {"parcels": ["P00"]},
             "params": {"share": 0.5}}  # fmt: skip
    assert change(owner, draft, 1, roofs).status_code == 200
    written = owner.post(f"{draft}/alternative", json={"version": 1})
    assert written.json() == {"alternative": "denser", "version": 2}, written.text
    text = (folder / "study.toml").read_text(encoding="utf-8")
    rest = iter(text.splitlines())
    assert all(line in rest for line in before.splitlines())
    measures = tomllib.loads(text)["alternatives"]["denser"]["measures"]
    assert [each["measure"] for each in measures] == ["changed_parcels", "built_form", "green_roof"]
    land = json.loads((folder / measures[2]["land"]).read_text(encoding="utf-8"))
    assert land["features"][0]["properties"] == {"parcel": "P00"}

    by_hand = tmp_path / "hand"
    shutil.copytree(folder, by_hand)
    hand = before + (
        '[alternatives.denser]\ntitle = { zh = "加密", en = "Denser" }\nmeasures = [\n'
        '{ measure = "changed_parcels", params = { parcels = '
        "{ P00 = { floor_area_ratio = 1.3 }, P20 = { floor_area_ratio = 1.3 } } } },\n"
        '{ measure = "built_form" },\n'
        f'{{ measure = "green_roof", params = {{ share = 0.5 }}, land = "{measures[2]["land"]}" }},\n]\n'
    )
    (by_hand / "study.toml").write_text(hand, encoding="utf-8")
    states = []
    for place in (folder, by_hand):
        store = Store(tmp_path / "store")
        bench = Bench.of(open_study(place / "study.toml"), store, alternative="denser", threads=1)
        states.append(learning.state_of(bench, bench.taken.place, bench.base))
    for name, value in states[0]["zones"][""].items():
        np.testing.assert_array_equal(value, states[1]["zones"][""][name], err_msg=name)

    stale = owner.post(f"{draft}/alternative", json={"version": 1, "replace": True})
    assert (stale.status_code, stale.json()["error"]) == (409, "web.plan.study_moved")
    taken = owner.post(f"{draft}/alternative", json={"version": 2})
    assert (taken.status_code, taken.json()["error"]) == (409, "web.plan.alternative_taken")
    again = owner.post(f"{draft}/alternative", json={"version": 2, "replace": True})
    assert again.status_code == 200
    assert (folder / "study.toml").read_text(encoding="utf-8") == text
    assert owner.get(f"/api/studies/{study}").json()["version"] == 3


def test_what_cannot_be_run_is_not_written(owner: TestClient, draft: str, folder: Path, study: str) -> None:
    before = (folder / "study.toml").read_bytes()
    change(owner, draft, 0, DENSER)
    change(owner, draft, 1, {"kind": "remove", "placement": "base:0:built_form"})
    refused = owner.post(f"{draft}/alternative", json={"version": 1})
    assert (refused.status_code, refused.json()["error"]) == (422, "web.plan.not_built")
    pump = {"kind": "place", "placement": "p", "measure": "green_roof", "params": {"share": 0.1}}
    change(owner, draft, 2, {"kind": "undo"})
    change(owner, draft, 3, pump)
    with (folder / "study.toml").open("a", encoding="utf-8") as file:
        file.write("[nonsense]\n")
    assert owner.post(f"{draft}/alternative", json={"version": 1}).status_code == 422
    assert (folder / "study.toml").read_bytes() == before + b"[nonsense]\n"
    assert [path.name for path in folder.glob(".study*")] == []
    assert owner.get(f"/api/studies/{study}").json()["version"] == 1


def routes(draft: str, drafts: str) -> list[tuple[str, str, Any]]:
    return [
        ("GET", drafts, None), ("POST", drafts, {"name": "x", "title": TITLE, "base": "as_planned"}),
        ("GET", draft, None), ("PATCH", draft, {"name": "x", "title": TITLE}), ("DELETE", draft, None),
        ("POST", f"{draft}/entries", {"version": 0, "change": DENSER}), ("POST", f"{draft}/feasibility", {}),
        ("POST", f"{draft}/whatif", {"parcel": "P00"}), ("POST", f"{draft}/alternative", {"version": 1}),
        ("GET", f"{drafts.removesuffix('/drafts')}/plan", None),
    ]  # fmt: skip


def test_people_without_a_role_reach_nothing(app: FastAPI, study: str, draft: str, drafts: str) -> None:
    with client_of(app, study, name="eve", role="") as eve:
        assert {eve.request(each, path, json=body).status_code for each, path, body in routes(draft, drafts)} == {404}


def test_viewers_read_and_change_nothing(app: FastAPI, study: str, draft: str, drafts: str) -> None:
    with client_of(app, study, name="ann", role="viewer") as ann:
        found = {
            (each, path.removeprefix(drafts)): ann.request(each, path, json=body).status_code
            for each, path, body in routes(draft, drafts)
        }
    refused = {key for key, status in found.items() if status == 403}
    own = draft.removeprefix(drafts)
    assert refused == {
        ("POST", ""), ("PATCH", own), ("DELETE", own), ("POST", f"{own}/entries"), ("POST", f"{own}/alternative"),
    }  # fmt: skip
    assert set(found.values()) == {200, 403}


def test_a_draft_of_another_study_is_not_found(app: FastAPI, owner: TestClient, study: str, workspace: Path) -> None:
    with app.state.server.sessions.begin() as session:
        mine = session.get(StudyRow, study)
        assert mine is not None
        other = StudyRow(path="other", owner=mine.owner)
        session.add(other)
        session.flush()
        foreign = Draft(study=other.id, name="secret", title=TITLE, base="as_planned")
        session.add(foreign)
        session.flush()
        name = foreign.id
    drafts = f"/api/studies/{study}/drafts"
    statuses = {
        (method, path): owner.request(method, path, json=body).status_code
        for method, path, body in routes(f"{drafts}/{name}", drafts)
        if name in path
    }
    assert set(statuses.values()) == {404}
    copied = owner.post(drafts, json={"name": "mine", "title": TITLE, "source": name})
    assert copied.status_code == 404


def test_a_study_without_a_run_has_no_plan(owner: TestClient, study: str, folder: Path) -> None:
    shutil.rmtree(folder / "runs")
    assert owner.get(f"/api/studies/{study}/plan").json()["error"] == "web.no_run"


def test_drafts_outlive_the_server(owner: TestClient, draft: str, settings: Settings, bundle: Path) -> None:
    change(owner, draft, 0, DENSER)
    again = create_app(settings, bundle=bundle)
    with TestClient(again, base_url=LOCAL, headers={MARK: "1"}) as client:
        client.get("/enter", params={"token": settings.token})
        assert client.get(draft).json()["parcels"].keys() == {"P00", "P20"}
