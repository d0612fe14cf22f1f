"""The long walk with the real queue and the real program, from messy files to the same numbers in another workspace.

English at first, Chinese from the comment on; in the other workspace by keyboard alone.
"""

import csv
import io
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from citybraid.commons.opening.verification import verify
from citybraid.study.run.run import Run
from citybraid.web.configuration.settings import Settings
from tests.browser.chromium import DRAWING, SERVED, serving, working
from tests.browser.messy_town import CANOPY, FOLDER, messy_town

FLAGS = DRAWING
PATIENCE = 600_000
"""Milliseconds: a job waits for cores that others use."""
pytestmark = [*SERVED, pytest.mark.slow, pytest.mark.own_worker]
LICENCE = "CC-BY-4.0"


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


def to(page: Page, name: str) -> None:
    """Go to a page of the study."""
    page.get_by_role("link", name=name, exact=True).click()


def test_from_messy_files_to_the_same_numbers_elsewhere(browser: Browser, tmp_path: Path) -> None:
    folder, canopy = messy_town(tmp_path / "来件")
    here, there = tmp_path / "工作区 here", tmp_path / "工作区 there"
    case = tmp_path / "taken.case.zip"
    with workspace(here) as address, tab_of(browser, address, "en") as page:
        bring(page, folder, canopy)
        fix(page, here / FOLDER / "study.toml")
        run(page)
        edit(page, here / FOLDER / "study.toml")
        look_at_the_portfolio(page)
        page.get_by_label("Language").select_option("zh")
        comment(page)
        write_the_report(page)
        pack(page, case)
    with workspace(there) as address, tab_of(browser, address, "zh") as page:
        open_and_run(page, case)
        page.get_by_role("link", name="案例文件", exact=True).click()
        expect(page.locator(".origin .badge")).to_contain_text("一致")
        expect(page.locator(".origin .badge")).to_contain_text("全部")
    same_numbers(case, there)


def bring(page: Page, folder: Path, canopy: Path) -> None:
    """Upload the folder as it came, and learn from reading it what the plan lacks; bring that."""
    page.locator("[data-pick=folder]").set_input_files(folder)
    page.get_by_role("button", name="Upload and create").click()
    expect(page.get_by_role("alert")).to_contain_text("DWG cannot be read")
    expect(page.locator(".file", has_text="控规 地块.shp")).to_contain_text("gb18030")
    page.get_by_role("tab", name="Settings").click()
    page.get_by_role("button", name="Add the alternative").click()
    expect(page.get_by_text("An alternative builds the plan")).to_be_visible()
    page.get_by_role("button", name="Read all files").click()
    expect(page.locator(".read")).to_contain_text("1 thing prevents a run")
    page.get_by_role("tab", name="What was found").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("it lacks canopy_cover")
    page.get_by_role("tab", name="Files", exact=False).first.click()
    page.locator("[data-pick=files]").set_input_files(canopy)
    page.locator("form.card button.first").click()
    expect(page.locator(".file", has_text=CANOPY)).to_contain_text("Tree canopy cover")


def fix(page: Page, study: Path) -> None:
    """State licences and a coarse grid, ask for a portfolio, and read everything until it is ready."""
    for file in page.locator(".file").all():
        if not file.get_by_role("button", name="All settings of this file").count():
            file.locator("summary").first.click()
        file.get_by_role("button", name="All settings of this file").click()
        file.get_by_label("Licence", exact=True).fill(LICENCE)
    page.get_by_role("tab", name="Settings").click()
    page.get_by_label("Cell size [m] *").fill("20")
    page.get_by_role("button", name="Write into study.toml").click()
    expect(page.get_by_text("Written into study.toml")).to_be_visible()
    expect(page.locator(".lines")).to_contain_text("resolution = 20")
    asked = page.locator("form.wanted")
    asked.get_by_label("Improve most").select_option("biotope_area_factor")
    asked.get_by_role("spinbutton", name="Target").fill("0.4")
    asked.get_by_label("Capital that may be spent").fill("500000")
    asked.get_by_label("Currency", exact=True).fill("CNY")
    for measure in ("Green roof", "Rain garden"):
        asked.get_by_label(measure, exact=True).check()
    asked.get_by_label("Run pairs").uncheck()
    asked.get_by_role("button", name="Ask for the portfolio").click()
    expect(page.get_by_text("The study asks for a portfolio")).to_be_visible()
    written = tomllib.loads(study.read_text(encoding="utf-8"))
    assert {entry["licence"] for entry in written["files"].values()} == {LICENCE}
    assert written["budget"]["candidates"] == ["green_roof", "rain_garden"]
    page.get_by_role("button", name="Read all files").click()
    expect(page.locator(".read")).to_contain_text("Ready to run")


def run(page: Page) -> None:
    """Check before the start, then run without a report."""
    to(page, "Runs")
    page.get_by_label("Write the report as well").uncheck()
    page.get_by_role("button", name="Check before the start").click()
    page.get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("rowheader", name="001")).to_be_visible()


def edit(page: Page, study: Path) -> None:
    """Draw a denser parcel, learn what edits do, read the answer with its band, write and run it fully."""
    to(page, "Plan")
    page.get_by_role("button", name="New …").click()
    asked = page.get_by_role("dialog")
    asked.get_by_label("Name", exact=True).fill("denser")
    asked.get_by_label("Title in English").fill("Denser")
    asked.get_by_label("Title in Chinese").fill("加密")
    asked.get_by_label("Start from").select_option("as_planned")
    asked.get_by_role("button", name="OK").click()
    expect(page.get_by_role("combobox", name="Draft")).to_contain_text("Denser")
    page.get_by_role("checkbox", name="P22").check()
    ratio = page.get_by_label("Floor area ratio", exact=True)
    ratio.fill("1.9")
    ratio.press("Enter")
    expect(page.locator(".plan-log li").first).to_contain_text("P22: Floor area ratio 1.9")
    page.locator(".plan-answer select").select_option("20")
    page.get_by_role("button", name="Learn now").click()
    residents = page.locator(".plan-answer tbody tr", has_text="Residents")
    expect(residents.first).to_contain_text("exact")
    page.get_by_role("button", name="Write and run fully").click()
    expect(page.locator(".message.done")).to_be_visible()
    written = tomllib.loads(study.read_text(encoding="utf-8"))["alternatives"]["denser"]
    assert written["measures"][0]["params"] == {"parcels": {"P22": {"floor_area_ratio": 1.9}}}
    to(page, "Runs")
    expect(page.get_by_role("rowheader", name="002")).to_be_visible()


def look_at_the_portfolio(page: Page) -> None:
    """Find the money, the measures and the drawn alternative in the comparison."""
    to(page, "Compare")
    page.get_by_role("combobox", name="Other", exact=True).select_option("denser")
    expect(page.get_by_role("columnheader", name="Denser").first).to_be_visible()
    page.get_by_role("tab", name="Portfolios").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("CNY 0.50 million")
    expect(page.get_by_role("tabpanel")).not_to_contain_text("It takes no measure")


def comment(page: Page) -> None:
    """Comment on the plan, in Chinese."""
    to(page, "审查意见")
    page.get_by_text("新增意见").click()
    page.get_by_label("意见", exact=True).fill("P22 绿地率偏低 <b>")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("P22 绿地率偏低 <b>").first).to_be_visible()


def write_the_report(page: Page) -> None:
    """Write the report anew by its button: that of the run is older than the comment."""
    to(page, "报告")
    page.get_by_role("button", name="重新生成").click()
    expect(page.get_by_text("报告已生成")).to_be_visible()
    expect(page.frame_locator("iframe.preview").locator("h1").first).to_be_visible()


def pack(page: Page, case: Path) -> None:
    """Pack the run with everything in it, and take the file."""
    to(page, "案例文件")
    page.get_by_role("button", name="打包").click()
    expect(page.get_by_text("已附输入：7 / 7")).to_be_visible()
    with page.expect_download() as taking:
        page.get_by_role("link", name="下载").click()
    taking.value.save_as(case)


def open_and_run(page: Page, case: Path) -> None:
    """Open the case in the other workspace and run it there; from the choice of the file on by keyboard alone."""

    def reach(role: str, name: str) -> None:
        wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        expect(wanted.first).to_be_enabled()
        for _ in range(120):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if focused.count() and wanted.and_(focused).count():
                return
        pytest.fail(f"{name} is not reached")

    reach("link", "案例")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="案例", exact=True)).to_be_visible()
    reach("tab", "目录")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="打开案例")).to_be_focused()
    page.locator("[data-pick=case]").set_input_files(case)
    reach("button", "校验并打开")
    page.keyboard.press("Enter")
    expect(page.locator(".file", has_text="控规 地块.shp")).to_be_visible()
    reach("link", "运行")
    page.keyboard.press("Enter")
    reach("checkbox", "同时生成报告")
    page.keyboard.press("Space")
    reach("button", "启动前检查")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="启动运行")).to_be_enabled()
    reach("button", "启动运行")
    page.keyboard.press("Enter")
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
