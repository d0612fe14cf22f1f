"""The report of a run: page, documents, workbooks, map sheets, and files for other programs."""

import errno
import gc
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple, get_args

from citybraid.core.errors import InputError
from citybraid.core.var import Tick
from citybraid.report.annex.template_files import report_template
from citybraid.report.annex.templates import check_templates
from citybraid.report.annex.write import write_annex
from citybraid.report.atlas import write_atlas
from citybraid.report.chapter import Chapter, Figure, TextList, Words, chapter_functions, in_words, words
from citybraid.report.controls.block_sheets import write_block_sheets
from citybraid.report.document import write_document
from citybraid.report.drawing.beside import Job, beside
from citybraid.report.drawing.rendering import FigureRenderer, RenderedFigure, RenderedFigures
from citybraid.report.drawing.units import SYSTEM, System
from citybraid.report.page import Cover, write_page
from citybraid.report.remarks.alike import merged
from citybraid.report.report_record import LANGUAGES, inputs_digest, write_record
from citybraid.report.view import LANGUAGES as KNOWN
from citybraid.report.view import View
from citybraid.report.workbook import write_workbook
from citybraid.study.run.run import Run

RARELY = 1_000_000
"""Garbage collection threshold while a report is written [objects]."""
YOUNG = 0
"""The generation of objects made since the last collection."""
FIGURES_HELD = 6
"""Figures drawn between two collections."""
IN_MEMORANDUM = frozenset({"first-page", "measures"})
"""Chapters whose figures stand in the annex's memorandum too."""
EXPORTS, FIGURES = 0.15, 0.7
"""Shares of the work: exports, then figures, then documents."""


def write_report(
    run: Run,
    out: Path,
    *,
    languages: Sequence[str] = LANGUAGES,
    tick: Tick = lambda _: None,
    system: System = SYSTEM,
    template: Path | None = None,
    elsewhere: bool = False,
) -> tuple[Path, ...]:
    """Write the report of a run into a folder and return its files, the page first.

    `report.html` (all languages), `report.<language>.docx` and `.xlsx`, `maps/<language>/`,
    `atlas.<language>.pdf`, `control_sheets.<language>.docx`, `sheets/<language>/`, `annex/`, `gis/` and `cad/`; beside
    them the record of their inputs. `system` sets how areas and money are shown: si, hectare
    (公顷) or planning (亩), the latter two with money in ten thousands. `template` is a
    bureau's own Word template, by default `templates/report.docx` beside the study file where that is. Files for
    other programs, figures and the annex are made in a second process where `elsewhere` is true: a copy of this one, of
    systems that have fork.

    Raises:
        InputError: an unknown language or unit system, or a template of the annex that cannot be used.
        OSError: what the system refuses, with the file or the folder; a folder that was new is removed again.
    """
    _check(languages, system)
    check_templates(run)
    template = template or report_template(run)
    with whole_or_nothing(out), rare_collection():
        paths = _write(run, out, languages=languages, tick=tick, system=system, template=template, elsewhere=elsewhere)
        write_record(out, paths, inputs_digest(run, languages=languages, system=system, template=template))
    tick(1.0)
    return paths


@contextmanager
def whole_or_nothing(out: Path) -> Iterator[None]:
    """Leave no part of a report in a folder that was new or empty; what the system refuses is told with the folder.

    Files of an earlier report stay, but without their record, so that the next call writes all of them again.
    """
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(out))
    fresh = not out.exists() or not any(out.iterdir())
    try:
        yield
    except BaseException as fault:
        if fresh:
            shutil.rmtree(out, ignore_errors=True)
        if isinstance(fault, OSError) and not isinstance(fault.filename, str):
            raise OSError(fault.errno or errno.EIO, fault.strerror or str(fault), str(out)) from fault
        raise


def _write(
    run: Run, out: Path, *, languages: Sequence[str], tick: Tick, system: System, template: Path | None,
    elsewhere: bool,
) -> tuple[Path, ...]:  # fmt: skip
    view = View(run)
    with beside([lambda: _exports(view, out)], elsewhere=elsewhere) as exported:
        chapters = [
            replace(chapter, blocks=merged(chapter.blocks))
            for make in chapter_functions()
            if (chapter := make(view)).blocks
        ]
        (exports,) = exported.results(lambda share: tick(EXPORTS * share))
    gc.freeze()  # The chapters live on: a collection would look at each of their objects.
    out.mkdir(parents=True, exist_ok=True)
    cover = Cover(view.title, _subtitle(view), run.synthetic)
    style = _Style(cover, languages, system, template)
    with beside(_drawings(chapters, out, languages), elsewhere=elsewhere) as drawn:
        workbooks = [
            write_workbook(out / f"report.{language}.xlsx", chapters, cover=cover, language=language, system=system)
            for language in languages
        ]
        atlas = write_atlas(view, out, languages)
        sheets = write_block_sheets(view, out, cover=cover, languages=languages, system=system, template=template)
        rendered = drawn.results(lambda share: tick(EXPORTS + FIGURES * share), helping=True)
    plates = {place: plate for each in rendered for place, plate in each}
    gc.collect(YOUNG)
    with beside([lambda: _annex(view, chapters, out, plates, style)], elsewhere=elsewhere) as made:
        page = write_page(out / "report.html", chapters, cover=cover, plates=plates, languages=languages, system=system)
        documents = _documents(chapters, out, plates, style)
        (annex,) = made.results()
    books = [path for pair in zip(documents, workbooks, strict=True) for path in pair]
    return (page, *books, *sheets, *atlas, *annex, *(plate.path for plate in plates.values()), *exports)


def _exports(view: View, out: Path) -> list[Path]:
    """Write the files for other programs; what writes them is imported by the process that does."""
    from citybraid.report.exports.write import write_exports

    return write_exports(view, out, lambda _: None)


_Drawn = tuple[tuple[str, str], RenderedFigure]
"""A figure in a language, by its name and the language."""


class _Style(NamedTuple):
    """How the parts of a report are written: cover, languages, units, and the template of documents."""

    cover: Cover
    languages: Sequence[str]
    system: System
    template: Path | None


def _documents(chapters: Sequence[Chapter], out: Path, plates: RenderedFigures, style: _Style) -> list[Path]:
    documents = []
    for language in style.languages:
        documents.append(
            write_document(
                out / f"report.{language}.docx", chapters, cover=style.cover, plates=plates, language=language,
                system=style.system, template=style.template,
            )
        )  # fmt: skip
        gc.collect(YOUNG)
    return documents


def _annex(
    view: View, chapters: Sequence[Chapter], out: Path, plates: RenderedFigures, style: _Style
) -> list[Path]:  # fmt: skip
    figures = [
        block for chapter in chapters for block in chapter.blocks
        if isinstance(block, Figure) and block.printed and not block.appendix and chapter.name in IN_MEMORANDUM
    ]  # fmt: skip
    return write_annex(
        view, out, languages=style.languages, system=style.system, figures=figures, plates=plates
    )  # fmt: skip


@contextmanager
def rare_collection() -> Iterator[None]:
    """Collect garbage rarely: a report creates millions of objects with hardly any reference cycles."""
    usual, frozen = gc.get_threshold(), gc.get_freeze_count()
    gc.set_threshold(RARELY, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        if not frozen:
            gc.unfreeze()


def _check(languages: Sequence[str], system: str) -> None:
    for language in languages:
        if language not in KNOWN:
            raise InputError("report.language", got=language, needs=KNOWN)
    if system not in get_args(System):
        raise InputError("report.system", got=system, needs=get_args(System))


def _drawings(chapters: Sequence[Chapter], out: Path, languages: Sequence[str]) -> list[Job[list[_Drawn]]]:
    """Return a job for every figure, which draws it in every language, so that its map is drawn once for all."""
    figures = [block for chapter in chapters for block in chapter.blocks if isinstance(block, Figure)]
    press, drawn = FigureRenderer(), count(1)
    for language in languages:
        (out / "maps" / language).mkdir(parents=True, exist_ok=True)

    def drawing(figure: Figure) -> list[_Drawn]:
        plates: list[_Drawn] = []
        for language in languages:
            path = out / "maps" / language / f"{figure.name}.png"
            plate = press.plate(
                figure.draw(language), path, paged=figure.paged, language=language, large=not figure.appendix,
                seen=in_words(figure.alt, language),
            )  # fmt: skip
            plates.append(((figure.name, language), plate))
        press.release()
        if next(drawn) % FIGURES_HELD == 0:
            gc.collect(YOUNG)  # A figure is full of cycles, and holds its pixels.
        return plates

    return [partial(drawing, figure) for figure in figures]


def _subtitle(view: View) -> Words:
    names = TextList(tuple(view.name(name) for name in view.run.alternatives), ", ")
    return words("report.subtitle", year=view.run.about.year, count=len(view.run.alternatives), names=names)
