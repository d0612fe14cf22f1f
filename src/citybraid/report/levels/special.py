"""The report of a special plan: indicators, targets and factors by jurisdiction, as a page and workbooks."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from citybraid.core.currency import in_currency
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.aggregation import rule_across
from citybraid.planning.rows import indicators
from citybraid.report.chapter import (
    Block,
    Chapter,
    Column,
    Figure,
    Paragraph,
    Table,
    Text,
    TextList,
    TranslatedText,
    cells,
    in_words,
    words,
)
from citybraid.report.drawing.rendering import FigureRenderer, RenderedFigure
from citybraid.report.drawing.units import SYSTEM
from citybraid.report.indicators import unit_text
from citybraid.report.levels.special_question import special_question
from citybraid.report.page import Cover, write_page
from citybraid.report.plausible import outside_table
from citybraid.report.remarks.citing import cited
from citybraid.report.remarks.factor_key import key_title
from citybraid.report.report_record import LANGUAGES
from citybraid.report.view import View, named
from citybraid.report.workbook import write_workbook
from citybraid.study.special.running import SpecialRun


def write_special(run: SpecialRun, out: Path, *, languages: Sequence[str] = LANGUAGES) -> tuple[Path, ...]:
    """Write the page of a special plan and its workbooks into a folder and return the files."""
    out.mkdir(parents=True, exist_ok=True)
    chapters = [special_chapter(run)]
    cover = Cover(
        TranslatedText.of(run.asked.special.title), _subtitle(run), any(each.synthetic for each in run.runs.values()),
        kind=words("special.kind"), book="special",
    )  # fmt: skip
    plates = _plates(chapters, out, languages)
    page = write_page(out / "special.html", chapters, cover=cover, plates=plates, languages=languages, system=SYSTEM)
    books = [
        write_workbook(out / f"special.{language}.xlsx", chapters, cover=cover, language=language, system=SYSTEM)
        for language in languages
    ]
    return (page, *books, *(plate.path for plate in plates.values()))


def _plates(chapters: Sequence[Chapter], out: Path, languages: Sequence[str]) -> dict[tuple[str, str], RenderedFigure]:
    """Draw every figure in every language."""
    press, plates = FigureRenderer(), dict[tuple[str, str], RenderedFigure]()
    for figure in (block for chapter in chapters for block in chapter.blocks if isinstance(block, Figure)):
        for language in languages:
            path = out / "maps" / language / f"{figure.name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            drawn = figure.draw(language)
            plates[figure.name, language] = press.plate(
                drawn, path, paged=True, language=language, large=True, seen=in_words(figure.alt, language)
            )
        press.release()
    return plates


def special_chapter(run: SpecialRun) -> Chapter:
    """Return the chapter of a special plan."""
    blocks: list[Block] = [*special_question(run), _lead(run), *_targets(run)]
    for at, name in enumerate(run.alternatives):
        blocks.append(_indicators(run, name, appendix=0 < at < len(run.alternatives) - 1))
    places = [(TranslatedText.of(run.asked.jurisdictions[name].title), View(each)) for name, each in run.runs.items()]
    rest = [*outside_table(places), *_factors(run), *_standards(run)]
    return Chapter("special", words("special.title"), [*blocks, *rest])


def _subtitle(run: SpecialRun) -> Text:
    names = TextList(tuple(TranslatedText.of(each.title) for each in run.asked.jurisdictions.values()), ", ")
    year = next(iter(run.runs.values())).about.year
    return words("special.subtitle", year=year, count=len(run.runs), names=names)


def _lead(run: SpecialRun) -> Paragraph:
    regions = TextList(
        tuple(
            words("special.region_of", name=TranslatedText.of(each.title), region=each.region)
            for each in run.asked.jurisdictions.values()
        ),
        ", ",
    )
    return Paragraph(words("special.lead", regions=regions), "lead")


def _indicators(run: SpecialRun, alternative: str, *, appendix: bool) -> Table:
    table = run.joined.indicators
    own = table[table["alternative"] == alternative].set_index("jurisdiction").drop(columns="alternative")
    own = own.loc[:, own.drop(index=WHOLE_AREA).notna().any()]
    rows = [indicators()[str(name)] for name in own.columns]
    currency = next(iter(run.runs.values())).currency
    frame = pd.DataFrame(
        {
            "indicator": cells(named("indicator", row.id) for row in rows),
            "unit": cells(unit_text(in_currency(row.unit, currency)) for row in rows),
            "rule": cells(words(f"special_rule.{rule_across(row)}") for row in rows),
            **{name: [float(own[row.id][name]) for row in rows] for name in (*run.asked.jurisdictions, WHOLE_AREA)},
        }
    )
    columns = [
        Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
        *(Column(name, TranslatedText.of(each.title), told=True) for name, each in run.asked.jurisdictions.items()),
        Column(WHOLE_AREA, words("special.whole"), told=True), Column("rule", words("levels.rule")),
    ]  # fmt: skip
    title = words("special.indicators", alternative=TranslatedText.of(run.title(alternative)))
    return Table(f"by_jurisdiction_{alternative}", title, frame, columns, words("special.note"), most=25,
                 appendix=appendix)  # fmt: skip


def _targets(run: SpecialRun) -> Iterator[Block]:
    table = run.joined.targets
    if table.empty:
        return
    currency = next(iter(run.runs.values())).currency
    titles: dict[str, Text] = {name: TranslatedText.of(each.title) for name, each in run.asked.jurisdictions.items()}
    titles[WHOLE_AREA] = words("special.whole")
    units = [in_currency(indicators()[str(name)].unit, currency) for name in table["indicator"]]
    frame = pd.DataFrame(
        {
            "indicator": cells(named("indicator", str(name)) for name in table["indicator"]),
            "unit": cells(unit_text(unit) for unit in units),
            "jurisdiction": cells(titles[str(name)] for name in table["jurisdiction"]),
            "basis": cells(words(f"special_basis.{basis}") for basis in table["basis"]),
            **{
                name: table[name].astype(float).to_numpy()
                for name in ("present", "target", "reached")
            },
            "met": cells(
                words(f"plan.{('green' if met else 'red') if np.isfinite(reached) else 'grey'}")
                for met, reached in zip(table["met"], table["reached"], strict=True)
            ),
        }
    )  # fmt: skip
    columns = [
        Column("indicator", words("plan.indicator")), Column("jurisdiction", words("special.jurisdiction")),
        Column("unit", words("explorer.unit")), Column("present", words("special.present"), told=True),
        Column("target", words("plan.target"), told=True), Column("basis", words("special.basis")),
        Column("reached", words("special.reached", alternative=TranslatedText.of(run.title(run.alternatives[-1]))),
               told=True),
        Column("met", words("plan.state")),
    ]  # fmt: skip
    yield Table("special_targets", words("special.targets"), frame, columns, words("special.targets_note"))


def _factors(run: SpecialRun) -> Iterator[Block]:
    table = run.joined.factors
    if table.empty:
        yield Paragraph(words("special.same_factors"))
        return
    wide = table.pivot_table(index=["factor", "key", "unit"], columns="jurisdiction", values="value", sort=False)
    wide = wide.reset_index()
    frame = pd.DataFrame(
        {
            "factor": cells(named("factor", str(name)) for name in wide["factor"]),
            "key": cells(key_title(str(row.factor), str(row.key)) for row in wide.itertuples()),
            "unit": cells(unit_text(str(unit)) for unit in wide["unit"]),
            **{name: wide[name].to_numpy(float) for name in run.asked.jurisdictions},
            "source": cells(_sources(table, row.factor, row.key) for row in wide.itertuples()),
        }
    )  # fmt: skip
    columns = [
        Column("factor", words("special.factor")), Column("key", words("special.key")),
        Column("unit", words("explorer.unit")),
        *(Column(name, TranslatedText.of(each.title)) for name, each in run.asked.jurisdictions.items()),
        Column("source", words("method.source")),
    ]  # fmt: skip
    yield Table("special_factors", words("special.factors"), frame, columns, words("special.factors_note"), most=15)


def _standards(run: SpecialRun) -> Iterator[Block]:
    """Yield the limits of controls by jurisdiction, those of standards and those that a study sets itself."""
    table = run.joined.standards
    if table.empty:
        return
    wide = table.pivot_table(index=["control", "unit"], columns="jurisdiction", values="limit", sort=False)
    wide = wide.reindex(columns=list(run.asked.jurisdictions)).reset_index()
    texts = {name: _source_list(rows) for name, rows in table.groupby("control", sort=False)}
    frame = pd.DataFrame(
        {
            "control": cells(named("control", str(name)) for name in wide["control"]),
            "unit": cells(unit_text(str(unit)) for unit in wide["unit"]),
            **{name: wide[name].to_numpy(float) for name in run.asked.jurisdictions},
            "source": cells(texts[name] for name in wide["control"]),
        }
    )
    columns = [
        Column("control", words("plan.control")), Column("unit", words("explorer.unit")),
        *(Column(name, TranslatedText.of(each.title)) for name, each in run.asked.jurisdictions.items()),
        Column("source", words("method.source")),
    ]  # fmt: skip
    yield Table("special_standards", words("special.standards"), frame, columns, words("special.standards_note"))


def _source_text(region: str, source: str, status: str) -> Text:
    """Return a source, or the status without one, with the region that its row holds in if not everywhere."""
    text = cited(source) if source else named("status", status)
    return TextList((region, text), ": ") if region else text


def _sources(table: pd.DataFrame, factor: object, key: object) -> Text:
    return _source_list(table[(table["factor"] == factor) & (table["key"] == key)])


def _source_list(rows: pd.DataFrame) -> Text:
    """Return what the rows rest on, each source of a region once."""
    columns = (rows[name].astype(str) for name in ("region", "source", "status"))
    once = dict.fromkeys(
        (region, source, "" if source else status) for region, source, status in zip(*columns, strict=True)
    )
    return TextList(tuple(_source_text(*each) for each in once), "; ")
