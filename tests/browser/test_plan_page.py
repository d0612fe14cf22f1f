"""The plan's page in a real Chromium: drawn by keyboard and on the map, undone, merged, told while typing, written."""

import shutil
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from citybraid.report.drawing.palettes import land_use_shades
from citybraid.web.configuration.settings import Settings
from tests.browser.chromium import DRAWING, SERVED, Windows, away, serving
from tests.web.planned_town import planned_town

pytestmark = SERVED


class Served(NamedTuple):
    """Where the workspace is served, what opens it, and the folder of its study."""

    address: str
    token: str
    folder: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One workspace for all tests; the one that writes into its study comes last."""
    folder = tmp_path_factory.mktemp("规划 ws") / "town"
    shutil.copytree(planned_town(), folder)
    settings = Settings(folder.parent)
    with serving(settings) as address:
        yield Served(address, settings.token, folder)


@contextmanager
def entered(windows: Windows, served: Served, locale: str = "en-US") -> Iterator[Page]:
    """Open a tab whose person is let in; the drafts are deleted at its end, so that the next one begins without any."""
    with windows.tab(viewport={"width": 1440, "height": 900}, locale=locale) as page:
        page.request.get(f"{served.address}/enter", params={"token": served.token})
        yield page
    drafts = f"{served.address}/api/studies/{study_of(page, served)['id']}/drafts"
    for each in page.request.get(drafts).json():
        assert page.request.delete(f"{drafts}/{each['id']}", headers={"x-citybraid": "1"}).ok


@pytest.fixture
def page(windows: Windows, served: Served) -> Iterator[Page]:
    with entered(windows, served) as made:
        yield made


@pytest.fixture
def drawn(started: Callable[[Sequence[str]], Browser], served: Served) -> Iterator[Page]:
    """A tab whose map is drawn; those of the other tests are told absent, as where a machine cannot draw one."""
    with Windows(started(DRAWING)) as windows, entered(windows, served) as made:
        yield made


@pytest.fixture
def chinese(windows: Windows, served: Served) -> Iterator[Page]:
    with entered(windows, served, locale="zh-CN") as made:
        yield made


def study_of(page: Page, served: Served) -> dict[str, Any]:
    found: dict[str, Any] = page.request.get(f"{served.address}/api/studies").json()[0]
    return found


def draft_made(page: Page, served: Served) -> str:
    """Make a draft, and return its address in the interface of programs."""
    study = study_of(page, served)["id"]
    asked = {"name": "denser", "title": {"zh": "加密", "en": "Denser"}, "base": "as_planned"}
    made = page.request.post(f"{served.address}/api/studies/{study}/drafts", data=asked, headers={"x-citybraid": "1"})
    assert made.status == 201, made.text()
    return f"{served.address}/api/studies/{study}/drafts/{made.json()['id']}"


def opened(page: Page, served: Served, query: str = "") -> Page:
    page.goto(f"{served.address}/#/study/{study_of(page, served)['id']}/plan{query}")
    page.locator(".plan-table tbody tr").first.wait_for()
    return page


def kept(page: Page, draft: str) -> dict[str, Any]:
    found: dict[str, Any] = page.request.get(draft).json()
    return found


def parcels_of(page: Page, draft: str) -> list[dict[str, Any]]:
    """Return the parcels of a draft's study."""
    found: list[dict[str, Any]] = page.request.get(f"{draft.partition('/drafts')[0]}/plan").json()["parcels"]
    return found


def rgb(colour: str) -> str:
    """Return a colour as a browser says it."""
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


def test_others_changes_are_merged_or_asked_about(chinese: Page, served: Served) -> None:
    draft = draft_made(chinese, served)
    page = opened(chinese, served, "?parcels=P00")
    expect(page.locator(".plan-values")).to_be_visible()
    away(page)

    def other(version: int, parcel: str, ratio: float) -> None:
        change = {"kind": "controls", "parcels": [parcel], "values": {"floor_area_ratio": ratio}}
        done = page.request.post(
            f"{draft}/entries", data={"version": version, "change": change}, headers={"x-citybraid": "1"}
        )
        assert done.status == 200, done.text()

    other(0, "P20", 2.0)
    page.get_by_role("button", name="增大：容积率").click()
    expect(page.locator(".message").filter(has_text="合并")).to_be_visible()
    assert kept(page, draft)["parcels"] == {"P20": {"floor_area_ratio": 2.0}, "P00": {"floor_area_ratio": 1.1}}
    other(2, "P00", 2.5)
    page.get_by_role("button", name="增大：容积率").click()
    expect(page.get_by_role("dialog")).to_contain_text("同时修改了同一处")
    assert kept(page, draft)["parcels"]["P00"] == {"floor_area_ratio": 2.5}
    page.get_by_role("button", name="放弃我的修改").click()
    expect(page.get_by_label("容积率", exact=True)).to_have_value("2.5")
    assert kept(page, draft)["version"] == 3


def test_a_change_made_offline_is_told_as_not_saved_and_kept_later(page: Page, served: Served) -> None:
    draft = draft_made(page, served)
    opened(page, served, f"?parcels=P00&draft={draft.rpartition('/')[2]}")
    ratio = page.get_by_label("Floor area ratio", exact=True)
    expect(page.locator(".plan-bar [role=status]")).to_have_text("Saved")
    page.context.set_offline(True)
    ratio.fill("1.4")
    ratio.press("Enter")
    expect(page.locator(".plan-bar [role=status]")).to_have_text("1 change is not saved")
    page.context.set_offline(False)
    expect(page.locator(".plan-bar [role=status]")).to_have_text("Saved")
    assert kept(page, draft)["parcels"] == {"P00": {"floor_area_ratio": 1.4}}


def test_parcels_and_an_area_are_chosen_on_the_map(drawn: Page, served: Served) -> None:
    page = drawn
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    draft = draft_made(page, served)
    opened(page, served)
    canvas = page.locator(".plan-map canvas.maplibregl-canvas")
    canvas.wait_for()
    expect(page.locator(".plan-map .run-map")).to_have_attribute("data-laid", "yes")
    uses = page.locator(".plan-uses li")
    shades = land_use_shades()
    for use in uses.all():
        code = use.inner_text().split()[0]
        assert use.locator("i").evaluate("it => getComputedStyle(it).backgroundColor") == rgb(shades[code]), code
    assert uses.count() == len({each["values"]["land_use"] for each in parcels_of(page, draft)})
    canvas.click()
    expect(page.get_by_role("checkbox", name="P11")).to_be_checked()
    expect(page.locator(".plan-values")).to_be_visible()
    seen = canvas.bounding_box()
    assert seen is not None
    x, y = seen["x"] + seen["width"] / 2, seen["y"] + seen["height"] / 2
    page.get_by_role("button", name="Choose by box").click()
    page.mouse.move(seen["x"] + 5, seen["y"] + 5)
    page.mouse.down()
    page.mouse.move(seen["x"] + seen["width"] - 5, seen["y"] + seen["height"] - 5, steps=4)
    page.mouse.up()
    expect(page.locator(".plan-table input:checked")).to_have_count(9)
    page.get_by_role("button", name="Choose by box").click()
    placer = page.locator(".plan-placer select")
    placer.nth(0).select_option("green_roof")
    placer.nth(1).select_option("area")
    page.get_by_role("button", name="Draw on the map").click()
    for at in ((-80, -60), (80, -60), (80, 60), (-80, 60)):
        page.mouse.click(x + at[0], y + at[1])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Place", exact=True).click()
    expect(page.locator(".plan-measures")).to_contain_text("drawn area")
    (placed,) = kept(page, draft)["placed"]
    assert len(placed["site"]["area"]) == 4
    assert complaints == []


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_lies_outside_the_page(width: int, chinese: Page, served: Served) -> None:
    chinese.set_viewport_size({"width": width, "height": 900})
    draft_made(chinese, served)
    page = opened(chinese, served, "?parcels=P00")
    expect(page.locator(".plan-values")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    missing = page.evaluate("document.body.innerText.match(/\\[[a-z]+\\.[a-z_.]+\\]/g)")
    assert not missing, missing


def test_a_printed_plan_has_every_parcel_and_no_controls(page: Page, served: Served) -> None:
    """One sheet had the first rows of the list, its search, its buttons and a map that was cut."""
    opened(page, served)
    page.emulate_media(media="print")
    table = page.locator(".plan-table")
    expect(table.get_by_role("row").first).to_be_visible()
    cut = "table => getComputedStyle(table).overflowY !== 'visible' || table.scrollHeight > table.clientHeight + 1"
    assert not table.evaluate(cut)
    expect(page.locator(".plan-swatch").first).to_have_css("print-color-adjust", "exact")
    for controls in ("searchbox", "checkbox"):
        expect(page.get_by_role(controls)).to_have_count(0)


def test_a_draft_is_drawn_by_keyboard_told_undone_and_written(page: Page, served: Served) -> None:
    opened(page, served)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.get_by_role("button", name="New …").press("Enter")
    page.get_by_label("Name", exact=True).fill("tall_1")
    page.get_by_label("Title in English").fill("Tall <b>")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("combobox", name="Draft")).to_contain_text("Tall <b>")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label("Find parcels").fill("p0 070102")
    page.get_by_role("checkbox", name="P00").press("Space")
    ratio = page.get_by_label("Floor area ratio", exact=True)
    ratio.press("ControlOrMeta+a")
    ratio.press_sequentially("6")
    expect(page.locator(".plan-conflicts")).to_contain_text("6.00 does not fit")
    ratio.press_sequentially("6")
    expect(page.locator(".plan-conflicts")).to_contain_text("66 is out of range (needs 0 to 30)")
    ratio.press("ControlOrMeta+a")
    ratio.press_sequentially("1.3")
    ratio.press("Enter")
    expect(page.locator(".plan-log li").first).to_contain_text("P00: Floor area ratio 1.3")
    study = study_of(page, served)["id"]
    draft = f"{served.address}/api/studies/{study}/drafts/" + page.url.partition("draft=")[2].partition("&")[0]
    assert kept(page, draft)["parcels"] == {"P00": {"floor_area_ratio": 1.3}}
    page.locator("h1").first.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Redo")).to_be_enabled()
    assert kept(page, draft)["parcels"] == {}
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator(".plan-log li").first).to_contain_text("made again")
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()
    expect(page.locator(".plan-answer")).to_contain_text("has not been learned yet")
    expect(page.get_by_role("button", name="Learn now")).to_be_enabled()
    page.get_by_role("button", name="Write into the study").press("Enter")
    expect(page.locator(".message").filter(has_text="Written into the study as alternative tall_1")).to_be_visible()
    written = tomllib.loads((served.folder / "study.toml").read_text(encoding="utf-8"))["alternatives"]["tall_1"]
    assert written["title"] == {"zh": "Tall <b>", "en": "Tall <b>"}
    assert written["measures"][0]["params"] == {"parcels": {"P00": {"floor_area_ratio": 1.3}}}
    page.get_by_role("button", name="Write into the study").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Replace alternative tall_1?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert complaints == []
