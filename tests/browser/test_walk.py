"""The long walk with the real queue and the real program, from messy files to the same numbers in another workspace.

By keyboard alone, English at first, Chinese from the comment on. What pages do by mouse, the tests of each page show.
"""

import csv
import io
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from citybraid.commons.opening.verification import verify
from citybraid.study.run.run import Run
from citybraid.web.configuration.settings import Settings
from tests.browser.chromium import DRAWING, SERVED, serving, working
from tests.browser.keyboard import PRESSES, SOON, Keys, role
from tests.browser.messy_town import CANOPY, FOLDER, messy_town

FLAGS = DRAWING
PATIENCE = 600_000
"""Milliseconds: a job waits for cores that others use."""
pytestmark = [*SERVED, pytest.mark.slow, pytest.mark.own_worker]
LICENCE = "CC-BY-4.0"
DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
"""Waits for what a key has changed to stand on the page."""


@contextmanager
def workspace(folder: Path) -> Iterator[str]:
    """Serve a workspace with a worker whose commands are the program's own, and give the address that lets in."""
    folder.mkdir()
    settings = Settings(folder)
    with serving(settings) as address, working(settings, cores=2):
        yield f"{address}/enter?token={settings.token}"


@contextmanager
def tab_of(browser: Browser, address: str, language: str) -> Iterator[Page]:
    """Open a workspace in a window of its own; nothing of a page may break."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=language, accept_downloads=True)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(address)
    yield page
    assert broken == []
    assert page.evaluate(r"document.body.innerText.match(/\[(web|page)\.[a-z_.]+\]/g)") is None
    context.close()


def test_from_messy_files_to_the_same_numbers_elsewhere(browser: Browser, tmp_path: Path) -> None:
    folder, canopy = messy_town(tmp_path / "来件")
    here, there = tmp_path / "工作区 here", tmp_path / "工作区 there"
    case = tmp_path / "taken.case.zip"
    with workspace(here) as address, tab_of(browser, address, "en") as page:
        keys = Keys(page)
        bring(keys, folder, canopy)
        fix(keys, here / FOLDER / "study.toml")
        run(keys)
        edit(keys, here / FOLDER / "study.toml")
        look_at_the_portfolio(keys)
        keys.choose(page.locator(".language select"), "zh")
        look_at_the_map(keys)
        comment(keys)
        write_the_report(keys)
        pack(keys, case)
    with workspace(there) as address, tab_of(browser, address, "zh") as page:
        open_and_run(Keys(page), case)
        Keys(page).page_of("案例文件")
        expect(page.locator(".origin .badge")).to_contain_text("一致")
        expect(page.locator(".origin .badge")).to_contain_text("全部")
    same_numbers(case, there)


def bring(keys: Keys, folder: Path, canopy: Path) -> None:
    """Upload the folder as it came, and learn from reading it what the plan lacks; bring that."""
    page = keys.page
    keys.take(role(page, "button", "Choose a folder"), folder)
    keys.press(role(page, "button", "Upload and create"))
    expect(page.get_by_role("alert")).to_contain_text("DWG cannot be read")
    expect(page.locator(".file", has_text="控规 地块.shp")).to_contain_text("gb18030")
    keys.tab("Settings")
    keys.press(role(page, "button", "Add the alternative"))
    expect(page.get_by_text("An alternative builds the plan")).to_be_visible()
    keys.press(role(page, "button", "Read all files"), back=True)
    expect(page.locator(".read")).to_contain_text("1 thing prevents a run")
    keys.tab("What was found")
    expect(page.get_by_role("tabpanel")).to_contain_text("it lacks Tree canopy cover (canopy_cover)")
    keys.tab("Files")
    keys.take(role(page, "button", "Choose files"), canopy)
    keys.press(page.locator("form.card button.first"))
    expect(page.locator(".file", has_text=CANOPY)).to_contain_text("Tree canopy cover")


def fix(keys: Keys, study: Path) -> None:
    """State licences and a coarse grid, ask for a portfolio, and read everything until it is ready."""
    page = keys.page
    keys.reach(page.locator("[role=tab][aria-selected=true]"), back=True)
    for file in page.locator(".file").all():
        if not file.get_by_role("button", name="All settings of this file").count():
            keys.press(file.locator("summary"))
        keys.press(file.get_by_role("button", name="All settings of this file"))
        keys.write(file.get_by_label("Licence", exact=True), LICENCE)
    keys.tab("Settings")
    keys.write(page.get_by_label("Cell size [m] *"), "20")
    keys.press(role(page, "button", "Write into study.toml"))
    expect(page.get_by_text("Written into study.toml")).to_be_visible()
    expect(page.locator(".lines")).to_contain_text("resolution = 20")
    asked = page.locator("form.wanted")
    keys.choose(asked.get_by_label("Improve most"), "biotope_area_factor")
    keys.write(asked.get_by_role("spinbutton", name="Target"), "0.4")
    keys.write(asked.get_by_label("Capital that may be spent"), "500000")
    keys.write(asked.get_by_label("Currency", exact=True), "CNY")
    for measure in ("Green roof", "Rain garden"):
        keys.set(asked.get_by_label(measure, exact=True))
    keys.set(asked.get_by_label("Run pairs"), on=False)
    keys.press(asked.get_by_role("button", name="Ask for the portfolio"))
    expect(page.get_by_text("The study asks for a portfolio")).to_be_visible()
    written = tomllib.loads(study.read_text(encoding="utf-8"))
    assert {entry["licence"] for entry in written["files"].values()} == {LICENCE}
    assert written["budget"]["candidates"] == ["green_roof", "rain_garden"]
    keys.press(role(page, "button", "Read all files"), back=True)
    expect(page.locator(".read")).to_contain_text("Ready to run")


def run(keys: Keys) -> None:
    """Check before the start, then run without a report."""
    page = keys.page
    keys.page_of("Runs")
    keys.set(page.get_by_label("Write the report as well"), on=False)
    keys.press(role(page, "button", "Check before the start"))
    keys.press(role(page, "button", "Start the run"))
    expect(page.get_by_role("rowheader", name="001")).to_be_visible()


def edit(keys: Keys, study: Path) -> None:
    """Draw a denser parcel, learn what edits do, read the answer with its band, write and run it fully."""
    page = keys.page
    keys.page_of("Plan")
    keys.press(role(page, "button", "New …"))
    asked = page.get_by_role("dialog")
    keys.write(asked.get_by_label("Name", exact=True), "denser")
    keys.write(asked.get_by_label("Title in English"), "Denser")
    keys.write(asked.get_by_label("Title in Chinese"), "加密")
    keys.choose(asked.get_by_label("Start from"), "as_planned")
    keys.press(asked.get_by_role("button", name="OK"))
    expect(page.get_by_role("combobox", name="Draft")).to_contain_text("Denser")
    on_the_map(keys)
    keys.set(page.get_by_role("checkbox", name="P22"))
    ratio = page.get_by_label("Floor area ratio", exact=True)
    keys.write(ratio, "1.9")
    page.keyboard.press("Enter")
    expect(page.locator(".plan-log li").first).to_contain_text("P22: Floor area ratio 1.9")
    keys.choose(page.locator(".plan-answer select"), "20")
    keys.press(role(page, "button", "Learn now"))
    residents = page.locator(".plan-answer tbody tr", has_text="Residents")
    expect(residents.first).to_contain_text("exact")
    keys.press(role(page, "button", "Write and run fully"))
    expect(page.get_by_text("The full run is queued")).to_be_visible()
    written = tomllib.loads(study.read_text(encoding="utf-8"))["alternatives"]["denser"]
    assert written["measures"][0]["params"] == {"parcels": {"P22": {"floor_area_ratio": 1.9}}}
    keys.page_of("Runs")
    expect(page.get_by_role("rowheader", name="002")).to_be_visible()


def on_the_map(keys: Keys) -> None:
    """Choose the parcel below the cross of the map, and its neighbour to the west with it; then none."""
    page = keys.page
    expect(page.locator(".run-map[data-laid=yes]")).to_be_visible()
    keys.reach(page.locator(".run-map canvas"))
    _choose(page, "Enter", 1)
    board, taken = page.locator(".run-map"), page.locator(".plan-table input:checked")
    for _ in range(PRESSES):
        # The map fits the plan as the draft opens: a key pressed meanwhile would move it by less.
        expect(board).not_to_have_attribute("data-moving", "yes")
        seen = board.get_attribute("data-at")
        page.keyboard.press("ArrowLeft")
        expect(board).not_to_have_attribute("data-at", str(seen))
        page.keyboard.press("Shift+Enter")
        page.evaluate(DRAWN)
        if taken.count() == 0:
            # The cross is over the first one still, which is taken back.
            page.keyboard.press("Shift+Enter")
            expect(taken).to_have_count(1)
        if taken.count() == 2:
            break
    expect(taken).to_have_count(2)
    keys.press(role(page, "button", "Choose none"), back=True)
    expect(page.locator(".plan-table input:checked")).to_have_count(0)


def _choose(page: Page, key: str, count: int) -> None:
    """Press a key on the map until so many parcels are chosen: a busy machine draws them after the map is there."""
    for _ in range(PRESSES):
        page.keyboard.press(key)
        with suppress(AssertionError):
            expect(page.locator(".plan-table input:checked")).to_have_count(count, timeout=SOON)
            return
    expect(page.locator(".plan-table input:checked")).to_have_count(count, timeout=SOON)


def look_at_the_portfolio(keys: Keys) -> None:
    """Find the money, the measures and the drawn alternative in the comparison."""
    page = keys.page
    keys.page_of("Compare")
    keys.choose(page.get_by_role("combobox", name="Other", exact=True), "denser")
    expect(page.get_by_role("columnheader", name="Denser").first).to_be_visible()
    keys.tab("Portfolios")
    expect(page.get_by_role("tabpanel")).to_contain_text("CNY 0.50 million")
    expect(page.get_by_role("tabpanel")).not_to_contain_text("It takes no measure")


def look_at_the_map(keys: Keys) -> None:
    """Move and zoom the map, and read the values below its cross down to where one of them comes from."""
    page = keys.page
    keys.page_of("地图")
    expect(page.locator(".run-map[data-ready=yes]")).to_be_visible()
    keys.reach(page.locator(".run-map canvas"))
    for key in ("+", "ArrowUp", "ArrowLeft", "-", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".place table").first).to_be_visible()
    keys.press(page.locator(".place .from"))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def comment(keys: Keys) -> None:
    """Comment on the plan, in Chinese."""
    page = keys.page
    keys.page_of("审查意见")
    keys.press(page.locator("summary", has_text="新增意见"))
    keys.write(page.get_by_label("意见", exact=True), "P22 绿地率偏低 <b>")
    keys.press(role(page, "button", "提交"))
    expect(page.get_by_text("P22 绿地率偏低 <b>").first).to_be_visible()


def write_the_report(keys: Keys) -> None:
    """Write the report anew by its button: that of the run is older than the comment."""
    page = keys.page
    keys.page_of("报告")
    keys.press(role(page, "button", "重新生成"))
    expect(page.get_by_text("报告已生成")).to_be_visible()
    expect(page.frame_locator("iframe.preview").locator("h1").first).to_be_visible()


def pack(keys: Keys, case: Path) -> None:
    """Pack the run with everything in it, and take the file."""
    page = keys.page
    keys.page_of("案例文件")
    keys.press(role(page, "button", "打包"))
    expect(page.get_by_text("已附输入：7 / 7")).to_be_visible()
    keys.fetch(page.get_by_role("link", name="下载")).save_as(case)


def open_and_run(keys: Keys, case: Path) -> None:
    """Open the case in the other workspace and run it there."""
    page = keys.page
    keys.page_of("案例")
    expect(page.get_by_role("heading", name="案例", exact=True)).to_be_visible()
    keys.tab("打开案例")
    keys.take(page.get_by_role("tabpanel").get_by_role("button").first, case)
    keys.press(role(page, "button", "校验并打开"))
    expect(page.locator(".file", has_text="控规 地块.shp")).to_be_visible()
    keys.page_of("运行")
    keys.set(role(page, "checkbox", "同时生成报告"), on=False)
    keys.press(role(page, "button", "启动前检查"))
    keys.press(role(page, "button", "启动运行"))
    expect(page.get_by_role("rowheader", name="001")).to_be_visible()


def same_numbers(case: Path, there: Path) -> None:
    """Hold every indicator of the file against the tables of the run in the other workspace, value by value."""
    assert verify(case).holds
    (folder,) = there.glob("*/runs/001")
    answer = Run.open(folder)
    with zipfile.ZipFile(case) as archive:
        names = archive.namelist()
        rows = list(csv.DictReader(io.StringIO(archive.read("results/indicators.csv").decode())))
        remarks = archive.read("review/comments.json").decode()
    assert {"as_is", "as_planned", "chosen", "denser"} == {row["alternative"] for row in rows}
    assert len(rows) > 200
    for row in rows:
        units = answer.table(f"units/{row['alternative']}")
        assert units is not None
        assert float(row["value"]) == units.loc[row["zone"], row["indicator"]], row
    assert "P22 绿地率偏低" in remarks
    assert any(name.startswith("report/") for name in names), "the report travels with the case"
