"""The pages of cases in a real Chromium: packed by the real queue, opened, found in both languages, by keyboard."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, Route, expect

from citybraid.web.configuration.settings import Settings
from tests.browser.chromium import SERVED, eventually, serving, working
from tests.commands import citybraid
from tests.commons.made_case import made_place, packed
from tests.web.packed_place import published_library, put_place

pytestmark = [*SERVED, pytest.mark.slow]
WINDOW = {"locale": "en", "accept_downloads": True}


class Served(NamedTuple):
    """What opens the workspace, and its folder."""

    enter: str
    folder: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A workspace with a study that has a run, a library of two cases, and a worker whose commands are real."""
    folder = tmp_path_factory.mktemp("案例 工作区")
    put_place(folder / "片区 一")
    published_library(folder / "library", tmp_path_factory.mktemp("made"))
    settings = Settings(folder)
    with serving(settings) as address, working(settings, cores=1):
        yield Served(f"{address}/enter?token={settings.token}", folder)


@pytest.fixture
def page(request: pytest.FixtureRequest, tab: Page, served: Served) -> Iterator[Page]:
    complaints: list[str] = []
    tab.set_viewport_size({"width": getattr(request, "param", 1440), "height": 900})
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(served.enter)
    tab.get_by_role("link", name="Cases").click()
    yield tab
    assert complaints == []


def part(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def test_cases_are_found_by_words_of_both_languages_and_by_facets(page: Page) -> None:
    cases = page.locator(".found li")
    expect(cases).to_have_count(2)
    for words, found in (("积水", 1), ("heat SUMMER", 1), ("green roof", 2), ("nothing", 0), ("", 2)):
        page.get_by_label("Search in Chinese or English").fill(words)
        expect(cases).to_have_count(found)
    page.get_by_label("village").check()
    expect(cases).to_have_count(1)
    expect(page).to_have_url(re.compile("only=form"))
    page.reload()
    expect(page.get_by_label("village")).to_be_checked()
    page.get_by_role("button", name="Clear").click()
    expect(cases).to_have_count(2)
    page.get_by_label("Language").select_option("zh")
    expect(page.get_by_label("检索（中文或英文）")).to_be_visible()
    expect(page.get_by_label("新城")).to_be_visible()


def test_places_alike_lead_to_effects_and_those_to_the_plan(page: Page) -> None:
    part(page, "Places alike")
    expect(page.locator(".found li").first).to_contain_text("Distance 0.00")
    expect(page.locator(".found li").last).to_contain_text("5A")
    page.locator(".found li").first.get_by_role("button", name="Rain garden").click()
    expect(page.get_by_role("tab", name="Effects")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("combobox", name="Measure")).to_have_value("rain_garden")
    expect(page.get_by_text("fewer than 5")).to_be_visible()
    link = page.get_by_role("link", name="Try it on my study")
    expect(link).to_have_attribute("href", re.compile(r"/plan\?measure=rain_garden"))
    part(page, "Compare")
    expect(page.get_by_role("row", name="Net emissions")).to_be_visible()


def test_a_run_is_packed_by_keyboard_taken_and_opened_as_a_study(page: Page, served: Served, tmp_path: Path) -> None:
    page.goto(page.url.split("#", maxsplit=1)[0])
    study = page.evaluate("fetch('/api/studies').then((answer) => answer.json())")[0]["id"]
    page.goto(f"{page.url.split('#')[0]}#/study/{study}/case")
    page.get_by_role("radio", name="exact").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("the file holds no inputs, no report and no maps")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    asked: list[Route] = []
    page.route("**/jobs", lambda route: asked.append(route) if route.request.method == "POST" else route.continue_())
    for _ in range(2):
        page.get_by_role("button", name="Pack the run").press("Enter")
    eventually(lambda: bool(asked), page)
    page.wait_for_timeout(500)
    (once,) = asked
    once.continue_()
    page.unroute("**/jobs")
    expect(page.get_by_text("its licence does not allow it: confidential")).to_be_visible()
    with page.expect_download() as taking:
        page.get_by_role("link", name="Take made.case.zip").press("Enter")
    file = tmp_path / taking.value.suggested_filename
    taking.value.save_as(file)
    page.goto(f"{page.url.split('#')[0]}#/cases?part=open")
    page.locator("[data-pick=case]").set_input_files(file)
    page.get_by_role("button", name="Check and open").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A made town & <test>")
    expect(page.locator(".file", has_text="storm.csv")).to_be_visible()
    assert [each.parent.parent.name for each in served.folder.glob("*/case/case.json")] == ["made"]


@pytest.mark.parametrize("page", [390], indirect=True)
def test_a_long_name_of_a_study_stays_within_a_phone(page: Page) -> None:
    part(page, "Effects")
    choice = page.get_by_role("combobox", name="My place")
    expect(choice).to_be_visible()
    choice.evaluate("(one) => { one.options[one.selectedIndex].text = 'Study: '.padEnd(120, 'a long name ') }")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_key_of_the_page_lets_the_command_line_hand_in(page: Page, tmp_path: Path) -> None:
    part(page, "Command line")
    expect(page.get_by_text("You have no keys")).to_be_visible()
    page.get_by_label("What the key is for").fill("laptop")
    page.get_by_role("button", name="Make a key").press("Enter")
    key = page.locator("code.break").inner_text()
    made = packed(made_place(tmp_path / "sent", name="sent"), tmp_path / "sent.case.zip").file
    address = page.url.split("/#")[0]
    done = citybraid("case", "publish", str(made), address, environment={"CITYBRAID_KEY": key})
    assert done.returncode == 0, done.stderr
    page.reload()
    expect(page.get_by_text("sent, version 1: draft")).to_be_visible()
    expect(page.locator(".found li")).to_contain_text("last used")
    page.get_by_label("Language").select_option("zh")
    expect(page.get_by_text("sent 第 1 版：草稿")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("尚无密钥")).to_be_visible()
    again = citybraid("case", "publish", str(made), address, environment={"CITYBRAID_KEY": key})
    assert again.returncode == 2, "the key is withdrawn"


def test_what_is_no_case_is_refused_with_the_reason(page: Page, served: Served, tmp_path: Path) -> None:
    before = sorted(served.folder.iterdir())
    part(page, "Open a case")
    file = tmp_path / "other.zip"
    file.write_bytes(b"PK no archive")
    page.locator("[data-pick=case]").set_input_files(file)
    page.get_by_role("button", name="Check and open").click()
    expect(page.get_by_role("alert")).to_contain_text("it is no ZIP archive, or a damaged one")
    expect(page.get_by_role("button", name="Choose a case file")).to_be_visible()
    assert sorted(served.folder.iterdir()) == before


@pytest.mark.parametrize("page", [1440, 1024, 390], indirect=True)
def test_nothing_lies_outside_the_page(page: Page) -> None:
    for name in ("Catalogue", "Places alike", "Compare", "Effects", "Open a case", "Review"):
        part(page, name)
        expect(page.get_by_role("tab", name=name, exact=True)).to_have_attribute("aria-selected", "true")
        expect(page.get_by_text("Loading")).to_have_count(0)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_a_case_is_withdrawn_with_a_reason_and_leaves_its_trace(page: Page) -> None:
    part(page, "Review")
    beta = page.locator("section.card").filter(has_text="beta")
    beta.locator("summary").first.click()
    expect(beta.get_by_role("button", name="Withdraw", exact=True)).to_be_disabled()
    beta.get_by_label("Reviewer").fill("Li")
    beta.get_by_label("Reason").fill("Wrong rain")
    beta.get_by_role("button", name="Withdraw", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw", exact=True).click()
    gone = page.locator("section.card").filter(has_text="beta")
    expect(gone.get_by_text("Wrong rain")).to_be_visible()
    expect(gone.get_by_role("button", name="Withdraw", exact=True)).to_have_count(0)
    part(page, "Catalogue")
    expect(page.locator(".found li")).to_have_count(1)
