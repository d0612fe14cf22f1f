"""Every page of a study held against WCAG 2.2 AA by axe, on a screen by day and on a phone by night."""

from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import SERVED, SETTLED
from tests.browser.served_results import ServedWorkspace
from tests.discovered import ROOT

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASKED = "(rules) => axe.run('body', {runOnly: rules, iframes: false, resultTypes: ['violations']})"
"""What axe is asked: it names every element at fault, and those that are well at most once a rule."""
LONG = """most => [...document.querySelectorAll("main :is(table, ul, ol, .comments)")].filter(list => {
    const own = each => each.checkVisibility() && each.closest("[data-stops], form") === null;
    const stops = [...list.querySelectorAll("a[href], button, summary, input")].filter(own);
    return new Set(stops.map(each => each.closest("tr, li, article"))).size > most;
}).map(list => list.outerHTML.slice(0, 120))"""
"""Lists and tables of which more rows than so many are stops of the Tab key."""
MOST_ROWS = 8
PAGES = ("files", "map", "plan", "runs", "results", "compare", "report", "rehearsal", "review", "case")
CASES = ("catalogue", "catalogue&case=alpha", "alike", "compare", "effects", "open", "review")
"""Parts of the page of cases."""
COMPARED = ("years", "portfolio", "runs")
"""Parts of the page that compares, of a run with years."""

pytestmark = [
    *SERVED,
    pytest.mark.skipif(not AXE.is_file(), reason="absent: node's packages (npm ci in web/)"),
]


@pytest.mark.parametrize(("width", "language", "colours"), [(1440, "en", "light"), (390, "zh", "dark")])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, looked_at: ServedWorkspace, width: int, language: str, colours: Literal["light", "dark"]
) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 900}, locale=language, color_scheme=colours)
    tab.goto(looked_at.enter)
    study = tab.evaluate("fetch('/api/studies').then((answer) => answer.json()).then((all) => all[0].id)")
    found: list[tuple[str, str, Any]] = []
    places = {name: f"study/{study}/{name}?run=001" for name in PAGES} | {part: f"cases?part={part}" for part in CASES}
    places |= {what: f"study/{study}/compare?run=002&what={what}" for what in COMPARED}
    for name, place in places.items():
        tab.goto(f"{looked_at.address}/#/{place}")
        page = place.partition("?")[0].rpartition("/")[2]
        expect(tab.locator(f"body[data-page={page}]")).to_be_attached()
        tab.evaluate(SETTLED)
        tab.wait_for_load_state("networkidle")
        expect(tab.locator("main > .empty[role=status]")).to_have_count(0)
        expect(tab.locator("progress.waits")).to_have_count(0)
        if not tab.evaluate("'axe' in window"):  # it stays, for only what follows # changes
            tab.evaluate(AXE.read_text(encoding="utf-8"))
        result = tab.evaluate(ASKED, RULES)
        found += [(name, each["id"], each["nodes"][0]["target"]) for each in result["violations"]]
        found += [(name, "stops", each) for each in tab.evaluate(LONG, MOST_ROWS)]
    ground = tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    tab.close()
    assert found == []
    assert ground == {"light": "rgb(251, 251, 249)", "dark": "rgb(20, 24, 26)"}[colours]
