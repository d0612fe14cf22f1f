"""Intake: what was found, repaired, guessed, rejected; how complete each layer is; and the versions used."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.report.chapter import Block, Chapter, Column, Either, Table, in_words, words
from citybraid.report.view import LANGUAGES, View, named

ORDER = ("rejected", "guessed", "repaired", "advice", "found")
SHOWN, PRINTED = 80, 14
"""Findings on the page and in documents: the ones to be judged come first."""


def chapter(view: View) -> Chapter:
    """Return the appendix of intake."""
    blocks: list[Block] = [*_findings(view), *_completeness(view), *_versions(view)]
    return Chapter("intake", words("intake_chapter.title"), blocks)


def _findings(view: View) -> Iterator[Block]:
    found = sorted(view.run.findings, key=lambda finding: ORDER.index(finding.kind))
    rows = [
        {
            "kind": words(f"intake_chapter.{finding.kind}"), "layer": view.file_names([finding.layer]),
            "count": finding.count,
            "text": Either({language: _said(view, finding, language) for language in LANGUAGES}),
        }
        for finding in found
    ]  # fmt: skip
    columns = [
        Column("kind", words("intake_chapter.kind")), Column("layer", words("intake_chapter.layer")),
        Column("count", words("intake_chapter.count"), "", 0), Column("text", words("intake_chapter.text")),
    ]  # fmt: skip
    if rows:
        yield Table(
            "findings", words("intake_chapter.findings"), pd.DataFrame(rows), columns, most=SHOWN, printed=PRINTED
        )


def _said(view: View, finding: Finding, language: str) -> str:
    """Return a finding in a language, with the names that people have for its layer and quantities."""
    told = dict(finding.values)
    if isinstance(told.get("var"), str):
        told["var"] = in_words(named("var", str(told["var"])), language)
    if isinstance(columns := told.get("columns"), list):
        told["columns"] = [in_words(named("var", str(each)), language) for each in columns]
    layer = in_words(view.file_names([finding.layer]), language)
    return replace(finding, layer=layer, values=told).say(language)


def _completeness(view: View) -> Iterator[Block]:
    told = view.run.manifest["completeness"]
    rows = [
        {
            "layer": named("var", name), "share": 100 * float(share),
            "files": view.file_names(view.run.manifest["origin"].get(name, ())),
        }
        for name, share in sorted(told.items(), key=lambda pair: (pair[1], pair[0]))
    ]  # fmt: skip
    columns = [
        Column("layer", words("intake_chapter.quantity")), Column("share", words("intake_chapter.stated"), "%", 0),
        Column("files", words("intake_chapter.files")),
    ]  # fmt: skip
    if rows:
        note = words("intake_chapter.stated_note")
        yield Table(
            "completeness", words("intake_chapter.completeness"), pd.DataFrame(rows), columns, note, printed=PRINTED
        )


def _versions(view: View) -> Iterator[Block]:
    rows = [{"name": name, "version": str(said)} for name, said in view.run.manifest["versions"].items()]
    columns = [Column("name", words("intake_chapter.library")), Column("version", words("method.version"))]
    yield Table("versions", words("intake_chapter.versions"), pd.DataFrame(rows), columns, printed=0)
