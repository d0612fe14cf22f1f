"""The same quantity has one value, one unit and as many digits wherever a reader meets it, by its provenance code."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest
from matplotlib.figure import Figure as Drawing

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators
from citybraid.report.annex.content import Clause, Part
from citybraid.report.annex.parcels import parcel_table
from citybraid.report.annex.provenance import Codes
from citybraid.report.annex.statement import statement_table
from citybraid.report.annex.write import annex_of
from citybraid.report.chapter import Figure, Table, in_words
from citybraid.report.chapters.c10_first_page import chapter as first_page
from citybraid.report.controls.control_sheet import control_sheet
from citybraid.report.disaster.phase import Phase
from citybraid.report.disaster.phase_table import phase_table
from citybraid.report.drawing.units import SYSTEM
from citybraid.report.page_table import laid_out
from citybraid.report.strand import indicator_blocks
from citybraid.report.view import View, named
from citybraid.report.workbook import table_cells
from citybraid.study.run.run import Run

LANGUAGES = ("zh", "en")
STRANDS = ("lowcarbon", "resilience", "biodiversity")
PHASES: tuple[Phase, ...] = ("prevention", "preparedness", "response", "recovery")
CODED = re.compile(r"(?P<before>[^\[\]]*?) \[(?P<code>[A-Z]\d*-\d[\d-]*)\]")
NUMBER = re.compile(r"−?\d[\d,]*(?:\.\d+)?")
Told = Mapping[str, str]
"""What each code's value is told as, by code."""


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def view(ran: Run) -> View:
    return View(ran)


@pytest.fixture(scope="module")
def tables(view: View) -> list[Table]:
    """Tables of the report with a row for each indicator and a column for each alternative."""
    blocks = [*(block for strand in STRANDS for block in indicator_blocks(view, strand))]
    blocks += [block for phase in PHASES for block in phase_table(view, phase)]
    return [block for block in blocks if isinstance(block, Table)]


def told(codes: Codes, language: str) -> Told:
    """Return the value of every code with its unit, as sentences tell it."""
    return {each.code: in_words(each.plain, language, SYSTEM) for each in codes.every if each.known}


def texts(parts: list[Part], language: str) -> Iterator[str]:
    """Yield every text of a document of the annex."""
    for part in parts:
        for block in part.blocks:
            if isinstance(block, Clause):
                yield from (in_words(text, language, SYSTEM) for text in (block.heading, block.text, *block.items))
            elif isinstance(block, Table):
                for row in laid_out(block, SYSTEM).rows:
                    yield from (in_words(cell, language, SYSTEM) for cell in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_coded_number_of_the_annex_and_its_statement_is_told_alike(view: View, language: str) -> None:
    annex = annex_of(view)
    amounts = told(annex.codes, language)
    statement = Part("", [statement_table(annex.codes, annex.ranked)])
    found: dict[str, int] = {}
    for text in texts([*annex.text, statement], language):
        for each in CODED.finditer(text):
            code = each["code"]
            if code in amounts and NUMBER.search(each["before"]):
                assert each["before"].endswith(amounts[code]), (code, amounts[code], each["before"])
                found[code] = found.get(code, 0) + 1
    assert len(found) > 10
    assert max(found.values()) > 1, "objectives stand in a clause, a table and the statement"


def rows_of(table: Table) -> dict[int, str]:
    """Return the indicator of each row."""
    ids = {in_words(named("indicator", each), "en"): each for each in indicators()}
    rows = {at: in_words(text, "en") for at, text in enumerate(table.frame["indicator"])}
    return {at: ids[name] for at, name in rows.items()}


def alike(cells: list[str], others: list[str]) -> bool:
    """Whether numbers are the same, or the other rounded to the decimals that a row of alternatives shares."""
    pairs = zip(cells, others, strict=False)
    return len(cells) == len(others) and all(_rounded_alike(*(each.replace(",", "") for each in one)) for one in pairs)


def _rounded_alike(cell: str, other: str) -> bool:
    cell, other = (each.replace("−", "-") for each in (cell, other))
    kept = len(cell.partition(".")[2])
    return abs(float(cell) - float(other)) <= (0.5001 * 10.0**-kept if kept < len(other.partition(".")[2]) else 0.0)


def thousands_alike(cell: str, other: str) -> bool:
    """Whether a sum in thousands is that in millions, rounded to the decimals of either."""
    sums = [NUMBER.findall(text)[0].replace(",", "").replace("−", "-") for text in (cell, other)]
    thousands, millions = (float(each) for each in sums)
    coarse = max(1e-3 * 10.0 ** -len(sums[0].partition(".")[2]), 10.0 ** -len(sums[1].partition(".")[2]))
    return abs(1e-3 * thousands - millions) <= 0.5001 * coarse


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_of_the_page_tell_what_the_annex_tells(view: View, tables: list[Table], language: str) -> None:
    codes, compared = Codes(view), 0
    for table in tables:
        shown = laid_out(table, SYSTEM, len(table.frame))
        keys = [column.key for column in table.columns]
        for at, name in rows_of(table).items():
            for alternative in view.run.alternatives:
                value = codes.indicator(name, alternative)
                if value.known and at < len(shown.rows):
                    cell = in_words(shown.rows[at][keys.index(alternative)], language, SYSTEM)
                    other = in_words(value.plain, language, "si")
                    row = [in_words(each, language, SYSTEM) for each in shown.rows[at]]
                    if "million" in other and any("thousand" in each for each in row):
                        assert thousands_alike(cell, other), (table.name, name, cell, other)
                    else:
                        assert alike(NUMBER.findall(cell), NUMBER.findall(other)[:1]), (table.name, name, cell, other)
                    compared += 1
    assert compared > 100


def test_workbooks_hold_the_numbers_of_the_page(view: View, tables: list[Table]) -> None:
    codes, compared = Codes(view), 0
    for table in tables:
        held = table_cells(table, language="zh", system=SYSTEM)
        keys = [column.key for column in table.columns]
        for at, name in rows_of(table).items():
            for alternative in view.run.alternatives:
                value, cell = codes.indicator(name, alternative), held.columns[keys.index(alternative)][at]
                if value.known and isinstance(cell, float):
                    amount = NUMBER.findall(in_words(value.plain, "zh", "si"))[0].replace(",", "").replace("−", "-")
                    kept = len(amount.partition(".")[2])  # the annex has the decimals of the row, the workbook all
                    assert cell == pytest.approx(float(amount), abs=0.5001 * 10.0**-kept), (
                        table.name,
                        name,
                    )
                    compared += 1
    assert compared > 100


@cache
def _numbers(text: str) -> tuple[str, ...]:
    return tuple(NUMBER.findall(text))


def test_page_one_tells_each_objective_as_the_annex_does(view: View) -> None:
    codes = Codes(view)
    figure = next(block for block in first_page(view).blocks if isinstance(block, Figure) and block.name == "scorecard")
    drawn = figure.draw("en")
    assert isinstance(drawn, Drawing)
    shown = {text.get_text() for axes in drawn.axes for text in axes.texts}
    for objective in view.run.manifest.asked.objectives:
        for alternative in view.run.alternatives:
            value = codes.indicator(objective.indicator, alternative)
            if value.known:
                assert _numbers(in_words(value.plain, "en", "si"))[0] in shown, (objective.id, alternative)


def test_the_control_table_of_the_report_and_that_of_the_annex_are_the_same(view: View) -> None:
    codes, sheet = Codes(view), control_sheet(view)
    part = parcel_table(codes)
    assert sheet is not None
    assert part is not None
    table = next(block for block in part.blocks if isinstance(block, Table))
    report = sheet.table(sheet.in_order(), name="t", title="t")
    own = {row[0]: row for row in ([in_words(cell, "en") for cell in row] for row in laid_out(report, SYSTEM).rows)}
    keys = [str(column.key) for column in table.columns]
    place = {str(column.key): at for at, column in enumerate(report.columns)}
    compared = 0
    for line in laid_out(table, SYSTEM, len(table.frame)).rows:
        cells = [in_words(cell, "en") for cell in line]
        for key in ("far", "bd", "height", "gr", "area"):
            if key in keys and key in place:
                assert cells[keys.index(key)] == own[cells[keys.index("number")]][place[key]], (cells[0], key)
                compared += 1
    assert compared > 10


def test_units_add_up_to_what_the_whole_area_is_told_to_have(view: View) -> None:
    """Counts are whole in units and in the whole area: readers add them up."""
    counted = [name for name, row in indicators().items() if row.unit in {"person", "count"}]
    seen = 0
    for alternative, table in Codes(view).unit_tables.items():
        for name in (each for each in counted if each in table):
            value = Codes(view).indicator(name, alternative, WHOLE_AREA)
            if value.known:
                assert value.amount == round(float(str(table.loc[WHOLE_AREA, name])))
                seen += 1
    assert seen
