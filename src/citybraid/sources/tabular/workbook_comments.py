"""Comments on the cells of a workbook: which cell, who wrote it, and what."""

import html
import posixpath
import re
import zipfile
from typing import NamedTuple

from citybraid.sources.tabular.workbook_package import LINK

COMMENTS = re.compile(rb'\bType="[^"]*/relationships/comments"')
TARGET = re.compile(rb'\bTarget="([^"]*)"')
AUTHOR = re.compile(rb"<author>([^<]{0,200})</author>")
COMMENT = re.compile(
    rb'<comment\b(?=[^>]*\bref="([A-Z]{1,3}\d{1,7})")(?:[^>]*\bauthorId="(\d{1,6})")?[^>]*>(.*?)</comment>', re.DOTALL
)
TEXT = re.compile(rb"<t\b[^>]*>([^<]*)</t>")
MOST, LONGEST = 10_000, 2_000
"""Comments that are read of a sheet, and characters of each."""


class CellComment(NamedTuple):
    """A comment on a cell (E7)."""

    cell: str
    author: str
    text: str


def comments_of(packed: zipfile.ZipFile, sheet: str) -> tuple[CellComment, ...]:
    """Return the comments of a sheet by the name of its part (xl/worksheets/sheet1.xml), none where it has none."""
    folder, _, name = sheet.rpartition("/")
    links = f"{folder}/_rels/{name}.rels"
    if links not in packed.namelist():
        return ()
    comments: list[CellComment] = []
    for link in LINK.findall(packed.read(links)):
        target = TARGET.search(link)
        if COMMENTS.search(link) is None or target is None:
            continue
        part = posixpath.normpath(posixpath.join("/", folder, target[1].decode("utf-8", "replace"))).lstrip("/")
        if part in packed.namelist():
            comments += _read(packed.read(part))
    return tuple(comments[:MOST])


def _read(part: bytes) -> list[CellComment]:
    authors = [_plain(name) for name in AUTHOR.findall(part)]
    comments = []
    for cell, author, body in COMMENT.findall(part):
        number = int(author) if author else -1
        text = _plain(b"".join(TEXT.findall(body))).strip()[:LONGEST]
        if text:
            comments.append(CellComment(cell.decode(), authors[number] if 0 <= number < len(authors) else "", text))
    return comments


def _plain(text: bytes) -> str:
    return html.unescape(text.decode("utf-8", "replace"))
