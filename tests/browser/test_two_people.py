"""Two and more accounts on one server at the same time: what the other says is seen, nothing is overwritten or open."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from sqlalchemy import select

from citybraid.web.access import people
from citybraid.web.access.roles import Role
from citybraid.web.configuration.settings import Mode, Settings
from citybraid.web.database.engine import open_database, sessions
from citybraid.web.database.tables import Invitation, StudyRow, now
from citybraid.web.studies.listing import take_up
from tests.browser.chromium import DRAWING, SERVED, Windows, away, eventually, serving
from tests.web.planned_town import planned_town
from tests.web.team import PASSWORD

pytestmark = SERVED
MARK = {"x-citybraid": "1"}
QUOTA_MIB = 1
SIZE = 2 << 20
"""Size of an upload that is more than the quota [byte]."""


class Served(NamedTuple):
    """Where the team is served, the id of the study, and what the server is started with."""

    address: str
    study: str
    settings: Settings

    @property
    def api(self) -> str:
        """Address of the study in the interface of programs."""
        return f"{self.address}/api/studies/{self.study}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with its owner olga, the editor edgar and the viewer victor."""
    folder = tmp_path_factory.mktemp("团队 ws")
    copytree(planned_town(), folder / "town")
    settings = Settings(folder, mode=Mode.TEAM)
    with serving(settings) as address:
        with sessions(open_database(settings)).begin() as session:
            olga = people.add_person(session, "olga", PASSWORD)
            take_up(session, folder, olga)
            study = session.scalars(select(StudyRow)).one().id
            for name, role in (("edgar", Role.EDITOR), ("victor", Role.VIEWER)):
                person = people.add_person(session, name, PASSWORD, display=f"{name} <b>")
                people.give_role(session, study, person, role)
            people.set_quota(olga, space_mib=QUOTA_MIB, cores=None)
        yield Served(address, study, settings)


class People:
    """People at windows of their own, each with one tab, until a test's end."""

    def __init__(self, windows: Windows, served: Served, opened: ExitStack) -> None:
        self._windows, self._served, self._opened = windows, served, opened

    def tab(self, name: str, locale: str) -> Page:
        """Return a tab of a person who is not logged in."""
        tab = self._windows.tab(name, viewport={"width": 1440, "height": 900}, locale=locale)
        return self._opened.enter_context(tab)

    def logged_in(self, name: str, locale: str) -> Page:
        """Return a tab of a person who has logged in and gone to no page yet."""
        page = self.tab(name, locale)
        asked = {"name": name, "password": PASSWORD}
        assert page.request.post(f"{self._served.address}/api/login", data=asked, headers=MARK).status == 204
        return page


@pytest.fixture
def team(windows: Windows, served: Served) -> Iterator[People]:
    with ExitStack() as opened:
        yield People(windows, served, opened)


def logs_in(page: Page, served: Served, name: str) -> Page:
    """Log a person in by the page, as people do."""
    page.goto(f"{served.address}/")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".bar .leave")).to_be_visible()
    return page


def at(page: Page, served: Served, name: str, query: str = "") -> None:
    page.goto(f"{served.address}/#/study/{served.study}/{name}{query}")


def refused(page: Page, method: str, url: str, body: Any) -> dict[str, str]:
    """Return what is said of a request that a person may not make."""
    answer = page.request.fetch(url, method=method, data=body, headers=MARK)
    assert answer.status == 403, (url, answer.status, answer.text())
    found: dict[str, str] = answer.json()["said"]
    return found


def test_an_invited_reviewer_and_the_owner_see_what_each_other_says(team: People, served: Served) -> None:
    olga = logs_in(team.tab("olga", "zh-CN"), served, "olga")
    at(olga, served, "people")
    olga.get_by_role("button", name="生成链接").click()
    link = olga.locator("code.break").inner_text()
    rita = team.tab("rita", "en-GB")
    rita.goto(link)
    expect(rita.locator("form")).to_contain_text("reviewer")
    rita.get_by_label("Name to log in with").fill("rita")
    rita.get_by_label("New password").fill(PASSWORD)
    rita.get_by_role("button", name="Accept").click()
    expect(rita.locator(".bar .leave")).to_contain_text("rita")
    expect(rita.get_by_role("heading", name="Studies of this workspace")).to_be_visible()
    at(rita, served, "review")
    rita.locator("summary", has_text="New comment").click()
    rita.get_by_label("Comment", exact=True).fill("Too dense <script>alert(1)</script> at P00")
    rita.get_by_role("button", name="Send").first.click()
    expect(rita.locator(".comment")).to_have_count(1)
    away(rita)
    at(olga, served, "review")
    said = olga.locator(".comment")
    expect(said).to_contain_text("Too dense <script>alert(1)</script> at P00")
    expect(said).to_contain_text("rita")
    said.locator("summary").click()
    said.locator("select").first.select_option("closed")
    said.locator("textarea").fill("已降低")
    said.get_by_role("button", name="提交").click()
    expect(said.locator(".badge")).to_have_text("已结")
    rita.locator(".comment summary").click()
    rita.locator(".comment textarea").fill("And the trees?")
    rita.locator(".comment").get_by_role("button", name="Send").click()
    expect(rita.get_by_role("alert")).to_be_visible()
    expect(rita.locator(".comment")).to_contain_text("已降低")
    at(olga, served, "people")
    expect(olga.locator("tbody").first).to_contain_text("rita")
    second = team.tab("another", "zh-CN")
    second.goto(link)
    expect(second.get_by_role("alert")).to_have_text("此邀请已使用或已过期：请索取新的邀请")


def test_two_editors_at_once_are_asked_and_nothing_is_overwritten(team: People, served: Served) -> None:
    olga, edgar = team.logged_in("olga", "zh-CN"), team.logged_in("edgar", "en-GB")
    asked = {"name": "denser", "title": {"zh": "加密", "en": "Denser"}, "base": "as_planned"}
    draft = olga.request.post(f"{served.api}/drafts", data=asked, headers=MARK).json()["id"]
    for page in (olga, edgar):
        at(page, served, "plan", f"?parcels=P00&draft={draft}")
        expect(page.locator(".plan-values")).to_be_visible()
    away(edgar)
    olga.get_by_role("button", name="增大：容积率").click()
    expect(olga.locator(".plan-log li")).to_have_count(1)
    ratio = edgar.get_by_label("Floor area ratio", exact=True)
    ratio.fill("1.9")
    ratio.press("Enter")
    dialog = edgar.get_by_role("dialog")
    expect(dialog).to_contain_text("olga")
    expect(dialog).to_contain_text("1.9")
    edgar.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    kept = edgar.request.get(f"{served.api}/drafts/{draft}").json()
    assert kept["parcels"] == {"P00": {"floor_area_ratio": 1.1}}
    ratio.fill("1.8")
    ratio.press("Enter")
    expect(edgar.locator(".plan-log li").first).to_contain_text("1.8")
    assert edgar.request.get(f"{served.api}/drafts/{draft}").json()["parcels"]["P00"] == {"floor_area_ratio": 1.8}


def test_two_windows_of_one_person_show_what_the_other_did(team: People, served: Served, tmp_path: Path) -> None:
    first = team.logged_in("olga", "zh-CN")
    asked = {"name": "two", "title": {"zh": "双窗", "en": "Two"}, "base": "as_planned"}
    draft = first.request.post(f"{served.api}/drafts", data=asked, headers=MARK).json()["id"]
    second = first.context.new_page()
    for page in (first, second):
        at(page, served, "plan", f"?parcels=P00&draft={draft}")
        expect(page.locator(".plan-values")).to_be_visible()
    second.get_by_label("容积率", exact=True).fill("1.7")
    second.locator(".language select").select_option("en")
    expect(second.get_by_label("Floor area ratio", exact=True)).to_have_value("1.7")
    second.locator(".language select").select_option("zh")
    first.get_by_role("button", name="增大：容积率").click()
    expect(first.locator(".plan-log li")).to_have_count(1)
    _looked_at(second)
    expect(second.get_by_label("容积率", exact=True)).to_have_value("1.7")
    second.get_by_label("容积率", exact=True).press("Enter")
    dialog = second.get_by_role("dialog")
    expect(dialog).to_contain_text("1.1")
    second.keyboard.press("Escape")
    expect(second.locator(".plan-log li")).to_have_count(1)
    second.get_by_label("容积率", exact=True).fill("1.6")
    second.keyboard.press("Enter")
    expect(second.locator(".plan-log li")).to_have_count(2)
    _looked_at(first)
    expect(first.locator(".plan-log li").first).to_contain_text("1.6")
    expect(first.get_by_label("容积率", exact=True)).to_have_value("1.6")
    first.request.delete(f"{served.api}/drafts/{draft}", headers=MARK)
    _looked_at(second)
    expect(second.get_by_role("alert")).to_contain_text("草案“two”已被删除")
    at(second, served, "results")
    expect(second.locator("h1")).to_have_text("结果")
    # At once, as a run arrives: a look may come while it is being copied.
    runs = served.settings.folder / "town/runs"
    copytree(runs / "001", tmp_path / "002").rename(runs / "002")
    _looked_at(second)
    expect(second.get_by_text("新的运行 002 已完成；本页仍显示运行 001")).to_be_visible()
    expect(second.get_by_role("combobox", name="运行")).to_have_value("001")
    rmtree(runs / "002")
    second.close()


def _looked_at(page: Page) -> None:
    """Return to a window, as its browser tells the page."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_maps_wait_for_the_next_login_where_the_session_has_ended(
    started: Callable[[Sequence[str]], Browser], served: Served
) -> None:
    with Windows(started(DRAWING)) as windows, ExitStack() as opened:
        page = logs_in(People(windows, served, opened).tab("edgar", "en-GB"), served, "edgar")
        maps_wait(page, served)


def maps_wait(page: Page, served: Served) -> None:
    page.context.clear_cookies()
    asked: list[Request] = []
    page.on("request", lambda each: asked.append(each) if "/water/" in each.url else None)
    answered: dict[Request, int] = {}
    page.on("response", lambda each: answered.update({each.request: each.status}))
    at(page, served, "map")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("session has ended")
    page.locator("input[name=name]").fill("edgar")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".run-map[data-ready=yes]")).to_be_visible()
    eventually(lambda: 200 in map(answered.get, asked), page)
    page.context.clear_cookies()
    asked.clear()
    for _ in range(4):
        page.get_by_role("button", name="Zoom out").dispatch_event("click")
        page.wait_for_timeout(200)
    expect(dialog).to_contain_text("session has ended")
    assert {answered[each] for each in asked if each in answered} <= {401}
    asked.clear()
    page.locator("input[name=name]").fill("edgar")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    eventually(lambda: 200 in map(answered.get, asked), page)


def test_a_viewer_sees_no_way_to_change_and_is_refused_one(team: People, served: Served) -> None:
    olga, victor = team.logged_in("olga", "en"), team.logged_in("victor", "zh-CN")
    asked = {"name": "seen", "title": {"zh": "所见", "en": "Seen"}, "base": "as_planned"}
    draft = f"{served.api}/drafts/" + olga.request.post(f"{served.api}/drafts", data=asked, headers=MARK).json()["id"]
    at(victor, served, "plan", "?parcels=P00")
    expect(victor.get_by_role("combobox", name="草案")).to_contain_text("所见")
    for name in ("新建", "撤销", "写入项目", "删除"):
        expect(victor.get_by_role("button", name=name)).to_have_count(0)
    at(victor, served, "runs")
    expect(victor.get_by_role("button", name="启动前检查")).to_have_count(0)
    at(victor, served, "review")
    expect(victor.locator(".comment-form")).to_have_count(0)
    change = {"kind": "controls", "parcels": ["P00"], "values": {"floor_area_ratio": 9}}
    for method, url, body in (
        ("POST", f"{draft}/entries", {"version": 0, "change": change}),
        ("DELETE", draft, None),
        ("POST", f"{served.api}/runs/001/comments", {"text": "x", "about": ""}),
        ("POST", f"{served.api}/jobs", {"kind": "run", "asked": {}, "key": "k" * 16}),
        ("DELETE", served.api, None),
    ):
        said = refused(victor, method, url, body)
        assert set(said) >= {"zh", "en"}
        assert said["zh"] != said["en"]
    assert olga.request.get(draft).json()["parcels"] == {}


def test_who_leaves_is_out_and_an_old_link_says_so(team: People, served: Served) -> None:
    victor = logs_in(team.tab("victor", "en-GB"), served, "victor")
    at(victor, served, "results")
    expect(victor.locator("h1")).to_have_text("Results")
    other = victor.context.new_page()
    other.goto(f"{served.address}/#/account")
    other.locator(".bar .leave").click()
    expect(other.locator("input[name=password]")).to_be_visible()
    assert victor.request.get(served.api).status == 401
    at(victor, served, "review")
    victor.reload()
    expect(victor.locator("input[name=password]")).to_be_visible()
    expect(victor.locator("body")).not_to_contain_text("made")
    other.close()
    with sessions(open_database(served.settings)).begin() as session:
        olga = people.person_named(session, "olga")
        study = session.get(StudyRow, served.study)
        assert olga is not None
        assert study is not None
        token = people.invite(session, study, olga, "editor")
        session.flush()
        for each in session.scalars(select(Invitation).where(Invitation.used.is_(None))):
            each.expires = now() - timedelta(minutes=1)
    for locale, says in (("zh-CN", "此邀请已使用或已过期"), ("en-GB", "This invitation is used or has expired")):
        page = team.tab("another", locale)
        page.goto(f"{served.address}/#/invitation?token={token}")
        expect(page.get_by_role("alert")).to_contain_text(says)
        expect(page.locator("form")).to_have_count(0)


@pytest.mark.parametrize(
    ("locale", "button", "says"),
    [
        ("zh-CN", "上传并新建", f"您的空间为 {QUOTA_MIB} MiB"),
        ("en-GB", "Upload and create", f"You may use {QUOTA_MIB} MiB"),
    ],
)
def test_a_full_quota_is_told_in_words(
    team: People, served: Served, tmp_path: Path, locale: str, button: str, says: str
) -> None:
    olga = team.logged_in("olga", locale)
    (tmp_path / "roads.geojson").write_bytes(b" " * SIZE)
    olga.goto(f"{served.address}/#/start")
    with olga.expect_file_chooser() as asked:
        olga.locator(".drop button").last.click()
    asked.value.set_files(tmp_path / "roads.geojson")
    olga.locator("form input").first.fill("路网")
    olga.get_by_role("button", name=button).click()
    expect(olga.get_by_role("alert").filter(has_text=says)).to_be_visible()
