"""The page of the map in a real Chromium: layers, values at a place by keyboard, comparison, and what it asks for."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from citybraid.study.run.run import Run
from citybraid.web.configuration.settings import Settings
from tests.browser.chromium import DRAWING, SERVED, eventually, serving
from tests.web.run_of_town import add_run
from tests.web.team import STUDY

FLAGS = DRAWING
WINDOW = {"viewport": {"width": 1440, "height": 900}, "locale": "en"}

pytestmark = SERVED
FEW_COLOURS = 3
"""Colours of a map on which nothing is drawn, at most."""


class Served(NamedTuple):
    """Where the workspace is served, and what opens it."""

    address: str
    token: str


@pytest.fixture(scope="module")
def served(town_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("工作区 map")
    (folder / "片区 一").mkdir()
    (folder / "片区 一" / "study.toml").write_text(STUDY, encoding="utf-8")
    add_run(folder / "片区 一", town_run)
    settings = Settings(folder)
    with serving(settings) as address:
        yield Served(address, settings.token)


class Seen(NamedTuple):
    """What a tab complained of, and the hosts that it asked."""

    complaints: list[str]
    foreign: list[str]


@pytest.fixture
def seen() -> Seen:
    return Seen([], [])


@pytest.fixture
def page(tab: Page, served: Served, seen: Seen) -> Page:
    tab.on("console", lambda message: seen.complaints.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
    allowed = (served.address, "blob:", "data:")
    tab.on("request", lambda asked: None if asked.url.startswith(allowed) else seen.foreign.append(asked.url))
    tab.goto(f"{served.address}/enter?token={served.token}")
    tab.locator(".card h2 a").first.click()
    expect(tab.locator(".legend li").first).to_be_visible()
    return tab


def test_values_of_a_place_are_found_by_keyboard_and_lead_to_their_sources(page: Page, seen: Seen) -> None:
    expect(page.locator(".legend li")).to_have_text(
        ["≥ 2", "1 – 2", "0.5 – 1", "0.3 – 0.5", "0.15 – 0.3", "0.05 – 0.15"]
    )
    page.get_by_role("searchbox", name="Parcel, building, unit or coordinates").focus()
    page.keyboard.type("嘉南-09")
    page.keyboard.press("Enter")
    table = page.locator(".place")
    expect(table).to_contain_text("Parcels · 嘉南-09")
    expect(table).to_contain_text("Greatest water depth, 50-year storm")
    page.get_by_role("button", name="Where it comes from: Greatest water depth, 50-year storm").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Bates, Horritt and Fewtrell (2010)")
    dialog.get_by_text("drain_share").click()
    expect(dialog).to_contain_text("0.4")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile(r"place=120\."))
    assert seen == Seen([], [])


def test_a_link_brings_back_layers_event_comparison_and_the_divider_moves_by_keys(page: Page, seen: Seen) -> None:
    place = "120.002,30.722"
    state = {"layers": "max_depth", "event": "p5", "compare": "swipe", "other": "chosen", "at": f"{place},17"}
    state["place"] = place
    page.goto(page.url.split("?")[0] + "?" + "&".join(f"{key}={value}" for key, value in state.items()))
    page.reload()
    expect(page.locator(".timeline")).to_contain_text("5-year storm")
    expect(page.locator(".run-map canvas")).to_have_count(2)
    divider = page.get_by_role("slider", name="Divider")
    divider.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "52")
    page.get_by_role("combobox", name="Compare").select_option("side")
    expect(page.locator(".stage.mode-side .pane")).to_have_count(2)
    values = page.get_by_role("table", name="Values of the visible layers")
    expect(page.locator(".stage .tag")).to_have_count(2)
    heads = [name.removesuffix(" · 5-year storm") for name in page.locator(".stage .tag").all_inner_texts()]
    expect(values.get_by_role("columnheader")).to_contain_text(["Quantity", *heads, "Where does this come from?"])
    expect(values.get_by_role("row", name="Greatest water depth").get_by_role("cell")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "values stay within their panel"
    right = page.get_by_role("combobox", name="Layer on the right")
    right.select_option(
        index=next(
            at
            for at, text in enumerate(right.locator("option").all_inner_texts())
            if at and text != "Greatest water depth"
        )
    )
    expect(page.locator(".legend")).to_have_count(2)
    expect(page.locator(".legend").last).to_contain_text(heads[1])
    assert seen == Seen([], [])


SHEET = (1032, 703)
"""What the margins leave of a sheet of A4 [px]."""


def test_a_printed_map_shows_what_was_seen_with_its_legend(page: Page) -> None:
    """The printer's copy of a map was empty, and the legend was left out."""
    expect(page.locator(".run-map").first).to_have_attribute("data-ready", "yes")
    paper, legend = page.locator("canvas.printed"), page.locator(".legend li").first
    colours = """canvas => {
        const cells = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        return new Set(new Uint32Array(cells.buffer)).size;
    }"""

    def printed() -> bool:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        return int(paper.evaluate(colours)) > FEW_COLOURS

    eventually(printed, page)
    expect(paper).to_be_hidden()
    page.emulate_media(media="print")
    expect(paper).to_be_visible()
    expect(legend).to_be_visible()
    expect(page.locator(".run-map").first).to_be_hidden()
    expect(page.locator(".tree")).to_be_hidden()
    page.set_viewport_size({"width": SHEET[0], "height": SHEET[1]})
    box, whole = (page.locator(each).first.bounding_box() for each in (".stage", "canvas.printed"))
    assert box is not None
    assert whole is not None
    seen, shown = (whole["width"], whole["height"]), (box["width"], box["height"])
    assert seen == pytest.approx(shown, abs=2), "nothing of the map is cut"
    assert seen <= SHEET, "by the sheet neither"
    assert seen[1] <= SHEET[1]


def test_words_change_with_the_language_and_layers_are_searched(page: Page) -> None:
    page.locator(".language select").select_option("zh")
    expect(page.get_by_role("complementary", name="图层")).to_be_visible()
    page.get_by_role("searchbox", name="搜索图层").fill("碳排放")
    page.get_by_role("searchbox", name="搜索图层").fill("floor_area")
    page.get_by_role("checkbox", name="容积率").check()
    expect(page.locator(".legend").first).to_contain_text("容积率")
    assert "%5B" not in page.content()
    assert "[map." not in page.content()


def test_a_layer_that_cannot_be_read_is_told_in_its_legend_and_asked_for_again(page: Page) -> None:
    layer = re.compile(r"/layers/[^/]+$")
    page.route(layer, lambda asked: asked.fulfill(status=500, json={"error": "web.defect", "said": {}}))
    page.reload()
    legend = page.locator(".legend")
    expect(legend.get_by_role("status")).to_have_text("This could not be loaded: the message says why")
    page.unroute(layer)
    legend.get_by_role("button", name="Try again").press("Enter")
    expect(legend.locator("li").first).to_be_visible()
    legend.get_by_role("button", name="Remove Greatest water depth").press("Enter")
    expect(legend).to_have_count(0)
    expect(page.get_by_role("searchbox", name="Search the layers")).to_be_focused()


def test_distances_are_measured_by_keyboard(page: Page) -> None:
    expect(page.locator(".run-map").first).to_have_attribute("data-ready", "yes")
    page.get_by_role("button", name="Measure a distance").press("Enter")
    canvas = page.locator(".run-map canvas").first
    canvas.press("Enter")
    told = page.locator(".measure [role=status]")
    expect(told).to_have_text("0 m")
    canvas.press("ArrowRight")

    def measured() -> bool:
        canvas.press("Enter")  # once more at the same place changes nothing
        return told.inner_text() != "0 m"

    eventually(measured, page)


def test_names_are_written_without_asking_for_fonts_and_can_be_left_out(page: Page, seen: Seen) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(lambda answer: answer.url.endswith("/names")):
        page.reload()
    expect(page.locator(".legend li").first).to_be_visible()
    names = page.get_by_label("Plot numbers and names")
    expect(names).to_be_checked()
    names.uncheck()
    expect(page).to_have_url(re.compile("names=no"))
    assert not [url for url in asked if url.endswith(".pbf")]
    assert seen.complaints == []
    assert seen.foreign == []
