"""Synergy in the annex: which measures help or hinder each other, from the runs of the design, with codes."""

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.learn.estimates import PRODUCT
from citybraid.integrate.learn.interactions import THRESHOLD
from citybraid.planning.rows import indicators
from citybraid.report.annex.content import Block, Clause
from citybraid.report.annex.provenance import Codes, Value, pair_title
from citybraid.report.annex.strands import limited
from citybraid.report.chapter import Column, Table, Text, TextList, cells, words
from citybraid.report.remarks.unseen import percent, unseen
from citybraid.report.view import named

TOLD = ("help", "hinder")
PAIRS = {"help": "annex.synergy_pair_help", "hinder": "annex.synergy_pair_hinder"}
"""Text of a joint effect of two measures by its kind."""
MOST_PAIRS, MOST_COLUMNS, LISTED = 10, 6, 5
"""Pairs and indicators of the table, and effects that the clause names."""


def synergy(codes: Codes) -> Iterator[Block]:
    """Yield the clause on joint effects and the synergy matrix; where the study asked for none, that it did not."""
    head, why = words("annex.synergy_head"), words("annex.synergy_why")
    hidden = set(unseen(codes.view))
    rows = {place: row for place, row in codes.joint_rows.items() if place[1] not in hidden}
    if codes.table("interaction_effects") is None:
        yield _of_the_budget(codes, hidden)
        return
    sure = sorted(
        (place for place, row in rows.items() if row["kind"] in TOLD),
        key=lambda place: -abs(float(rows[place]["relative"])),
    )
    replicates = codes.view.run.manifest.asked.interactions.replicates
    if not sure:
        yield Clause(head, words("annex.synergy_none", replicates=replicates), reason=why)
        return
    values = [codes.joint(*place) for place in sure[:LISTED]]
    items = tuple(_item(codes, rows[place], value) for place, value in zip(sure, values, strict=False))
    text = words("annex.synergy", count=len(sure), replicates=replicates)
    yield Clause(head, text, items, why, tuple(values))
    yield _matrix(codes, rows, sure)


def _of_the_budget(codes: Codes, hidden: Collection[str]) -> Clause:
    """Return the clause on pairs that were run once for the budget's choice, else that none was."""
    head, why = words("annex.synergy_head"), words("annex.synergy_why")
    table = codes.table("interactions")
    if table is None or table.empty:
        return Clause(head, words("annex.no_synergy"), reason=why)
    held = limited(codes)
    wanted = [each.indicator for each in codes.view.run.manifest.asked.objectives]
    wanted += [row.id for row in indicators().values() if row.reading is not None and row.reading.var in held]
    joint = table[
        (table["unit"] == WHOLE_AREA) & table["kind"].isin(TOLD) & table["indicator"].isin(set(wanted) - set(hidden))
    ]
    joint = joint.assign(size=joint["relative"].abs())
    joint = joint[np.isfinite(joint["size"])].sort_values("size", ascending=False, kind="stable")
    joint = joint.drop_duplicates(["first", "second"]).head(LISTED)
    least = percent(THRESHOLD)
    if joint.empty:
        return Clause(head, words("annex.synergy_pairs_none", least=least), reason=why)
    items = tuple(
        words(
            PAIRS[str(row["kind"])], pair=pair_title(PRODUCT.join((str(row["first"]), str(row["second"])))),
            indicator=named("indicator", str(row["indicator"])), share=percent(float(row["size"])),
        )
        for row in joint.to_dict("records")
    )  # fmt: skip
    return Clause(head, words("annex.synergy_pairs", least=least), items, why)


def _item(codes: Codes, row: Mapping[Hashable, Any], value: Value) -> Text:
    ends = sorted(abs(float(row[name])) for name in ("relative_low", "relative_high"))
    text = f"annex.synergy_{row['kind']}"
    return words(
        text, pair=pair_title(str(row["term"])), value=codes.say(value),
        indicator=named("indicator", str(row["indicator"])), share=percent(abs(float(row["relative"]))),
        low=percent(ends[0]), high=percent(ends[1]),
    )  # fmt: skip


def _matrix(codes: Codes, rows: Mapping[tuple[str, str], Mapping[Hashable, Any]], sure: list[tuple[str, str]]) -> Table:
    """Return pairs against indicators: the sign of each joint effect and its share of both lone effects."""
    names = list(dict.fromkeys(indicator for _, indicator in sure))[:MOST_COLUMNS]
    pairs = list(dict.fromkeys(term for term, indicator in sure if indicator in names))[:MOST_PAIRS]
    for place in rows:
        if place[0] in pairs and place[1] in names:
            codes.note(codes.joint(*place))
    frame = pd.DataFrame(
        {
            "pair": cells(words("annex.column", what=pair_title(term), code=codes.pair_code(term)) for term in pairs),
            **{name: cells(_cell(rows.get((term, name))) for term in pairs) for name in names},
        }
    )
    columns = [Column("pair", words("annex.pair"))]
    columns += [
        Column(name, words("annex.column", what=named("indicator", name), code=codes.joint_column(name)))
        for name in names
    ]
    return Table("annex_synergy", words("annex.synergy_table"), frame, columns, words("annex.synergy_note"))


def _cell(row: Mapping[Hashable, Any] | None) -> Text:
    """Return "+ 12%" for a gain, "- 5%" for a loss, "?" where the runs do not tell, "=" for none beyond the sum."""
    if row is None:
        return "="
    if row["kind"] not in TOLD:
        return "?"
    gain = 1.0 if indicators()[str(row["indicator"])].direction == "higher" else -1.0
    share = gain * float(row["relative"])
    return TextList(("+" if share > 0.0 else "\N{MINUS SIGN}", percent(abs(share))), " ")
