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
from citybraid.core.text import LANGUAGES, required_texts, say, untranslated
from citybraid.planning import rows
from citybraid.sources.intake import formats as sources_formats
from citybraid.sources.intake.role_listing import role_listings
from citybraid.study.open.schema import StudyFile


def models(*, json: bool) -> None:
    """List models with their outputs."""
    entries = {name: entry for name, entry in catalogue.known().items() if entry["stage"] is None}
    if json:
        paper.line(json_format.dumps(entries, ensure_ascii=False))
        return
    lines = [(name, *_by_language(f"model.{name}"), ", ".join(entry["makes"])) for name, entry in entries.items()]
    paper.table(f"{len(entries)} models", ("id", *_by_language("lists.model"), "makes"), lines)


def measures(*, json: bool) -> None:
    """List measures with stage, quantity and responsible party."""
    entries = {name: entry for name, entry in catalogue.known().items() if entry["stage"] is not None}
    if json:
        paper.line(json_format.dumps(entries, ensure_ascii=False))
        return
    lines = [
        (
            name.rpartition(".")[2], *_by_language(f"model.{name}"), entry["stage"],
            entry["quantity"] or "-", entry["responsible"],
        )
        for name, entry in entries.items()
    ]  # fmt: skip
    paper.table(
        f"{len(entries)} measures", ("name", *_by_language("lists.measure"), "stage", "quantity", "responsible"), lines
    )


def indicators(*, json: bool) -> None:
    """List indicators."""
    if json:
        paper.line(json_format.dumps([asdict(row) for row in rows.indicators().values()], ensure_ascii=False))
        return
    lines = [
        (
            row.id, *_by_language(f"indicator.{row.id}"), in_currency(row.unit, ""), row.direction,
            say(f"instrument.{row.instrument}"),
        )
        for row in rows.indicators().values()
    ]  # fmt: skip
    paper.table(
        f"{len(lines)} indicators", ("id", *_by_language("lists.indicator"), "unit", "better", "instrument"), lines
    )


def factors(name: str, *, csv: bool) -> None:
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
            lines.append((each, len(members), unsure, members[0].unit))
        paper.table(f"{len(names)} factors", ("factor", "rows", "not verified", "unit"), lines)
        return
    paper.table(
        name, ("key", "value", "unit", "region", "status", "source", "note"),
        [(row.key, row.value, row.unit, row.region, row.status, row.source, row.note) for row in factor_rows],
    )  # fmt: skip


def _row(row: factor.Factor) -> Mapping[str, Any]:
    values = asdict(replace(row))
    return {name: values[name] for name in factor.COLUMNS}


def formats(*, json: bool) -> None:
    """List readable formats as the readers declare them."""
    readable = sources_formats.formats()
    if json:
        records = [{**asdict(each), **{language: each.notes(language) for language in LANGUAGES}} for each in readable]
        paper.line(json_format.dumps(records, ensure_ascii=False))
        return
    lines = [
        (
            " ".join(each.suffixes), " ".join(_by_language(each.what)),
            " · ".join(each.notes(language) for language in LANGUAGES), ", ".join(each.options) or "-",
        )
        for each in readable
    ]  # fmt: skip
    count = sum(len(each.suffixes) for each in readable)
    heads = [" ".join(_by_language(f"lists.{each}")) for each in ("suffix", "brings", "notes", "words")]
    paper.table(f"{count} suffixes", heads, lines)


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
    paper.table(f"{len(listed)} roles", heads, lines)


def languages(*, code: str) -> None:
    """List languages with their number of missing texts; for one language, the missing rows as CSV."""
    if not code:
        heads = [" ".join(_by_language(f"languages.{each}")) for each in ("language", "lacking")]
        paper.table(f"{len(LANGUAGES)} languages", heads, [(each, len(untranslated(each))) for each in LANGUAGES])
        return
    english = required_texts()
    missing = untranslated(code) if code in LANGUAGES else tuple(english)
    writer = csv_format.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("id", "text"))
    writer.writerows((text, english[text]) for text in missing)


def _by_language(text: str) -> tuple[str, ...]:
    return tuple(say(text, language) for language in LANGUAGES)


def words() -> None:
    """List the entries of a study file with their meaning."""
    schema = StudyFile.model_json_schema()
    paper.line("[study] … Every word of study.toml; * must be given. 带 * 的必填。")
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
