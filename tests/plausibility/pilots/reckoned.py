"""Numbers of a pilot's whole run beside those of a pencil: checked, and told in the pilot's page as they are.

`Reckoned` holds what the card of the pilot's last whole run has and what another route gives. `told` renders the table
that its page must hold, in Chinese and English, so that no number stands on a page that no test computes.
"""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray

from citybraid.commons.library.shipped import read_shipped
from tests.plausibility.pilots.pencil import BURNT, METHANE, NITROUS, PILOTS, deaths_from_heat, hours, sewage

BARE = 60
OPEN = (10, 20, 30, 40, BARE, 80, 90)
"""Codes of land cover that no pavement seals: trees, shrubs, grass, fields, bare ground, water, wetland."""
WET = (80, 90)
TREES = 10
UPTAKE = {20: 0.0077, 30: 0.0077, BARE: 0.001833, 80: 0.092767, 90: 0.092767}
"""Uptake of covers without trees [kg CO2 m-2 year-1]: -2.1 t of carbon a square kilometre of grass (Guangzhou, 2023),
0.005 and 0.253 t a hectare of unused land and of water."""
ZHEJIANG = 0.166 * 44.0 / 12.0
"""Uptake of closed canopy in Zhejiang [kg CO2 m-2 year-1]: 1.66 t of carbon a hectare (Zhao et al. 2010)."""
GAS = 55.54 * 3.6e-3
"""Carbon dioxide of a kWh of natural gas [kg]: 55.54 kg/GJ."""
HOME_GAS = (1861.0 + 722.0) / 2.55
"""Gas of a person for hot water and cooking [kWh year-1]: 240 m3 a household of 2.55 (GB/T 51161-2016)."""
Cover = NDArray[np.int64]
Floats = NDArray[np.float64]
HEADS = {
    "zh": ("### 另一途径复核的数", "| 数 | 另一途径 | 本程序 | 手算 |"),
    "en": ("### Numbers by another route", "| number | another route | ours | pencil |"),
}


class Reckoned(NamedTuple):
    """A number by both routes: its row of `words.csv`, decimals told, allowed relative error."""

    key: str
    ours: float
    pencil: float
    digits: int = 0
    within: float = 0.005


@cache
def words() -> dict[str, dict[str, str]]:
    """Return the names and routes of numbers in Chinese and English, by key."""
    with (Path(__file__).parent / "words.csv").open(encoding="utf-8", newline="") as stream:
        return {row["key"]: row for row in csv.DictReader(stream)}


def of_card(pilot: str, name: str = "case") -> dict[str, dict[str, float]]:
    """Return the indicators of a pilot's last whole run, by alternative."""
    version = read_shipped(PILOTS / pilot / f"{name}.json")
    assert version.card is not None
    return {key: dict(each.values) for key, each in version.card.indicators.items()}


def studied(pilot: str) -> float:
    """Return the area of a pilot by its card [ha]."""
    card = read_shipped(PILOTS / pilot / "case.json").card
    assert card is not None
    assert card.area is not None
    return card.area


def floor_area(pilot: str) -> float:
    """Return the floor area of a pilot's buildings [m2], by the ratio and the area of its card."""
    card = read_shipped(PILOTS / pilot / "case.json").card
    assert card is not None
    return float(card.features["floor_area_ratio"].value) * studied(pilot) * 1e4


def read(path: Path) -> tuple[Floats, float]:
    """Return the values of a raster and the area of a pixel [m2]."""
    with rasterio.open(path) as source:
        return source.read(1).astype(np.float64), abs(source.res[0] * source.res[1])


def share(cover: Floats, *codes: int) -> float:
    """Return the share of pixels of some covers [%]."""
    return 100.0 * float(np.isin(cover, codes).mean())


def uptake(cover: Floats, canopy: Floats, pixel: float, *, trees: float = ZHEJIANG) -> float:
    """Return what crowns, and the covers between them, take up [t CO2 year-1]."""
    between = np.zeros(cover.shape)
    for code, rate in UPTAKE.items():
        between[cover == code] = rate
    return float((canopy * trees + (1.0 - canopy) * between).sum()) * pixel / 1e3


def waste(people: float, *, burnt: float = 0.913, composted: float = 0.087, each: float = 0.98) -> float:
    """Return emissions of waste burnt and composted [t CO2e year-1]: kg a person and day, shares of treatment."""
    mass = people * each * 365.0 / 1e3
    return mass * (burnt * BURNT + composted * (4e-3 * METHANE + 0.24e-3 * NITROUS))


def wastewater(people: float) -> float:
    """Return emissions of wastewater of people [t CO2e year-1]."""
    return people * sewage() / 1e3


def heat_deaths(people: float, weather: Path) -> float:
    """Return deaths a year from heat by the hours of a weather file."""
    return deaths_from_heat(people, hours(weather, 6, "utf-8"))


def building_emissions(floor: float, intensity: float, people: float, grid: float) -> float:
    """Return emissions of buildings [t CO2 year-1]: gas by people, and power for what is left of all energy."""
    gas = people * HOME_GAS
    return ((floor * intensity - gas) * grid + gas * GAS) / 1e3


def of_scopes(values: dict[str, dict[str, float]], name: str) -> float:
    """Return the inventory as its scopes less what plants take up [t CO2e year-1]."""
    parts = ("direct_emissions", "energy_indirect_emissions", "other_indirect_emissions")
    return sum(values[each][name] for each in parts) - values["green_sink"][name]


def told(numbers: Sequence[Reckoned], language: str) -> str:
    """Return the table of a pilot's page."""
    head, columns = HEADS[language]
    lines = [head, "", columns, "| --- | --- | ---: | ---: |"]
    for each in numbers:
        what, route = words()[each.key][language], words()[each.key][f"{language}_route"]
        ours, pencil = (f"{value:,.{each.digits}f}".replace(",", " ") for value in (each.ours, each.pencil))
        lines.append(f"| {what} | {route} | {ours} | {pencil} |")
    return "\n".join(lines)


def check(pilot: str, numbers: Sequence[Reckoned]) -> None:
    """Hold both routes together, and the pilot's page to what they give."""
    apart = [each.key for each in numbers if each.ours != pytest.approx(each.pencil, rel=each.within, abs=1e-9)]
    assert not apart
    page = (PILOTS / pilot / "README.md").read_text(encoding="utf-8")
    for language in HEADS:
        table = told(numbers, language)
        assert table in page, f"the page of {pilot} should have:\n{table}"


def write(pilot: str, numbers: Sequence[Reckoned]) -> None:
    """Write the tables of a pilot's page anew; a language without one gets it at the end of its part."""
    path = PILOTS / pilot / "README.md"
    page = path.read_text(encoding="utf-8")
    for language, (head, _) in HEADS.items():
        before, found, after = page.partition(f"{head}\n")
        assert found, f"{pilot}: write '{head}' where the table is to stand"
        lines = after.splitlines(keepends=True)
        rest = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("|")), len(lines))
        page = before + told(numbers, language) + "\n" + ("\n" if rest < len(lines) else "") + "".join(lines[rest:])
    path.write_text(page, encoding="utf-8")
