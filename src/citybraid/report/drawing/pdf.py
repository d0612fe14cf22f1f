"""PDF files of vector drawings: pages, drawings and pictures that pages share, and text in the report's own font.

ISO 32000-1:2008 is followed; clauses are named where a number or an operator comes from it.
"""

import io
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from numpy.typing import NDArray

from citybraid.report.drawing.font import MISSING, drawable, subset_face

LEVEL = 6
"""Level of compression."""
BASELINE = "0123456789"
LOWERED = {chr(0x2080 + at): figure for at, figure in enumerate(BASELINE)}
"""Figures on the line for those below it, as in CO₂, which the report's font lacks."""
NONE = 255
"""Index of a picture's cells that are not drawn (8.9.6.4, colour key masking)."""
FONT = "CitybraidSans"
BLOCK = 100
"""Most characters in a block of a character map (Adobe technical note 5411)."""


class Stream(NamedTuple):
    """Compressed content with the entries of its dictionary, made once for every file that holds it."""

    entries: str
    content: bytes


def packed(content: bytes, entries: str = "") -> Stream:
    """Return content as a compressed stream."""
    return Stream(f"{entries} /Filter /FlateDecode", zlib.compress(content, LEVEL))


def form(content: str, box: tuple[float, float, float, float]) -> Stream:
    """Return a drawing that pages can place at any scale, within a box of its own coordinates (8.10)."""
    sides = " ".join(f"{side:.2f}" for side in box)
    return packed(content.encode("ascii"), f"/Type /XObject /Subtype /Form /BBox [{sides}] /Resources << >>")


def indexed_picture(classes: NDArray[np.integer[Any]], colours: Iterable[str]) -> Stream:
    """Return cells as a picture with a palette; those of class -1 are not drawn (8.9.5)."""
    cells = np.where(classes < 0, NONE, classes).astype(np.uint8)
    rows, columns = cells.shape
    palette = "".join(code.lstrip("#") for code in colours).ljust(6 * (NONE + 1), "f")
    entries = (
        f"/Type /XObject /Subtype /Image /Width {columns} /Height {rows} /BitsPerComponent 8 /Interpolate false "
        f"/ColorSpace [/Indexed /DeviceRGB {NONE} <{palette}>] /Mask [{NONE} {NONE}]"
    )
    return packed(cells.tobytes(), entries)


@cache
def colour(code: str, *, stroke: bool = False) -> str:
    """Return the operator that sets a colour (8.6.8)."""
    parts = " ".join(f"{part / 255:.3f}" for part in bytes.fromhex(code.lstrip("#")))
    return f"{parts} {'RG' if stroke else 'rg'}"


class PdfFont:
    """A subset of the report's font with the characters of some texts, addressed by glyph (9.7.4)."""

    def __init__(self, texts: Iterable[str]) -> None:
        data = subset_face([drawable("".join(texts)) + MISSING + BASELINE])
        with TTFont(io.BytesIO(data)) as font:
            self.outlines: bytes = font.getTableData("CFF ")
            em, head, metrics = font["head"].unitsPerEm, font["head"], font["hmtx"].metrics
            names: Mapping[int, str] = font.getBestCmap()
            self.ascent, self.descent = font["OS/2"].sTypoAscender, font["OS/2"].sTypoDescender
            self.box = (head.xMin, head.yMin, head.xMax, head.yMax)
        self.glyphs = {chr(code): int(name.removeprefix("cid")) for code, name in names.items() if name != ".notdef"}
        self.widths = {chr(code): round(1000 * metrics[name][0] / em) for code, name in names.items()}

    def width(self, text: str, size: float) -> float:
        """Return the width of a text [pt]."""
        return float(sum(self.widths[self._set(char)] for char in text) * size / 1000)

    def hexes(self, text: str) -> str:
        """Return a text as the numbers of the glyphs that show it."""
        return "".join(f"{self.glyphs[self._set(char)]:04x}" for char in drawable(text))

    def _set(self, char: str) -> str:
        """Return the character that is set for one: a lowered figure that the font lacks stands on the line."""
        if char in self.glyphs:
            return char
        return LOWERED.get(char, MISSING)


class PdfFile:
    """A PDF file that is put together in memory; its first two objects are the catalogue and the pages."""

    def __init__(self, title: str, font: PdfFont) -> None:
        self.font = font
        self._objects: list[bytes] = [b"", b""]
        self._pages: list[int] = []
        self._shared: dict[int, tuple[Stream, int]] = {}
        self._font = self._embed()
        self._info = self.add(f"<< /Title <feff{title.encode('utf-16-be').hex()}> /Producer (citybraid) >>")

    def add(self, body: str) -> int:
        """Add an object and return its number."""
        self._objects.append(body.encode("latin-1"))
        return len(self._objects)

    def stream(self, stream: Stream) -> int:
        """Add a stream and return its number; one that is there is not added again."""
        if id(stream) not in self._shared:
            head = f"<< {stream.entries} /Length {len(stream.content)} >>\nstream\n".encode("latin-1")
            self._objects.append(head + stream.content + b"\nendstream")
            self._shared[id(stream)] = (stream, len(self._objects))
        return self._shared[id(stream)][1]

    def page(self, width: float, height: float, content: str, shared: Mapping[str, Stream]) -> None:
        """Add a page whose content names drawings and pictures."""
        named = " ".join(f"/{name} {self.stream(stream)} 0 R" for name, stream in shared.items())
        written = self.stream(packed(content.encode("ascii")))
        self._pages.append(
            self.add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.2f} {height:.2f}] /Contents {written} 0 R "
                f"/Resources << /Font << /F {self._font} 0 R >> /XObject << {named} >> >> >>"
            )
        )

    def save(self, path: Path) -> Path:
        """Write the file and return its path (7.5)."""
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        self._objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
        self._objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(self._pages)} >>".encode("ascii")
        out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), list[int]()
        for number, body in enumerate(self._objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        table = "".join(f"{place:010d} 00000 n \n" for place in places)
        count, start = len(places) + 1, len(out)
        out += (
            f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R "
            f"/Info {self._info} 0 R >>\nstartxref\n{start}\n%%EOF\n"
        ).encode("ascii")
        path.write_bytes(bytes(out))
        return path

    def _embed(self) -> int:
        """Embed the font with its widths and the characters that its glyphs stand for (9.7.4.3, 9.10.3)."""
        font = self.font
        outlines = self.stream(packed(font.outlines, "/Subtype /CIDFontType0C"))
        box = " ".join(map(str, font.box))
        about = self.add(
            f"<< /Type /FontDescriptor /FontName /{FONT} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 "
            f"/Ascent {font.ascent} /Descent {font.descent} /CapHeight 700 /StemV 80 /FontFile3 {outlines} 0 R >>"
        )
        ordered = sorted(font.glyphs.items(), key=lambda entry: entry[1])
        widths = " ".join(f"{glyph} [{font.widths[char]}]" for char, glyph in ordered)
        glyphs = self.add(
            f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{FONT} /CIDSystemInfo << /Registry (Adobe) "
            f"/Ordering (Identity) /Supplement 0 >> /FontDescriptor {about} 0 R /DW 1000 /W [{widths}] >>"
        )
        characters = self.stream(packed(_characters(font).encode("ascii")))
        return self.add(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{FONT} /Encoding /Identity-H /DescendantFonts [{glyphs} 0 R] "
            f"/ToUnicode {characters} 0 R >>"
        )


def _characters(font: PdfFont) -> str:
    """Return the map from glyphs to characters, by which a text can be found and copied."""
    rows = [f"<{glyph:04x}> <{char.encode('utf-16-be').hex()}>" for char, glyph in font.glyphs.items()]
    blocks = [rows[at : at + BLOCK] for at in range(0, len(rows), BLOCK)]
    listed = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /U def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{listed}\nendcmap\nend\nend"
    )
