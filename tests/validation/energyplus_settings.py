"""Settings of a public EnergyPlus model of Chinese buildings as factor rows: the archetypes of Shanghai's data set."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from citybraid.lowcarbon.stock import COMPASS

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FUNCTION = {
    "residential": "Residential", "office": "Office", "retail": "Commercial", "school": "School",
    "public": "Administration",
}  # fmt: skip
SPELLED = {"retail": "commerical"}
"""As their schedules spell it."""
VINTAGES = ((2000, "1993"), (2010, "2000"), (2015, "2010"), (2024, "2015"), (9999, "2024"))
"""First year that no longer takes a file of envelopes."""
QUANTITIES = {"occupancy": "people", "lighting": "lighting", "equipment": "equipment"}
RECOVERED = 0.7
"""Sensible heat that their ventilation recovers."""
SENSIBLE = 0.7
"""Sensible share of their cooling, whatever the air's moisture."""
FILMS = 0.17
"""Resistance of both films of a wall [m2 K W-1] (EN ISO 6946)."""


def sheet(file: Path, name: str) -> Iterator[list[str]]:
    """Yield the rows of a sheet of an XLSX file as text."""
    with zipfile.ZipFile(file) as book:
        texts = [
            "".join(part.text or "" for part in entry.iter(f"{SHEET}t"))
            for entry in ET.fromstring(book.read("xl/sharedStrings.xml")).iter(f"{SHEET}si")  # noqa: S314
        ]
        names = [e.get("name") for e in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")]  # noqa: S314
        root = ET.fromstring(book.read(f"xl/worksheets/sheet{names.index(name) + 1}.xml"))  # noqa: S314
    for row in root.iter(f"{SHEET}row"):
        cells = [(cell.find(f"{SHEET}v"), cell.get("t")) for cell in row.iter(f"{SHEET}c")]
        yield [
            "" if value is None else texts[int(value.text or 0)] if kind == "s" else value.text or ""
            for value, kind in cells
        ]


def operation_rows(folder: Path) -> dict[str, dict[str, float]]:
    """Return factor rows of operation, one programme for each use, named as the use."""
    file = folder / "non_geomtry_data_all.xlsx"
    days = {
        row[-26].strip().lower(): [float(value) for value in row[-24:]]
        for row in sheet(file, "SCHEDULE_DAY_HOURLY")
        if len(row) >= 26 and _number(row[-1])
    }
    load: dict[str, float] = {}
    schedule: dict[str, float] = {}
    points: dict[str, float] = {}
    for use, function in FUNCTION.items():
        word = SPELLED.get(use, function.lower())
        for day, ending in (("weekday", "weekday"), ("weekend", "holiday")):
            for quantity, theirs in QUANTITIES.items():
                for hour, value in enumerate(days[f"schedule_{word}_{theirs}_{ending}_hourly"]):
                    schedule[f"{use}/{quantity}/{day}/{hour:02d}"] = value
            for kind, season in (("heating", "winnter"), ("cooling", "summer")):
                for hour, value in enumerate(days[f"schedule_{word}_{kind}_{season}_{ending}_hourly"]):
                    points[f"{use}/{kind}/{day}/{hour:02d}"] = value
        load |= _loads(file, use, function)
    return {
        "program_load": load, "schedule": schedule, "set_point": points,
        "program_share": {f"{use}//{use}": 1.0 for use in FUNCTION}, "conditioned_share": {"none//none": 1.0},
        "conditioning_season": {
            f"3/{use}/{kind}/{first}": days
            for use in FUNCTION for kind, first, days in (("heating", "12-01", 121), ("cooling", "06-01", 122))
        },
        "working_calendar": {"weekend/saturday": 1.0, "weekend/sunday": 1.0},
    }  # fmt: skip


def _loads(file: Path, use: str, function: str) -> dict[str, float]:
    def of(name: str, at: str) -> float:
        """Return the first number behind a word of the row of this function."""
        row = next(
            row for row in sheet(file, name) if any(function.lower() in cell.lower() for cell in row) and at in row
        )
        return next(float(cell) for cell in row[row.index(at) + 1 :] if _number(cell))

    changes = of("ZONEINFILTRATION_DESIGNFLOWRATE", "AirChanges/Hour")
    fresh = 3600 * of("DESIGNSPECIFICATION_OUTDOORAIR", "Flow/Person") * (1 - RECOVERED)
    return {
        f"{use}/people": of("PEOPLE", "People/Area"), f"{use}/lights": of("LIGHTS", "Watts/Area"),
        f"{use}/equipment": of("ELECTRICEQUIPMENT", "Watts/Area"), f"{use}/air_change": changes,
        f"{use}/fresh_air": fresh,
    }  # fmt: skip


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def fabric_rows(folder: Path, use: str, year: float) -> dict[str, Any]:
    """Return U-values, solar gain and window shares of a use built in a year."""
    function = FUNCTION[use]
    file = folder / f"{next(name for before, name in VINTAGES if year < before)}.xlsx"
    opaque = {row[-6]: float(row[-4]) for row in sheet(file, "MATERIAL_NOMASS") if len(row) >= 6 and _number(row[-4])}
    panes = {row[-4]: (float(row[-3]), float(row[-2])) for row in sheet(file, "WINDOWMATERIAL") if _number(row[-3])}
    share = next(row for row in sheet(file, "WWR") if row[0] == function)
    facing = dict(zip(("east", "south", "west", "north"), map(float, share[1:5]), strict=True))
    u = [panes[f"{function}_{side}_window"] for side in facing]
    return {
        "wall": 1 / (opaque[f"{function}_exterior_wall"] + FILMS), "roof": 1 / (opaque[f"{function}_roof"] + FILMS),
        "window": sum(each[0] for each in u) / 4, "solar_gain": sum(each[1] for each in u) / 4,
        "window_share": {use: facing["north"]}
        | {f"{use}/{side}": facing.get(side, facing["north"]) for side in COMPASS},
    }  # fmt: skip
