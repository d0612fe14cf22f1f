"""What there is: models, measures, indicators, factors, words of a study file."""

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
from citybraid.core.text import LANGUAGES, say, untranslated, wanted
from citybraid.planning import rows
from citybraid.sources.intake import formats as sources_formats
from citybraid.sources.intake.stated_roles import stated
from citybraid.study.open.schema import StudyFile


def models(*, json: bool) -> None:
    """List models with what they make."""
    found = {name: told for name, told in catalogue.known().items() if told["stage"] is None}
    if json:
        paper.line(json_format.dumps(found, ensure_ascii=False))
        return
    lines = [(name, *_said(f"model.{name}"), ", ".join(told["makes"])) for name, told in found.items()]
    paper.table(f"{len(found)} models", ("id", *_said("lists.model"), "makes"), lines)


def measures(*, json: bool) -> None:
    """List measures with stage, quantity and who is responsible."""
    found = {name: told for name, told in catalogue.known().items() if told["stage"] is not None}
    if json:
        paper.line(json_format.dumps(found, ensure_ascii=False))
        return
    lines = [
        (
            name.rpartition(".")[2], *_said(f"model.{name}"), told["stage"],
            told["quantity"] or "-", told["responsible"],
        )
        for name, told in found.items()
    ]  # fmt: skip
    paper.table(f"{len(found)} measures", ("name", *_said("lists.measure"), "stage", "quantity", "responsible"), lines)


def indicators(*, json: bool) -> None:
    """List indicators."""
    if json:
        paper.line(json_format.dumps([asdict(row) for row in rows.indicators().values()], ensure_ascii=False))
        return
    lines = [
        (
            row.id, *_said(f"indicator.{row.id}"), in_currency(row.unit, ""), row.direction,
            say(f"instrument.{row.instrument}"),
        )
        for row in rows.indicators().values()
    ]  # fmt: skip
    paper.table(f"{len(lines)} indicators", ("id", *_said("lists.indicator"), "unit", "better", "instrument"), lines)


def factors(name: str, *, csv: bool) -> None:
    """List factor rows; as CSV they can be edited and given back to a study."""
    found = [row for row in factor.shipped().rows if name in ("", row.factor)]
    if not found:
        raise InputError("factor.unknown", factor=name)
    if csv:
        writer = csv_format.DictWriter(sys.stdout, factor.COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in found:
            writer.writerow({key: "" if value is None else value for key, value in _row(row).items()})
        return
    if not name:
        names = sorted({row.factor for row in found})
        lines: list[tuple[object, ...]] = []
        for each in names:
            members = [row for row in found if row.factor == each]
            unsure = sum(row.status in factor.UNSURE for row in members)
            lines.append((each, len(members), unsure, members[0].unit))
        paper.table(f"{len(names)} factors", ("factor", "rows", "not verified", "unit"), lines)
        return
    paper.table(
        name, ("key", "value", "unit", "region", "status", "source", "note"),
        [(row.key, row.value, row.unit, row.region, row.status, row.source, row.note) for row in found],
    )  # fmt: skip


def _row(row: factor.Factor) -> Mapping[str, Any]:
    told = asdict(replace(row))
    return {name: told[name] for name in factor.COLUMNS}


def formats(*, json: bool) -> None:
    """List the formats that can be read, as the readers tell them."""
    found = sources_formats.formats()
    if json:
        told = [{**asdict(each), **{language: each.notes(language) for language in LANGUAGES}} for each in found]
        paper.line(json_format.dumps(told, ensure_ascii=False))
        return
    lines = [
        (
            " ".join(each.suffixes), " ".join(_said(each.what)),
            " · ".join(each.notes(language) for language in LANGUAGES), ", ".join(each.options) or "-",
        )
        for each in found
    ]  # fmt: skip
    count = sum(len(each.suffixes) for each in found)
    heads = [" ".join(_said(f"lists.{each}")) for each in ("suffix", "brings", "notes", "words")]
    paper.table(f"{count} suffixes", heads, lines)


def roles(*, json: bool, lang: str) -> None:
    """List the roles that a file of a study can have, as their modules tell them."""
    found = stated()
    if json:
        paper.line(json_format.dumps([asdict(each) for each in found], ensure_ascii=False))
        return
    lines = [
        (each.name, say(each.title, lang), say(f"role_kind.{each.kind}", lang),
         ", ".join(say(column, lang) for column in each.columns) or "-")
        for each in found
    ]  # fmt: skip
    heads = [say(f"lists.{each}", lang) for each in ("role", "role_is", "kind", "columns")]
    paper.table(f"{len(found)} roles", heads, lines)


def languages(*, code: str) -> None:
    """List languages with the number of texts that each lacks; of one, the rows that are missing, as CSV."""
    if not code:
        heads = [" ".join(_said(f"languages.{each}")) for each in ("language", "lacking")]
        paper.table(f"{len(LANGUAGES)} languages", heads, [(each, len(untranslated(each))) for each in LANGUAGES])
        return
    english = wanted()
    lacking = untranslated(code) if code in LANGUAGES else tuple(english)
    writer = csv_format.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("id", "text"))
    writer.writerows((text, english[text]) for text in lacking)


def _said(text: str) -> tuple[str, ...]:
    return tuple(say(text, language) for language in LANGUAGES)


def words() -> None:
    """List the words of a study file with what they mean."""
    schema = StudyFile.model_json_schema()
    paper.line("[study] … Every word of study.toml; * must be given. 带 * 的必填。")
    _fields(schema, schema["$defs"], "")


def _fields(part: Mapping[str, Any], parts: Mapping[str, Any], path: str) -> None:
    for name, told in part.get("properties", {}).items():
        where = f"{path}.{name}" if path else name
        mark = "*" if name in part.get("required", ()) else ""
        paper.line(f"{where}{mark}: {told.get('description', '')}")
        inner = _inner(told)
        if inner:
            _fields(parts[inner], parts, where)


def _inner(told: Mapping[str, Any]) -> str:
    text = json_format.dumps(told)
    marker = '"$ref": "#/$defs/'
    return text.split(marker, 1)[1].split('"', 1)[0] if marker in text else ""
