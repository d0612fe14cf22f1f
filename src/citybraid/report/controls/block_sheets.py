"""Control sheets (图则): for each block a map, the controls of its parcels, its facilities and notes, as a document."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from citybraid.planning.rows import controls
from citybraid.report.chapter import Block, Chapter, Figure, Paragraph, Table, Text, TextList, in_words, words
from citybraid.report.controls.blocks import WHOLE, blocks
from citybraid.report.controls.control_sheet import ControlSheet, control_sheet
from citybraid.report.document import MOST_ROWS, write_document
from citybraid.report.drawing.cartography import Entry, Panel, Sheet, draw_panels
from citybraid.report.drawing.palettes import code_names, land_use_shades
from citybraid.report.drawing.rendering import FigureRenderer, RenderedFigure
from citybraid.report.drawing.scene import Bounds, Part, Scene, VectorPart
from citybraid.report.drawing.units import System
from citybraid.report.page import Cover
from citybraid.report.view import View, named

MARGIN = 0.12
"""Room around a block on its map [share of its larger side]."""
SIGNED = ("designed", "drawn", "checked", "reviewed", "approved", "date")
"""Fields of the title block that are left open for signatures."""
AROUND, AROUND_EDGE, HOUSE, STREET, FACILITY = "#f3f1ec", "#c4bfb6", "#8f8a82", "#ffffff", "#8a1f7a"


class _Plan(NamedTuple):
    """The plan that the sheets are drawn from, and its control table."""

    view: View
    sheet: ControlSheet
    parcels: gpd.GeoSeries


def block_chapters(view: View) -> list[Chapter]:
    """Return a chapter of general rules and one per block; none where the run has no parcels with controls."""
    sheet = control_sheet(view)
    parcels = None if sheet is None else view.shapes(sheet.alternative, "parcels")
    if sheet is None or parcels is None:
        return []
    plan = _Plan(view, sheet, parcels)
    groups = blocks(view, sheet.alternative)
    general = Chapter("general", words("sheet.general"), list(_general(plan)))
    return [general, *(_chapter(plan, number, name, rows) for number, (name, rows) in enumerate(groups.items(), 1))]


def write_block_sheets(
    view: View, out: Path, *, cover: Cover, languages: Sequence[str], system: System, template: Path | None = None
) -> list[Path]:
    """Write `control_sheets.<language>.docx` and the blocks' maps below `sheets/`; return the files."""
    chapters = block_chapters(view)
    if not chapters:
        return []
    figures = [block for chapter in chapters for block in chapter.blocks if isinstance(block, Figure)]
    press, plates = FigureRenderer(), dict[tuple[str, str], RenderedFigure]()
    for language in languages:
        (out / "sheets" / language).mkdir(parents=True, exist_ok=True)
    for figure in figures:
        for language in languages:
            path = out / "sheets" / language / f"{figure.name}.png"
            plates[figure.name, language] = press.plate(figure.draw(language), path, paged=False)
        press.release()
    sheet = control_sheet(view)
    alternative = "" if sheet is None else view.name(sheet.alternative)
    about = words("sheet.cover", alternative=alternative, count=len(chapters) - 1)
    named_cover = Cover(cover.title, about, cover.synthetic, cover.when, words("sheet.title"), cover.book)
    documents = [
        write_document(
            out / f"control_sheets.{language}.docx", chapters, cover=named_cover, plates=plates, language=language,
            system=system, template=template,
        )
        for language in languages
    ]  # fmt: skip
    return [*documents, *(plate.path for plate in plates.values())]


def _general(plan: _Plan) -> Iterator[Block]:
    """Yield what the sheets rest on: alternative, kinds of controls, and controls that no data gives."""
    yield Paragraph(words("sheet.about", alternative=plan.view.name(plan.sheet.alternative)))
    yield Paragraph(plan.sheet.kinds)
    rows = plan.view.run.table(f"controls/{plan.sheet.alternative}")
    lacking = {} if rows is None else dict(rows[rows["state"] == "gap"].groupby("control")["needs"].first())
    computed = set() if rows is None else set(rows.loc[rows["state"] != "gap", "control"])
    for name, row in controls().items():
        need = str(lacking.get(name, ""))
        if row.binding and name not in computed and "." in need:
            group, _, key = need.partition(".")
            yield Paragraph(words("sheet.lacking", control=named("control", name), needs=named(group, key)), "item")


def _chapter(plan: _Plan, number: int, name: str, parcels: Sequence[str]) -> Chapter:
    title = words("sheet.block", name=name) if name != WHOLE else words("sheet.whole")
    rows = plan.sheet.frame.loc[list(parcels)]
    parts = [rows.iloc[at : at + MOST_ROWS] for at in range(0, len(rows), MOST_ROWS)]
    blocks_: list[Block] = [_map(plan, number, title, parcels), *_facilities(rows)]
    blocks_ += [_table(plan, part, f"block_{number}_{at}", title) for at, part in enumerate(parts)]
    return Chapter(f"block-{number}", title, [*blocks_, *_notes(plan, parcels)])


def _table(plan: _Plan, rows: pd.DataFrame, name: str, title: Text) -> Table:
    """Return the control table of a block; facilities have no column where a sentence says that there are none."""
    table = plan.sheet.table(rows, name=name, title=title)
    if (rows["facilities"] != "–").any():
        return table
    return replace(table, columns=[column for column in table.columns if column.key != "facilities"])


def _facilities(rows: pd.DataFrame) -> Iterator[Block]:
    on = [(number, text) for number, text in zip(rows["number"], rows["facilities"], strict=True) if text != "–"]
    if not on:
        yield Paragraph(words("sheet.no_facilities"))
        return
    parts = TextList(tuple(TextList((number, text), " ") for number, text in on))
    yield Paragraph(words("sheet.facilities_of", parts=parts))


def _notes(plan: _Plan, parcels: Sequence[str]) -> Iterator[Block]:
    """Yield the block's notes: parcels to build, and how many breach a limit."""
    rows = plan.view.run.table(f"controls/{plan.sheet.alternative}")
    failed = set() if rows is None else set(rows.loc[rows["state"] == "failed", "parcel"])
    area = float(plan.parcels.loc[list(parcels)].area.sum())
    yield Paragraph(
        words("sheet.counts", parcels=len(parcels), area=f"{area / 1e4:,.2f}", failed=len(failed & {*parcels}))
    )
    yield Paragraph(plan.sheet.kinds)


def _map(plan: _Plan, number: int, title: Text, parcels: Sequence[str]) -> Figure:
    view, where = plan.view, plan.sheet.alternative
    own = plan.parcels.loc[list(parcels)]
    bounds = _bounds(own)
    codes = plan.sheet.frame.loc[list(parcels), "code"]
    colours = land_use_shades()
    parts = list(_parts(plan, own, [colours.get(code) for code in codes], bounds))
    facilities = any(isinstance(part, VectorPart) and part.marker and len(part.outlines.spots) for part in parts)
    scene = Scene(tuple(parts), bounds)  # drawn once for all languages

    def draw(language: str) -> Any:
        names = code_names("land_use", language)
        present = sorted({code for code in codes if code in colours})
        legend = [Entry(f"{code} {names[code]}", colours[code]) for code in present]
        legend.append(Entry(words("map.building").say(language), HOUSE, "outline"))
        if facilities:
            legend.append(Entry(words("sheet.facilities").say(language), FACILITY, "marker", "P"))
        sheet = Sheet(
            title=in_words(title, language), project=in_words(view.title, language), language=language,
            alternative=in_words(view.name(where), language), source=words("sheet.map_source").say(language),
            legend=legend, notes=[in_words(note, language) for note in view.notes], synthetic=view.run.synthetic,
            number=f"{number:02d}", signed=[words(f"atlas.{field}").say(language) for field in SIGNED],
        )  # fmt: skip
        return draw_panels(sheet, [Panel("", scene)], bounds=bounds)

    return Figure(
        f"block_{number:02d}", words("sheet.map_caption", block=title), draw, words("sheet.map_alt", block=title)
    )


def _bounds(shapes: gpd.GeoSeries) -> Bounds:
    left, bottom, right, top = (float(value) for value in shapes.total_bounds)
    margin = MARGIN * max(right - left, top - bottom)
    return Bounds(left - margin, bottom - margin, right + margin, top + margin)


def _parts(plan: _Plan, own: gpd.GeoSeries, fills: Sequence[str | None], bounds: Bounds) -> Iterator[Part]:
    """Yield parcels around, the block's own with their numbers, buildings, and facilities."""
    view, where, frame = plan.view, plan.sheet.alternative, shapely.box(*bounds)
    around = plan.parcels.drop(own.index)
    yield VectorPart(list(around[around.intersects(frame)]), AROUND, AROUND_EDGE, 0.3)
    yield VectorPart(list(own), fills, "#333333", 0.6)
    houses, spots = view.shapes(where, "buildings"), view.shapes(where, "facilities")
    if houses is not None:
        yield VectorPart(list(houses[houses.intersects(frame)]), None, HOUSE, 0.4)
    if spots is not None:
        yield VectorPart(list(spots[spots.intersects(frame)]), None, FACILITY, marker="P")
    yield VectorPart(list(own), None, "#333333", 0.6, labels=[view.parcel_name(str(name)) for name in own.index])
