"""The climate annex of a run: text, memorandum and statement as documents, their numbers and comments as a workbook."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from citybraid.report.annex.content import Part
from citybraid.report.annex.decisions import Decision, decisions
from citybraid.report.annex.evidence import Evidence
from citybraid.report.annex.general import general, objectives
from citybraid.report.annex.implementation import comment_part, comment_table, implementation
from citybraid.report.annex.index import index_part, index_table
from citybraid.report.annex.integration import integration
from citybraid.report.annex.memorandum import memorandum
from citybraid.report.annex.parcels import parcel_part, parcel_table, unit_part
from citybraid.report.annex.provenance import Codes
from citybraid.report.annex.rendering import write_annex_document
from citybraid.report.annex.statement import statement_part, statement_table
from citybraid.report.annex.strands import strand_parts
from citybraid.report.annex.template_files import Kind
from citybraid.report.chapter import Chapter, Figure, Paragraph, Table, words
from citybraid.report.drawing.rendering import RenderedFigures
from citybraid.report.drawing.units import System, number
from citybraid.report.page import Cover
from citybraid.report.view import View
from citybraid.report.workbook import write_workbook
from citybraid.study.review.comment import Comment
from citybraid.study.review.journal import comments

FOLDER = "annex"


def text_parts(codes: Codes, comments: Sequence[Comment]) -> list[Part]:
    """Return the text of the annex: its clauses, and the control table by parcel."""
    parts = [
        general(codes), objectives(codes), *strand_parts(codes), integration(codes), unit_part(codes),
        parcel_part(codes), implementation(codes, comments),
    ]  # fmt: skip
    table = parcel_table(codes)
    return _numbered([*parts, *([] if table is None else [table])])


def write_annex(
    view: View, out: Path, *, languages: Sequence[str], system: System, figures: Sequence[Figure] = (),
    plates: RenderedFigures | None = None,
) -> list[Path]:  # fmt: skip
    """Write the annex into `annex/` of a folder and return the files.

    `text.<language>.docx`, `memorandum.<language>.docx`, `statement.<language>.docx`, and `annex.<language>.xlsx` with
    the statement, the text's tables, every code of the run, and the reviewers' comments. `figures` are set into the
    memorandum where `plates` has them.

    Raises:
        InputError: a template that the study names is missing or broken.
    """
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    annex = annex_of(view)
    paths: list[Path] = []
    for kind, parts in _documents(annex, figures).items():
        paths += [
            write_annex_document(
                view, folder / f"{kind}.{language}.docx", kind, parts, language=language, system=system, plates=plates
            )
            for language in languages
        ]
    chapters = _sheets(annex)
    cover = Cover(view.title, words("annex.subtitle", year=view.run.about.year), view.run.synthetic)
    for language in languages:
        path = folder / f"annex.{language}.xlsx"
        paths.append(write_workbook(path, chapters, cover=cover, language=language, system="si"))
    return paths


class Annex(NamedTuple):
    """The content of an annex: its codes and what they rest on, the text, the decisions, and the comments."""

    codes: Codes
    evidence: Evidence
    text: Sequence[Part]
    ranked: Sequence[Decision]
    comments: Sequence[Comment]


def annex_of(view: View) -> Annex:
    """Return the content of the annex of a run."""
    codes, entries = Codes(view), comments(view.run)
    evidence = Evidence(codes)
    return Annex(codes, evidence, text_parts(codes, entries), decisions(codes, evidence), entries)


def _documents(annex: Annex, figures: Sequence[Figure]) -> dict[Kind, list[Part]]:
    """Return the parts of each document; those of text and memorandum end with the index of the codes they state."""
    codes, evidence, text, ranked, entries = annex
    review = comment_part(codes, entries)
    reviewed = [] if review is None else [review]
    documents: dict[Kind, list[Part]] = {"text": [*text, *reviewed, index_part(codes, evidence)]}
    codes.used.clear()
    memo = _numbered(memorandum(codes, evidence, text, figures))
    documents["memorandum"] = [*memo, *reviewed, index_part(codes, evidence)]
    documents["statement"] = [statement_part(codes, ranked)]
    return documents


def _numbered(parts: Iterable[Part]) -> list[Part]:
    """Return parts with the numbers of chapters before their titles; appendices have none."""
    numbered, at = list[Part](), 0
    for part in parts:
        at += not part.across
        title = part.title if part.across else words("annex.chapter", number=at, title=part.title)
        numbered.append(Part(title, part.blocks, part.across))
    return numbered


def _sheets(annex: Annex) -> list[Chapter]:
    """Return the sheets of the workbook: the statement, the text's tables, every code, and the comments."""
    codes, evidence, text, ranked, entries = annex
    listed = [block for part in text for block in part.blocks if isinstance(block, Table)]
    tables = [*listed, index_table(codes, evidence, codes.every)]
    if ranked:
        tables.insert(0, statement_table(codes, ranked))
    if entries:
        tables.append(comment_table(codes, entries))
    about = Paragraph(words("annex.workbook", codes=number(len(codes.by_text) // 2)))
    return [Chapter("annex", words("annex.subtitle", year=codes.view.run.about.year), [about, *tables])]
