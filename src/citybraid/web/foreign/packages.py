"""Office documents as ZIP packages: refused with macros, embedded objects, entities, links that load, or bombs."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from citybraid.core.errors import InputError

MIB = 1 << 20
MOST_PARTS, UNPACKED = 1_000, 200 * MIB
"""Parts of a package, and all of them unpacked [byte]: counted while unpacking, whatever the package declares."""
ENCODINGS = ("ascii", "utf-16-le", "utf-16-be")
ENTITIES = tuple(word.encode(each) for word in ("<!DOCTYPE", "<!ENTITY") for each in ENCODINGS)
"""What an office document never declares; entities are how XML reads files and grows without end."""
MACROS = ("macroenabled", "vbaproject", "activex", "oleobject")
"""Kinds of content that run programs."""
EMBEDDED = re.compile(r"(^|/)(embeddings|activex)/|vbaproject|\.bin$", re.IGNORECASE)
LINK = re.compile(rb"<Relationship\b[^>]*>")
EXTERNAL = re.compile(rb"""\bTargetMode\s*=\s*["']External["']""")
HARMLESS = re.compile(rb"""\bType\s*=\s*["'][^"']*/hyperlink["']""")
"""A link that is followed by a click alone."""


def look_through(path: Path, name: str) -> None:
    """Refuse an office document that is no package, or holds more than text, styles and pictures.

    Raises InputError with what it is: too large, macros or embedded objects, entities, parts loaded from elsewhere.
    """
    try:
        with zipfile.ZipFile(path) as package:
            for part, content in _parts(package, name):
                _look(part, content, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as fault:
        raise InputError("web.foreign.no_package", file=name) from fault


def _parts(package: zipfile.ZipFile, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the parts, unpacked no further than the limit."""
    entries, left = package.infolist(), UNPACKED
    if len(entries) > MOST_PARTS:
        raise InputError("web.foreign.bomb", file=name, most=UNPACKED // MIB, parts=MOST_PARTS)
    for entry in entries:
        with package.open(entry) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise InputError("web.foreign.bomb", file=name, most=UNPACKED // MIB, parts=MOST_PARTS)
        yield entry.filename, content


def _look(part: str, content: bytes, name: str) -> None:
    if EMBEDDED.search(part):
        raise InputError("web.foreign.macros", file=name, part=part)
    if not part.lower().endswith((".xml", ".rels")):
        return
    if any(word in content for word in ENTITIES):
        raise InputError("web.foreign.entities", file=name, part=part)
    lower = content.lower()
    if part == "[Content_Types].xml" and any(word.encode() in lower for word in MACROS):
        raise InputError("web.foreign.macros", file=name, part=part)
    if part.lower().endswith(".rels") and any(
        EXTERNAL.search(link) and not HARMLESS.search(link) for link in LINK.findall(content)
    ):
        raise InputError("web.foreign.external", file=name, part=part)
