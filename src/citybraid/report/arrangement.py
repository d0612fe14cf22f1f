"""Body and appendices of a report: which blocks stand where, and the numbers of chapters, figures and tables."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count
from string import ascii_uppercase
from typing import NamedTuple

from citybraid.report.chapter import Block, Chapter, Explorer, Figure, Paragraph, ProblemMap, Table, Text, words


class Arranged(NamedTuple):
    """A chapter with its number: 1, 2, … in the body, A, B, … in appendices; captions and titles carry numbers."""

    chapter: Chapter
    number: str
    appendix: bool
    onward: str = ""
    """Number of the appendix that continues a chapter of the body."""


def arranged(chapters: Iterable[Chapter], *, keep: Callable[[Block], bool]) -> list[Arranged]:
    """Return the chapters of the body, then the appendices, with the blocks to keep.

    Numbers count every block, so that they are the same on the page and in documents. Chapters without content
    are not opened; one of an interactive map alone has no number.
    """
    listed = list(chapters)
    body = [
        cut for chapter in listed if not chapter.appendix and has_content((cut := _part(chapter, last=False)).blocks)
    ]
    last = [cut for chapter in listed if has_content((cut := _part(chapter, last=True)).blocks)]
    letters, numbers = {chapter.name: letter(at) for at, chapter in enumerate(last)}, count(1)
    parts = [
        *(_numbered(each, "" if _interactive(each) else str(next(numbers)), onward=letters.get(each.name, ""))
          for each in body),
        *(_numbered(each, letters[each.name], appendix=True) for each in last),
    ]  # fmt: skip
    kept = [
        part._replace(chapter=replace(part.chapter, blocks=[block for block in part.chapter.blocks if keep(block)]))
        for part in parts
    ]
    return [part for part in kept if has_content(part.chapter.blocks)]


def _interactive(chapter: Chapter) -> bool:
    return all(isinstance(block, Explorer | ProblemMap) for block in chapter.blocks)


def letter(at: int) -> str:
    """Return the letter of an appendix, counted from 0: A to Z, then AA."""
    over, place = divmod(at, len(ascii_uppercase))
    return (letter(over - 1) if over else "") + ascii_uppercase[place]


def has_content(blocks: Sequence[Block]) -> bool:
    """Tell whether some blocks show anything: headings and tables without rows do not."""
    return any(
        block.kind != "heading"
        if isinstance(block, Paragraph)
        else not (isinstance(block, Table) and block.frame.empty)
        for block in blocks
    )


def _part(chapter: Chapter, *, last: bool) -> Chapter:
    if chapter.appendix:
        return chapter if last else replace(chapter, blocks=[])
    return replace(chapter, blocks=[block for block in chapter.blocks if _in_appendix(block) == last])


def _in_appendix(block: Block) -> bool:
    return not isinstance(block, Explorer | ProblemMap) and block.appendix


def _numbered(chapter: Chapter, number: str, *, appendix: bool = False, onward: str = "") -> Arranged:
    title: Text = chapter.title
    if number:
        title = words("arrangement.appendix" if appendix else "arrangement.chapter", number=number, title=title)
    counts = {"figure": 0, "table": 0}

    def numbered(kind: str, text: Text) -> Text:
        counts[kind] += 1
        return words(f"arrangement.{kind}", number=f"{number}-{counts[kind]}", title=text)

    blocks: list[Block] = []
    for block in chapter.blocks:
        if isinstance(block, Figure):
            blocks.append(replace(block, caption=numbered("figure", block.caption)))
        elif isinstance(block, Table) and not block.frame.empty:
            blocks.append(replace(block, title=numbered("table", block.title)))
        elif not isinstance(block, Table):
            blocks.append(block)
    return Arranged(replace(chapter, title=title, blocks=blocks), number, appendix, onward)
