"""The report of a run: page, documents, workbooks, map sheets, and files for other programs."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

from citybraid.core.errors import InputError
from citybraid.core.var import Tick
from citybraid.report.annex.template_files import report_template
from citybraid.report.annex.templates import check_templates
from citybraid.report.annex.write import write_annex
from citybraid.report.atlas import write_atlas
from citybraid.report.chapter import Chapter, Figure, TextList, Words, chapter_functions, words
from citybraid.report.controls.block_sheets import write_block_sheets
from citybraid.report.document import write_document
from citybraid.report.drawing.rendering import FigureRenderer, RenderedFigure, RenderedFigures
from citybraid.report.drawing.units import System
from citybraid.report.exports.write import write_exports
from citybraid.report.page import Cover, write_page
from citybraid.report.report_record import LANGUAGES, SYSTEM, inputs_digest, write_record
from citybraid.report.view import LANGUAGES as KNOWN
from citybraid.report.view import View
from citybraid.report.workbook import write_workbook
from citybraid.study.run.run import Run

RARELY = 1_000_000
"""Garbage collection threshold while a report is written [objects]."""
YOUNG = 0
"""The generation of objects made since the last collection."""
IN_MEMORANDUM = frozenset({"first-page", "measures"})
"""Chapters whose figures stand in the annex's memorandum too."""
FIGURES, EXPORTS = 0.7, 0.15
"""Shares of the work: figures, then exports, then documents."""


def write_report(
    run: Run,
    out: Path,
    *,
    languages: Sequence[str] = LANGUAGES,
    tick: Tick = lambda _: None,
    system: System = SYSTEM,
    template: Path | None = None,
) -> tuple[Path, ...]:
    """Write the report of a run into a folder and return its files, the page first.

    `report.html` (all languages), `report.<language>.docx` and `.xlsx`, `maps/<language>/`,
    `atlas.<language>.pdf`, `control_sheets.<language>.docx`, `sheets/<language>/`, `annex/`, `gis/` and `cad/`; beside
    them the record of their inputs. `system` sets how areas and money are shown: si, hectare
    (公顷) or planning (亩), the latter two with money in ten thousands. `template` is a
    bureau's own Word template, by default `templates/report.docx` beside the study file where that is.

    Raises:
        InputError: an unknown language or unit system, or a template of the annex that cannot be used.
    """
    _check(languages, system)
    check_templates(run)
    template = template or report_template(run)
    with rare_collection():
        paths = _write(run, out, languages=languages, tick=tick, system=system, template=template)
    write_record(out, paths, inputs_digest(run, languages=languages, system=system, template=template))
    tick(1.0)
    return paths


def _write(
    run: Run, out: Path, *, languages: Sequence[str], tick: Tick, system: System, template: Path | None
) -> tuple[Path, ...]:
    view = View(run)
    chapters = [chapter for make in chapter_functions() if (chapter := make(view)).blocks]
    out.mkdir(parents=True, exist_ok=True)
    plates = _draw(chapters, out, languages, tick)
    exports = write_exports(view, out, lambda share: tick(FIGURES + EXPORTS * share))
    cover = Cover(view.title, _subtitle(view), run.synthetic)
    page = write_page(out / "report.html", chapters, cover=cover, plates=plates, languages=languages, system=system)
    books: list[Path] = []
    gc.collect(YOUNG)
    for language in languages:
        books.append(
            write_document(
                out / f"report.{language}.docx", chapters, cover=cover, plates=plates, language=language,
                system=system, template=template,
            )
        )  # fmt: skip
        books.append(
            write_workbook(out / f"report.{language}.xlsx", chapters, cover=cover, language=language, system=system)
        )
        gc.collect(YOUNG)
    atlas = write_atlas(view, out, languages)
    sheets = write_block_sheets(view, out, cover=cover, languages=languages, system=system, template=template)
    figures = [
        block for chapter in chapters for block in chapter.blocks
        if isinstance(block, Figure) and block.printed and not block.appendix and chapter.name in IN_MEMORANDUM
    ]  # fmt: skip
    annex = write_annex(view, out, languages=languages, system=system, figures=figures, plates=plates)
    return (page, *books, *sheets, *atlas, *annex, *(plate.path for plate in plates.values()), *exports)


@contextmanager
def rare_collection() -> Iterator[None]:
    """Collect garbage rarely: a report creates millions of objects with hardly any reference cycles."""
    usual = gc.get_threshold()
    gc.set_threshold(RARELY, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _check(languages: Sequence[str], system: str) -> None:
    for language in languages:
        if language not in KNOWN:
            raise InputError("report.language", got=language, needs=KNOWN)
    if system not in get_args(System):
        raise InputError("report.system", got=system, needs=get_args(System))


def _draw(chapters: Sequence[Chapter], out: Path, languages: Sequence[str], tick: Tick) -> RenderedFigures:
    """Draw every figure in every language, figure by figure, so that its map is drawn once for all languages."""
    figures = [block for chapter in chapters for block in chapter.blocks if isinstance(block, Figure)]
    plates: dict[tuple[str, str], RenderedFigure] = {}
    press = FigureRenderer()
    for language in languages:
        (out / "maps" / language).mkdir(parents=True, exist_ok=True)
    for figure in figures:
        for language in languages:
            path = out / "maps" / language / f"{figure.name}.png"
            plates[figure.name, language] = press.plate(
                figure.draw(language), path, paged=figure.paged, language=language
            )
            tick(FIGURES * len(plates) / (len(figures) * len(languages)))
        press.release()
        gc.collect(YOUNG)  # A figure is full of cycles, and holds its pixels.
    return plates


def _subtitle(view: View) -> Words:
    names = TextList(tuple(view.name(name) for name in view.run.alternatives), ", ")
    return words("report.subtitle", year=view.run.about.year, count=len(view.run.alternatives), names=names)
