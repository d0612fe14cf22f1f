"""The intake report of a check: page, document, workbook, record and problems to open in QGIS."""

import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from citybraid.core.errors import StoreError
from citybraid.core.var import Tick
from citybraid.report.chapter import Chapter, Figure, words
from citybraid.report.document import write_document
from citybraid.report.drawing.press import Plate, Plates, Press
from citybraid.report.drawing.units import System
from citybraid.report.exports.problems import write_problems
from citybraid.report.intake.chapters import chapters
from citybraid.report.intake.record import record_of
from citybraid.report.intake.told import Told
from citybraid.report.page import Cover, write_page
from citybraid.report.view import LANGUAGES
from citybraid.report.workbook import write_workbook

PROBLEMS = "problems.gpkg"
BOOK = "intake"


def write_intake(
    told: Told,
    out: Path,
    *,
    languages: Sequence[str] = LANGUAGES,
    system: System = "hectare",
    tick: Tick = lambda _: None,
) -> tuple[Path, ...]:
    """Write a check's report into a folder and return its files, the page first.

    `intake.html` (all languages), `intake.<language>.docx` and `.xlsx`, `intake.json`, and
    `problems.gpkg` where there are problems. Every file is made aside and put in its
    place whole, so that a report that is cancelled leaves the earlier one as it was.

    Raises:
        StoreError: the folder cannot be written to.
    """
    draft = out.parent / f".{uuid.uuid4().hex}.part"
    try:
        draft.mkdir(parents=True)
        made = _write(told, draft, languages, system, tick)
        out.mkdir(parents=True, exist_ok=True)
        for path in made:
            path.replace(out / path.name)
        if not told.problems:
            (out / PROBLEMS).unlink(missing_ok=True)
    except OSError as fault:
        raise StoreError("run.unwritable", folder=out.name, why=fault.strerror or str(fault)) from fault
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return tuple(out / path.name for path in made)


def _write(told: Told, draft: Path, languages: Sequence[str], system: System, tick: Tick) -> list[Path]:
    found = chapters(told)
    cover = Cover(told.title, words("intake_report.subtitle", crs=told.crs), told.synthetic,
                  kind=words("intake_report.kind_of_report"), book=BOOK)  # fmt: skip
    plates = _draw(found, draft, languages)
    tick(0.4)
    made = [write_page(draft / f"{BOOK}.html", found, cover=cover, plates=plates, languages=languages,
                       system=system)]  # fmt: skip
    tick(0.6)
    for language in languages:
        made.append(write_document(draft / f"{BOOK}.{language}.docx", found, cover=cover, plates=plates,
                                   language=language, system=system))  # fmt: skip
        book = draft / f"{BOOK}.{language}.xlsx"
        made.append(write_workbook(book, found, cover=cover, language=language, system=system))
    tick(0.9)
    record = draft / f"{BOOK}.json"
    record.write_text(record_of(told).model_dump_json(indent=1), encoding="utf-8", newline="\n")
    made.append(record)
    if told.problems:
        made.append(write_problems(told.problems, draft / PROBLEMS, told.crs))
    tick(1.0)
    return made


def _draw(found: Sequence[Chapter], draft: Path, languages: Sequence[str]) -> Plates:
    """Draw the figures beside the report; only documents hold them, so they are not kept."""
    plates: dict[tuple[str, str], Plate] = {}
    press = Press()
    for figure in (block for chapter in found for block in chapter.blocks if isinstance(block, Figure)):
        for language in languages:
            path = draft / f"{figure.name}.{language}.png"
            plates[figure.name, language] = press.plate(figure.draw(language), path, paged=figure.paged)
    return plates
