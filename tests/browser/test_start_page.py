"""Messy files come in through the browser: chosen, uploaded, put right, written; once by keyboard alone."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from citybraid.web.configuration.settings import Settings
from citybraid.web.jobs.kinds import intake
from tests.browser.chromium import SERVED, serving
from tests.commands import citybraid
from tests.sources.planner_files import buildings, drawing, shapefile
from tests.web.team import STUDY

pytestmark = SERVED
WINDOW = {"locale": "en-US", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    folder = tmp_path / "南湖 片区（一）"
    folder.mkdir()
    drawing(folder / "控规.dxf")
    shapefile(folder / "现状 建筑.shp", buildings())
    (folder / "底图.dwg").write_bytes(b"AC1032")
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "工作区"
    (folder / "片区").mkdir(parents=True)
    (folder / "片区" / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder


@pytest.fixture
def address(workspace: Path) -> Iterator[str]:
    """Serve the workspace in this process and return the address that lets its owner in."""
    settings = Settings(folder=workspace)
    with serving(settings) as address:
        yield f"{address}/enter?token={settings.token}"


@pytest.fixture
def page(address: str, tab: Page) -> Iterator[Page]:
    broken: list[str] = []
    tab.on("pageerror", lambda error: broken.append(str(error)))
    tab.goto(address)
    tab.wait_for_selector(".start .card")
    yield tab
    assert broken == []


def test_messy_files_become_a_study_that_can_be_read(page: Page, messy: Path, workspace: Path) -> None:
    page.locator("[data-pick=folder]").set_input_files(messy)
    expect(page.get_by_label("Title of the study")).to_have_value(messy.name)
    page.get_by_role("button", name="Upload and create").click()
    expect(page.get_by_role("alert")).to_contain_text("底图.dwg")
    study = workspace / messy.name / "study.toml"

    built = page.locator(".file", has_text="现状 建筑.shp")
    expect(built.locator("summary")).to_contain_text("gb18030")
    built.locator("summary").click()
    expect(built.get_by_label("Column of Storeys above ground")).to_contain_text("层数")
    built.get_by_label("possibilities by the coordinates").select_option(label="EPSG:4549 (120E)")
    drawn = page.locator(".file", has_text="控规.dxf")
    drawn.locator("summary").click()
    drawn.get_by_label("CRS of the file").fill("EPSG:4549")
    page.get_by_role("tab", name="Settings").click()
    page.get_by_label("CRS *").fill("EPSG:4326")
    expect(page.locator(".wrong").first).to_contain_text("region is empty")
    page.get_by_label("Region *").fill("CN-ZJ-JX")
    expect(page.locator(".wrong").first).to_contain_text("metres")
    page.get_by_label("CRS *").fill("EPSG:4549")
    page.get_by_role("button", name="Write into study.toml").click()
    expect(page.get_by_text("Written into study.toml")).to_be_visible()
    expect(page.locator(".lines")).to_contain_text('region = "CN-ZJ-JX"')
    written = tomllib.loads(study.read_text(encoding="utf-8"))
    assert (written["study"]["crs"], written["files"]["buildings"]["crs"]) == ("EPSG:4549", "EPSG:4549")
    assert written["files"]["parcels"]["crs"] == "EPSG:4549"

    read = citybraid(*intake.command(study.parent, {}))
    assert read.returncode == 0, read.stdout
    page.reload()
    expect(page.get_by_text("Ready to run")).to_be_visible()
    page.get_by_role("tab", name="What was found").click()
    page.get_by_role("button", name="On the map").first.click()
    expect(page.locator("tr.picked")).to_have_count(1)
    page.get_by_label("Language").select_option("zh")
    expect(page.get_by_role("tab", name="检查结果")).to_be_visible()


def test_a_pilot_is_copied_and_opens_with_its_files(page: Page, workspace: Path) -> None:
    pilot = page.locator(".pilots li", has_text="Jiaxing high-speed rail new town")
    expect(pilot).to_contain_text("synthetic")
    pilot.get_by_role("button", name="Copy").click()
    expect(page.locator(".study-title")).to_contain_text("Jiaxing high-speed rail new town")
    expect(page.get_by_role("tab", name="Settings")).to_be_visible()
    copies = [each for each in workspace.glob("*/study.toml") if 'name = "jiaxing-hsr"' in each.read_text("utf-8")]
    assert len(copies) == 1


def test_a_pilot_that_a_case_leads_to_is_chosen(page: Page) -> None:
    """Of pilots that run as they are and of those that files must be brought for, which lie folded away."""
    for name, title in (("jiaxing-ecf", "Electric Control Factory"), ("shanghai-yangpu", "Yangpu Binjiang")):
        page.evaluate("(name) => { location.hash = `#/start?pilot=${name}`; }", name)
        page.reload()
        asked = page.locator(".pilots .asked")
        expect(asked).to_have_count(1)
        expect(asked).to_contain_text(title)
        expect(asked.get_by_role("button", name="Copy")).to_be_focused()
        expect(asked).to_be_in_viewport()
    expect(page.locator(".pilots button.first")).to_have_count(1)


def test_a_setting_is_changed_by_keyboard_alone(page: Page, workspace: Path) -> None:
    def to(name: str, role: str) -> None:
        wanted = page.get_by_role(role, name=name)  # type: ignore[arg-type]
        expect(wanted.first).to_be_enabled()
        for _ in range(80):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if focused.count() and wanted.and_(focused).count():
                return
        pytest.fail(f"{name} is not reached")

    to("Files of Quarter <b>", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Settings")).to_be_visible()
    to("Files", "tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Settings")).to_be_focused()
    to("Year", "spinbutton")
    page.keyboard.press("Control+A")
    page.keyboard.type("2031")
    expect(page.locator(".lines")).to_contain_text("year = 2031")
    to("Term of the plan", "textbox")
    page.keyboard.type("2021-2035")
    to("Add one", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="No. 1").get_by_role("textbox").first).to_be_focused()
    page.keyboard.type("城乡规划法")
    page.keyboard.press("Tab")
    page.keyboard.type("Urban and Rural Planning Law")
    expect(page.locator(".lines")).to_contain_text("Planning Law")
    to("Write into study.toml", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Written into study.toml")).to_be_visible()
    written = tomllib.loads((workspace / "片区" / "study.toml").read_text(encoding="utf-8"))
    assert written["study"]["year"] == 2031
    assert written["plan"] == {
        "period": "2021-2035", "basis": [{"zh": "城乡规划法", "en": "Urban and Rural Planning Law"}]
    }  # fmt: skip


def test_a_study_is_deleted_and_put_back(page: Page, workspace: Path) -> None:
    asks = page.get_by_role("button", name="Delete Quarter <b>")
    asks.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(asks).to_be_focused()
    asks.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
    expect(page.locator("main")).to_be_focused()
    expect(page.get_by_text("There is no study yet")).to_be_visible()
    assert not (workspace / "片区").exists()
    page.get_by_text("Deleted studies").click()
    page.get_by_role("button", name="Put 片区 back").click()
    expect(page.get_by_role("link", name="Quarter <b>", exact=True)).to_be_visible()
    assert (workspace / "片区" / "study.toml").is_file()
