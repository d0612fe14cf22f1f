"""The text of a study file: changed entry by entry, comments and order kept, and what the change is line by line."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item

from citybraid.core.errors import InputError
from citybraid.web.access.refusals import Refused

Place = tuple[str, ...]
TABLES = 2
"""Names of a head such as [files.parcels]."""
HEAD = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*(#.*)?$")


@dataclass(frozen=True)
class Change:
    """An entry and its new value, None to take it away: ("files", "parcels", "crs") and "EPSG:4549"."""

    at: Place
    value: Any


@dataclass(frozen=True)
class Line:
    """A line that was written or taken away: its sign, + or -, its number in the file that has it, its text."""

    sign: str
    number: int
    text: str


def parsed(text: str) -> dict[str, Any]:
    """Return a study file's content; raises InputError where it is no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as fault:
        raise InputError("study.not_toml", file="study.toml", why=str(fault)) from fault


def changed(text: str, changes: Sequence[Change]) -> str:
    """Return the text of a study file with changes; all else stays as it is written.

    What was written is read again and compared with the change made to the values alone.
    Raises InputError where the file is no TOML, Refused where an entry to change lies in something that is no table,
    or the change cannot be written without touching other lines.
    """
    wanted = parsed(text)
    for each in changes:
        _set(wanted, each)
    written = text
    for each in changes:
        written = _written(written, each)
    if _filled(parsed(written)) != _filled(wanted):
        raise Refused("web.not_writable", where=".".join(changes[0].at))
    return written


def _filled(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content without empty tables: a last file that is taken away leaves none of its head."""
    return {name: value for name, value in content.items() if value != {}}


def _written(text: str, change: Change) -> str:
    """Return a text with one change.

    Only the lines below the head of the table that it is in are parsed and written, so that no other line can move;
    a table of its own is cut out or added as lines.
    """
    at = change.at
    try:
        if _has_head(at) and (change.value is None or isinstance(change.value, Mapping)):
            text = _without(text, at)
            return text if change.value is None else _added(text, at, _item(change.value, at))
        depth = next((depth for depth in range(len(at) - 1, 0, -1) if _lines_of(text, at[:depth])), 0)
        if depth:
            return _with_table(text, at[:depth], at[depth:], change.value)
        if change.value is None or _named(parsed(text), at[:1]):
            document = tomlkit.parse(text)
            _set_in(document, at, change.value, 0)
            return tomlkit.dumps(document)
        table = tomlkit.table()
        head = at[:TABLES] if at[0] == "files" else at[:1]
        _set_in(table, at, change.value, len(head))
        return _added(text, head, table)
    except (TOMLKitError, ValueError, TypeError, KeyError) as fault:
        raise Refused("web.not_writable", where=".".join(at)) from fault


def _has_head(at: Place) -> bool:
    """Tell whether a table has a head of its own, as [budget] and [alternatives.as_is]; others stand in a line."""
    return len(at) == 1 or (len(at) == TABLES and at[0] in {"files", "alternatives"})


def _named(content: Any, at: Place) -> bool:
    for name in at:
        if not isinstance(content, Mapping) or name not in content:
            return False
        content = content[name]
    return True


def _head_of(line: str) -> Place:
    """Return the names in a line that is the head of a table, () where it is none."""
    match = HEAD.match(line)
    return tuple(part.strip().strip("\"'") for part in match[1].split(".")) if match else ()


def _lines_of(text: str, at: Place, *, below: bool = False) -> list[tuple[int, int]]:
    """Return where the lines of a table stand, from its head to the last line that is its own.

    `below` asks for those of the tables below it as well. Comments that a blank line parts from what is above them are
    about what follows.
    """
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines) if _head_of(line)]
    spans: list[tuple[int, int]] = []
    for start, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        head = _head_of(lines[start])
        if head == at or (below and head[: len(at)] == at):
            spans.append((start, end if end == len(lines) else end - _remarks(lines[start:end])))
    return spans


def _remarks(lines: Sequence[str]) -> int:
    """Return the number of lines of comments at the end that a blank line parts from what is above them."""
    count = 0
    for number, line in enumerate(reversed(lines), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            break
        if not line.strip():
            count = number - 1
    return count


def _with_table(text: str, head: Place, rest: Place, value: Any) -> str:
    """Return a text with a value set in the table under a head."""
    start, end = _lines_of(text, head)[0]
    lines = text.splitlines(keepends=True)
    part = tomlkit.parse("".join(lines[start:end]))
    _set_in(part, (*head, *rest), value, 0)
    return "".join(lines[:start]) + tomlkit.dumps(part) + "".join(lines[end:])


def _without(text: str, at: Place) -> str:
    """Return a text without the lines of a table and of those below it."""
    lines = text.splitlines(keepends=True)
    for start, end in reversed(_lines_of(text, at, below=True)):
        del lines[start:end]
    return "".join(lines)


def _added(text: str, at: Place, table: Any) -> str:
    """Return a text with a table after the last one of its kind, else at the end."""
    block = _block(at, table)
    alike = _lines_of(text, at[:1], below=True) if len(at) > 1 else []
    lines = text.splitlines(keepends=True)
    if not alike or alike[-1][1] == len(lines):
        return text.rstrip("\n") + "\n\n" + block
    end = alike[-1][1]
    above = "".join(lines[:end]).rstrip("\n")
    return f"{above}\n\n{block}\n" + "".join(lines[end:])


def _block(at: Place, table: Any) -> str:
    """Return a table under its head."""
    document = tomlkit.document()
    holder: Any = document
    for name in at[:-1]:
        holder.add(name, tomlkit.table(is_super_table=True))
        holder = holder[name]
    holder.add(at[-1], table)
    return tomlkit.dumps(document).strip() + "\n"


def difference(before: str, after: str) -> list[Line]:
    """Return the lines that a change took away and wrote, in their order."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            lines += [Line("-", at + 1, old[at]) for at in range(first, last)]
            lines += [Line("+", at + 1, new[at]) for at in range(start, end)]
    return lines


def joined(text: str, drafted: str) -> tuple[str, dict[str, str]]:
    """Return a study file with the files of a drafted one, and the new names of its entries by their own.

    An entry whose name is taken gets a number, and its role is written out. Comments of the draft come along.
    """
    draft, have = tomlkit.parse(drafted), parsed(text).get("files", {})
    names: dict[str, str] = {}
    for name, entry in draft.get("files", {}).items():
        names[name] = _free(name, {*have, *names.values()})
        if names[name] != name and "role" not in entry:
            entry["role"] = name
        text = _added(text, ("files", names[name]), entry)
    if parsed(text).get("files", {}).keys() != {*have, *names.values()}:
        raise Refused("web.not_writable", where="files")
    return text, names


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _set(content: dict[str, Any], change: Change) -> None:
    """Make a change to plain values."""
    table: Any = content
    for name in change.at[:-1]:
        table = table.setdefault(name, {}) if change.value is not None else table.get(name, {})
        if not isinstance(table, dict):
            raise Refused("web.no_table", where=".".join(change.at))
    if change.value is None:
        table.pop(change.at[-1], None)
    else:
        table[change.at[-1]] = change.value


def _set_in(document: Any, at: Place, value: Any, depth: int) -> None:
    """Set the value at a place of a document, of which the first names lead to it; tables on the way are made."""
    table: Any = document
    for number, name in enumerate(at[depth:-1], start=depth + 1):
        if name not in table:
            if value is None:
                return
            _append(table, name, _item({}, (*at[:number], "")))
        table = table[name]
    name = at[-1]
    if value is None:
        if name in table:
            table.remove(name)
    elif name in table:
        table[name] = _item(value, at)
    else:
        _append(table, name, _item(value, at))


def _append(table: Any, name: str, value: Item) -> None:
    """Add a value after the last value of a table, before blank lines and comments that follow it."""
    values = [key for key in table if not isinstance(table[key], tomlkit.items.Table | tomlkit.items.AoT)]
    container: Any = getattr(table, "value", None)
    if not values or not hasattr(container, "_insert_after"):
        table.add(name, value)
        return
    container._insert_after(values[-1], name, value)  # noqa: SLF001  (tomlkit inserts nowhere else by key)


def _item(value: Any, at: Place) -> Any:
    """Return a value as it is written: a table under its own head, or all in one line."""
    if isinstance(value, Mapping):
        table: Any = tomlkit.table() if _has_head(at) else tomlkit.inline_table()
        for name, part in value.items():
            table.append(name, _item(part, (*at, name)))
        return table
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        for part in value:
            array.append(_item(part, (*at, "", "")))
        return array
    return tomlkit.item(value)
