"""The how-to's picture: the intake page of a check, in both languages, as a browser shows it.

citybraid new demo --from jiaxing-hsr
citybraid check demo/study.toml
python docs/intake_picture.py demo/intake/intake.html
"""

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

WIDTH, SHOWN = 1120, 900
"""Width of the window, and of the picture made of it [pixel]."""
BELOW = 14
"""How far below the map the picture goes [pixel]."""
COLOURS = 160
IMAGES = Path(__file__).parent / "images"


def picture(tab: Page, language: str) -> Image.Image:
    """Return the page from its title to below the map of problems, its first problem picked, in few colours."""
    tab.click(f"[data-set-lang={language}]")
    tab.locator(".pm-side ol button").first.click()
    tab.get_by_role("button", name={"en": "Whole area", "zh": "全图"}[language]).click()
    tab.wait_for_timeout(600)
    box = tab.locator(".problems").bounding_box()
    if box is None:
        message = "the page has no map of problems"
        raise SystemExit(message)
    shot = tab.screenshot(full_page=True)
    whole = Image.open(io.BytesIO(shot)).convert("RGB")
    cut = whole.crop((0, 0, whole.width, int(tab.evaluate("window.scrollY") + box["y"] + box["height"] + BELOW)))
    small = cut.resize((SHOWN, round(cut.height * SHOWN / cut.width)), Image.Resampling.LANCZOS)
    return small.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, kmeans=1, dither=Image.Dither.NONE)


def main(page: Path) -> None:
    """Write the picture in both languages."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": WIDTH, "height": 1000})
        tab.goto(page.resolve().as_uri())
        tab.wait_for_selector("[data-problems][data-ready=yes]")
        for language, name in (("en", "intake.png"), ("zh", "intake.zh.png")):
            picture(tab, language).save(IMAGES / name, optimize=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
