"""Rain and time series in files beside a SWMM model, written into its text."""

import re
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

from citybraid.core.errors import InputError, InputErrors
from citybraid.core.finding import Finding
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.named_files import Naming, namings

WORD = re.compile(r'"[^"]*"|\S+')
"""A word of a line: SWMM takes spaces within quotes as part of it."""
INCH = 25.4
"""Millimetres."""
US_FLOWS = ("CFS", "GPM", "MGD")
GAUGE_WORDS, RECORD_WORDS = 8, 7
"""Words of a gauge with a file (name, format, interval, snow factor, FILE, file, station, unit), and of a record
(station, year, month, day, hour, minute, value)."""
SERIES = "_file"
DAY, HOUR = 24, 60
MOST_SHOWN = 60
"""Characters of a row that a message shows."""


def with_files(text: str, path: Path, *, flow: str, role: str, limits: Limits) -> tuple[str, list[Finding]]:
    """Return a model's text with the series of the files that it names and that lie beside it, and what was done.

    A gauge's file has a row for each interval with rain: station, year, month, day, hour, minute, value; that of a
    time series has its rows. Other layouts, climate and interface files stay named, and the model refuses them.
    Raises InputError where a file is larger than allowed, has no row of the gauge's station, or one that is no record.
    """
    found = namings(text, path)
    if not found:
        return text, []
    lines, more, notes = text.splitlines(), ["", "[TIMESERIES]"], []
    for each in found:
        if each.file.stat().st_size > limits.file_mib * 2**20:
            raise InputError("intake.swmm_file_large", name=path.name, file=each.file.name)
        content = each.file.read_bytes().decode("latin-1").splitlines()
        words = WORD.findall(lines[each.line].split(";", 1)[0])
        rows = (
            _gauge(words, content, each, flow=flow, name=path.name)
            if each.section.startswith("RAIN")
            else _series(words[0], content)
        )
        if rows is None:
            continue
        lines[each.line] = (
            " ".join([*words[:4], "TIMESERIES", words[0] + SERIES]) if each.section.startswith("RAIN") else ""
        )
        more += rows
        notes.append(Finding("found", "intake.swmm_file", role, len(rows), {"name": path.name, "file": each.file.name}))
    return "\n".join([*lines, *more, ""]), notes


def _series(name: str, content: list[str]) -> list[str]:
    """Return the rows of a time series' file, each with the series' name."""
    plain = (line.split(";", 1)[0].strip() for line in content)
    return [f"{name} {line}" for line in plain if line]


def _gauge(words: list[str], content: list[str], naming: Naming, *, flow: str, name: str) -> list[str] | None:
    """Return the rain of a gauge's station as rows of a time series; None where the file has another layout."""
    if len(words) < GAUGE_WORDS or not (first := next((line.split() for line in content if line.strip()), None)):
        return None
    station, unit = words[-2].strip('"').upper(), words[-1].upper()
    if len(words) > GAUGE_WORDS or len(first) < RECORD_WORDS or unit not in ("IN", "MM"):
        return None
    ours = "IN" if flow.upper() in US_FLOWS else "MM"
    times = 1.0 if unit == ours else INCH if unit == "IN" else 1.0 / INCH
    problems: list[InputError] = []
    rows = []
    for number, line in enumerate(content, start=1):
        record = line.split(";", 1)[0].split()
        if record and record[0].upper() == station:
            row = _record(record, times)
            if row is None:
                values = {"name": name, "file": naming.file.name, "row": number, "station": station}
                problems.append(InputError("intake.swmm_record", got=line.strip()[:MOST_SHOWN], **values))
            else:
                rows.append(f"{words[0]}{SERIES} {row}")
    if problems:
        raise InputErrors(problems)
    if not rows:
        raise InputError("intake.swmm_station", name=name, file=naming.file.name, station=station, line=naming.line + 1)
    return rows


def _record(words: list[str], times: float) -> str | None:
    """Return date, time and value of a record, 24:00 as 0:00 of the next day; None where it is none."""
    if len(words) != RECORD_WORDS:
        return None
    try:
        year, month, day, hour, minute = (int(word) for word in words[1:6])
        value = float(words[6]) * times
        at = datetime(year, month, day) + timedelta(hours=hour, minutes=minute)  # noqa: DTZ001  (the file's own clock)
    except (ValueError, OverflowError):
        return None
    if not (0 <= hour <= DAY and 0 <= minute < HOUR and 0.0 <= value < inf):
        return None
    return f"{at:%m/%d/%Y %H:%M} {words[6] if times == 1.0 else repr(value)}"
