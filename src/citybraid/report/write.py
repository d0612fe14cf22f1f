"""The whole report of a run: page, documents, workbooks, map sheets, and files for other programs."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from citybraid.core.errors import InputError
from citybraid.core.var import Tick
from citybraid.report.cartography import DPI
from citybraid.report.chapter import Chapter, Figure, Several, Words, found, words
from citybraid.report.document import write_document
from citybraid.report.exports.write import write_exports
from citybraid.report.page import Cover, write_page
from citybraid.report.units import System
from citybraid.report.view import LANGUAGES as KNOWN
from citybraid.report.view import View
from citybraid.report.workbook import write_workbook
from citybraid.study.run.run import Run

FIGURES, EXPORTS = 0.7, 0.15
"""Shares of the work: figures, then exports, then documents."""


def write_report(
    run: Run,
    out: Path,
    *,
    languages: Sequence[str] = KNOWN,
    tick: Tick = lambda _: None,
    system: System = "hectare",
    template: Path | None = None,
) -> tuple[Path, ...]:
    """Write the report of a run into a folder and return its files, the page first.

    `report.html` (all languages), `report.<language>.docx` and `.xlsx`, `maps/<language>/`,
    `gis/` and `cad/`. `system` says how areas and money are shown: si, hectare (公顷, 万元)
    or planning (亩, 万元). `template` is a bureau's own Word template.

    Raises:
        InputError: a language or unit system that there is none of.
    """
    _check(languages, system)
    view = View(run)
    chapters = [chapter for make in found() if (chapter := make(view)).blocks]
    out.mkdir(parents=True, exist_ok=True)
    pictures = _draw(chapters, out, languages, tick)
    exports = write_exports(view, out, lambda share: tick(FIGURES + EXPORTS * share))
    cover = Cover(view.title, _subtitle(view), run.synthetic)
    page = write_page(out / "report.html", chapters, cover=cover, pictures=pictures, languages=languages, system=system)
    books: list[Path] = []
    for language in languages:
        books.append(
            write_document(
                out / f"report.{language}.docx", chapters, cover=cover, pictures=pictures, language=language,
                system=system, template=template,
            )
        )  # fmt: skip
        books.append(
            write_workbook(out / f"report.{language}.xlsx", chapters, cover=cover, language=language, system=system)
        )
    tick(1.0)
    return (page, *books, *pictures.values(), *exports)


def _check(languages: Sequence[str], system: str) -> None:
    for language in languages:
        if language not in KNOWN:
            raise InputError("report.language", got=language, needs=KNOWN)
    if system not in get_args(System):
        raise InputError("report.system", got=system, needs=get_args(System))


def _draw(chapters: Sequence[Chapter], out: Path, languages: Sequence[str], tick: Tick) -> dict[tuple[str, str], Path]:
    figures = [block for chapter in chapters for block in chapter.blocks if isinstance(block, Figure)]
    pictures: dict[tuple[str, str], Path] = {}
    for language in languages:
        folder = out / "maps" / language
        folder.mkdir(parents=True, exist_ok=True)
        for figure in figures:
            path = folder / f"{figure.name}.png"
            figure.draw(language).savefig(path, dpi=DPI, pil_kwargs={"compress_level": 4})
            pictures[figure.name, language] = path
            tick(FIGURES * len(pictures) / (len(figures) * len(languages)))
    return pictures


def _subtitle(view: View) -> Words:
    names = Several(tuple(view.name(name) for name in view.run.alternatives), ", ")
    return words("report.subtitle", year=view.run.about["year"], count=len(view.run.alternatives), names=names)
