"""What the annex rests on: laws and plans that the study states, and the standards that indicators and targets name."""

import re
from collections.abc import Mapping

import pandas as pd

from citybraid.core.rows.plan import StandardTitle
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.core.text import known
from citybraid.planning.regions import holds_in
from citybraid.planning.rows import controls, indicators
from citybraid.report.annex.content import Clause
from citybraid.report.annex.provenance import Codes
from citybraid.report.chapter import SENTENCES, Column, Table, Text, TextList, TranslatedText, cells, words
from citybraid.report.remarks.basis import UNSURE

STANDARD = re.compile(r"(?:GB(?:/T)?|TD/T|CJJ(?:/T)?|JGJ(?:/T)?|DB\d\d(?:/T)?|建标|ISO) ?[\d.]+[-:]\d{4}")
"""Numbers of standards as sources name them."""
WORLDWIDE, NATION = "ISO", "CN"
"""What numbers of standards begin with that hold everywhere, and where the others hold."""


def basis(codes: Codes) -> Clause:
    """Return the laws and plans that the study states, then the standards of indicators, controls and targets."""
    stated = tuple(TranslatedText.of(each) for each in codes.view.run.manifest.asked.plan.basis)
    named_standards = standards_named(sources_of(codes), codes.view.run.about.region)
    text: Text = words("annex.basis_none" if not named_standards else "annex.basis_plans" if stated else "annex.basis")
    if not stated:
        text = TextList((text, words("annex.basis_unstated")), SENTENCES)
    return Clause(words("annex.basis_head"), text, (*stated, *named_standards), words("annex.basis_why"))


def standard_title(number: str) -> Text:
    """Return a standard as a plan cites it: its title and its number; and by which one it was replaced."""
    title, replaced = f"standard_title.{number}", f"standard_replaced.{number}"
    text: Text = words("annex.standard", title=words(title), number=number) if known(title) else number
    return words("annex.replaced", standard=text, how=words(replaced)) if known(replaced) else text


def standards_named(sources: Mapping[str, str], region: str) -> tuple[Text, ...]:
    """Return the standards that sources (with their status) name: those of unconfirmed rows, or not of here, marked."""
    return tuple(
        words("annex.source_abroad", source=standard_title(name))
        if not (name.startswith(WORLDWIDE) or holds_in(NATION, region))
        else _marked(name, clauses=unsure)
        for name, unsure in sorted(_numbers(sources).items())
    )


def _numbers(sources: Mapping[str, str]) -> dict[str, bool]:
    """Return the numbers of standards that sources name, and whether a clause of each is to be confirmed."""
    unsure: dict[str, bool] = {}
    for source, status in sources.items():
        for name in STANDARD.findall(source):
            unsure[name] = unsure.get(name, False) or status in UNSURE
    return unsure


def _marked(number: str, *, clauses: bool) -> Text:
    """Return a standard with a mark where its title, its clauses or both are to be confirmed."""
    title = title_status(number) in UNSURE
    if not (title or clauses):
        return standard_title(number)
    mark = (
        "annex.title_clauses_unsure" if title and clauses else "annex.title_unsure" if title else "annex.source_unsure"
    )
    return words(mark, source=standard_title(number))


@cached_with_tables
def _titles() -> Mapping[str, StandardTitle]:
    return {row.number: row for row in read_table(StandardTitle)}


def title_status(number: str) -> str:
    """Return how sure the number and title of a standard are; one without a row is to be confirmed."""
    row = _titles().get(number)
    return "recalled_unverified" if row is None else row.status


def standards_table(codes: Codes) -> Table | None:
    """Return the standards that indicators, controls and targets name, with how sure title and clauses are."""
    numbers = _numbers(sources_of(codes))
    if not numbers:
        return None
    names = sorted(numbers)
    frame = pd.DataFrame({
        "standard": cells(standard_title(name) for name in names),
        "title": cells(words(f"status.{title_status(name)}") for name in names),
        "clauses": cells(
            words("status.recalled_unverified" if numbers[name] else "annex.clauses_read") for name in names
        ),
    })  # fmt: skip
    columns = [Column(key, words(f"annex_standards.{key}")) for key in frame]
    return Table("annex_standards", words("annex.standards_table"), frame, columns, words("annex.standards_note"))


def sources_of(codes: Codes) -> Mapping[str, str]:
    """Return the sources of the objectives, indicators and controls in use, with their status."""
    tables = codes.unit_tables.values()
    objectives = codes.view.run.manifest.asked.objectives
    sources: dict[str, str] = {each.source: each.status for each in objectives if each.source}
    for row in indicators().values():
        if row.source and any(row.id in table for table in tables):
            sources.setdefault(row.source, row.status)
    present = {name for _, name in codes.control_rows(codes.sheet_alternative)}
    for control in controls().values():
        if control.source and control.id in present:
            sources.setdefault(control.source, control.status)
    return sources
