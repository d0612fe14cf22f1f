"""Targets of the objectives by planning unit, and by parcel in the appendix."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.planning.cascade import REST
from citybraid.planning.rows import indicators
from citybraid.report.chapter import (
    Block,
    Column,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    TranslatedText,
    cells,
    words,
)
from citybraid.report.indicators import unit_text
from citybraid.report.levels.names import unit_names
from citybraid.report.view import View, named


def target_blocks(view: View) -> Iterator[Block]:
    """Yield a table of targets by unit for each objective that is handed down, and those of parcels."""
    table = view.run.table("targets")
    if table is None or table.empty:
        return
    titles = {each.id: TranslatedText.of(each.title) for each in view.run.manifest.asked.objectives}
    units = table[table["parent"] == table["parent"].iloc[0]]
    yield from (Paragraph(text, "warning") for text in out_of_reach(units, titles))
    yield _by_unit(view, units, titles)
    below = table[table["level"] != units["level"].iloc[0]]
    if len(below):
        yield _by_parcel(view, below, titles)


def out_of_reach(units: pd.DataFrame, titles: dict[str, TranslatedText]) -> Iterator[Text]:
    """Yield a sentence for each target that is beyond what the alternatives can change in all."""
    for objective, rows in units.groupby("objective", sort=False):
        reach = float(rows["reach"].iloc[0])
        if np.isfinite(reach) and reach < 1.0 and not bool(rows["met"].iloc[0]):
            share = Quantity(100.0 * reach, "%", 0)
            yield words("targets.beyond", objective=titles[str(objective)], share=share)


def shared_by(units: pd.DataFrame, titles: dict[str, TranslatedText]) -> Text:
    """Return by which rule each objective's target is handed down to units."""
    rules = dict.fromkeys((str(row.objective), str(row.rule)) for row in units.itertuples())
    return TextList(
        tuple(words("targets.rule", objective=titles[objective], rule=_rule(rule)) for objective, rule in rules)
    )


def _by_unit(view: View, units: pd.DataFrame, titles: dict[str, TranslatedText]) -> Table:
    names = unit_names(view)
    zones = list(dict.fromkeys(str(zone) for zone in units["zone"] if zone != REST))
    frame = {"unit": cells([*(names.get(zone, zone) for zone in zones), words("targets.rest"), words("targets.all")])}
    columns = [Column("unit", words("plan.unit"))]
    for objective, rows in units.groupby("objective", sort=False):
        indicator = indicators()[str(rows["indicator"].iloc[0])]
        own = rows.set_index("zone")
        unit = view.unit_of(indicator.id)
        for part in ("present", "target"):
            values = [float(own[part].get(zone, np.nan)) for zone in (*zones, REST)]
            whole = _whole(own, part, extensive=indicator.extensive)
            frame[f"{part}/{objective}"] = np.array([*values, whole], float)
            title = words(f"targets.{part}", indicator=named("indicator", indicator.id))
            columns.append(Column(f"{part}/{objective}", title, unit))
        if rows["reached"].notna().any():
            frame[f"state/{objective}"] = cells([*(_state(own, zone, indicator.direction) for zone in zones), "–", "–"])
            columns.append(Column(f"state/{objective}", words("targets.state", alternative=view.name(
                view.run.alternatives[-1]))))  # fmt: skip
    note = words("targets.note", rules=shared_by(units, titles))
    table = pd.DataFrame(frame)
    rest = units["zone"] == REST
    if not rest.any():
        table = table.drop(index=len(zones)).reset_index(drop=True)
    return Table("targets_by_unit", words("targets.table"), table, columns, note, most=16, appendix=True)


def _rule(rule: str) -> Text:
    return words("targets.by", indicator=named("indicator", rule)) if rule in indicators() else words(f"targets.{rule}")


def _whole(own: pd.DataFrame, part: str, *, extensive: bool) -> float:
    """Return what all rows make up: the sum, or the mean by weights."""
    values, weights = own[part].astype(float), own["weight"].astype(float)
    known = values.notna()
    if extensive:
        return float(values[known].sum())
    total = float(weights[known].sum())
    return float((values * weights)[known].sum()) / total if total else np.nan


def _state(own: pd.DataFrame, zone: str, direction: str) -> Text:
    if zone not in own.index or not np.isfinite(float(own["reached"][zone])):
        return "–"
    reached, target = float(own["reached"][zone]), float(own["target"][zone])
    slack = 1e-9 * max(abs(target), abs(reached))
    met = reached <= target + slack if direction == "lower" else reached >= target - slack
    return words("plan.green" if met else "plan.red")


def _by_parcel(view: View, below: pd.DataFrame, titles: dict[str, TranslatedText]) -> Table:
    names = unit_names(view)
    frame = pd.DataFrame(
        {
            "objective": cells(titles[str(name)] for name in below["objective"]),
            "unit": cells(names.get(str(zone), str(zone)) for zone in below["parent"]),
            "zone": cells(
                view.parcel_link(str(zone)) if zone != REST else words("targets.rest") for zone in below["zone"]
            ),
            "measure": cells(unit_text(view.unit_of(str(name))) for name in below["indicator"]),
            **{part: below[part].to_numpy(float) for part in ("present", "target")},
        }
    )  # fmt: skip
    columns = [
        Column("objective", words("plan.objective")), Column("unit", words("plan.unit")),
        Column("zone", words("explorer.parcel")), Column("measure", words("explorer.unit")),
        Column("present", words("special.present"), told=True), Column("target", words("plan.target"), told=True),
    ]  # fmt: skip
    return Table("targets_by_parcel", words("targets.parcels"), frame, columns, words("targets.parcels_note"), most=20,
                 printed=0, appendix=True)  # fmt: skip
