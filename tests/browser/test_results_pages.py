"""Results, comparison, report, rehearsal and review in a real Chromium, by keyboard, in both languages."""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from citybraid.study.review.journal import comments
from citybraid.study.run.run import Run
from tests.browser.chromium import SERVED
from tests.browser.served_results import ServedWorkspace, served_workspace

ON_CI = os.environ.get("CI") == "true"
HOSTILE = '<img src=x onerror="document.title=1">'

pytestmark = SERVED
WINDOW = {"viewport": {"width": 1280, "height": 900}, "locale": "en"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedWorkspace]:
    with served_workspace(tmp_path_factory.mktemp("工作区 one")) as found:
        yield found


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(tab: Page, served: ServedWorkspace, complaints: list[str]) -> Iterator[Page]:
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("request", lambda request: complaints.append(request.url) if not _own(request.url, served) else None)
    tab.goto(served.enter)
    yield tab
    assert complaints == [], "errors, or requests to another host"


def _own(url: str, served: ServedWorkspace) -> bool:
    return url.startswith((served.address, "data:", "blob:", "about:"))


def open_page(page: Page, served: ServedWorkspace, name: str, query: str = "run=001") -> None:
    """Open a page of the study."""
    study = page.evaluate("fetch('/api/studies').then((answer) => answer.json()).then((all) => all[0].id)")
    page.goto(f"{served.address}/#/study/{study}/{name}?{query}")
    expect(page.locator(f"body[data-page={name}]")).to_be_attached()  # until then the page before is looked at


def test_a_number_is_explained_down_to_its_factor_by_keyboard(page: Page, served: ServedWorkspace) -> None:
    open_page(page, served, "results")
    row = page.get_by_role("row", name="Land flooded deeper")
    expect(row.get_by_role("cell").nth(1)).to_contain_text("2.4")
    opener = row.get_by_role("button")
    opener.focus()
    page.keyboard.press("Enter")
    aside = page.get_by_role("complementary")
    expect(aside.get_by_role("heading", level=2)).to_be_focused()
    expect(aside).to_contain_text("100% of the 1 factor row behind it is to be confirmed or assumed")
    aside.get_by_text("1 factor row", exact=True).click()
    expect(aside).to_contain_text("drain_share · road")
    expect(aside).to_contain_text("Flood-risk control line")
    page.keyboard.press("Escape")
    expect(aside).to_have_count(0)
    expect(opener).to_be_focused()


def test_years_stand_side_by_side_in_both_languages_by_keyboard(page: Page, served: ServedWorkspace) -> None:
    open_page(page, served, "compare", "run=002")
    page.get_by_role("tab", name="Alternatives").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Years")).to_be_focused()
    page.keyboard.press("Enter")
    net = page.locator("[data-quantity=pathway_emissions]")
    expect(net).to_contain_text("−60")
    page.locator("[data-moment=year_other]").select_option("2035")
    expect(net).to_contain_text("−10")
    rain = page.get_by_role("row", name="rain", exact=False).filter(has_text="m³")
    expect(rain).to_contain_text("+25")
    expect(page.get_by_role("columnheader", name="50-year storm, ssp245 2060")).to_be_visible()
    page.get_by_label("Language").select_option("zh")
    expect(page.get_by_role("tab", name="年份")).to_be_visible()
    expect(page.get_by_role("columnheader", name="50 年一遇，ssp245 2060")).to_be_visible()
    open_page(page, served, "compare", "run=001&what=years")
    expect(page.locator(".empty")).to_contain_text("lowcarbon.pathway")


def test_a_pathway_is_followed_year_by_year_on_a_slider_by_keyboard(page: Page, served: ServedWorkspace) -> None:
    open_page(page, served, "compare", "run=002&what=years")
    slider, course = page.get_by_role("slider", name="Year"), page.locator("[data-course=pathway_emissions]")
    expect(slider).to_have_attribute("aria-valuetext", "2060")
    expect(course.get_by_role("cell")).to_have_text(["t CO₂e/a", "8,000", "4,000"])
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "2035")
    expect(course.get_by_role("cell")).to_have_text(["t CO₂e/a", "9,000", "9,000"])
    expect(course.get_by_role("img")).to_have_attribute("aria-label", re.compile("10,000.* in 2025, 4,000.* in 2060"))
    page.reload()
    expect(slider).to_have_attribute("aria-valuetext", "2035")
    page.get_by_label("Language").select_option("zh")
    expect(page.get_by_role("table", name="2035 年；曲线：")).to_be_visible()


def test_a_page_that_the_server_no_longer_has_is_told_and_loaded_again(page: Page, served: ServedWorkspace) -> None:
    """As after an update of the server, whose parts of pages have other names."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.route("**/assets/*.js", lambda route: route.fulfill(status=404))
    page.get_by_role("link", name="Cases").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("brought to another version")
    page.unroute("**/assets/*.js")
    alert.get_by_role("button", name="Load again").click()
    expect(page.get_by_role("tab", name="Catalogue")).to_be_visible()


@pytest.mark.parametrize("name", ["compare", "review"])
def test_a_phone_shows_where_one_is_and_words_of_rows_whole(page: Page, served: ServedWorkspace, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    open_page(page, served, name, "run=002")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    link = page.locator("nav a[aria-current]")
    expect(link).to_be_in_viewport(ratio=1)
    if name == "compare":
        heads = page.locator("tbody .row-head")
        expect(heads.first).to_be_visible()
        widths = heads.evaluate_all("(all) => all.map((each) => each.getBoundingClientRect().width)")
        assert min(widths) > 120, "nine letters and more in a line"


def test_printed_results_lie_across_the_sheet(page: Page, served: ServedWorkspace) -> None:
    """On an upright sheet names of indicators broke into nine lines."""
    open_page(page, served, "results")
    expect(page.get_by_role("row", name="Land flooded deeper")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".results")).to_have_css("page", "wide")
    rules = "[...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText))"
    assert any("@page wide" in rule and "landscape" in rule for rule in page.evaluate(rules))


def test_search_and_language(page: Page, served: ServedWorkspace) -> None:
    open_page(page, served, "results")
    page.get_by_role("searchbox").fill("emissions buildings")
    expect(page.get_by_role("status").filter(has_text="1 of 3")).to_be_visible()
    page.get_by_label("Language").select_option("zh")
    expect(page.get_by_role("heading", level=1)).to_have_text("结果")
    page.get_by_role("searchbox").fill("积水")
    expect(page.get_by_role("rowheader")).to_have_count(1)
    assert "[" not in page.locator("h1, th, label, caption, button").first.inner_text()


def test_a_portfolio_is_chosen_by_arrow_keys(page: Page, served: ServedWorkspace) -> None:
    open_page(page, served, "compare", "run=001&what=portfolio")
    members = page.get_by_role("heading", name="Portfolio 1")
    expect(members).to_be_visible()
    page.get_by_role("radio", checked=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Portfolio 2")).to_be_visible()
    expect(page.locator(".members")).to_contain_text("60 m²")


def test_two_runs_that_are_equal_say_so(page: Page, served: ServedWorkspace) -> None:
    open_page(page, served, "compare", "run=002&what=runs&earlier=001")
    expect(page.get_by_role("status")).to_contain_text("All 6 values of run 001 and run 002 are the same")


def test_the_reports_page_runs_shut_in(page: Page, served: ServedWorkspace) -> None:
    open_page(page, served, "report")
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading")).to_have_text("ran null")


def test_the_flood_is_played_hour_by_hour(page: Page, served: ServedWorkspace) -> None:
    open_page(page, served, "rehearsal")
    expect(page.get_by_role("table", name="At 1:00 h")).to_be_visible()
    expect(page.locator(".peak")).to_contain_text(
        "Land with more than 0.15 m of water: peak of 0.16 ha 1:00 h after the start"
    )
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_role("table", name="At 0:00 h")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    figures = page.get_by_role("table", name="At 1:00 h")
    expect(figures).to_contain_text("0.16 ha")
    expect(figures).to_contain_text("12 people")
    expect(page.get_by_role("img", name="1 of 2 streets closed")).to_be_visible()
    expect(page.locator(".layers img").first).to_have_js_property("naturalWidth", 40)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("table", name="At 1:30 h")).to_be_visible()
    page.get_by_role("button", name="To the peak").click()
    expect(page.get_by_role("table", name="At 1:00 h")).to_be_visible()


def test_a_hostile_comment_stays_text_and_is_answered(page: Page, served: ServedWorkspace) -> None:
    open_page(page, served, "review", "run=001&about=R1-01-00")
    expect(page.locator(".comment-form strong")).to_contain_text("Land flooded deeper")
    page.get_by_label("Search what it is about").fill("flooded")
    page.locator(".places button").first.press("Enter")
    expect(page.get_by_label("Comment", exact=True)).to_be_focused()
    page.get_by_label("Comment", exact=True).fill(HOSTILE)
    page.get_by_role("button", name="Send").click()
    article = page.get_by_role("article")
    expect(article).to_contain_text(HOSTILE)
    assert article.locator("img").count() == 0
    article.get_by_role("button", name="Agree (0)", exact=True).click()
    expect(article.get_by_role("button", name="Agree (1)", exact=True)).to_have_attribute("aria-pressed", "true")
    article.get_by_text("Reply", exact=True).first.click()
    article.get_by_label("Resolved by").select_option("run:002")
    article.get_by_label("Status").select_option("closed")
    article.get_by_role("button", name="Send").click()
    expect(article.get_by_role("link", name="run 002")).to_be_visible()
    (kept,) = comments(Run.open(served.study / "runs" / "001"))
    assert (kept.text, kept.status, kept.replies[0].change) == (HOSTILE, "closed", "run:002")


@pytest.mark.parametrize("name", ["results", "compare", "report", "rehearsal", "review"])
def test_a_phone_shows_every_page_without_scrolling_sideways(page: Page, served: ServedWorkspace, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    open_page(page, served, name)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Loading")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_study_without_parcels_says_so_where_the_plan_would_be(page: Page, served: ServedWorkspace) -> None:
    refused = {"error": "web.plan.no_parcels", "said": {"en": "No parcels yet", "zh": "尚无地块"}}
    page.route("**/plan", lambda route: route.fulfill(status=409, json=refused))
    open_page(page, served, "plan")
    expect(page.locator("main > .empty[role=status]")).to_have_text("No parcels yet")


def test_an_error_stays_with_its_page(page: Page, served: ServedWorkspace) -> None:
    page.route("**/runs/*/results", lambda route: route.abort())
    open_page(page, served, "results")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    open_page(page, served, "review")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_map_opens_with_a_layer(page: Page, served: ServedWorkspace) -> None:
    open_page(page, served, "map")
    expect(page.get_by_role("checkbox", checked=True).first).to_be_visible()
