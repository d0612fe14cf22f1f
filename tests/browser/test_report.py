"""The page in a real Chromium, from a file, without a network: map, languages, click, print."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import ALONE, Seen
from tests.written import Written

pytestmark = ALONE
SCREEN, MOST_SCREENS = 900, 20
"""Height of a screen of 1440 x 900 [px], and screens that the body may take."""


@pytest.fixture(scope="module")
def report(town_report: Written) -> Path:
    return town_report.folder / "report.html"


@pytest.fixture
def page(browser: Browser, report: Path, seen: Seen) -> Iterator[Page]:
    tab = browser.new_page(viewport={"width": 1240, "height": 1400})
    tab.on("console", lambda message: seen.complaints.append(message.text))
    tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
    tab.on("request", lambda request: seen.fetched.append(request.url))
    tab.goto(report.as_uri())
    tab.wait_for_selector("[data-ready=yes]")
    yield tab
    tab.close()


def test_the_page_works_from_a_file_and_fetches_nothing(page: Page, seen: Seen) -> None:
    assert page.locator("[data-map]").count() == 1
    assert seen.complaints == []
    fetched = [url for url in seen.fetched if not url.startswith("data:")]
    assert [url.rsplit("/", 1)[-1] for url in fetched] == ["report.html"]


def test_one_language_is_shown_at_a_time(page: Page) -> None:
    assert page.locator("h1").inner_text() == "示范新城 & <测试>"
    page.click("[data-set-lang=en]")
    assert page.locator("h1").inner_text() == "A made town & <test>"
    assert page.title() == "A made town & <test>"
    assert page.locator(".ex-bar").inner_text().startswith("Layer")
    assert page.locator("[data-set-lang=en]").get_attribute("aria-pressed") == "true"


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


def test_a_click_on_a_parcel_tells_its_controls_and_why_it_fails(page: Page) -> None:
    choose(page, "max_depth@p50")
    click_parcel(page, 3, 0)
    told = page.locator(".ex-detail").inner_text()
    assert "嘉南-03" in told
    assert "高于限值" in told
    assert "✕ 1.375 / 1.25" in told
    click_parcel(page, 0, 1)
    assert "嘉南-04" in page.locator(".ex-detail").inner_text()


def test_layers_alternatives_and_opacity_change_the_map(page: Page) -> None:
    left, right = page.locator(".ex-map").nth(0), page.locator(".ex-map").nth(1)
    choose(page, "max_depth@p50")
    images = [pane.locator(".leaflet-image-layer").get_attribute("src") for pane in (left, right)]
    assert images[0] != images[1]
    page.locator(".ex-pane select").nth(1).select_option(value="as_is")
    assert right.locator(".leaflet-image-layer").get_attribute("src") == images[0]
    page.locator(".ex-bar input[type=range]").fill("30")
    style = left.locator(".leaflet-image-layer").get_attribute("style")
    assert style is not None
    assert "opacity: 0.3" in style
    assert "≥ 2" in page.locator(".ex-legend").inner_text()
    choose(page, "land_use")
    assert left.locator(".leaflet-image-layer").count() == 0
    assert "1401" in page.locator(".ex-legend").inner_text()


def test_both_maps_move_together_and_the_scale_bar_is_in_metres(page: Page) -> None:
    choose(page, "max_depth@p50")
    page.locator(".explorer .leaflet-control-zoom-in").first.click()
    page.wait_for_timeout(400)
    bars = page.locator(".explorer .leaflet-control-scale-line").all_inner_texts()
    assert len(set(bars)) == 1
    assert bars[0].endswith(" m")
    metres = float(bars[0].split()[0])
    image = page.locator(".ex-map .leaflet-image-layer").first.bounding_box()
    bar = page.locator(".explorer .leaflet-control-scale-line").first.bounding_box()
    assert image is not None
    assert bar is not None
    assert bar["width"] / image["width"] == pytest.approx(metres / 400.0, rel=0.03)


def test_side_by_side_can_be_left(page: Page) -> None:
    page.get_by_role("button", name="并排比较").click()
    assert not page.locator(".ex-pane").nth(1).is_visible()
    page.get_by_role("button", name="并排比较").click()
    assert page.locator(".ex-pane").nth(1).is_visible()


def test_print_leaves_the_controls_out(page: Page) -> None:
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert not page.locator(".explorer").is_visible()
    assert page.locator("#first-page").is_visible()


@pytest.mark.parametrize("width", [390, 1024, 1280, 1440, 1920])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_cut_or_scrolls_sideways_at_any_width(page: Page, width: int, language: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.click(f"[data-set-lang={language}]")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.locator(".ex-bar select").nth(1).select_option(index=3)
    page.wait_for_timeout(200)
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


@pytest.mark.parametrize("width", [1024, 1440])
def test_words_of_heads_are_not_broken(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.click("[data-set-lang=en]")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.wait_for_timeout(200)
    assert page.evaluate(BROKEN) == []


def test_a_phone_shows_each_row_as_a_card_with_its_heads(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(200)
    table = page.locator("#first-page table.cards", has=page.locator("thead th", has_text="地块")).first
    cells = table.locator("tbody tr").first.locator("th, td")
    heads = table.locator("thead th").all_text_contents()
    assert cells.count() == len(heads) > 3
    assert cells.nth(1).get_attribute("data-label") == "突破的限值"
    page.click("[data-set-lang=en]")
    page.wait_for_timeout(100)
    assert cells.nth(1).get_attribute("data-label") == "Limit breached"


def test_a_parcel_is_chosen_by_keyboard(page: Page) -> None:
    parcels = page.locator(".ex-bar select").nth(1)
    assert parcels.locator("option").count() == 17
    parcels.focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    assert "嘉南-03" in page.locator(".ex-detail").inner_text()


def test_a_row_leads_to_its_parcel_on_the_map_and_back(page: Page) -> None:
    link = page.locator("#first-page [data-place=P003]").first
    link.click()
    assert "嘉南-03" in page.locator(".ex-detail h4").inner_text()
    expect(page.locator(".ex-detail h4")).to_be_in_viewport()
    back = page.locator(".ex-rows a")
    assert back.count() == page.locator("[data-place=P003]").count() > 1
    back.last.click()
    found = page.locator("tr.found")
    assert found.count() == 1
    assert "嘉南-03" in found.inner_text()
    assert found.is_visible()


def test_tables_are_sorted_and_filtered(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    figure = page.locator("figure.table", has=page.locator("label.filter")).first
    rows = figure.locator("tbody tr:visible")
    total = rows.count()
    sought = rows.nth(2).locator("td").first.inner_text()[:4]
    figure.locator("label.filter input").fill(sought)
    assert 0 < rows.count() <= total
    assert all(sought in text for text in rows.all_inner_texts())
    figure.locator("label.filter input").fill("")
    assert rows.count() == total
    head = figure.locator("thead th").first
    for order in ("ascending", "descending"):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == order
    first = [text.split("\t")[0] for text in rows.all_inner_texts()]
    amounts = [float(text.replace(",", "")) for text in first if text.replace(",", "").replace(".", "").isdigit()]
    assert amounts == sorted(amounts, reverse=True)


def test_an_appendix_is_opened_by_its_link_and_for_print(page: Page) -> None:
    link = page.locator("main a[href^='#appendix-']").first
    target = page.locator(str(link.get_attribute("href")))
    inner = target.locator("details > *").nth(1)
    assert not inner.is_visible()
    link.click()
    page.wait_for_timeout(200)
    assert inner.is_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0


def test_pictures_say_what_is_seen_and_grow_at_a_click(page: Page) -> None:
    texts = page.locator("figure img").evaluate_all("(all) => all.map((each) => each.alt)")
    assert [text for text in texts if not any(sign.isdigit() for sign in text)] == [], "an alt text holds values"
    button = page.locator("#first-page button.picture:visible").first
    button.click()
    assert button.get_attribute("aria-pressed") == "true"


def test_a_phone_shows_one_map_and_the_whole_town_on_it(browser: Browser, report: Path) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    tab.goto(report.as_uri())
    tab.wait_for_selector("[data-ready=yes]")
    assert not tab.locator(".ex-pane").nth(1).is_visible()
    assert tab.locator(".ex-pane .leaflet-control-scale-line").first.inner_text() in ("50 m", "100 m", "200 m")
    tab.get_by_role("button", name="并排比较").click()
    bars = tab.locator(".explorer .leaflet-control-scale-line").all_inner_texts()
    assert len(bars) == 2
    assert len(set(bars)) == 1
    tab.close()
