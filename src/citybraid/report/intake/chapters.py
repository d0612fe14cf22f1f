"""The chapters of the intake report: blocking errors, guesses to confirm, additions, the map, and full tables."""

from collections.abc import Iterator, Sequence

from citybraid.core.errors import PlanError
from citybraid.report.annex.lacking import needs_titles
from citybraid.report.chapter import Block, Chapter, Paragraph, TextList, TranslatedText, words
from citybraid.report.intake.contents import IntakeReport
from citybraid.report.intake.problem_map import problem_map, problem_sheet
from citybraid.report.intake.tables import (
    addition_title,
    additions_table,
    completeness_table,
    contradictions_table,
    finding_text,
    findings_table,
    mappings_table,
    problems_table,
    to_confirm,
    trust_table,
)
from citybraid.report.view import LANGUAGES, named
from citybraid.sources.quality.value_problems import of_shape

GUESSES, ADDITIONS = 12, 5
"""Guesses and additions on the first page; the tables hold all."""


def chapters(report: IntakeReport) -> list[Chapter]:
    """Return the chapters of a check's report; empty ones are left out."""
    all_chapters = [
        Chapter("summary", words("intake_report.summary"), [*summary(report)]),
        Chapter("problem-map", words("problem_map.title"), [*map_blocks(report)]),
        Chapter("trust", words("intake_report.trust_title"), [*trust_table(report)]),
        Chapter("contradictions", words("intake_report.contradictions"), [*contradictions_table(report)]),
        Chapter("codes", words("intake_report.mappings"), [*mappings_table(report)]),
        Chapter("additions", words("intake_report.additions_title"), [*additions_table(report), *_gaps(report)]),
        Chapter(
            "findings", words("intake_report.findings_title"), [*findings_table(report), *completeness_table(report)]
        ),
    ]
    return [chapter for chapter in all_chapters if chapter.blocks]


def summary(report: IntakeReport) -> Iterator[Block]:
    """Yield the first page: blocking errors, then guesses, then possible additions."""
    shapes = [problem for problem in report.problems if of_shape(problem)]
    open_count = sum(not problem.mended for problem in shapes)
    guesses = to_confirm(report)
    counts = {
        "files": sum(map(len, report.files.values())), "refused": len(report.refused), "problems": open_count,
        "mended": len(shapes) - open_count, "contradictions": len(report.contradictions),
        "guesses": len(guesses),
    }  # fmt: skip
    yield Paragraph(
        words("intake_report.lead_refused" if report.refused else "intake_report.lead_ready", **counts), "lead"
    )
    if report.refused:
        yield Paragraph(words("intake_report.blocks"), "heading")
        yield from (Paragraph(refusal_text(fault), "warning") for fault in report.refused)
    if guesses:
        yield Paragraph(words("intake_report.confirm"), "heading")
        yield from (Paragraph(finding_text(report, finding), "item") for finding in guesses[:GUESSES])
        if len(guesses) > GUESSES:
            yield Paragraph(words("intake_report.more_guesses", count=len(guesses) - GUESSES))
    if report.additions:
        yield Paragraph(words("intake_report.add_next"), "heading")
        yield from (Paragraph(addition_line(report, at), "item") for at in range(min(ADDITIONS, len(report.additions))))


def refusal_text(fault: PlanError) -> TranslatedText:
    """Return a blocking error in both languages."""
    return TranslatedText({language: fault.say(language) for language in LANGUAGES})


def addition_line(report: IntakeReport, at: int) -> TextList:
    """Return an addition in a line: what it is and the results it affects."""
    addition = report.additions[at]
    results = TextList(tuple(named("indicator", name) for name in addition.indicators[:6]), ", ")
    more = len(addition.indicators) - len(results.parts)
    text = "intake_report.sharpens_more" if more > 0 else "intake_report.sharpens"
    return TextList((words(text, what=addition_title(report, addition), results=results, more=more),))


def map_blocks(report: IntakeReport) -> Iterator[Block]:
    """Yield the map of problems, its sheet for documents, and the counts by kind."""
    page_map, sheet = problem_map(report), problem_sheet(report)
    if page_map is not None:
        yield page_map
    if sheet is not None:
        yield sheet
    yield from problems_table(report)


def _gaps(report: IntakeReport) -> Iterator[Block]:
    if report.gaps:
        yield Paragraph(words("intake_report.gaps"), "heading")
    for gap in report.gaps:
        needs = TextList(tuple(needs_titles(gap.needs)), ", ")
        outputs = TextList(tuple(named("var", name) for name in gap.makes), ", ")
        yield Paragraph(words("intake_report.gap", what=outputs, needs=needs), "item")


def appendix(report: IntakeReport) -> Sequence[Block]:
    """Return the blocks of a run's appendix: all that the check's report holds, in one chapter."""
    parts: list[tuple[str, list[Block]]] = [
        ("problem_map.title", [*map_blocks(report)]),
        ("intake_report.contradictions", [*contradictions_table(report)]),
        ("intake_report.trust_title", [*trust_table(report)]),
        ("intake_report.mappings", [*mappings_table(report)]),
        ("intake_report.findings_title", [*findings_table(report), *completeness_table(report)]),
        ("intake_report.additions_title", [*additions_table(report)]),
    ]
    return [
        block for title, blocks in parts if blocks for block in (Paragraph(words(title), "heading"), *blocks)
    ]  # fmt: skip
