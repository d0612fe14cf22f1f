"""The atlas of a run: its maps as vectors on A3 sheets with title blocks, one PDF file for each language."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from citybraid.core.text import say
from citybraid.report.chapter import in_words
from citybraid.report.drawing.atlas_sheet import SIGNED, add_contents, add_sheet
from citybraid.report.drawing.cartography import Sheet
from citybraid.report.drawing.pdf import PdfFile, PdfFont
from citybraid.report.drawing.pdf_scene import DrawingCache
from citybraid.report.drawing.scene import Scene, VectorPart
from citybraid.report.land_use_sheet import LandUse, parcel_numbers
from citybraid.report.remarks.crs_title import coordinates_title
from citybraid.report.sheets import Theme, change_titles, changed, mapped, sheet_texts, themes
from citybraid.report.view import View

FILES = "export"
"""The chapter of quantities that files alone hold."""
FIXED = (
    *(f"atlas.{name}" for name in ("title", "project", "sheet", "alternative", "number", "coordinates", "source")),
    *(f"atlas.{name}" for name in SIGNED),
    *(f"map.{name}" for name in ("legend", "north", "synthetic")), "unit.m", "unit.km",
)  # fmt: skip
"""Texts that every sheet may carry."""
SIGNS = "0123456789:.–…　 "


class AtlasPage(NamedTuple):
    """A sheet of the atlas: its texts by language, and its map."""

    texts: Callable[[str], Sheet]
    scene: Scene


def write_atlas(view: View, out: Path, languages: Sequence[str]) -> list[Path]:
    """Write `atlas.<language>.pdf` into a folder and return the files; none where the run has no map.

    Land use is shown for every alternative with one of its own; each mapped quantity for the first and the last
    alternative, and the change between them where alternatives are compared.
    """
    pages, cache = list(atlas_pages(view)), DrawingCache()
    if not pages:
        return []
    paths = []
    coordinates = coordinates_title(view.run.about.crs, view.run.manifest.asked.plan.elevation)
    for language in languages:
        place = in_words(coordinates, language)
        sheets = [
            replace(page.texts(language), number=f"{at:02d}", coordinates=place) for at, page in enumerate(pages, 1)
        ]
        labels = [
            text for page in pages for part in page.scene.read_in(language).parts if isinstance(part, VectorPart)
            for text in part.labels
        ]  # fmt: skip
        title, heading = in_words(view.title, language), say("atlas.title", language)
        fixed = [say(text, language) for text in FIXED]
        font = PdfFont([title, SIGNS, *fixed, *labels, *(text for sheet in sheets for text in _written(sheet))])
        file = PdfFile(f"{title} {heading}", font)
        add_contents(file, title, heading, sheets)
        for sheet, page in zip(sheets, pages, strict=True):
            add_sheet(file, sheet, page.scene.read_in(language), cache)
        paths.append(file.save(out / f"atlas.{language}.pdf"))
    return paths


def _written(sheet: Sheet) -> Iterator[str]:
    yield from (sheet.title, sheet.project, sheet.alternative, sheet.source, sheet.coordinates, sheet.legend_title)
    yield from sheet.notes
    yield from (entry.label for entry in sheet.legend)


def atlas_pages(view: View) -> Iterator[AtlasPage]:
    """Yield the sheets of the atlas in the order of the report's chapters."""
    seen = set[tuple[str, ...]]()
    for name in view.run.alternatives:
        use = LandUse.of(view, name)
        layers = [view.layer(name, each) for each in ("parcels", "land_use")]
        keys = tuple(layer.key for layer in layers if layer is not None)
        if use is not None and keys not in seen:
            seen.add(keys)
            yield AtlasPage(use.sheet, use.scene)
    ends = list(dict.fromkeys((view.run.alternatives[0], view.run.alternatives[-1])))
    for row in mapped():
        if row.chapter != FILES:
            both = list({theme.layer.key: theme for theme in themes(view, row, ends)}.values())
            drawn = [theme for theme in both if not theme.empty]
            if not all(theme.uniform for theme in drawn):
                yield from (_themed(theme) for theme in drawn)
            if row.compare and len(both) > 1:
                yield from (_changed(theme, both[0]) for theme in changed(both))


def _themed(theme: Theme) -> AtlasPage:
    return AtlasPage(lambda language: sheet_texts([theme], language), _numbered(theme))


def _changed(theme: Theme, first: Theme) -> AtlasPage:
    title, against = change_titles(first)

    def texts(language: str) -> Sheet:
        sheet = sheet_texts([theme], language, title=title, against=against)
        of = in_words(theme.view.name(theme.alternative), language)
        return replace(sheet, alternative=f"{of}　{sheet.alternative}")

    return AtlasPage(texts, _numbered(theme))


def _numbered(theme: Theme) -> Scene:
    """The map of a theme with the numbers of the parcels upon it."""
    parcels = theme.view.outlines(theme.alternative, "parcels")
    if parcels is None:
        return theme.scene
    numbers = VectorPart(parcels, None, None, 0.0, labels=parcel_numbers(theme.view, theme.alternative))
    return Scene([*theme.scene.parts, numbers], theme.view.bounds)
