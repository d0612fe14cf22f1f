"""What commands that read files warn of: what was left out or is used with doubt, and templates that cannot be used."""

from collections.abc import Iterable, Sequence

from citybraid.cli import paper
from citybraid.core.errors import PlanError
from citybraid.core.finding import Finding
from citybraid.core.text import say
from citybraid.report.annex.template_files import OWN
from citybraid.report.chapter import in_words
from citybraid.report.intake.tables import finding_words, layer_title, warned
from citybraid.study.open.open_study import OpenStudy

SHOWN = 30
"""Number of findings printed; the report lists all."""


def print_warnings(findings: Iterable[Finding], languages: Sequence[str], *, error: bool = False) -> None:
    """Print the findings on what was left out or is used with doubt, to standard error where asked."""
    warnings = warned(findings)
    if not warnings:
        return
    paper.line(" ".join(say("check.warned", language, count=len(warnings)) for language in languages), error=error)
    for finding in warnings[:SHOWN]:
        text = finding_words(finding, layer_title(finding.layer))
        for position, language in enumerate(languages):
            paper.line(f"{'!' if position == 0 else ' '} {in_words(text, language)}", error=error)
    if len(warnings) > SHOWN:
        for language in languages:
            paper.line(say("check.more", language, count=len(warnings) - SHOWN), error=error)


def template_problems(study: OpenStudy) -> tuple[PlanError, ...]:
    """Return what is wrong with the templates of a study; nothing of Word is loaded where it has none."""
    if not any(name for _, name in study.asked.annex) and not (study.folder / OWN).is_dir():
        return ()
    from citybraid.report.annex.templates import study_template_problems

    return tuple(study_template_problems(study))
