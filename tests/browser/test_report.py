"""The page in a real Chromium, from a file, without a network: map, languages, click, print."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import ALONE, SETTLED, Seen, eventually
from tests.written import Written

pytestmark = ALONE
WINDOW = {"viewport": {"width": 1240, "height": 1400}}
SCREEN, MOST_SCREENS = 900, 20
"""Height of a screen of 1440 x 900 [px], and screens that the body may take."""


@pytest.fixture(scope="module")
def report(town_report: Written) -> Path:
    return town_report.folder / "report.html"


@pytest.fixture(scope="module")
def unfolded(browser: Browser, report: Path) -> Iterator[Page]:
    """One page for all that is measured at a width and in a language, with every part open: loading it costs more."""
    tab = browser.new_page(viewport={"width": 1240, "height": 1400})
    tab.goto(report.as_uri())
    tab.wait_for_selector("[data-ready=yes]")
    tab.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    yield tab
    tab.close()


def laid_out(page: Page, width: int, language: str) -> Page:
    """Give the page a width and a language, and wait until it has taken them."""
    page.set_viewport_size({"width": width, "height": SCREEN})
    page.click(f"[data-set-lang={language}]")
    page.evaluate(SETTLED)
    return page


@pytest.fixture
def page(tab: Page, report: Path, seen: Seen) -> Page:
    tab.on("console", lambda message: seen.complaints.append(message.text))
    tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
    tab.on("request", lambda request: seen.fetched.append(request.url))
    tab.goto(report.as_uri())
    tab.wait_for_selector("[data-ready=yes]")
    return tab


def test_the_page_works_from_a_file_and_fetches_nothing(page: Page, seen: Seen) -> None:
    assert page.locator("[data-map]").count() == 1
    assert seen.complaints == []
    fetched = [url for url in seen.fetched if not url.startswith("data:")]
    assert [url.rsplit("/", 1)[-1] for url in fetched] == ["report.html"]


def test_one_language_is_shown_at_a_time(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("示范新城 & <测试>", use_inner_text=True)
    page.click("[data-set-lang=en]")
    expect(page.locator("h1")).to_have_text("A made town & <test>", use_inner_text=True)
    expect(page).to_have_title("A made town & <test>")
    expect(page.locator(".ex-bar")).to_have_text(re.compile(r"^\s*Layer"), use_inner_text=True)
    expect(page.locator("[data-set-lang=en]")).to_have_attribute("aria-pressed", "true")


def test_the_first_page_comes_first(page: Page) -> None:
    first = page.locator("main section").first
    assert first.get_attribute("id") == "first-page"
    assert "嘉南-03" in first.inner_text()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_body_fits_on_twenty_screens(page: Page, language: str) -> None:
    """What does not decide stands in appendices, which are folded."""
    page.set_viewport_size({"width": 1440, "height": SCREEN})
    page.click(f"[data-set-lang={language}]")
    bottom = page.evaluate(
        "Math.max(...[...document.querySelectorAll('section:not(.appendix)')]"
        ".map(each => each.getBoundingClientRect().bottom + scrollY))"
    )
    assert bottom / SCREEN <= MOST_SCREENS


CUT = """() => [...document.querySelectorAll("th, td")].filter((cell) => cell.offsetParent).flatMap((cell) => {
    const cut = [], walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        for (const word of walk.currentNode.textContent.matchAll(/[A-Za-z]{4,}/g)) {
            const range = document.createRange();
            range.setStart(walk.currentNode, word.index);
            range.setEnd(walk.currentNode, word.index + word[0].length);
            const boxes = [...range.getClientRects()].filter((box) => box.width);
            if (new Set(boxes.map((box) => Math.round(box.top))).size > 1) cut.push(word[0]);
        }
    }
    return cut;
})"""
"""Words of tables that run over two lines."""


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_no_word_of_a_table_is_cut(unfolded: Page, width: int) -> None:
    """Columns yield to words, then type to columns; 'sequestrati-on' was cut where a column beside had room."""
    for language in ("zh", "en"):
        assert laid_out(unfolded, width, language).evaluate(CUT) == []


def click_parcel(page: Page, column: int, row: int) -> None:
    """Click in the middle of a parcel, counted from the lower left corner, on the left map."""
    frame = page.locator(".ex-map").first
    frame.scroll_into_view_if_needed()
    at = page.evaluate(
        """([x, y]) => {
            const pane = document.querySelector('.ex-map');
            const image = pane.querySelector('.leaflet-image-layer').getBoundingClientRect();
            const box = pane.getBoundingClientRect();
            return [image.left - box.left + image.width * x, image.top - box.top + image.height * (1 - y)];
        }""",
        [(column + 0.5) / 4, (row + 0.5) / 4],
    )
    frame.click(position={"x": at[0], "y": at[1]})


def choose(page: Page, layer: str) -> None:
    page.locator(".ex-bar select").first.select_option(value=layer)


def test_layers_are_listed_under_their_chapters(page: Page) -> None:
    groups = page.locator(".ex-bar select").first.locator("optgroup")
    titles = groups.evaluate_all("(groups) => groups.map((group) => group.label)")
    assert len(titles) == len(set(titles)) > 1
    page.click("[data-set-lang=en]")
    named = {
        str(label): set(layers)
        for label, layers in groups.evaluate_all(
            "(groups) => groups.map((group) => [group.label, [...group.children].map((option) => option.value)])"
        )
    }
    assert "max_depth@p50" in named["Resilience: floods and heat"]
    assert "land_use" in named["The place"]


def test_a_click_on_a_parcel_tells_its_controls_and_why_it_fails(page: Page) -> None:
    choose(page, "max_depth@p50")
    click_parcel(page, 3, 0)
    told = page.locator(".ex-detail")
    for words in ("嘉南-03", "高于限值", "✕ 1.375 / 1.25"):
        expect(told).to_contain_text(words, use_inner_text=True)
    click_parcel(page, 0, 1)
    expect(told).to_contain_text("嘉南-04", use_inner_text=True)


def test_layers_alternatives_and_opacity_change_the_map(page: Page) -> None:
    left, right = page.locator(".ex-map").nth(0), page.locator(".ex-map").nth(1)
    choose(page, "max_depth@p50")
    images = [pane.locator(".leaflet-image-layer").get_attribute("src") for pane in (left, right)]
    assert images[0] != images[1]
    page.locator(".ex-pane select").nth(1).select_option(value="as_is")
    expect(right.locator(".leaflet-image-layer")).to_have_attribute("src", str(images[0]))
    page.locator(".ex-bar input[type=range]").fill("30")
    expect(left.locator(".leaflet-image-layer")).to_have_attribute("style", re.compile("opacity: 0.3"))
    expect(page.locator(".ex-legend")).to_contain_text("≥ 2")
    choose(page, "land_use")
    expect(left.locator(".leaflet-image-layer")).to_have_count(0)
    expect(page.locator(".ex-legend")).to_contain_text("1401")


def test_both_maps_move_together_and_the_scale_bar_is_in_metres(page: Page) -> None:
    choose(page, "max_depth@p50")
    lines = page.locator(".explorer .leaflet-control-scale-line")
    before = lines.all_inner_texts()
    page.locator(".explorer .leaflet-control-zoom-in").first.click()
    expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)
    eventually(lambda: lines.all_inner_texts() != before and len(set(lines.all_inner_texts())) == 1, page)
    assert lines.first.inner_text().endswith(" m")

    def true() -> bool:
        """The bar stands beside the picture, both as wide as they say, once the map is at rest."""
        image = page.locator(".ex-map .leaflet-image-layer").first.bounding_box()
        bar, metres = lines.first.bounding_box(), float(lines.first.inner_text().split()[0])
        assert image is not None
        assert bar is not None
        return bool(bar["width"] / image["width"] == pytest.approx(metres / 400.0, rel=0.03))

    eventually(true, page)


def test_side_by_side_can_be_left(page: Page) -> None:
    page.get_by_role("button", name="并排比较").click()
    expect(page.locator(".ex-pane").nth(1)).to_be_hidden()
    page.get_by_role("button", name="并排比较").click()
    expect(page.locator(".ex-pane").nth(1)).to_be_visible()


def test_print_leaves_the_controls_out(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator(".explorer")).to_be_hidden()
    expect(page.locator("#first-page")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1024, 1280, 1440, 1920])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_cut_or_scrolls_sideways_at_any_width(unfolded: Page, width: int, language: str) -> None:
    page = laid_out(unfolded, width, language)
    page.locator(".ex-bar select").nth(1).select_option(index=3)
    page.evaluate(SETTLED)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter((each) => each.scrollWidth > each.clientWidth + 1)"
        ".map((each) => each.innerText.slice(0, 40))"
    )
    assert cut == []
    panel, inside = (page.locator(name).bounding_box() for name in (".ex-detail", ".explorer"))
    assert panel is not None
    assert inside is not None
    assert panel["x"] + panel["width"] <= inside["x"] + inside["width"] + 1


BROKEN = """() => {
  const range = document.createRange(), broken = [];
  document.querySelectorAll("table:not(.tight):not(.cards) thead th").forEach((head) => {
    const texts = document.createTreeWalker(head, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      if (!text.parentElement.offsetParent) continue;
      for (const word of text.data.matchAll(/[A-Za-z]+/g)) {
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((each) => Math.round(each.top))).size > 1) broken.push(word[0]);
      }
    }
  });
  return broken;
}"""
"""Words of tables' heads that stand on two lines: only tables in tight type may break them."""


def test_charts_keep_the_size_of_their_letters_on_a_phone(unfolded: Page) -> None:
    page = laid_out(unfolded, 390, "en")
    small = page.locator("figure:not(.sheet, .table) > button.picture > img").evaluate_all(
        "(all) => all.filter((each) => each.offsetParent && each.clientWidth < Math.min(640, each.naturalWidth / 2))"
        ".map((each) => each.alt)"
    )
    assert small == [], "letters of nine points are five pixels high on a chart as wide as a phone"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [1024, 1440])
def test_words_of_heads_are_not_broken(unfolded: Page, width: int) -> None:
    assert laid_out(unfolded, width, "en").evaluate(BROKEN) == []


def test_a_phone_shows_each_row_as_a_card_with_its_heads(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    table = page.locator("#first-page table.cards", has=page.locator("thead th", has_text="地块")).first
    cells = table.locator("tbody tr").first.locator("th, td")
    heads = table.locator("thead th").all_text_contents()
    assert cells.count() == len(heads) > 3
    expect(cells.nth(1)).to_have_attribute("data-label", "突破的限值")
    page.click("[data-set-lang=en]")
    expect(cells.nth(1)).to_have_attribute("data-label", "Limit breached")


def test_a_parcel_is_chosen_by_keyboard(page: Page) -> None:
    parcels = page.locator(".ex-bar select").nth(1)
    assert parcels.locator("option").count() == 17
    parcels.focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(page.locator(".ex-detail")).to_contain_text("嘉南-03", use_inner_text=True)


def test_a_row_leads_to_its_parcel_on_the_map_and_back(page: Page) -> None:
    link = page.locator("#first-page [data-place=P003]").first
    link.click()
    expect(page.locator(".ex-detail h4")).to_contain_text("嘉南-03")
    expect(page.locator(".ex-detail h4")).to_be_in_viewport()
    back = page.locator(".ex-rows a")
    assert back.count() == page.locator("[data-place=P003]").count() > 1
    back.last.click()
    found = page.locator("tr.found")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("嘉南-03")
    expect(found).to_be_visible()


def test_tables_are_sorted_and_filtered(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    figure = page.locator("figure.table", has=page.locator("label.filter")).first
    rows = figure.locator("tbody tr:visible")
    total = rows.count()
    sought = rows.nth(2).locator("td").first.inner_text()[:4]
    figure.locator("label.filter input").fill(sought)
    expect(rows.filter(has_not_text=sought)).to_have_count(0)
    assert 0 < rows.count() <= total
    figure.locator("label.filter input").fill("")
    expect(rows).to_have_count(total)
    head = figure.locator("thead th").first
    for order in ("ascending", "descending"):
        head.locator("button").click()
        expect(head).to_have_attribute("aria-sort", order)
    first = [text.split("\t")[0] for text in rows.all_inner_texts()]
    amounts = [float(text.replace(",", "")) for text in first if text.replace(",", "").replace(".", "").isdigit()]
    assert amounts == sorted(amounts, reverse=True)


def test_an_appendix_is_opened_by_its_link_and_for_print(page: Page) -> None:
    link = page.locator("main a[href^='#appendix-']").first
    target = page.locator(str(link.get_attribute("href")))
    inner = target.locator("details > *").nth(1)
    assert not inner.is_visible()
    link.click()
    expect(inner).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("details:not([open])")).to_have_count(0)


def test_pictures_say_what_is_seen_and_grow_at_a_click(page: Page) -> None:
    texts = page.locator("figure img").evaluate_all("(all) => all.map((each) => each.alt)")
    assert [text for text in texts if not any(sign.isdigit() for sign in text)] == [], "an alt text holds values"
    button = page.locator("#first-page button.picture:visible").first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def test_a_phone_shows_one_map_and_the_whole_town_on_it(tab: Page, report: Path) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(report.as_uri())
    tab.wait_for_selector("[data-ready=yes]")
    expect(tab.locator(".ex-pane").nth(1)).to_be_hidden()
    expect(tab.locator(".ex-pane .leaflet-control-scale-line").first).to_have_text(re.compile("^(50|100|200) m$"))
    shown = tab.locator("figure.sheet .panel button.picture:visible").first
    expect(tab.locator(".tap:visible").first).to_have_text("点按地图可放大，再点按还原", use_inner_text=True)
    for least, most in ((700, 900), (200, 390)):
        shown.click()
        assert least <= shown.locator("img").evaluate("(at) => at.getBoundingClientRect().width") <= most
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.get_by_role("button", name="并排比较").click()
    bars = tab.locator(".explorer .leaflet-control-scale-line")
    expect(bars).to_have_count(2)
    eventually(lambda: len(set(bars.all_inner_texts())) == 1, tab)
