"""Every text that a page names is a row of the catalogue."""

import re
from pathlib import Path

import pytest

from citybraid.core.text import known

PAGES = Path(__file__).parents[2] / "web" / "src"
NAMED = re.compile(r"""\bt\(\s*["']([a-z][a-z_0-9.]*)["']""")


@pytest.mark.parametrize("room", ["components", "pages"])
def test_texts_of_pages_exist(room: str) -> None:
    files = [path for path in (PAGES / room).rglob("*.tsx") if ".test." not in path.name]
    named = {(path.name, name) for path in files for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > len(files), "texts are found"
    assert sorted((file, name) for file, name in named if not known(f"web.{name}")) == []


def test_no_page_shows_what_speaks_the_browsers_language() -> None:
    """A browser's own button for files says "Choose file" in its language, its own questions "Cancel"."""
    files = [path for path in PAGES.rglob("*.tsx") if 'type="file"' in path.read_text(encoding="utf-8")]
    assert files
    for path in files:
        for tag in re.findall(r"<input\b[^>]*type=\"file\"[^>]*", path.read_text(encoding="utf-8")):
            assert 'class="hidden"' in tag, path.name
    asking = re.compile(r"(?<![\w.])(?:window\.)?(?:alert|confirm|prompt)\(")
    assert [path.name for path in PAGES.rglob("*.ts*") if asking.search(path.read_text(encoding="utf-8"))] == []
