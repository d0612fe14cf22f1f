"""Where in a Word template a fault lies: the number of its paragraph, and what stands there."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from docx.document import Document
from docx.oxml.ns import qn

SOURCES = ("<template>", "<unknown>")
"""The file names that jinja gives to the code of templates."""
XML_TAG = re.compile(r"<[^>]+>")
PLACEHOLDER = re.compile(r"\{[{%#].*?[}%#]\}?|\{[{%].*")
"""A placeholder, whole or left open."""
BLOCK = re.compile(r"\{%-?\s*(?:(?:p|tr|tc|r)\s+)?(for|if|endfor|endif)\b")
PREFIX = re.compile(r"^(\{[{%]-?)(?:p|tr|tc|r)(?=\s)")
"""What docxtpl takes off a placeholder that stands for its whole paragraph, row, cell or run."""
LONGEST = 80
"""Most letters that are shown of a paragraph."""


class Whereabouts(NamedTuple):
    """The number of a paragraph, 0 where it is not known, and its text."""

    paragraph: int
    text: str


def whereabouts(document: Document, source: str, fault: Exception, *, name: str = "") -> Whereabouts | None:
    """Return where a fault lies in a template, None where nothing tells.

    `source` is the XML that jinja was given, a line for each paragraph; `name` is a placeholder that there is not.
    """
    paragraphs = list(_paragraphs(document))
    if name:
        word = re.compile(rf"\{{[{{%][^}}]*\b{re.escape(name)}\b")
        for at, text in enumerate(paragraphs, 1):
            if word.search(text):
                return Whereabouts(at, _short(text))
    if "Unexpected end of template" in str(fault) and (opener := _left_open(paragraphs)):
        return Whereabouts(opener, _short(paragraphs[opener - 1]))
    lines, line = source.splitlines(), _line(fault)
    if not 0 < line <= len(lines):
        return None
    text = XML_TAG.sub("", lines[line - 1])
    tags = {_bare(each) for each in PLACEHOLDER.findall(text)}
    alike = [len(tags.intersection(map(_bare, PLACEHOLDER.findall(each)))) for each in paragraphs]
    if any(alike):
        at = alike.index(max(alike))
        return Whereabouts(at + 1, _short(paragraphs[at]))
    return Whereabouts(0, _short(text)) if text.strip() else None


def _left_open(paragraphs: Sequence[str]) -> int:
    """Return the number of the paragraph whose loop or condition is never closed, 0 for none."""
    waiting: list[int] = []
    for at, text in enumerate(paragraphs, 1):
        for word in BLOCK.findall(text):
            if word in ("for", "if"):
                waiting.append(at)
            elif waiting:
                waiting.pop()
    return waiting[-1] if waiting else 0


def _paragraphs(document: Document) -> Iterator[str]:
    """Yield the texts of the paragraphs of a document's body, those of its tables among them."""
    for each in document.element.body.iter(qn("w:p")):
        yield "".join(text.text or "" for text in each.iter(qn("w:t")))


def _line(fault: Exception) -> int:
    """Return the line of the template's code that raised a fault, 0 where none did."""
    line: Any = getattr(fault, "lineno", None)
    trace = fault.__traceback__
    while line is None and trace is not None:
        if trace.tb_frame.f_code.co_filename in SOURCES:
            line = trace.tb_lineno
        trace = trace.tb_next
    return int(line or 0)


def _bare(placeholder: str) -> str:
    return re.sub(r"\s", "", PREFIX.sub(r"\1", placeholder))


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
