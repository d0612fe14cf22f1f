"""Results of a case: indicators and every table of the run as CSV, a few maps, and the report's files."""

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pandas as pd
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from citybraid.commons.form.archive import Content
from citybraid.commons.form.card import Cost, Effect, IndicatorValues, MeasureCost
from citybraid.core import catalogue
from citybraid.core.currency import in_currency
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.rows.cases import CaseWord
from citybraid.core.tables import read_table
from citybraid.core.text import CATALOGUE_LANGUAGES
from citybraid.planning.rows import indicators
from citybraid.study.run.run import Run

INDICATORS = "results/indicators.csv"
INDICATOR_COLUMNS = ("alternative", "zone", "indicator", "unit", "value", "low", "high")
REPORT_FILES = ("report.html", "*.pdf", "report.*.xlsx")
"""Files of a report that a case holds: the page, map sheets, workbooks."""
TOGETHER = "_side_by_side"
"""End of the names of maps that show the alternatives side by side."""
BUILT = "build"
"""Stage of what builds the plan itself."""
MAP_WIDTH = 1200
"""Width of maps [pixel]."""
COLOURS = 128
"""Colours of a map: its scales have fewer."""


class PackedMaps(NamedTuple):
    """Names of maps, and their pictures in each language."""

    names: tuple[str, ...]
    contents: tuple[Content, ...]


def csv_content(path: str, table: pd.DataFrame, *, index: bool) -> Content:
    """Return a table as CSV: numbers in the shortest form that reads back as the same number."""
    text = table.to_csv(index=index, lineterminator="\n")
    return Content(path, text.encode())


def indicator_rows(run: Run) -> pd.DataFrame:
    """Return the indicators of every alternative and zone, with their bands where the run has them."""
    rows = indicators()
    indicator_list = []
    for alternative in run.alternatives:
        units = run.table(f"units/{alternative}")
        if units is None:
            continue
        bands = run.table(f"bands/{alternative}")
        known = [] if bands is None else bands.to_dict("records")
        ends = {(str(each["zone"]), str(each["indicator"])): (each["low"], each["high"]) for each in known}
        for zone, values in zip(units.index, units.to_dict("records"), strict=True):
            for name, value in values.items():
                if pd.isna(value) or name not in rows:
                    continue
                low, high = ends.get((str(zone), str(name)), (None, None))
                unit = in_currency(rows[str(name)].unit, run.currency)
                indicator_list.append((alternative, zone, name, unit, float(value), low, high))
    return pd.DataFrame(indicator_list, columns=list(INDICATOR_COLUMNS))


def whole_area_values(run: Run) -> Mapping[str, IndicatorValues]:
    """Return the indicators of the whole area by name, with their value in every alternative."""
    rows = indicators()
    table = indicator_rows(run)
    by_zone: dict[str, dict[str, float]] = {}
    for each in table[table["zone"] == WHOLE_AREA].itertuples():
        by_zone.setdefault(str(each.indicator), {})[str(each.alternative)] = float(str(each.value))
    return {
        name: IndicatorValues(
            unit=in_currency(rows[name].unit, run.currency), direction=_direction(rows[name].direction), values=values
        )
        for name, values in sorted(by_zone.items())
    }


def _direction(word: str) -> Literal["higher", "lower", "none"]:
    return "higher" if word == "higher" else "lower" if word == "lower" else "none"


def tables(run: Run, *, without: AbstractSet[str] = frozenset()) -> Iterator[Content]:
    """Yield the tables of the run as CSV, without those named."""
    for name in run.tables:
        table = None if name in without else run.table(name)
        if table is not None:
            yield csv_content(f"results/tables/{name}.csv", table, index=table.index.name is not None)


def effects(run: Run) -> tuple[Effect, ...]:
    """Return the effect of each measure alone on indicators of the whole area, with the band of the run.

    An indicator that has no value without the measure, or none with it, has no effect.
    """
    table = run.table("effects")
    if table is None:
        return ()
    rows = indicators()
    whole = table[(table["zone"] == WHOLE_AREA) & table["indicator"].isin(list(rows))]
    prices = {} if run.choice is None else run.choice.prices
    effect_rows = []
    for each in whole.to_dict("records"):
        if not (math.isfinite(each["base"]) and math.isfinite(each["change"])):
            continue
        measure, indicator = str(each["measure"]), str(each["indicator"])
        effect_rows.append(
            Effect(
                measure=measure, indicator=indicator, unit=in_currency(rows[indicator].unit, run.currency),
                base=float(each["base"]), change=float(each["change"]), low=_number(each.get("low")),
                high=_number(each.get("high")), installed=_number(each.get("installed")),
                quantity_unit=prices[short(measure)].unit if short(measure) in prices else "",
            )
        )  # fmt: skip
    return tuple(effect_rows)


def cost(run: Run) -> Cost | None:
    """Return the cost of the chosen portfolio and the prices that it rests on."""
    choice = run.choice
    if choice is None:
        return None
    prices = {
        name: MeasureCost(
            build=price.build, upkeep=price.upkeep, present=price.present, unit=price.unit, status=price.status
        )
        for name, price in choice.prices.items()
    }
    return Cost(currency=run.currency, build=choice.build_cost, present=choice.cost, measures=prices)


def measures(run: Run) -> tuple[str, ...]:
    """Return the measures that were used or tried, by their short names; what builds the plan itself is none."""
    priced = {short(name) for name, entry in catalogue.known().items() if entry["stage"] not in (None, BUILT)}
    used = {use.measure for each in run.manifest.asked.alternatives.values() for use in each.measures}
    table = run.table("effects")
    tried = set() if table is None else set(table["measure"].astype(str))
    chosen = set() if run.choice is None else {each.measure for each in run.choice.members}
    return tuple(sorted({short(str(name)) for name in (*used, *tried, *chosen)} & priced))


def short(measure: str) -> str:
    """Return the name of a measure without the room that it stands in."""
    return measure.rpartition(".")[2]


def maps(report: Path, wanted: Sequence[str]) -> PackedMaps:
    """Return a few maps of the report in every language: those wanted, else changes and states of the run."""
    folders = {language: report / "maps" / language for language in CATALOGUE_LANGUAGES}
    shown = [{path.stem for path in folder.glob("*.png")} for folder in folders.values()]
    names = sorted(set.intersection(*shown))
    chosen = [name for name in wanted if name in names] if wanted else _telling(names)
    contents = [
        Content(f"report/maps/{language}/{name}.png", _smaller(folder / f"{name}.png"))
        for name in chosen
        for language, folder in folders.items()
    ]
    return PackedMaps(tuple(chosen), tuple(contents))


def report_files(report: Path) -> Iterator[Content]:
    """Yield the report's page, map sheets and workbooks."""
    for pattern in REPORT_FILES:
        for path in sorted(report.glob(pattern)):
            yield Content(f"report/{path.name}", path)


def _telling(names: Sequence[str]) -> list[str]:
    """Return the maps that the table of words asks for, side by side before others."""
    telling = []
    for row in read_table(CaseWord):
        if row.kind == "map":
            alike = [name for name in names if name.startswith(row.id)]
            telling += sorted(alike, key=lambda name: (not name.endswith(TOGETHER), name))[:1]
    return telling


def _smaller(path: Path) -> bytes:
    """Return a map in fewer pixels and colours, with the description that it came with."""
    info = PngInfo()
    with Image.open(path) as picture:
        plain = picture.convert("RGB")
        if seen := picture.info.get("Description"):
            info.add_itxt("Description", seen)
    if plain.width > MAP_WIDTH:
        plain = plain.resize((MAP_WIDTH, round(plain.height * MAP_WIDTH / plain.width)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    plain.quantize(COLOURS).save(out, "PNG", optimize=True, pnginfo=info)
    return out.getvalue()


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(str(value))
