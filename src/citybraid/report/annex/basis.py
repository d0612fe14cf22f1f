"""What the annex rests on: laws and plans that the study states, and the standards that indicators and targets name."""

import re
from collections.abc import Mapping

from citybraid.core.text import known
from citybraid.planning.regions import holds_in
from citybraid.planning.rows import controls, indicators
from citybraid.report.annex.content import Clause
from citybraid.report.annex.provenance import Codes
from citybraid.report.chapter import SENTENCES, Text, TextList, TranslatedText, words
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
    unsure: dict[str, bool] = {}
    for source, status in sources.items():
        for name in STANDARD.findall(source):
            unsure[name] = unsure.get(name, False) or status in UNSURE
    return tuple(
        words("annex.source_abroad", source=standard_title(name))
        if not (name.startswith(WORLDWIDE) or holds_in(NATION, region))
        else words("annex.source_unsure", source=standard_title(name)) if unsure[name] else standard_title(name)
        for name in sorted(unsure)
    )  # fmt: skip


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
