"""The text of a study file with one alternative more, or otherwise: every other line stays as it is."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from citybraid.core.errors import InputError

CHANGED = "changed_parcels"
PART = "alternatives"
HEADER = re.compile(r"^\s*\[\[?\s*(?P<name>[^\]]+?)\s*\]\]?\s*(#.*)?$")
REMARK = re.compile(r"^\s*(#.*)?$")


def with_alternative(text: str, name: str, alternative: Mapping[str, Any], *, file: str) -> str:
    """Return a study file's text with an alternative: in place of the one of its name, else after the others.

    Comments that stand before the next part stay there. Raises InputError where the text is no TOML.
    """
    before = _loaded(text, file)
    wanted = {**before, PART: {**before.get(PART, {}), name: alternative}}
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    first, last = _block(lines, name)
    block = ["", *rendered(name, alternative).strip().splitlines()]
    gap = [""] if last < len(lines) and lines[last].strip() else []
    block = block if first and lines[first - 1].strip() else block[1:]
    written = end.join([*lines[:first], *block, *gap, *lines[last:]]) + end
    try:
        if tomllib.loads(written) == wanted:
            return written
    except tomllib.TOMLDecodeError:
        pass
    return _by_document(text, name, alternative)


def rendered(name: str, alternative: Mapping[str, Any]) -> str:
    """Return an alternative as TOML."""
    document = tomlkit.document()
    document[PART] = tomlkit.table(is_super_table=True)
    document[PART][name] = _table(alternative)
    return tomlkit.dumps(document)


def _loaded(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except ValueError as fault:
        raise InputError("study.not_toml", file=file, why=str(fault)) from fault


def _by_document(text: str, name: str, alternative: Mapping[str, Any]) -> str:
    """Return the text by way of the whole document, where alternatives are written in a form of their own."""
    try:
        document = tomlkit.parse(text)
        if PART not in document:
            document[PART] = tomlkit.table(is_super_table=True)
        document[PART][name] = _table(alternative)
        return tomlkit.dumps(document)
    except TOMLKitError as fault:
        raise InputError("web.plan.unwritable", why=str(fault)) from fault


def _block(lines: list[str], name: str) -> tuple[int, int]:
    """Return the lines of an alternative, first and one past the last; an empty stretch after the others where none."""
    parts = [(at, _path(match["name"])) for at, line in enumerate(lines) if (match := HEADER.match(line))]
    starts = [at for at, _ in parts] + [len(lines)]
    own = [number for number, (_, path) in enumerate(parts) if path[:2] == [PART, name]]
    if own:
        return starts[own[0]], _without_remarks(lines, starts[own[-1] + 1])
    others = [number for number, (_, path) in enumerate(parts) if path[:1] == [PART]]
    at = _without_remarks(lines, starts[others[-1] + 1]) if others else len(lines)
    return at, at


def _path(header: str) -> list[str]:
    """Return the parts of a header's name, without quotes."""
    return [part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.]+", header)]


def _without_remarks(lines: list[str], end: int) -> int:
    """Return where the comments begin that stand before the next part."""
    if end == len(lines):
        return end
    while end and REMARK.match(lines[end - 1]):
        end -= 1
    return end


def _table(alternative: Mapping[str, Any]) -> Any:
    table = tomlkit.table()
    table["title"] = _inline(alternative["title"])
    if alternative.get("portfolio"):
        table["portfolio"] = True
    uses = tomlkit.aot()
    for entry in alternative.get("measures", ()):
        uses.append(_use(entry))
    if len(uses):
        table["measures"] = uses
    return table


def _use(entry: Mapping[str, Any]) -> Any:
    use = tomlkit.table()
    use["measure"] = entry["measure"]
    if "land" in entry:
        use["land"] = entry["land"]
    if params := entry.get("params"):
        use["params"] = _by_parcel(params) if entry["measure"] == CHANGED else _inline(params)
    return use


def _by_parcel(params: Mapping[str, Any]) -> Any:
    """Return changes of parcels, a line for each."""
    lines = tomlkit.table()
    for name, values in params["parcels"].items():
        lines[name] = _inline(values)
    table = tomlkit.table(is_super_table=True)
    table["parcels"] = lines
    return table


def _inline(values: Mapping[str, Any]) -> Any:
    table = tomlkit.inline_table()
    for name, value in values.items():
        table[name] = _inline(value) if isinstance(value, Mapping) else value
    return table
