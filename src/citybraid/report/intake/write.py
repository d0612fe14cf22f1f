"""The intake report of a check: page, document, workbook, record and problems to open in QGIS."""

import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from citybraid.core.errors import StoreError
from citybraid.core.var import Tick
from citybraid.report.chapter import Chapter, Figure, words
from citybraid.report.document import write_document
from citybraid.report.drawing.rendering import FigureRenderer, RenderedFigure, RenderedFigures
from citybraid.report.drawing.units import System
from citybraid.report.exports.problems import write_problems
from citybraid.report.intake.chapters import chapters
from citybraid.report.intake.contents import IntakeReport
from citybraid.report.intake.record import record_of
from citybraid.report.page import Cover, write_page
from citybraid.report.view import LANGUAGES
from citybraid.report.workbook import write_workbook

PROBLEMS = "problems.gpkg"
BOOK = "intake"


def write_intake(
    report: IntakeReport,
    out: Path,
    *,
    languages: Sequence[str] = LANGUAGES,
    system: System = "hectare",
    tick: Tick = lambda _: None,
) -> tuple[Path, ...]:
    """Write a check's report into a folder and return its files, the page first.

    `intake.html` (all languages), `intake.<language>.docx` and `.xlsx`, `intake.json`, and
    `problems.gpkg` where there are problems. Files are written to a temporary folder and
    moved into place when complete, so that a cancelled report leaves the earlier one unchanged.

    Raises:
        StoreError: the folder cannot be written to.
    """
    draft = out.parent / f".{uuid.uuid4().hex}.part"
    try:
        draft.mkdir(parents=True)
        paths = _write(report, draft, languages, system, tick)
        out.mkdir(parents=True, exist_ok=True)
        for path in paths:
            path.replace(out / path.name)
        if not report.problems:
            (out / PROBLEMS).unlink(missing_ok=True)
    except OSError as fault:
        raise StoreError("run.unwritable", folder=out.name, why=fault.strerror or str(fault)) from fault
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return tuple(out / path.name for path in paths)


def _write(report: IntakeReport, draft: Path, languages: Sequence[str], system: System, tick: Tick) -> list[Path]:
    all_chapters = chapters(report)
    cover = Cover(report.title, words("intake_report.subtitle", crs=report.crs), report.synthetic,
                  kind=words("intake_report.kind_of_report"), book=BOOK)  # fmt: skip
    plates = _draw(all_chapters, draft, languages)
    tick(0.4)
    paths = [write_page(draft / f"{BOOK}.html", all_chapters, cover=cover, plates=plates, languages=languages,
                       system=system)]  # fmt: skip
    tick(0.6)
    for language in languages:
        paths.append(write_document(draft / f"{BOOK}.{language}.docx", all_chapters, cover=cover, plates=plates,
                                   language=language, system=system))  # fmt: skip
        book = draft / f"{BOOK}.{language}.xlsx"
        paths.append(write_workbook(book, all_chapters, cover=cover, language=language, system=system))
    tick(0.9)
    record = draft / f"{BOOK}.json"
    record.write_text(record_of(report).model_dump_json(indent=1), encoding="utf-8", newline="\n")
    paths.append(record)
    if report.problems:
        paths.append(write_problems(report.problems, draft / PROBLEMS, report.crs))
    tick(1.0)
    return paths


def _draw(all_chapters: Sequence[Chapter], draft: Path, languages: Sequence[str]) -> RenderedFigures:
    """Draw the figures beside the report; only documents embed them, so the files are not kept."""
    plates: dict[tuple[str, str], RenderedFigure] = {}
    press = FigureRenderer()
    for figure in (block for chapter in all_chapters for block in chapter.blocks if isinstance(block, Figure)):
        for language in languages:
            path = draft / f"{figure.name}.{language}.png"
            plates[figure.name, language] = press.plate(
                figure.draw(language), path, paged=figure.paged, language=language
            )
    return plates
