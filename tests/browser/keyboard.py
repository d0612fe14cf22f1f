"""A page used by keyboard alone, as a person does: Tab until the thing is reached, then its keys.

What is reached must be seen to be so: in view, uncovered, and with the outline of the focus (WCAG 2.2: 2.1.1, 2.1.2,
2.4.7, 2.4.11).
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Locator, Page, expect
from playwright.sync_api import TimeoutError as OutOfTime

MOST = 400
"""Steps after which something counts as not reached."""
PRESSES, SOON = 8, 30_000
"""How often a dialog of files is asked for, and how long each is waited for [ms]."""
SEEN = """at => {
    const box = at.getBoundingClientRect(), style = getComputedStyle(at), faults = [];
    const wide = box.width > 400 && box.height > 200;
    const x = Math.max(0, box.left) + (wide ? box.width : Math.min(box.width, 40)) / 2;
    const y = box.top + (wide ? box.height : Math.min(box.height, 20)) / 2;
    const above = document.elementFromPoint(x, y);
    if (parseFloat(style.outlineWidth) < 2 || style.outlineStyle === "none") faults.push(`outline ${style.outline}`);
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) faults.push("unseen");
    else if (above && !at.contains(above) && !above.contains(at)) faults.push(`under ${above.outerHTML.slice(0, 80)}`);
    return faults;
}"""
FOCUSED = "at => at === document.activeElement"
FOCUS = "document.activeElement.id"
AHEAD = """(at, back) => {
    const stop = each => each.tabIndex >= 0 && !each.matches(":disabled")
        && each.checkVisibility({visibilityProperty: true}) && (each === at || each.type !== "radio" || each.checked);
    const modal = [...document.querySelectorAll("dialog:modal")].pop() ?? document;
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
    const stops = [...modal.querySelectorAll(kinds)].filter(stop);
    const from = stops.indexOf(document.activeElement), to = stops.indexOf(at);
    if (from < 0 || to < 0) return 1;
    if (back) return from > to ? from - to : from;
    return to > from ? to - from : stops.length - 1 - from;
}"""
"""How many steps lie before the wanted, or before the end of the page where it lies behind."""
HELD = "at => at.tabIndex < 0 && at.closest('[data-stops]') !== null"
"""Whether the wanted is one of a list or table that is one stop of the Tab key."""
STEP = """at => {
    const row = each => each.closest("tr, li, article") ?? each, now = document.activeElement;
    const after = now.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (row(now) !== row(at)) return after ? "ArrowDown" : "ArrowUp";
    return after ? "ArrowRight" : "ArrowLeft";
}"""
"""The arrow key that leads from the focus towards the wanted within such a list."""


class Keys:
    """The keyboard of a page; nothing here uses a mouse or touches the page's own code."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, wanted: Locator, *, back: bool = False) -> Locator:
        """Move the focus to something that can be used; `back` goes up the page.

        Where the focus is, is looked at near the wanted only: to find an element by its name costs more than a key.
        """
        wanted = wanted.first
        expect(wanted).to_be_enabled()
        if wanted.evaluate(HELD) and not wanted.evaluate(FOCUSED):
            return self._reach_within(wanted, back=back)
        steps = 0
        while steps < MOST:
            if wanted.count() and wanted.evaluate(FOCUSED):
                faults = wanted.evaluate(SEEN)
                assert faults == [], f"{wanted}: {faults}"
                return wanted
            ahead = wanted.evaluate(AHEAD, back) if wanted.count() else 1
            for _ in range(max(1, ahead - 1)):
                self.page.keyboard.press("Shift+Tab" if back else "Tab")
                steps += 1
        pytest.fail(f"{wanted} is not reached by Tab")

    def _reach_within(self, wanted: Locator, *, back: bool) -> Locator:
        """Reach the one stop of a list or table by Tab, and go on from there by the arrow keys."""
        holder = wanted.locator("xpath=ancestor::*[@data-stops][1]")
        self.reach(holder.locator(":is(a, button, summary, input)[tabindex='0']"), back=back)
        for _ in range(MOST):
            if wanted.evaluate(FOCUSED):
                faults = wanted.evaluate(SEEN)
                assert faults == [], f"{wanted}: {faults}"
                return wanted
            self.page.keyboard.press(wanted.evaluate(STEP))
        pytest.fail(f"{wanted} is not reached by arrow keys")

    def press(self, wanted: Locator, key: str = "Enter", *, back: bool = False) -> None:
        """Press a button, a link or a summary."""
        self.reach(wanted, back=back)
        self.page.keyboard.press(key)

    def set(self, box: Locator, *, on: bool = True) -> None:
        """Tick a box, or take its tick away."""
        self.reach(box)
        if box.is_checked() != on:
            self.page.keyboard.press("Space")
        expect(box).to_be_checked(checked=on)

    def write(self, field: Locator, text: str) -> None:
        """Write into a field in place of what stands there."""
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        expect(field).to_have_value(text)

    def choose(self, choice: Locator, value: str) -> None:
        """Choose from a list by the arrow keys."""
        self.reach(choice)
        expect(choice.locator(f"option[value={json.dumps(value)}]:not(:disabled)")).to_have_count(1)
        values: list[str] = choice.evaluate(
            "at => [...at.options].filter(each => !each.disabled).map(each => each.value)"
        )
        step = values.index(value) - values.index(choice.input_value())
        for _ in range(abs(step)):
            self.page.keyboard.press("ArrowDown" if step > 0 else "ArrowUp")
        expect(choice).to_have_value(value)

    def tab(self, name: str) -> None:
        """Show one of the parts of a page by the arrow keys, each pressed once the one before has moved the focus."""
        wanted = self.page.get_by_role("tab", name=name)
        expect(wanted).to_be_visible()
        self.reach(self.page.locator("[role=tab][aria-selected=true]"), back=True)
        for _ in range(2 * self.page.get_by_role("tab").count()):
            if wanted.evaluate(FOCUSED):
                break
            before = self.page.evaluate(FOCUS)
            self.page.keyboard.press("ArrowRight")
            with suppress(OutOfTime):
                self.page.wait_for_function(f"before => {FOCUS} !== before", arg=before, timeout=SOON)
        expect(wanted).to_be_focused()
        expect(wanted).to_have_attribute("aria-selected", "true")

    def take(self, button: Locator, files: Path | list[Path]) -> None:
        """Open the system's own dialog of files by a button; the dialog is not the page's.

        A browser opens it for a key that was pressed within the last seconds alone, which a busy machine may miss.
        """
        for _ in range(PRESSES):
            self.reach(button)
            try:
                with self.page.expect_file_chooser(timeout=SOON) as asked:
                    self.page.keyboard.press("Enter")
                asked.value.set_files(files)
            except OutOfTime:
                continue
            return
        pytest.fail(f"{button} opens no dialog of files")

    def fetch(self, link: Locator) -> Download:
        """Take a file by its link."""
        self.reach(link)
        with self.page.expect_download() as taken:
            self.page.keyboard.press("Enter")
        return taken.value

    def page_of(self, name: str) -> None:
        """Go to another page by its link in the navigation, which Shift and Tab reach from anywhere."""
        self.press(self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True), back=True)


def role(page: Page, kind: Any, name: str) -> Locator:
    """Return what has a role and exactly a name."""
    return page.get_by_role(kind, name=name, exact=True)
