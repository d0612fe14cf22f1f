"""A mass names a gas where it is an emission, and only there: from the vocabulary to the printed cell."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from citybraid.core.text import LANGUAGES
from citybraid.planning.rows import controls, indicators
from citybraid.report.chapter import Chapter, Column, Quantity, Table, in_words
from citybraid.report.chapters import c40_lowcarbon, c70_measures
from citybraid.report.drawing.units import label, shown
from citybraid.report.page_table import laid_out
from citybraid.report.view import View, named
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.run.run import Run
from tests.discovered import PACKAGE, tree

GAS = re.compile("CO₂e?|CH₄|N₂O")
DEBRIS = frozenset({"flood_debris", "quake_debris"})
"""Masses of rubble, not of a gas."""
MASS = re.compile(r"^(kg|t|Mg)( |$)")


def printed(name: str, language: str, value: float = 2500.0) -> tuple[str, str]:
    """Return the unit in the head of a quantity's column, and a sentence's amount of it."""
    var = vocabulary()[name]
    table = Table(name, "", pd.DataFrame({name: [value]}), [Column(name, named("var", name), var.unit_with_gas)])
    (head,) = laid_out(table, "planning").heads
    return label(head.unit, language), Quantity(value, var.unit_with_gas).say(language, "planning")


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        ("total_emissions", "2.5 t CO₂e/a", "2.5 t CO₂e/年"),
        ("electricity_emissions", "2.5 t CO₂/a", "2.5 t CO₂/年"),
        ("rice_methane", "2.5 t CH₄/a", "2.5 t CH₄/年"),
        ("gas_methane", "2.5 t CH₄/a", "2.5 t CH₄/年"),
        ("soil_nitrous_oxide", "2.5 t N₂O/a", "2.5 t N₂O/年"),
        ("embodied_carbon", "2,500 kg CO₂e", "2,500 kg CO₂e"),
        ("green_sink", "2,500 kg CO₂/(m²·a)", "2,500 kg CO₂/(m²·年)"),
        ("byproduct_factor", "2,500 kg CO₂e/t", "2,500 kg CO₂e/t"),
        ("plant_output", "2,500 t", "2,500 t"),
        ("freight_mass", "2,500 t", "2,500 t"),
        ("freight_work", "2,500 t·km/a", "2,500 t·km/年"),
        ("household_waste", "2.5 t/a", "2.5 t/年"),
        ("construction_waste", "2,500 kg", "2,500 kg"),
        ("activity_mass", "2,500 t/a", "2,500 t/年"),
        ("byproduct_given", "2,500 t/a", "2,500 t/年"),
        ("nitrogen_fertiliser", "2,500 t", "2,500 t"),
    ],
)
def test_a_mass_is_printed_with_its_gas_or_without(name: str, en: str, zh: str) -> None:
    for language, text in (("en", en), ("zh", zh)):
        head, sentence = printed(name, language)
        assert sentence == text
        assert text.endswith(f" {head}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_unit_of_the_vocabulary_is_printed_as_it_is_stored(language: str) -> None:
    for name, var in vocabulary().items():
        text = label(shown(var.unit_with_gas, "planning").unit, language)
        assert not re.search(r"-\d| year|CO2|CH4|N2O|[{}]", text), (name, text)


def test_quantities_of_emissions_name_a_gas_and_others_none() -> None:
    """A mass described as emitted, avoided or stored carbon without a gas would be printed as if it were a good."""
    carbon = re.compile(r"[Ee]mission|CO2|[Mm]ethane|N2O|oxide|[Cc]arbon|Reduction by|reduction by|downscal")
    several = {"activity_emitted", "activity_factor", "inventory_mass"}
    masses = {name: var for name, var in vocabulary().items() if MASS.match(var.unit) and name not in several}
    told = {name for name, var in masses.items() if carbon.search(f"{name} {var.about}")}
    assert {name for name, var in masses.items() if var.unit_with_gas != var.unit} == told


def test_indicators_and_controls_of_emissions_are_tonnes_of_gas() -> None:
    rows = {row.id: row.unit for row in indicators().values()} | {row.id: row.unit for row in controls().values()}
    masses = {name: label(unit, "zh") for name, unit in rows.items() if MASS.match(unit) and name not in DEBRIS}
    assert masses
    assert [name for name, text in masses.items() if not GAS.search(text)] == []


def test_a_unit_of_money_without_a_known_currency_has_a_name() -> None:
    assert label("10^4 {currency} year-1", "en") == "currency million/a"
    assert label("{currency} t-1 CO2e", "zh") == "货币/t CO₂e"


GOODS = {("park", "Mg year-1"), ("park", "Mg"), ("activity", "kg TJ-1")}
"""Modules and units of masses that are no gas (by-products, rubble), or of a gas that the row names (factors)."""
WITH_UNITS = frozenset({"Column", "Quantity", "Amount", "UnitName"})


def written_units() -> Iterator[tuple[str, str]]:
    """Return the modules of the report and the units of masses that their tables and sentences write out."""
    for path in sorted((PACKAGE / "report").rglob("*.py")):
        calls = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
        for call in (each for each in calls if isinstance(each.func, ast.Name) and each.func.id in WITH_UNITS):
            for each in (*call.args, *(keyword.value for keyword in call.keywords)):
                if isinstance(each, ast.Constant) and isinstance(each.value, str) and MASS.match(each.value):
                    yield path.stem, each.value


def test_masses_that_the_report_writes_out_name_a_gas_but_for_goods() -> None:
    units = set(written_units())
    assert len(units) > 10
    assert {each for each in units if not re.search(r"CO2|CH4|N2O", each[1])} == GOODS


CARBON = re.compile(r"emission|CO₂|carbon", re.IGNORECASE)
NO_AMOUNTS = re.compile(r"share|per cent|factor")


@pytest.mark.parametrize("chapter", [c40_lowcarbon, c70_measures])
def test_every_table_of_a_run_names_the_gas_of_its_emissions(run: Run, chapter: Any) -> None:
    """The heads as they are printed: where a mass stands in a column on emissions, its unit names the gas."""
    made: Chapter = chapter.chapter(View(run))
    tables = [block for block in made.blocks if isinstance(block, Table)]
    assert tables
    for table in tables:
        for head in laid_out(table, "planning").heads:
            title, unit = in_words(head.title, "en"), label(head.unit, "en")
            if CARBON.search(title) and not NO_AMOUNTS.search(title) and MASS.match(unit):
                assert GAS.search(unit), (table.name, title, unit)
