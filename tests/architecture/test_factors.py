"""Factors: no number without a parent, none twice, and each in the unit that its reader takes it in.

The tables of pilots are held to the same as those of the package.
"""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

import citybraid
from citybraid.core import factor
from citybraid.core.account import GAS_IN_UNIT, without_gas
from citybraid.core.currency import normal_unit

ROWS = factor.shipped().rows
PILOTS = tuple(
    row for path in sorted(Path(citybraid.__file__).parent.glob("pilots/*/factors.csv")) for row in factor.read(path)
)
ALL = ROWS + PILOTS
SEEN = {"verified", "single_source"}
EXPLAINED = {"derived", "recalled_unverified", "assumed"}
SYMBOLS = frozenset(
    "m mm km kg t L s min h day year J MJ TJ W kW kWh K degC degree hPa person CNY EUR %".split()  # noqa: SIM905  (symbols)
)
READ_AS = {
    "crop_coefficient/trees": "1", "depression_storage/grass": "mm", "flood_damage_price/currency": "CNY EUR-1",
    "flood_damage_value/residential": "EUR m-2", "green_ampt/A/conductivity": "mm h-1", "green_ampt/A/suction": "mm",
    "grid_emission_factor/": "kg kWh-1", "ground_floor_height/any": "m", "heat_emission_factor/": "kg kWh-1",
    "horton_rate/A/first": "mm h-1", "manning_n/grass": "s m-1/3", "program_load/living_a/lights": "W m-2",
    "pv_power_density/": "kW m-2", "rescue_time_limit/fire_station": "min", "road_speed/primary": "km h-1",
    "set_point/hotel/heating/00": "degC", "sink_rate/10": "kg m-2 year-1", "soil_water_capacity/": "mm",
    "sponge_design_rain/75": "mm", "storm_formula/A": "mm min-1", "storm_formula/b": "min",
    "travel_emission_factor/car": "kg km-1 person-1", "trip_distance/car": "km", "trip_rate/": "person-1 day-1",
    "turnout_time/fire_station": "min", "waterlogging_point/duration": "h", "warning_lead_time/": "h",
}  # fmt: skip
"""The unit in which code takes a factor: a row of each, by name and key; the other rows of a word share its unit."""


def name(row: factor.Factor) -> str:
    return f"{row.factor}/{row.key}/{row.region}/{row.year_from}"


def test_what_was_seen_names_where() -> None:
    assert ROWS
    assert not [name(row) for row in ROWS if row.status in SEEN and not row.source]


def test_what_was_derived_recalled_or_assumed_says_how() -> None:
    assert not [name(row) for row in ROWS if row.status in EXPLAINED and not (row.note or row.source)]


def test_statuses_are_of_the_vocabulary_and_rows_of_the_package_not_the_users() -> None:
    assert not [name(row) for row in ALL if row.status not in factor.STATUSES]
    assert not [name(row) for row in ROWS if row.status == "user"]


def test_ranges_hold_the_value() -> None:
    low = [name(row) for row in ALL if row.low is not None and row.low > row.value]
    high = [name(row) for row in ALL if row.high is not None and row.high < row.value]
    assert not low + high


def test_a_distribution_has_both_its_ends() -> None:
    assert not [name(row) for row in ALL if row.distribution and (row.low is None or row.high is None)]


def test_years_are_in_order() -> None:
    assert not [name(row) for row in ALL if row.year_from and row.year_to and row.year_from > row.year_to]


def test_units_are_powers_of_known_symbols() -> None:
    words = {word for row in ALL for word in normal_unit(without_gas(row.unit)[0])}
    assert {re.sub(r"-?\d.*", "", word) for word in words} <= SYMBOLS | {"", "{currency}", GAS_IN_UNIT}


@pytest.mark.parametrize(("of", "unit"), READ_AS.items())
def test_a_factor_is_in_the_unit_that_its_reader_takes(of: str, unit: str) -> None:
    named, _, key = of.partition("/")
    found = {row.unit for row in ALL if (row.factor, row.key) == (named, key)}
    assert found == {unit}


def test_pilots_keep_the_units_of_the_package() -> None:
    """Prices are per unit of each measure, so rows are compared key by key."""
    units = {(row.factor, row.key): normal_unit(row.unit) for row in ROWS}
    shared = [row for row in PILOTS if (row.factor, row.key) in units]
    assert shared
    assert not [name(row) for row in shared if normal_unit(row.unit) != units[row.factor, row.key]]


def test_shares_lie_between_none_and_all() -> None:
    shares = [row for row in ALL if row.factor.endswith("_share") and row.key != "sides"]  # sides of a street: a count
    assert len(shares) > 50
    ends = {name(row): (row.value, row.low, row.high) for row in shares}
    assert not [key for key, found in ends.items() if any(end is not None and not 0 <= end <= 1 for end in found)]


@pytest.mark.parametrize("whole", ["mode_share", "parcel_use"])
def test_shares_of_a_whole_add_up(whole: str) -> None:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in ROWS:
        if row.factor == whole:
            sums[row.region, row.key.rpartition("/")[0]] += row.value
    assert sums
    assert list(sums.values()) == pytest.approx([1.0] * len(sums))


def test_temperatures_and_efficiencies_are_of_this_world() -> None:
    assert not [name(row) for row in ALL if row.unit == "degC" and not -50 <= row.value <= 60]
    cop = [row for row in ALL if row.factor == "heat_system" and row.key.endswith("cop")]
    assert cop
    assert not [name(row) for row in cop if not 0.5 <= row.value <= 7]


def test_no_row_stands_twice() -> None:
    keys = Counter((row.factor, row.key, row.region, row.year_from, row.year_to) for row in ROWS)
    assert not [key for key, count in keys.items() if count > 1]


def test_a_factor_has_one_unit_per_last_word_of_its_key() -> None:
    """Rows that answer the same question (the wall of another year, another region) are in the same unit."""
    units: dict[tuple[str, str], set[str]] = {}
    for row in ROWS:
        units.setdefault((row.factor, row.key.rpartition("/")[2]), set()).add(row.unit)
    assert not {key: sorted(found) for key, found in units.items() if len(found) > 1}


def test_sources_are_citations() -> None:
    assert not [name(row) for row in ROWS if "unnamed" in row.source or "shared/" in row.source + row.note]


PAGES = sorted((Path(__file__).parents[2] / "docs/explanation/method").glob("*.md"))
STATES = {
    "recalled": "recalled_unverified", "verified": "verified", "single source": "single_source",
    "derived": "derived", "assumed": "assumed",
    "凭记忆录入": "recalled_unverified", "已核实": "verified", "单一来源": "single_source",
    "推算": "derived", "假定": "assumed",
}  # fmt: skip
"""How pages in each language say a status."""
STATE = re.compile(rf"(?<!not )(?<![a-z])({'|'.join(STATES)})")
TOLD = re.compile(r"(`[a-z_]+` ?)?\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
"""What stands in brackets, and the name right before them."""
OF_A_MEASURE = re.compile(
    r"\b(lifetime|upkeep)\b[^.();:]*\(([^()]*)\)|(寿命|维护费)[^。；：()]*\(([^()]*)\)", re.IGNORECASE
)
IN_CHINESE = {"寿命": "lifetime", "维护费": "upkeep"}


KNOWN: dict[str, set[str]] = defaultdict(set)
"""The statuses that the rows of each factor have, and those of the first word of each key."""
for each in ROWS:
    KNOWN[each.factor].add(each.status)
    KNOWN[f"{each.factor}/{each.key.split('/')[0]}"].add(each.status)


def told_otherwise(page: Path) -> list[str]:
    """Return what a page tells in brackets of a factor, or of its measure's lifetime or upkeep, and no row has."""
    text = page.read_text(encoding="utf-8").replace("\n", " ").replace("（", "(").replace("）", ")")
    told = [(set(re.findall(r"`([a-z_]+)`", before + said)), said) for before, said in TOLD.findall(text)]
    measure = page.name.removesuffix(".md").removesuffix(".zh").rpartition(".")[2]
    for word, said, chinese, in_chinese in OF_A_MEASURE.findall(text):
        told.append(({f"measure_{(word or IN_CHINESE[chinese]).lower()}/{measure}"}, said or in_chinese))
    wrong = []
    for names, said in told:
        of = names & set(KNOWN)
        states = {STATES[word] for word in STATE.findall(said)}
        if of and not states <= set().union(*(KNOWN[name] for name in of)):
            wrong.append(f"{page.name}: {sorted(of)}: {said}")
    return wrong


def test_method_pages_tell_the_status_that_a_factor_has() -> None:
    assert PAGES
    assert not [wrong for page in PAGES for wrong in told_otherwise(page)]


def test_a_status_told_otherwise_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "integrate.measures.early_warning.md"
    page.write_text(
        "The factor `warning_lead_time` (3 h, as recalled), lifetime 10 years (recalled).", encoding="utf-8"
    )
    assert len(told_otherwise(page)) == 2
