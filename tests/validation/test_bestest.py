"""The zone model against BESTEST, ANSI/ASHRAE 140-2020: every case of one zone whose quantities it computes."""

import csv
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from citybraid.kernels.buildings.zone import COOLING, HEATING, PEAK_COOLING, PEAK_HEATING
from tests.validation.bestest import CASES, bestest

pytestmark = pytest.mark.slow

FOLDER = "validation/energy_ashrae140"
WEATHER = "validation/energy_ashrae140/725650TYCST.epw"
OTHERS = Path(__file__).with_name("bestest_2020.csv")
"""Least and greatest of the six programs of ANSI/ASHRAE 140-2020, tables B8-1 to B8-5, as published with the
standard's spreadsheets in github.com/JasonGlazer/ashrae-140-automation; the folder supplied has 600, 900 and 600FF."""
QUANTITIES = {
    "annual_heating_MWh": (HEATING, 1e-6), "annual_cooling_MWh": (COOLING, 1e-6),
    "peak_heating_kW": (PEAK_HEATING, 1e-3), "peak_cooling_kW": (PEAK_COOLING, 1e-3),
}  # fmt: skip


class Range(NamedTuple):
    low: float
    high: float

    def holds(self, value: float, *, beyond: float = 0.0) -> bool:
        """Tell whether a value lies inside, or beyond an end by no more than a share of that end."""
        return self.low - beyond * abs(self.low) <= value <= self.high + beyond * abs(self.high)


def named(folder: Path) -> dict[str, Range]:
    """Return the ranges of the folder supplied."""
    ranges = {}
    for name in ("ranges.csv", "ranges_free_floating.csv"):
        for row in csv.DictReader((folder / name).read_text(encoding="utf-8").splitlines()):
            for column in (each.removesuffix("_min") for each in row if each.endswith("_min")):
                ranges[f"{row['case']} {column}"] = Range(float(row[f"{column}_min"]), float(row[f"{column}_max"]))
    return ranges


def others() -> dict[str, Range]:
    """Return the ranges of all cases."""
    rows = csv.DictReader(OTHERS.read_text(encoding="utf-8").splitlines())
    return {f"{row['case']} {row['quantity']}": Range(float(row["low"]), float(row["high"])) for row in rows}


@pytest.fixture(scope="module")
def found(cases: Path) -> dict[str, float]:
    quantities: dict[str, float] = {}
    for name, case in CASES.items():
        year, trace = bestest(cases / WEATHER, case)
        if case.free:
            air = trace[:, 0]
            quantities |= {f"{name} Tmax": air.max(), f"{name} Tmin": air.min(), f"{name} Tavg": air.mean()}
            continue
        quantities |= {f"{name} {each}": year[column] * scale for each, (column, scale) in QUANTITIES.items()}
    return {name: float(value) for name, value in quantities.items()}


@pytest.mark.case(WEATHER)
def test_the_ranges_supplied(cases: Path, found: dict[str, float]) -> None:
    ranges = named(cases / FOLDER)
    assert len(ranges) == 11
    assert sum(each.holds(found[name]) for name, each in ranges.items()) >= 9
    assert {name for name, each in ranges.items() if not each.holds(found[name], beyond=0.1)} == set()


@pytest.mark.case(WEATHER)
def test_every_case_of_one_zone(found: dict[str, float], capsys: pytest.CaptureFixture[str]) -> None:
    ranges = others()
    told = ["", "BESTEST, ranges of ANSI/ASHRAE 140-2020, weather 725650TY"]
    inside = {name for name, each in ranges.items() if each.holds(found[name])}
    for name, each in ranges.items():
        mark = "" if name in inside else " within 10 %" if each.holds(found[name], beyond=0.1) else " OUTSIDE"
        told.append(f"  {name:25s} {found[name]:7.3f}  range {each.low:7.3f} to {each.high:7.3f}{mark}")
    with capsys.disabled():
        sys.stdout.write("\n".join([*told, f"  {len(inside)} of {len(ranges)} inside", ""]))
    assert {name for name, each in ranges.items() if not each.holds(found[name], beyond=0.1)} == set()
    assert len(inside) >= 50
    assert found["650 annual_heating_MWh"] == found["950 annual_heating_MWh"] == 0.0


@pytest.mark.case(WEATHER)
def test_the_ranges_supplied_are_those_of_the_standard(cases: Path) -> None:
    ours = others()
    assert {name: ours[name] for name in named(cases / FOLDER)} == named(cases / FOLDER)


@pytest.mark.case(WEATHER)
def test_mass_shade_and_setback_change_loads_as_they_must(found: dict[str, float]) -> None:
    for quantity in QUANTITIES:
        assert found[f"900 {quantity}"] < found[f"600 {quantity}"]
    for plain, shaded in (("600", "610"), ("620", "630"), ("900", "910"), ("920", "930")):
        assert found[f"{shaded} annual_cooling_MWh"] < found[f"{plain} annual_cooling_MWh"]
        assert found[f"{shaded} annual_heating_MWh"] > found[f"{plain} annual_heating_MWh"]
    assert found["640 annual_heating_MWh"] < found["600 annual_heating_MWh"]
