"""Languages that the pages begin to speak: chosen on every page, with what they lack told there and marked."""

from playwright.sync_api import Page, expect

from citybraid.core.text import INTERFACE_LANGUAGES
from tests.browser.chromium import SERVED
from tests.browser.served_results import ServedWorkspace

pytestmark = SERVED
WINDOW = {"viewport": {"width": 1280, "height": 900}, "locale": "en"}
PAGES = ("files", "map", "plan", "runs", "results", "compare", "report", "rehearsal", "review", "case")


def test_languages_of_partners_are_chosen_on_every_page(tab: Page, looked_at: ServedWorkspace) -> None:
    """Each page is opened once and speaks one language after another: loading it costs more than a choice."""
    assert len(INTERFACE_LANGUAGES) > 1
    broken: list[str] = []
    tab.on("pageerror", lambda error: broken.append(str(error)))
    tab.goto(looked_at.enter)
    study = tab.evaluate("fetch('/api/studies').then((answer) => answer.json()).then((all) => all[0].id)")
    choice, note = tab.locator(".language select"), tab.get_by_role("note").filter(has_text="native speaker")
    for address in ("start", *(f"study/{study}/{name}?run=001" for name in PAGES), "cases"):
        tab.goto(f"{looked_at.address}/#/{address}")
        page = address.partition("?")[0].rpartition("/")[2]
        expect(tab.locator(f"body[data-page={page}]")).to_be_attached()
        expect(tab.locator("main > .empty[role=status]")).to_have_count(0)
        choice.select_option("en")
        expect(tab.locator("html")).to_have_attribute("lang", "en")
        expect(note).to_have_count(0)
        for code in INTERFACE_LANGUAGES:
            choice.select_option(code)
            expect(tab.locator("html")).to_have_attribute("lang", code)
            expect(note).to_be_visible()
            assert tab.evaluate(r"document.body.innerText.match(/\[(web|page)\.[a-z_.]+\]|\{\w+\}/g)") is None, (
                code,
                address,
            )
            expect(tab.locator("body"), f"{code} {address}").to_contain_text("[en]", use_inner_text=True)
    tab.goto(f"{looked_at.address}/#/study/{study}/runs")
    for code in INTERFACE_LANGUAGES:
        choice.select_option(code)
        expect(tab.locator("html")).to_have_attribute("lang", code)
        expect(tab.locator("td.when").first).to_contain_text("20")
        years = tab.locator("td.when").all_inner_texts()
        assert not [text for text in years if "256" in text], "the calendar of the plan's years, not another era"
    assert broken == []
