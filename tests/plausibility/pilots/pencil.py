"""Numbers of a pilot's page beside those of a pencil, and the table of its README that shows both."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray

from citybraid.commons.form.card import Card
from citybraid.commons.library.shipped import read_shipped
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot, generate

PILOTS = Path(__file__).parents[3] / "pilots"
DEATHS_CENTILE, DEATHS_SLOPE, DEATHS_YEARLY = 82.5, 0.0338, 0.00776
"""Centile of least deaths (Chen et al. 2018), growth of risk a kelvin (Huang et al. 2015), deaths a person (2024)."""
METHANE, NITROUS = 28.0, 265.0
"""Potentials of the fifth assessment report."""
BURNT = 0.2 * 0.39 * 0.95 * 44.0 / 12.0 + 5e-5 * NITROUS
"""Emissions of a kilogram of waste burnt: fossil carbon, and 50 g N2O a tonne [kg CO2e]."""
SOME = 2
"""Cells of a row that hold numbers: the program's and the pencil's."""
Floats = NDArray[np.float64]


class Number(NamedTuple):
    """A number of the program and of the pencil, digits that the README shows, and how near both are to be."""

    ours: float
    pencil: float
    digits: int = 0
    within: float = 1e-3


def card_of(pilot: str) -> Card:
    """Return the card of a pilot's whole run; a pilot that has changed since fails here."""
    version = read_shipped(PILOTS / pilot / "case.json")
    assert version.card is not None
    assert version.origin is not None
    assert not version.origin.changed, "the pilot is not that of its card: run it whole, write the card, then its page"
    return version.card


def value(card: Card, indicator: str, alternative: str = "as_is") -> float:
    found = card.indicators[indicator].values[alternative]
    assert found is not None
    return float(found)


def made(pilot: str, folder: Path, data: Path) -> Path:
    """Write the synthetic files of a pilot, as its run does, and return their folder."""
    path = copy_pilot(pilot, folder / "pilot")
    generate(open_study(path, data=data))
    return path.parent / "data"


def raster(path: Path) -> tuple[Floats, rasterio.Affine]:
    with rasterio.open(path) as source:
        return np.asarray(source.read(1), np.float64), source.transform


def hours(path: Path, column: int, encoding: str = "latin1") -> Floats:
    """Return a column of the 8 760 rows of a weather file."""
    rows = path.read_text(encoding=encoding).splitlines()[8:]
    return np.array([float(row.split(",")[column]) for row in rows])


def deaths_from_heat(people: float, air: Floats) -> float:
    """Return the deaths of a year: a day's share of them is 1 - exp(-slope x kelvins above the least)."""
    days = air.reshape(365, 24).mean(axis=1)
    above = np.maximum(days - np.percentile(days, DEATHS_CENTILE), 0.0)
    return float(people * DEATHS_YEARLY / 365.0 * (1.0 - np.exp(-DEATHS_SLOPE * above)).sum())


def area_under(values: list[float], chances: list[float]) -> float:
    """Return the mean of a year: trapezia over the probability from once a year on, and the rarest beyond."""
    line, chance = np.array([0.0, *values]), np.array([1.0, *chances])
    return float(((line[1:] + line[:-1]) / 2.0 * -np.diff(chance)).sum() + line[-1] * chance[-1])


def waste_and_sewage(kilograms: float, burnt: float, digested: float) -> float:
    """Return what waste and sewage of a resident emit in a year [kg CO2e]: IPCC's defaults, GWP of AR5.

    Burnt waste: see BURNT; digested: 0.8 kg CH4 a tonne.
    """
    return 365.0 * kilograms * (burnt * BURNT + digested * 8e-4 * METHANE) + sewage()


def sewage() -> float:
    """Return what a resident's sewage emits in a year [kg CO2e].

    40 g BOD and 94 g protein a day, 98.1 % of it to plants with nitrogen removal.
    """
    organic, nitrogen = 0.04 * 365, 0.094 * 0.16 * 365
    methane = 0.6 * organic * (0.03 * 0.981 + 0.11 * (0.1 * 0.981 + 0.019))
    oxide = 44 / 28 * nitrogen * (0.016 * 0.981 + 0.005 * (0.2 * 0.981 + 0.019))
    return METHANE * methane + NITROUS * oxide


def shown(number: float, digits: int) -> str:
    return f"{number:,.{digits}f}".replace(",", " ")


def check(pilot: str, label: str, number: Number) -> None:
    """Compare both numbers, and both with the row of the pilot's README that begins with the label."""
    assert number.ours == pytest.approx(number.pencil, rel=number.within), label
    text = (PILOTS / pilot / "README.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|") and label in line.split("|")[1]]
    assert len(rows) == 1, f"the table of {pilot} has no row, or several, for {label}"
    cells = [cell.strip() for cell in rows[0].strip("| ").split("|")]
    assert cells[-SOME:] == [shown(each, number.digits) for each in number[:SOME]], label
