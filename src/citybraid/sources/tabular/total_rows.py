"""Rows that are sums or means of other rows, and shapes that bear their names."""

import re
from collections.abc import Sequence

import geopandas as gpd

from citybraid.core.finding import Finding
from citybraid.sources.text.cell_values import normalize_column
from citybraid.sources.text.columns import key
from citybraid.sources.text.sheet_rows import ROWS

TOTALS = frozenset(
    {"合计", "总计", "小计", "共计", "总和", "总合计", "total", "totals", "sum", "subtotal", "grandtotal"}
)
PARTIAL = ("小计", "合计", "总计", "subtotal")
"""Ends of labels of totals: A街坊小计."""
GRAND = frozenset({"合计", "总计", "共计", "总和", "总合计", "total", "totals", "grandtotal"})
"""Totals of the whole table, not of a part."""
WHOLE = frozenset({
    "全区", "全市", "全县", "全镇", "全乡", "全村", "全域", "全省", "全街道", "全部", "汇总", "总体",
    "all", "allunits", "wholearea", "entirearea", "overall",
})  # fmt: skip
"""Names of the whole: a total where they label one row among others, a name like any other where they stand alone."""
MEANS = frozenset(
    {"平均", "平均值", "均值", "平均数", "average", "mean", "最大", "最大值", "最小", "最小值", "maximum", "minimum"}
)
"""Labels of statistics of the rows above, read like the names of the whole."""
LABELLED = 3
"""Filled cells of a row among which its label as a total stands."""
BEFORE_LABEL = re.compile(r"^(?:\d+|[-—–/\\]*)$")
"""What may stand before it: a number of the row, a mark for nothing."""
OTHERS = 2
"""Fewest other names beside which a name of the whole is a total."""
MOST_EXAMPLES = 3


def label_of(row: Sequence[str]) -> str:
    """Return the total that a row is labelled as, in the words of this module; '' where it is labelled as none.

    It stands first, or behind a number of the row or a mark for nothing. A街坊小计 is a 小计.
    """
    texts = [key(each).rstrip("*").replace(" ", "") for each in row if each][:LABELLED]
    place = next((at for at, each in enumerate(texts) if _total(each)), None)
    if place is None or any(BEFORE_LABEL.match(each) is None for each in texts[:place]):
        return ""
    return _total(texts[place])


def _total(text: str) -> str:
    known = text in TOTALS or text in WHOLE or text in MEANS
    return text if known else next((each for each in PARTIAL if text.endswith(each)), "")


def among_others(labels: Sequence[str], firsts: Sequence[str]) -> list[int]:
    """Return which rows are labelled as the whole or as a statistic, once each, among rows of other names.

    `labels` are the rows' labels as totals, `firsts` their first cells.
    """
    named = [at for at, label in enumerate(labels) if label in WHOLE or label in MEANS]
    others = {first for at, first in enumerate(firsts) if at not in named}
    alone = len(others) < OTHERS
    return [] if alone else [at for at in named if labels.count(labels[at]) == 1]


def without_total_shapes(
    frame: gpd.GeoDataFrame, headers: Sequence[str], *, layer: str, name: str
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return shapes without those that a column of names labels as a total of the others, and what was left out."""
    for header in headers:
        cells = normalize_column(frame[header])
        labels = [label_of([cell]) for cell in cells]
        chosen = {at for at, label in enumerate(labels) if label in TOTALS or label in PARTIAL}
        chosen |= set(among_others(labels, list(cells)))
        kept = [at for at in range(len(frame)) if at not in chosen]
        if chosen and len(kept) >= OTHERS:
            rows = frame.attrs.get(ROWS, ())
            left = frame.iloc[kept].reset_index(drop=True)
            left.attrs |= frame.attrs | {ROWS: tuple(rows[at] for at in kept) if len(rows) == len(frame) else ()}
            examples = list(dict.fromkeys(cells.iloc[sorted(chosen)]))[:MOST_EXAMPLES]
            values = {"name": name, "column": header, "examples": examples}
            return left, (Finding("rejected", "intake.shapes_total", layer, len(chosen), values),)
    return frame, ()
