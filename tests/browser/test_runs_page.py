"""The page of runs in a real Chromium: pre-flight, start, progress, cancel, a failure, what is done; by keyboard."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from citybraid.web.configuration.settings import Settings
from citybraid.web.jobs import command
from tests.browser.chromium import SERVED, serving, working
from tests.web.team import STUDY

PRETEND = Path(__file__).parents[1] / "web" / "jobs" / "fakes" / "pretend.py"

pytestmark = SERVED
WINDOW = {"viewport": {"width": 1024, "height": 800}, "locale": "en"}


class Served(NamedTuple):
    """Where the workspace is served, what opens it, and the folder of its study."""

    address: str
    token: str
    study: Path


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A workspace with a server and a worker, both in threads; the worker's commands only pretend."""
    monkeypatch.setattr(command, "PROGRAM", (sys.executable, str(PRETEND)))
    study = tmp_path / "工作区 runs" / "片区 一"
    study.mkdir(parents=True)
    (study / "study.toml").write_text(STUDY, encoding="utf-8")
    settings = Settings(study.parent)
    with serving(settings) as address, working(settings, cores=1):
        yield Served(address, settings.token, study)


@pytest.fixture
def page(served: Served, tab: Page) -> Iterator[Page]:
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(f"{served.address}/enter?token={served.token}")
    study = tab.evaluate("fetch('/api/studies').then((answer) => answer.json())")[0]["id"]
    tab.goto(f"{served.address}/#/study/{study}/runs")
    tab.get_by_role("heading", name="Runs", exact=True).wait_for()
    yield tab
    assert complaints == []


def press(page: Page, button: str) -> None:
    """Press a button by keyboard."""
    page.get_by_role("button", name=button).press("Enter")


def begin(page: Page) -> None:
    press(page, "Check before the start")
    expect(page.get_by_role("button", name="Start the run")).to_be_enabled()
    press(page, "Start the run")


def test_a_run_from_pre_flight_to_result(page: Page, served: Served) -> None:
    expect(page.get_by_text("There is no run yet")).to_be_visible()
    begin(page)
    expect(page.get_by_text("1 of 4 steps")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Progress")).to_have_attribute("value", "0.25")
    expect(page.get_by_text("Guesses to confirm: 2; faults of shapes: 1.")).to_be_hidden()
    (served.study / "go on").touch()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="001"))
    expect(row.get_by_text("17", exact=True)).to_be_visible()
    expect(row.get_by_text("all inside")).to_be_visible()
    expect(page.get_by_text("Nothing is at work")).to_be_visible()


def test_pre_flight_tells_cells_memory_and_time(page: Page) -> None:
    press(page, "Check before the start")
    told = page.locator(".preflight")
    for each in ("2,600", "400 MiB of memory", "about 2 min", "Guesses to confirm: 2"):
        expect(told.get_by_text(each).first).to_be_visible()


def test_a_run_is_cancelled_and_says_so_in_chinese_too(page: Page) -> None:
    begin(page)
    press(page, "Cancel: Run")
    expect(page.get_by_text("cancelled", exact=True)).to_be_visible()
    page.get_by_label("Language").select_option("zh")
    expect(page.get_by_text("已取消", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="重试：运行")).to_be_visible()


def test_a_failure_tells_why_as_text(page: Page) -> None:
    page.get_by_label("Alternatives only").check()
    begin(page)
    expect(page.get_by_text("The area is <b>missing</b>")).to_be_visible()
    page.get_by_label("Language").select_option("zh")
    expect(page.get_by_text("缺少规划范围")).to_be_visible()
