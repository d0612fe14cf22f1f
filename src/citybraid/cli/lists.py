"""Listings: models, measures, indicators, factors, formats, roles, languages, study file entries."""

import csv as csv_format
import json as json_format
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from citybraid.cli import paper
from citybraid.core import catalogue, factor
from citybraid.core.currency import in_currency
from citybraid.core.errors import InputError
from citybraid.core.text import LANGUAGES, required_texts, say, say_cited, untranslated
from citybraid.planning import rows
from citybraid.report.drawing.units import label
from citybraid.sources.intake import formats as sources_formats
from citybraid.sources.intake.role_listing import role_listings
from citybraid.study.open.schema import StudyFile


def models(*, json: bool, lang: str) -> None:
    """List models with their outputs."""
    entries = {name: entry for name, entry in catalogue.known().items() if entry["stage"] is None}
    if json:
        paper.line(json_format.dumps(entries, ensure_ascii=False))
        return
    lines = [(name, *_texts(f"model.{name}", lang), ", ".join(entry["makes"])) for name, entry in entries.items()]
    heads = (*_heads(lang, "id"), *_texts("lists.model", lang), *_heads(lang, "makes"))
    paper.table(paper.title("lists.models", lang, count=len(entries)), heads, lines)


def measures(*, json: bool, lang: str) -> None:
    """List measures with stage, quantity and responsible party."""
    entries = {name: entry for name, entry in catalogue.known().items() if entry["stage"] is not None}
    if json:
        paper.line(json_format.dumps(entries, ensure_ascii=False))
        return
    lines = [
        (
            name.rpartition(".")[2], *_texts(f"model.{name}", lang), entry["stage"],
            entry["quantity"] or "-", entry["responsible"],
        )
        for name, entry in entries.items()
    ]  # fmt: skip
    heads = (*_heads(lang, "id"), *_texts("lists.measure", lang), *_heads(lang, "stage", "quantity", "responsible"))
    paper.table(paper.title("lists.measures", lang, count=len(entries)), heads, lines)


def _unit(unit: str, lang: str) -> str:
    """Return a unit as reports write it, in the language asked for or else in every one."""
    return " ".join(dict.fromkeys(label(in_currency(unit, ""), language) for language in paper.spoken(lang)))


def indicators(*, json: bool, lang: str) -> None:
    """List indicators."""
    if json:
        paper.line(json_format.dumps([asdict(row) for row in rows.indicators().values()], ensure_ascii=False))
        return
    lines = [
        (
            row.id, *_texts(f"indicator.{row.id}", lang), _unit(row.unit, lang),
            paper.title(f"lists.{row.direction}", lang), paper.title(f"instrument.{row.instrument}", lang),
        )
        for row in rows.indicators().values()
    ]  # fmt: skip
    heads = (*_heads(lang, "id"), *_texts("lists.indicator", lang), *_heads(lang, "unit", "better", "instrument"))
    paper.table(paper.title("lists.indicators", lang, count=len(lines)), heads, lines)


def factors(name: str, *, csv: bool, lang: str) -> None:
    """List factor rows; as CSV they can be edited and used by a study."""
    factor_rows = [row for row in factor.shipped().rows if name in ("", row.factor)]
    if not factor_rows:
        raise InputError("factor.unknown", factor=name)
    if csv:
        writer = csv_format.DictWriter(sys.stdout, factor.COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in factor_rows:
            writer.writerow({key: "" if value is None else value for key, value in _row(row).items()})
        return
    if not name:
        names = sorted({row.factor for row in factor_rows})
        lines: list[tuple[object, ...]] = []
        for each in names:
            members = [row for row in factor_rows if row.factor == each]
            unsure = sum(row.status in factor.UNSURE for row in members)
            lines.append((each, paper.title(f"factor.{each}", lang), len(members), unsure, members[0].unit))
        paper.table(
            paper.title("lists.factors", lang, count=len(names)),
            _heads(lang, "factor", "title", "rows", "unverified", "unit"), lines,
        )  # fmt: skip
        return
    paper.table(
        paper.title(f"factor.{name}", lang),
        _heads(lang, "key", "value", "unit", "region", "status", "source", "note"),
        [
            (row.key, row.value, row.unit, row.region, paper.title(f"status.{row.status}", lang),
             say_cited(row.source, lang), say_cited(row.note, lang))
            for row in factor_rows
        ],
    )  # fmt: skip


def _row(row: factor.Factor) -> Mapping[str, Any]:
    values = asdict(replace(row))
    return {name: values[name] for name in factor.COLUMNS}


def formats(*, json: bool, lang: str) -> None:
    """List readable formats as the readers declare them."""
    readable = sources_formats.formats()
    if json:
        records = [{**asdict(each), **{language: each.notes(language) for language in LANGUAGES}} for each in readable]
        paper.line(json_format.dumps(records, ensure_ascii=False))
        return
    lines = [
        (
            " ".join(each.suffixes), paper.title(each.what, lang),
            " · ".join(each.notes(language) for language in paper.spoken(lang)), ", ".join(each.options) or "-",
        )
        for each in readable
    ]  # fmt: skip
    count = sum(len(each.suffixes) for each in readable)
    heads = _heads(lang, "suffix", "brings", "notes", "words")
    paper.table(paper.title("lists.suffixes", lang, count=count), heads, lines)


def roles(*, json: bool, lang: str) -> None:
    """List the roles that a file of a study can have, as their modules declare them."""
    listed = role_listings()
    if json:
        paper.line(json_format.dumps([asdict(each) for each in listed], ensure_ascii=False))
        return
    lines = [
        (each.name, say(each.title, lang), say(f"role_kind.{each.kind}", lang),
         ", ".join(say(column, lang) for column in each.columns) or "-")
        for each in listed
    ]  # fmt: skip
    heads = [say(f"lists.{each}", lang) for each in ("role", "role_is", "kind", "columns")]
    paper.table(say("lists.roles", lang, count=len(listed)), heads, lines)


def languages(*, code: str, lang: str) -> None:
    """List languages with their number of missing texts; for one language, the missing rows as CSV."""
    if not code:
        heads = [paper.title(f"languages.{each}", lang) for each in ("language", "lacking")]
        counts = [(each, len(untranslated(each))) for each in LANGUAGES]
        paper.table(paper.title("lists.languages", lang, count=len(LANGUAGES)), heads, counts)
        return
    english = required_texts()
    missing = untranslated(code) if code in LANGUAGES else tuple(english)
    writer = csv_format.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("id", "text"))
    writer.writerows((text, english[text]) for text in missing)


def _texts(text: str, lang: str) -> tuple[str, ...]:
    """Return a text as cells: one in the language asked for, else one in each."""
    return tuple(say(text, language) for language in paper.spoken(lang))


def _heads(lang: str, *names: str) -> list[str]:
    return [paper.title(f"lists.{name}", lang) for name in names]


def words(*, lang: str) -> None:
    """List the entries of a study file with their meaning."""
    schema = StudyFile.model_json_schema()
    paper.tell("lists.words_head", lang)
    _fields(schema, schema["$defs"], "")


def _fields(part: Mapping[str, Any], parts: Mapping[str, Any], path: str) -> None:
    for name, entry in part.get("properties", {}).items():
        where = f"{path}.{name}" if path else name
        mark = "*" if name in part.get("required", ()) else ""
        paper.line(f"{where}{mark}: {entry.get('description', '')}")
        inner = _inner(entry)
        if inner:
            _fields(parts[inner], parts, where)


def _inner(entry: Mapping[str, Any]) -> str:
    text = json_format.dumps(entry)
    marker = '"$ref": "#/$defs/'
    return text.split(marker, 1)[1].split('"', 1)[0] if marker in text else ""
