"""The question of a special plan: what remains of the emissions of all jurisdictions, each with its own grid."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.master import master_indicators
from citybraid.planning.rows import indicators
from citybraid.report.chapter import (
    Block,
    Column,
    Figure,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    TranslatedText,
    cells,
    in_words,
    words,
)
from citybraid.report.drawing.charts import Labels, clustered_bars
from citybraid.report.drawing.units import significant
from citybraid.report.indicators import unit_text
from citybraid.report.levels.special_map import special_map
from citybraid.report.remarks.citing import cited
from citybraid.report.view import View, named
from citybraid.study.special.running import SpecialRun
from citybraid.study.special.schema import adds_up

GRID = "grid_emission_factor"
TOTAL, EACH, PEOPLE = "inventory_emissions", "inventory_per_resident", "residents"
TONNE = 1000.0
TONNES = "t"
PERCENT = 100.0


def special_question(run: SpecialRun) -> Iterator[Block]:
    """Yield the question of a special plan, its answer in a paragraph, and the table that shows it; nothing unasked."""
    question = run.asked.question
    if question is None:
        return
    yield Paragraph(TranslatedText.of(question.ask), "heading")
    first, last = (_values(run, name) for name in (run.alternatives[0], run.alternatives[-1]))
    if any(name not in table or not np.isfinite(table[name][WHOLE_AREA]) for table in (first, last) for name in
           (TOTAL, EACH, PEOPLE)):  # fmt: skip
        yield Paragraph(words("special_question.lacking"), "warning")
        return
    ends = _ends(run)
    yield Paragraph(_remains(run, first, last), "lead")
    yield from _kept(run)
    yield Paragraph(words("special_question.scope"))
    if any(each.synthetic for each in run.runs.values()):
        yield Paragraph(words("special_question.synthetic"))
    if ends is not None:
        yield Paragraph(_path(ends))
    grid = _grid(run)
    if len(grid) > 1:
        yield Paragraph(_grids(run, grid))
    yield Paragraph(words("special_question.closes", error=Quantity(_error(first), "%")))
    yield _picture(run, first, last, ends)
    towns = special_map(run)
    if towns is not None:
        yield towns
    yield _table(run, first, last, grid, ends)
    yield from _published(run)


def _values(run: SpecialRun, alternative: str) -> pd.DataFrame:
    table = run.joined.indicators
    return table[table["alternative"] == alternative].set_index("jurisdiction").drop(columns="alternative")


def _titles(run: SpecialRun) -> Mapping[str, Text]:
    titles: dict[str, Text] = {name: TranslatedText.of(each.title) for name, each in run.asked.jurisdictions.items()}
    return {**titles, WHOLE_AREA: words("special.whole")}


def _remains(run: SpecialRun, first: pd.DataFrame, last: pd.DataFrame) -> Text:
    before, after = (float(table[TOTAL][WHOLE_AREA]) for table in (first, last))
    return words(
        "special_question.remains", before=_tonnes(before), after=_tonnes(after),
        less=Quantity(PERCENT * (1 - after / before), "%", 0), each=Quantity(float(last[EACH][WHOLE_AREA]), "", 2),
        first=Quantity(float(first[EACH][WHOLE_AREA]), "", 2),
        people=Quantity(float(first[PEOPLE][WHOLE_AREA]), "person", 0),
        alternative=TranslatedText.of(run.title(run.alternatives[-1])),
    )  # fmt: skip


def _tonnes(tonnes: float) -> str:
    return f"{significant(tonnes, TONNES):,.0f}"


def _ends(run: SpecialRun) -> pd.DataFrame | None:
    """Return net emissions at the begin and the end of every jurisdiction's pathway [t], None where one has none."""
    rows: dict[str, tuple[int, float, int, float]] = {}
    for name, each in run.runs.items():
        column = View(each).column(run.alternatives[-1], "pathway_emissions")
        if column is None or column.empty:
            return None
        years = column.index.astype(int)
        rows[name] = (int(years[0]), float(column.iloc[0]) / TONNE, int(years[-1]), float(column.iloc[-1]) / TONNE)
    frame = pd.DataFrame(rows, index=["since", "start", "until", "end"]).T
    same = all(len(set(frame[name])) == 1 for name in ("since", "until"))
    return frame if same else None


def _path(ends: pd.DataFrame) -> Text:
    start, end = float(ends["start"].sum()), float(ends["end"].sum())
    return words(
        "special_question.path", since=int(ends["since"].iloc[0]), until=int(ends["until"].iloc[0]),
        start=_tonnes(start), end=_tonnes(end), share=Quantity(PERCENT * end / start, "%", 0),
    )  # fmt: skip


def _grid(run: SpecialRun) -> pd.Series:
    """Return the grid factor of each jurisdiction [kg per kWh], where they are not the same."""
    table = run.joined.factors
    rows = table[(table["factor"] == GRID) & (table["key"].astype(str) == "")]
    return rows.set_index("jurisdiction")["value"].astype(float)


def _grids(run: SpecialRun, grid: pd.Series) -> Text:
    titles = _titles(run)
    most, least = str(grid.idxmax()), str(grid.idxmin())
    return words(
        "special_question.grids", most=titles[most], least=titles[least],
        high=f"{grid[most]:.4f}", low=f"{grid[least]:.4f}",
        more=Quantity(PERCENT * (grid[most] / grid[least] - 1), "%", 0),
    )  # fmt: skip


def _error(table: pd.DataFrame) -> float:
    """Return how far the sum of the jurisdictions is from the whole [%]."""
    whole = float(table[TOTAL][WHOLE_AREA])
    return PERCENT * abs(float(table[TOTAL].drop(WHOLE_AREA).sum()) - whole) / whole


def _table(
    run: SpecialRun, first: pd.DataFrame, last: pd.DataFrame, grid: pd.Series, ends: pd.DataFrame | None
) -> Table:
    titles = _titles(run)
    names = list(titles)
    own = {name: _own(first, last, grid, ends, name) for name in names}
    frame = pd.DataFrame(own).T.loc[names]
    frame.insert(0, "jurisdiction", cells(titles[name] for name in names))
    after = TranslatedText.of(run.title(run.alternatives[-1]))
    columns = [
        Column("jurisdiction", words("special.jurisdiction")),
        Column("people", named("indicator", PEOPLE), "person", 0),
        Column("grid", words("special_question.grid")), Column("before", words("special_question.before")),
        Column("after", words("special_question.after", alternative=after)),
        Column("each_before", words("special_question.each_before")),
        Column("each_after", words("special_question.each_after", alternative=after)),
    ]  # fmt: skip
    if ends is not None:
        columns.append(Column("end", words("special_question.end", until=int(ends["until"].iloc[0]))))
    return Table("special_question", words("special_question.table"), frame, columns, words("special_question.note"))


def _picture(run: SpecialRun, first: pd.DataFrame, last: pd.DataFrame, ends: pd.DataFrame | None) -> Figure:
    """Return bars of what a resident of each jurisdiction emits at present, with the last package, and in the end."""
    titles = _titles(run)

    def draw(language: str) -> Drawing:
        after = TranslatedText.of(run.title(run.alternatives[-1]))
        bars = {words("special.now").say(language): first[EACH], in_words(after, language): last[EACH]}
        if ends is not None:
            net = ends["end"].reindex(list(titles)).fillna(float(ends["end"].sum())) / first[PEOPLE]
            bars[words("special_question.net", until=int(ends["until"].iloc[0])).say(language)] = net
        frame = pd.DataFrame(bars).loc[list(titles)]
        frame.index = pd.Index([in_words(title, language) for title in titles.values()])
        title = words("special_question.picture").say(language)
        return clustered_bars(frame, Labels(title, y=words("special_question.each").say(language)))

    return Figure("special_question_picture", words("special_question.picture"), draw)


def _own(
    first: pd.DataFrame, last: pd.DataFrame, grid: pd.Series, ends: pd.DataFrame | None, name: str
) -> Mapping[str, float]:
    """Return the numbers of a jurisdiction, or of all."""
    end = np.nan
    if ends is not None:
        end = float(ends["end"].sum() if name == WHOLE_AREA else ends["end"][name])
    return {
        "people": float(first[PEOPLE][name]), "grid": float(grid.get(name, np.nan)),
        **{f"{of}{end}": significant(float(table[what][name]), TONNES)
           for of, what in (("", TOTAL), ("each_", EACH)) for end, table in (("before", first), ("after", last))},
        "end": significant(end, TONNES) if np.isfinite(end) else np.nan,
    }  # fmt: skip


def _known(run: SpecialRun) -> pd.DataFrame:
    """Return the published figures that the jurisdictions together can be held against."""
    table = run.joined.published
    return table[np.isfinite(table[WHOLE_AREA].astype(float))] if len(table) else table


def _kept(run: SpecialRun) -> Iterator[Block]:
    """Yield how many published figures of land the jurisdictions together keep, and which they do not."""
    known = _known(run)
    if known.empty:
        return
    missed = [_title(str(name)) for name, kept in zip(known["indicator"], known["kept"], strict=True) if not kept]
    yield Paragraph(words("special_question.kept", kept=len(known) - len(missed), count=len(known)), "lead")
    if missed:
        yield Paragraph(words("special_question.missed", missed=TextList(tuple(missed), ", ")), "warning")


def _title(name: str) -> Text:
    """Return the name of a row of the master plans' table, or of an indicator."""
    return named("master_indicator" if adds_up(name) else "indicator", name)


def _unit(name: str) -> str:
    return master_indicators()[name].unit if adds_up(name) else indicators()[name].unit


def _published(run: SpecialRun) -> Iterator[Block]:
    """Yield the table of published figures and what the jurisdictions have of them."""
    known = _known(run)
    if known.empty:
        return
    names = [str(name) for name in known["indicator"]]
    frame = pd.DataFrame(
        {
            "indicator": cells(_title(name) for name in names),
            "unit": cells(unit_text(_unit(name)) for name in names),
            **{
                name: known[name].to_numpy(float)
                for name in (*run.runs, WHOLE_AREA)
            },
            "bound": cells(words(f"special_bound.{bound}", value=f"{value:g}") for bound, value in
                           zip(known["bound"], known["published"], strict=True)),
            "state": cells(words("plan.green" if kept else "plan.red") for kept in known["kept"]),
            "source": cells(cited(str(source)) for source in known["source"]),
        }
    )  # fmt: skip
    titles = _titles(run)
    columns = [
        Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
        *(Column(name, titles[name], told=True) for name in (*run.runs, WHOLE_AREA)),
        Column("bound", words("special_question.published")), Column("state", words("plan.state")),
        Column("source", words("method.source")),
    ]  # fmt: skip
    yield Table("special_published", words("special_question.published_table"), frame, columns,
                words("special_question.published_note"))  # fmt: skip
