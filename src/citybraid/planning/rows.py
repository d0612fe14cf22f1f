"""Rules as rows: indicators and parcel controls, read from code tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from citybraid.core.currency import PLACEHOLDER
from citybraid.core.rows.plan import ControlRow, IndicatorRow, PlausibleQuantity
from citybraid.core.tables import cached_with_tables, read_table

SECOND_OPTIONAL = frozenset(
    {
        "grid_mean_on_land",
        "grid_area_on_land",
        "grid_share_on_land",
        "class_share_with",
        "column_count_above",
        "column_max_above",
    }
)
"""Statistics that do without their second raster or columns where a Place has none."""


@dataclass(frozen=True)
class Reading:
    """How a number is read from a Place: a statistic of a quantity over zones.

    `statistic` names a function of planning.statistics; `var` and `second` name
    quantities; `argument` is its threshold or its codes; `event` 'worst' takes the
    event of the longest return period.
    """

    statistic: str
    var: str
    second: str
    argument: str
    event: str
    scale: float
    """What values are multiplied by to reach the row's unit."""


@dataclass(frozen=True)
class Indicator:
    """An indicator: how it is read, its unit and direction, its level and the instrument that carries it."""

    id: str
    strand: str
    reading: Reading
    unit: str
    direction: str
    extensive: bool
    level: str
    instrument: str
    clause: str
    source: str
    status: str


@dataclass(frozen=True)
class Control:
    """A control of the detailed plan: stated by which column, computed how, checked by which rule.

    `opposite` is the column with the other end of a span, a lower limit where the rule is at_most.
    `target` names the model and its parameter by which a study sets the value where the plan does not.
    `except_uses` are the land uses to which only the plan's own values apply, `only_uses` those on which alone it is
    computed. `bureau` is responsible for it, `clause` names it in a standard, `form` is its part in the form of a plot.
    `raster` marks a value that depends on the pixels of a raster; `needs` names the
    missing input where it cannot be computed.
    """

    id: str
    unit: str
    binding: bool
    stated: str
    opposite: str
    target: str
    reading: Reading | None
    scale: float
    rule: str
    only_uses: tuple[str, ...]
    except_uses: tuple[str, ...]
    tolerance: float
    formula: str
    raster: bool
    needs: str
    clause: str
    bureau: str
    form: str
    source: str
    status: str


@cached_with_tables
def indicators() -> Mapping[str, Indicator]:
    """Return every indicator by id, in the order of the table."""
    return {
        row.id: Indicator(
            id=row.id, strand=row.strand, reading=_reading(row), unit=row.unit, direction=row.direction,
            extensive=row.extensive, level=row.level, instrument=row.instrument,
            clause=row.clause, source=row.source, status=row.status,
        )
        for row in read_table(IndicatorRow)
    }  # fmt: skip


@cached_with_tables
def yearly_losses() -> Mapping[str, float]:
    """Return the indicators that are money lost a year, with the currency of the study that one unit of each is."""
    return {
        row.id: 1.0 / row.reading.scale
        for row in indicators().values()
        if row.direction == "lower" and row.extensive and row.unit.split()[-2:] == [PLACEHOLDER, "year-1"]
    }


def yearly_energy_bills() -> Mapping[str, float]:
    """Return the yearly losses that come with a carbon budget, and the currency of a unit: what energy costs."""
    rows = indicators()
    return {name: unit for name, unit in yearly_losses().items() if rows[name].instrument == "carbon_budget"}


def yearly_net_emissions() -> Mapping[str, float]:
    """Return the indicators that are net emissions a year: the combined ones of a carbon budget, and the t of one."""
    return {
        row.id: 1.0
        for row in indicators().values()
        if row.instrument == "carbon_budget" and row.reading.statistic == "combined" and row.unit == "t CO2e year-1"
    }


def yearly_totals() -> Mapping[str, float]:
    """Return the totals of emissions a year that figures per head divide, whole inventories first, and the t of one."""
    rows, net = indicators(), yearly_net_emissions()
    whole = dict.fromkeys(
        row.reading.var for row in rows.values()
        if row.instrument == "carbon_budget" and row.reading.statistic == "quotient" and row.reading.var not in net
        and row.reading.var in rows and rows[row.reading.var].unit == "t CO2e year-1"
    )  # fmt: skip
    return {**dict.fromkeys(whole, 1.0), **net}


@cached_with_tables
def quantities_of(indicator: str) -> frozenset[str]:
    """Return the quantities that an indicator is read from; combined indicators are resolved to their parts."""
    return frozenset(_quantities(indicators()[indicator].reading))


@cached_with_tables
def required_quantities(indicator: str) -> frozenset[str]:
    """Return the quantities without which an indicator has no value.

    Optional second rasters are not among them, nor parts of a combined indicator after its first.
    """
    return frozenset(_quantities(indicators()[indicator].reading, every=False))


@cached_with_tables
def with_parts(indicator: str) -> tuple[Indicator, ...]:
    """Return an indicator after the indicators that it is made of, in the order of the table."""
    needed, stack = set[str](), [indicator]
    while stack:
        name = stack.pop()
        needed.add(name)
        reading = indicators()[name].reading
        if reading.statistic in ("combined", "quotient"):
            stack += [word.lstrip("-") for word in f"{reading.var} {reading.second}".split()]
    return tuple(row for row in indicators().values() if row.id in needed)


def _quantities(reading: Reading, *, every: bool = True) -> Iterator[str]:
    second = reading.second if every or reading.statistic not in SECOND_OPTIONAL else ""
    words = f"{reading.var} {second}".split()
    for word in words if every or reading.statistic != "combined" else words[:1]:
        name = word.lstrip("-")
        if reading.statistic in ("combined", "quotient") and name in indicators():
            yield from _quantities(indicators()[name].reading, every=every)
        else:
            yield name


@cached_with_tables
def controls() -> Mapping[str, Control]:
    """Return every control by id, in the order of the table."""
    return {
        row.control: Control(
            id=row.control, unit=row.unit, binding=row.binding == "binding", stated=row.stated,
            opposite=row.opposite, target=row.target,
            reading=_reading(row) if row.statistic else None, scale=row.scale, rule=row.rule,
            only_uses=tuple(row.only_uses.split()), except_uses=tuple(row.except_uses.split()),
            tolerance=row.tolerance or 0.0, formula=row.formula, raster=row.raster, needs=row.needs,
            clause=row.clause, bureau=row.bureau, form=row.form, source=row.source, status=row.status,
        )
        for row in read_table(ControlRow)
    }  # fmt: skip


@cached_with_tables
def plausible_quantities() -> Mapping[str, PlausibleQuantity]:
    """Return the quantities that are compared with published ranges beside the indicators, by id."""
    return {row.id: row for row in read_table(PlausibleQuantity)}


def _reading(row: IndicatorRow | ControlRow) -> Reading:
    return Reading(
        statistic=row.statistic, var=row.var, second=row.second, argument=row.argument, event=row.event, scale=row.scale
    )
