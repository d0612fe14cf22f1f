"""The chapters of the intake report: what blocks, what to confirm, what to add, the map, and all of it in tables."""

from collections.abc import Iterator, Sequence

from citybraid.core.errors import PlanError
from citybraid.report.chapter import Block, Chapter, Either, Paragraph, Several, words
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
from citybraid.report.intake.told import Told
from citybraid.report.view import LANGUAGES, named, need_title

GUESSES, ADDITIONS = 12, 5
"""Guesses and additions on the first page; the tables hold all."""


def chapters(told: Told) -> list[Chapter]:
    """Return the chapters of a check's report; empty ones are left out."""
    made = [
        Chapter("summary", words("intake_report.summary"), [*summary(told)]),
        Chapter("problem-map", words("problem_map.title"), [*map_blocks(told)]),
        Chapter("trust", words("intake_report.trust_title"), [*trust_table(told)]),
        Chapter("contradictions", words("intake_report.contradictions"), [*contradictions_table(told)]),
        Chapter("codes", words("intake_report.mappings"), [*mappings_table(told)]),
        Chapter("additions", words("intake_report.additions_title"), [*additions_table(told), *_gaps(told)]),
        Chapter("findings", words("intake_report.findings_title"), [*findings_table(told), *completeness_table(told)]),
    ]
    return [chapter for chapter in made if chapter.blocks]


def summary(told: Told) -> Iterator[Block]:
    """Yield the first page: what blocks, then what was guessed, then what could be added."""
    still = sum(not problem.mended for problem in told.problems)
    guesses = to_confirm(told)
    counts = {
        "files": sum(map(len, told.files.values())), "refused": len(told.refused), "problems": still,
        "mended": len(told.problems) - still, "contradictions": len(told.contradictions), "guesses": len(guesses),
    }  # fmt: skip
    yield Paragraph(
        words("intake_report.lead_refused" if told.refused else "intake_report.lead_ready", **counts), "lead"
    )
    if told.refused:
        yield Paragraph(words("intake_report.blocks"), "heading")
        yield from (Paragraph(refusal_text(fault), "warning") for fault in told.refused)
    if guesses:
        yield Paragraph(words("intake_report.confirm"), "heading")
        yield from (Paragraph(finding_text(told, finding), "item") for finding in guesses[:GUESSES])
        if len(guesses) > GUESSES:
            yield Paragraph(words("intake_report.more_guesses", count=len(guesses) - GUESSES))
    if told.additions:
        yield Paragraph(words("intake_report.add_next"), "heading")
        yield from (Paragraph(addition_line(told, at), "item") for at in range(min(ADDITIONS, len(told.additions))))


def refusal_text(fault: PlanError) -> Either:
    """Return a refusal in both languages."""
    return Either({language: fault.say(language) for language in LANGUAGES})


def addition_line(told: Told, at: int) -> Several:
    """Return an addition in a line: what it is and which results it touches."""
    addition = told.additions[at]
    results = Several(tuple(named("indicator", name) for name in addition.indicators[:6]), ", ")
    more = len(addition.indicators) - len(results.parts)
    text = "intake_report.sharpens_more" if more > 0 else "intake_report.sharpens"
    return Several((words(text, what=addition_title(told, addition), results=results, more=more),))


def map_blocks(told: Told) -> Iterator[Block]:
    """Yield the map of problems, its sheet for documents, and the counts by kind."""
    found, sheet = problem_map(told), problem_sheet(told)
    if found is not None:
        yield found
    if sheet is not None:
        yield sheet
    yield from problems_table(told)


def _gaps(told: Told) -> Iterator[Block]:
    if told.gaps:
        yield Paragraph(words("intake_report.gaps"), "heading")
    for gap in told.gaps:
        needs = Several(tuple(need_title(need) for need in gap.needs), ", ")
        made = Several(tuple(named("var", name) for name in gap.makes), ", ")
        yield Paragraph(words("intake_report.gap", what=made, needs=needs), "item")


def appendix(told: Told) -> Sequence[Block]:
    """Return the blocks of a run's appendix: all that the check's report holds, in one chapter."""
    parts: list[tuple[str, list[Block]]] = [
        ("problem_map.title", [*map_blocks(told)]),
        ("intake_report.contradictions", [*contradictions_table(told)]),
        ("intake_report.trust_title", [*trust_table(told)]),
        ("intake_report.mappings", [*mappings_table(told)]),
        ("intake_report.findings_title", [*findings_table(told), *completeness_table(told)]),
        ("intake_report.additions_title", [*additions_table(told)]),
    ]
    return [
        block for title, blocks in parts if blocks for block in (Paragraph(words(title), "heading"), *blocks)
    ]  # fmt: skip
