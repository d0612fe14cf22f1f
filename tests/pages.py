"""The page of a report alone, for tests of what it says: figures, documents and workbooks take most of its time."""

import tempfile
from dataclasses import replace
from pathlib import Path

from matplotlib.text import Text

from citybraid.report.chapter import Figure, chapter_functions
from citybraid.report.page import Cover, write_page
from citybraid.report.report_record import LANGUAGES
from citybraid.report.view import View
from citybraid.study.run.run import Run


def words_on(run: Run, name: str, language: str) -> list[str]:
    """Return the words that are drawn on a figure of a run's report, by the figure's name."""
    view = View(run)
    blocks = [block for make in chapter_functions() for block in make(view).blocks]
    (figure,) = (block for block in blocks if isinstance(block, Figure) and block.name == name)
    return [" ".join(each.get_text().split()) for each in figure.draw(language).findobj(Text)]


def page_of(run: Run) -> str:
    """Return the page of a run's report in all languages, with every chapter and no figure."""
    view = View(run)
    chapters = [chapter for make in chapter_functions() if (chapter := make(view)).blocks]
    unillustrated = [
        replace(chapter, blocks=[block for block in chapter.blocks if not isinstance(block, Figure)])
        for chapter in chapters
    ]
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        path = write_page(
            Path(folder) / "report.html", unillustrated, cover=Cover(view.title, view.title, run.synthetic), plates={},
            languages=LANGUAGES, system="si",
        )  # fmt: skip
        return path.read_text("utf-8")
