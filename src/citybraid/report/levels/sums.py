"""Levels that do not nest, and what the zones of each level add up to."""

from collections.abc import Iterator, Mapping

import pandas as pd

from citybraid.report.chapter import Block, Column, Paragraph, Table, Text, TextList, cells, words
from citybraid.report.indicators import unit_text
from citybraid.report.view import View, named


def nesting_blocks(view: View) -> Iterator[Block]:
    """Yield a warning with the number of shapes that do not nest, by kind, and their table; nothing where all do."""
    table = view.run.table("nesting")
    if table is None or table.empty:
        return
    pairs = list(zip(table["level"].astype(str), table["kind"].astype(str), strict=True))
    parts = tuple(
        words(f"levels_nest.{kind}", count=pairs.count((level, kind)), level=named("level", level))
        for level, kind in dict.fromkeys(pairs)
    )
    yield Paragraph(words("levels.nesting", what=TextList(parts)), "text" if view.units_cut else "warning",
                    appendix=view.units_cut)  # fmt: skip
    names = _names(view)
    frame = pd.DataFrame(
        {
            "level": cells(named("level", str(name)) for name in table["level"]),
            "zone": cells(names.get(str(zone), str(zone)) for zone in table["zone"]),
            "kind": cells(words(f"levels_kind.{kind}") for kind in table["kind"]),
            "others": cells(_named(names, str(others)) for others in table["others"]),
            "area": table["area"].to_numpy(float), "share": 100.0 * table["share"].to_numpy(float),
        }
    )  # fmt: skip
    columns = [
        Column("level", words("levels.level")), Column("zone", words("levels.zone")),
        Column("kind", words("levels.kind")), Column("others", words("levels.others")),
        Column("area", words("levels.area"), "m2", 2), Column("share", words("levels.share"), "", 1),
    ]  # fmt: skip
    note = words("levels.nesting_note")
    yield Table("nesting", words("levels.nesting_table"), frame, columns, note, most=20, printed=0, appendix=True)


def _names(view: View) -> dict[str, str]:
    """Return the names of planning units by id; empty where no file names them."""
    names = view.column(view.base, "unit_name")
    return {} if names is None else {str(key): str(name) for key, name in names.items()}


def _named(names: Mapping[str, str], zones: str) -> Text:
    """Return the names of zones whose ids stand in one text."""
    return TextList(tuple(names.get(each, each) for each in zones.split()), ", ")


def sum_blocks(view: View) -> Iterator[Block]:
    """Yield, for each alternative, the sums over the zones of each level against the whole; in the appendix."""
    for name in view.ends:
        table = view.run.table(f"level_sums/{name}")
        if table is None:
            continue
        rows = table[table["rule"].isin(("sum", "mean", "recomputed", "largest"))]
        levels = list(dict.fromkeys(rows["level"]))
        wide = rows.pivot_table(index="indicator", columns="level", values="zones", sort=False, dropna=False)
        first = rows.drop_duplicates("indicator").set_index("indicator").reindex(wide.index)
        frame = pd.DataFrame(
            {
                "indicator": cells(named("indicator", str(each)) for each in wide.index),
                "unit": cells(unit_text(view.unit_of(str(each))) for each in wide.index),
                "rule": cells(words(f"levels_rule.{rule}") for rule in first["rule"]),
                **{f"level_{level}": wide[level].to_numpy(float) for level in levels},
                "whole": first["whole"].to_numpy(float),
            }
        )
        columns = [
            Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
            Column("rule", words("levels.rule")),
            *(
                Column(f"level_{level}", words("levels.over", level=named("level", str(level))), told=True)
                for level in levels
            ),
            Column("whole", words("plan.whole"), told=True),
        ]  # fmt: skip
        title = words("levels.sums", alternative=view.name(name))
        yield Table(f"level_sums_{name}", title, frame, columns, words("levels.sums_note"), printed=0, appendix=True)
