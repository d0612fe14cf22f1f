"""The report as one HTML file that works offline: nothing is fetched, and its policy forbids fetching."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import count
from pathlib import Path

from jinja2 import Environment

from citybraid import __version__
from citybraid.report.arrangement import Arranged, arranged
from citybraid.report.chapter import (
    Block,
    Chapter,
    Explorer,
    Figure,
    Paragraph,
    PlacedText,
    ProblemMap,
    Table,
    Text,
    TranslatedText,
    in_words,
    words,
)
from citybraid.report.drawing.font import FAMILY, WEIGHTS, subset_font
from citybraid.report.drawing.rendering import PageKey, RenderedFigure, RenderedFigures
from citybraid.report.drawing.units import System, label
from citybraid.report.page_map import both, map_data
from citybraid.report.page_problems import problem_data
from citybraid.report.page_table import Head, LaidOut, laid_out

TAGS: Mapping[str, str] = {"zh": "zh-CN"}
"""HTML language tags that differ from the language code."""
SHORT, PROBE = 14, 200
"""A column whose first cells are all this short is set on single lines."""
MANY, LONG = 9, 12
"""Columns from which a table is set in small type, and rows from which it scrolls within a height of its own."""
STYLE_HERE, HASH_HERE = "/*citybraid-style*/", "citybraid-style-hash"
"""Where the page's style and its hash go, which need the fonts and so every text of the page."""
SCRIPTS = ("vendor/leaflet/leaflet.js", "templates/page.js", "templates/tables.js", "templates/problems.js")
PROBLEM_WORDS = ("all", "none", "layers", "mended", "zoom", "count", "map", "nowhere", "whole")
MAP_WORDS = (
    "layer", "alternative", "opacity", "compare", "click", "parcel", "item", "unit", "map", "choose", "rows",
)  # fmt: skip
TABLE_WORDS = ("sort", "filter", "found")


@dataclass(frozen=True)
class Cover:
    """Header of a report: title, subtitle, and whether its data are synthetic."""

    title: Text
    subtitle: Text = ""
    synthetic: bool = False
    when: str = ""
    kind: Text = field(default_factory=lambda: words("page.kind"))
    book: str = "report"
    """Name of the workbook that holds what tables leave out, without language and suffix."""


def write_page(
    path: Path,
    chapters: Sequence[Chapter],
    *,
    cover: Cover,
    plates: RenderedFigures,
    languages: Sequence[str],
    system: System,
) -> Path:
    """Write the report as one HTML file and return its path."""
    tags = _tags(languages)
    page = _Page(languages, system, plates, cover.book)
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["render"] = page.render
    parts = arranged(chapters, keep=_paged)
    page.places = frozenset(
        shape
        for part in parts
        for block in part.chapter.blocks
        if isinstance(block, Explorer) and block.picked in block.shapes
        for shape in block.shapes[block.picked].ids
    )
    shown = [page.chapter(part) for part in parts]
    scripts = [_asset(name) for name in SCRIPTS]
    context = {
        "languages": list(languages),
        "tags": tags, "chapters": shown, "title": cover.title, "subtitle": cover.subtitle,
        "synthetic": words("page.synthetic") if cover.synthetic else None,
        "skip": words("page.skip"), "kind": cover.kind, "language_label": words("page.language"),
        "own_name": words("page.own_name"), "contents": words("page.contents"),
        "needs_script": words("page.needs_script"), "tap": words("page.tap"),
        "made_by": words("page.made_by", version=__version__),
        "map_words": _json({key: both(words(f"explorer.{key}"), languages, system) for key in MAP_WORDS}),
        "table_words": _json({key: both(words(f"table.{key}"), languages, system) for key in TABLE_WORDS}),
        "problem_words": _json({key: both(words(f"problem_map.{key}"), languages, system) for key in PROBLEM_WORDS}),
        "scripts": scripts, "script_hashes": " ".join(map(_hash, scripts)),
    }  # fmt: skip
    template = environment.from_string(_asset("templates/page.html.j2"))
    bare = template.render(**context, style=STYLE_HERE, style_hashes=HASH_HERE)
    style = _fonts(bare) + _asset("vendor/leaflet/leaflet.css") + _asset("templates/page.css") + _hiding(languages)
    text = bare.replace(HASH_HERE, _hash(style), 1).replace(STYLE_HERE, style, 1)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _tags(languages: Sequence[str]) -> dict[str, str]:
    return {language: TAGS.get(language, language) for language in languages}


def _hiding(languages: Sequence[str]) -> str:
    """The rules by which a page in one language hides the others."""
    tags = _tags(languages)
    return "".join(
        f"html[data-lang={shown}] [lang={tag}]{{display:none}}\n"
        for shown in languages
        for language, tag in tags.items()
        if language != shown
    )


class _Page:
    """Turns blocks into the values that the template renders."""

    def __init__(self, languages: Sequence[str], system: System, plates: RenderedFigures, book: str) -> None:
        self.languages, self.system, self.plates, self.book = tuple(languages), system, plates, book
        self.numbers = count(1)
        self.places: frozenset[str] = frozenset()
        """Shapes that a click on a text can lead to on the map."""
        self.noted: set[str] = set()
        """Notes of maps that have been written."""

    def chapter(self, part: Arranged) -> Mapping[str, object]:
        name, (chapter, number, appendix, onward) = part.chapter.name, part
        return {
            "name": f"appendix-{name}" if appendix else name, "title": chapter.title, "appendix": appendix,
            "blocks": [self.block(block) for block in chapter.blocks],
            "onward": words("arrangement.onward", number=onward) if onward else None,
            "onward_to": f"appendix-{name}", "number": number,
        }  # fmt: skip

    def render(self, text: Text, language: str) -> str:
        return in_words(text, language, self.system)

    def block(self, block: Block) -> Mapping[str, object]:
        if isinstance(block, Paragraph):
            return {"type": "Paragraph", "kind": block.kind, "text": block.text}
        if isinstance(block, Table):
            return self.table(block)
        if isinstance(block, Figure):
            return self.figure(block)
        if isinstance(block, ProblemMap):
            data = _json(problem_data(block, self.languages, self.system))
            return {"type": "ProblemMap", "how": block.how, "id": f"problems-{next(self.numbers)}", "json": data}
        return self.explorer(block)

    def table(self, table: Table) -> Mapping[str, object]:
        laid = laid_out(table, self.system)
        left_out = (
            words("table.left_out", shown=f"{laid.shown:,}", total=f"{len(table.frame):,}", book=self.book)
            if laid.shown < len(table.frame)
            else None
        )
        return {
            "type": "Table", "title": table.title, "note": table.note, "left_out": left_out,
            "columns": [self.head(head, at, laid) for at, head in enumerate(laid.heads)],
            "rows": [[self.placed(each) for each in row] for row in laid.rows],
            "many": len(laid.heads) > MANY, "long": len(laid.rows) > LONG,
        }  # fmt: skip

    def placed(self, text: Text) -> Text:
        """Return a text without its place where the map has none such."""
        return text.text if isinstance(text, PlacedText) and text.place not in self.places else text

    def head(self, head: Head, at: int, laid: LaidOut) -> Mapping[str, object]:
        unit = TranslatedText({language: label(head.unit, language) for language in self.languages})
        texts = [self.render(row[at], self.languages[0]) for row in laid.rows[:PROBE]]
        short = "short" if max(map(len, texts), default=0) <= SHORT else ""
        return {
            "title": head.title, "unit": unit, "has_unit": bool(unit.by_language[self.languages[0]]),
            "class": "number" if head.numeric else short,
        }  # fmt: skip

    def figure(self, figure: Figure) -> Mapping[str, object]:
        plates = {language: self.plates[figure.name, language] for language in self.languages}
        if all(plate.key for plate in plates.values()):
            return self.sheet(figure, plates)
        seen = {language: plates[language].alt or self.render(figure.caption, language) for language in self.languages}
        return {
            "type": "Figure", "caption": figure.caption, "alt": figure.alt or TranslatedText(seen),
            "images": {language: plate.url for language, plate in plates.items()},
            "size": {language: plate.size for language, plate in plates.items()},
        }  # fmt: skip

    def sheet(self, figure: Figure, plates: Mapping[str, RenderedFigure]) -> Mapping[str, object]:
        """Return the maps of a sheet and the texts beside them; a map without words of its own is one for all."""
        one = plates[self.languages[0]]
        maps = [
            {
                "name": TranslatedText({language: plate.maps[at].name for language, plate in plates.items()}),
                "alt": figure.alt or TranslatedText(
                    {language: plate.maps[at].alt or plate.alt for language, plate in plates.items()}
                ),
                "url": each.url, "size": each.size, "images": self.own_images(at, plates),
            }
            for at, each in enumerate(one.maps)
        ]  # fmt: skip
        return {
            "type": "Sheet", "caption": figure.caption, "key": self.key(plates),
            "maps": [maps[at] for at in one.first],
            "others": [each for at, each in enumerate(maps) if at not in one.first],
            "more": words("map.more", count=len(maps) - len(one.first)),
        }  # fmt: skip

    @staticmethod
    def own_images(at: int, plates: Mapping[str, RenderedFigure]) -> Mapping[str, str]:
        """Return a map in each language where they differ, as where works are written on it; else nothing."""
        images = {language: plate.maps[at].url for language, plate in plates.items()}
        return images if len(set(images.values())) > 1 else {}

    def key(self, plates: Mapping[str, RenderedFigure]) -> Mapping[str, object]:
        """Return what stands beside the maps of a sheet; a note is written once on a page, where it is met first."""
        keys = {language: plate.key for language, plate in plates.items() if plate.key is not None}
        one = keys[self.languages[0]]

        def by_language(part: Callable[[PageKey], str]) -> TranslatedText:
            return TranslatedText({language: part(each) for language, each in keys.items()})

        def at_place(texts: Callable[[PageKey], Sequence[str]], at: int) -> TranslatedText:
            return by_language(lambda each: texts(each)[at])

        notes = [at for at, note in enumerate(one.notes) if note not in self.noted]
        self.noted.update(one.notes)
        return {
            "title": by_language(lambda each: each.title), "legend": words("map.legend"), "north": words("map.north"),
            "entries": [
                {"entry": entry, "label": at_place(lambda each: [line.label for line in each.entries], at)}
                for at, entry in enumerate(one.entries)
            ],
            "notes": [at_place(lambda each: each.notes, at) for at in notes],
            "source": by_language(lambda each: each.source), "sources": words("map.sources"),
            "bar": by_language(lambda each: each.bar[0]), "share": round(100.0 * one.bar[1], 2),
            "synthetic": words("map.synthetic") if one.synthetic else None,
        }  # fmt: skip

    def explorer(self, explorer: Explorer) -> Mapping[str, object]:
        data = _json(map_data(explorer, self.languages, self.system))
        return {"type": "Explorer", "how": explorer.how, "id": f"map-{next(self.numbers)}", "json": data}


def _paged(block: Block) -> bool:
    return not isinstance(block, Figure) or block.paged


def _fonts(text: str) -> str:
    faces, used = [], "".join(sorted(frozenset(text)))
    for weight in WEIGHTS:
        data = base64.b64encode(subset_font([used], weight=weight)).decode()
        thick = "bold" if weight == "Bold" else "normal"
        source = f'url(data:font/woff;base64,{data}) format("woff")'
        faces.append(f'@font-face{{font-family:"{FAMILY}";font-weight:{thick};src:{source}}}')
    return "\n".join([*faces, ""])


def _asset(name: str) -> str:
    text = files("citybraid.report").joinpath(*name.split("/")).read_text(encoding="utf-8")
    text = re.sub(r"\n?//# sourceMappingURL=.*", "", text)
    return re.sub(r"url\(images/[^)]*\)", "none", text)


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
