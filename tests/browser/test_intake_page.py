"""The intake page in a real Chromium: the list leads to places, kinds and layers can be ticked, nothing is fetched."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from citybraid.report.intake.contents import of_run
from citybraid.report.intake.write import write_intake
from citybraid.report.view import View
from citybraid.study.run.run import Run
from tests.browser.chromium import ALONE, Seen, eventually

pytestmark = ALONE


@pytest.fixture(scope="module")
def report(town_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("规划 项目（一）")
    write_intake(of_run(View(town_run)), folder / "intake")
    return folder / "intake" / "intake.html"


@pytest.fixture
def page(request: pytest.FixtureRequest, tab: Page, report: Path, seen: Seen) -> Page:
    tab.set_viewport_size({"width": getattr(request, "param", 1280), "height": 1000})
    tab.on("console", lambda message: seen.complaints.append(message.text))
    tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
    tab.on("request", lambda asked: seen.fetched.append(asked.url))
    tab.goto(report.as_uri())
    tab.wait_for_selector("[data-problems][data-ready=yes]")
    return tab


def scale(page: Page) -> float:
    """Metres of the scale bar."""
    number, unit = page.locator(".problems .leaflet-control-scale-line").inner_text().split()
    return float(number) * (1000.0 if unit == "km" else 1.0)


@pytest.mark.parametrize("page", [1280, 390], indirect=True)
def test_the_page_works_from_a_file_and_fits_its_window(page: Page, seen: Seen) -> None:
    assert seen.complaints == []
    assert [url.rsplit("/", 1)[-1] for url in seen.fetched if not url.startswith("data:")] == ["intake.html"]
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]


@pytest.mark.parametrize("page", [1280, 390], indirect=True)
def test_a_line_of_the_list_leads_to_its_place(page: Page) -> None:
    whole = scale(page)
    line = page.locator(".pm-side ol button").first
    line.click()
    expect(line).to_have_attribute("aria-current", "true")
    eventually(lambda: scale(page) < whole, page)
    page.get_by_role("button", name="全图").click()
    eventually(lambda: scale(page) == whole, page)


def test_a_dot_leads_to_its_line(page: Page) -> None:
    lines = page.locator(".pm-side ol button")
    whole = scale(page)
    lines.first.click()
    eventually(lambda: scale(page) < whole, page)
    lines.nth(1).click()
    expect(lines.first).not_to_have_attribute("aria-current", "true")
    frame = page.locator(".problems .ex-map")
    expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)

    def clicked() -> bool:
        box = frame.bounding_box()
        assert box is not None
        frame.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
        return lines.first.get_attribute("aria-current") == "true"

    eventually(clicked, page)


def test_a_problem_without_a_place_is_in_the_list(page: Page) -> None:
    told = page.locator(".pm-side ol").inner_text()
    assert "无位置" in told
    assert "P001 <b>" in told


def test_kinds_can_be_ticked_off(page: Page) -> None:
    lines = page.locator(".pm-side ol li:visible")
    expect(lines).to_have_count(3)
    page.locator(".pm-side ul input").first.uncheck()
    expect(lines).to_have_count(2)
    page.locator(".pm-side ul input").first.check()
    expect(lines).to_have_count(3)


def test_layers_have_a_legend_and_can_be_ticked_on(page: Page) -> None:
    legend = page.locator(".pm-legend")
    assert {"地块", "建筑轮廓", "地表覆盖"} <= set(legend.inner_text().split("\n"))
    assert page.locator(".problems .leaflet-image-layer").count() == 0
    legend.locator("label", has_text="地表覆盖").locator("input").check()
    expect(page.locator(".problems .leaflet-image-layer")).to_have_count(1)
    expect(legend).to_contain_text("水", use_inner_text=True)


def test_the_map_speaks_both_languages(page: Page) -> None:
    page.click("[data-set-lang=en]")
    expect(page.locator(".pm-legend")).to_contain_text("Whole area", use_inner_text=True)
    expect(page.locator(".pm-side ol")).to_contain_text("shares 12.5 m²", use_inner_text=True)
    expect(page.locator(".light.usable:visible").first).to_have_text("usable", use_inner_text=True)


def test_print_leaves_the_map_out(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator(".problems")).to_be_hidden()
    expect(page.locator("#summary")).to_be_visible()
