"""The site of a library in a real Chromium, from a file: search, facets, languages, phones, keyboard; no requests."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from citybraid.commons.library.library import Library
from citybraid.commons.site.pages import region
from citybraid.commons.site.site import write_site
from tests.browser.chromium import ALONE, Seen
from tests.browser.test_accessible_pages import ASKED, AXE, RULES
from tests.commons.made_case import made_place, packed
from tests.commons.test_library import GOOD

pytestmark = ALONE
WINDOW = {"locale": "en-GB"}
PHONE = {"width": 390, "height": 1000}
CASES = {
    "alpha": 'licence = "CC0-1.0"\nform = ["new_town"]\n[problem]\nen = "Waterlogging <script>"\nzh = "老街区积水"\n',
    "beta": 'licence = "CC0-1.0"\nform = ["village"]\n[problem]\nen = "Heat in summer"\nzh = "夏季高温"\n',
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("案例")
    library = Library.open(folder / "library", create=True)
    for name, lessons in CASES.items():
        library.add(packed(made_place(folder / name, name=name, lessons=lessons), folder / f"{name}.zip").file, by="W")
        library.review(name, GOOD, by="Li")
        library.release(name, by="Li")
    return write_site(library, folder / "U 盘" / "site").page


@pytest.fixture
def page(request: pytest.FixtureRequest, tab: Page, site: Path, seen: Seen) -> Page:
    tab.set_viewport_size({"width": getattr(request, "param", 1440), "height": 1000})
    tab.on("console", lambda message: seen.complaints.append(message.text))
    tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
    tab.on("request", lambda asked: seen.fetched.append(asked.url))
    tab.goto(site.as_uri())
    return tab


@pytest.mark.parametrize("page", [1440, 390], indirect=True)
def test_words_of_both_languages_find_cases(page: Page, seen: Seen) -> None:
    cards = page.locator("li[data-case]:visible")
    expect(cards).to_have_count(2)
    expect(page.locator("input[value='form=village']")).to_be_visible(visible=page.viewport_size != PHONE)
    for word, found in (("老街区", 1), ("heat SUMMER", 1), ("green roof", 2), ("<script>", 1), ("nothing", 0), ("", 2)):
        page.fill("#search", word)
        expect(cards).to_have_count(found)
    assert seen.complaints == []
    assert all(url.startswith("file:") for url in seen.fetched)


def test_facets_narrow_and_words_and_facets_hold_together(page: Page) -> None:
    cards = page.locator("li[data-case]:visible")
    page.check("input[value='form=village']")
    expect(cards).to_have_count(1)
    page.check("input[value='form=new_town']")
    expect(cards).to_have_count(2)
    page.fill("#search", "老街区")
    expect(cards).to_have_count(1)
    page.fill("#search", "nothing")
    expect(page.locator("#none")).to_contain_text("No case has all of this")


def test_the_language_is_switched_and_kept_on_the_next_page(page: Page, seen: Seen) -> None:
    expect(page.locator("h1")).to_contain_text("Low-carbon")
    page.locator(".tags").first.evaluate(
        "(at, country) => at.insertAdjacentHTML('beforeend', country)", region("DE-BY")
    )
    page.click("button[data-to=zh]")
    expect(page.locator(".tags").first).to_contain_text("德国 (DE-BY)")
    expect(page.locator("h1")).to_contain_text("可打开", use_inner_text=True)
    expect(page.locator("h1")).not_to_contain_text("Low-carbon", use_inner_text=True)
    page.click("li[data-case=alpha] a")
    expect(page.locator("h2").first).to_contain_text("经验")
    page.goto(page.url + "?lang=en")
    expect(page.locator("h2").first).to_have_text("Lessons", use_inner_text=True)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert seen.complaints == []


@pytest.mark.parametrize("page", [390], indirect=True)
def test_a_phone_scrolls_no_page_sideways_and_axe_finds_nothing(page: Page) -> None:
    for path in ("index.html", "measures.html", "cases/alpha/index.html"):
        page.goto(f"{page.url.rsplit('/', 1)[0]}/{path}" if "cases" not in page.url else page.url)
        if AXE.is_file():
            page.evaluate(AXE.read_text(encoding="utf-8"))
            for colours in ("dark", "light"):
                page.emulate_media(color_scheme=colours)
                result = page.evaluate(ASKED, RULES)
                assert [(path, colours, each["id"], each["nodes"][0]["target"]) for each in result["violations"]] == []
        for language in ("en", "zh"):
            page.click(f"button[data-to={language}]")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_paper_is_white_at_night_and_holds_what_was_folded(page: Page) -> None:
    page.click("li[data-case=alpha] a")
    page.wait_for_url("**/cases/alpha/index.html")
    page.emulate_media(color_scheme="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(20, 25, 29)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    folded = page.locator("main details:not([open])")
    before = folded.count()
    assert before
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(folded).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(folded).to_have_count(before)


def test_the_keyboard_reaches_the_content_and_a_case(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.focus("#search")
    page.keyboard.type("老街区")
    page.focus("li[data-case=alpha] a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/alpha/index.html")
