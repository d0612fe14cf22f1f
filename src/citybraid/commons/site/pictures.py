"""What is seen on the maps of a case: the description that a picture carries, else the name of what it shows."""

import struct
from pathlib import Path

from citybraid.core.text import known, say, visible
from citybraid.report.drawing.png import DESCRIPTION, SIGNATURE

MOST_READ = 64 << 10
"""Bytes of a picture in which its description is looked for: it stands before the pixels."""
MOST_TOLD = 2_000
"""Letters of a description."""
HEAD = 8
"""Bytes of a chunk's length and kind."""


def seen_on(path: Path, name: str, language: str) -> str:
    """Return what is seen on a map: what it says itself, else what it is of."""
    return told_by(path) or map_name(name, language)


def told_by(path: Path) -> str:
    """Return what a picture says is seen on it: a stranger's text, made visible and short; nothing without one."""
    with path.open("rb") as file:
        description = _description(file.read(MOST_READ))
    return visible(description[:MOST_TOLD])


def map_name(name: str, language: str) -> str:
    """Return what a map shows by the quantity that its name begins with; that it is of the report, else."""
    words = name.split("_")
    heads = ("_".join(words[:count]) for count in range(len(words), 0, -1))
    of = next((head for head in heads if known(f"var.{head}")), None)
    if of is None:
        return say("site.picture", language)
    return say("site.map_of", language, name=say(f"var.{of}", language))


def _description(content: bytes) -> str:
    """Return the description among the chunks of a PNG that are whole; nothing where there is none."""
    at = len(SIGNATURE)
    while len(content) >= at + HEAD:
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + HEAD : at + HEAD + length]
        if kind == b"iTXt" and len(body) == length and body.startswith(DESCRIPTION):
            return body.removeprefix(DESCRIPTION).decode(errors="replace")
        at += HEAD + length + 4
    return ""
