"""Office documents as ZIP packages: refused with macros, embedded objects, entities, links that load, or bombs."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from citybraid.core.errors import InputError

MIB = 1 << 20
MOST_PARTS, UNPACKED = 1_000, 200 * MIB
"""Parts of a package, and all of them unpacked [byte]: counted while unpacking, whatever the package declares."""
ENCODINGS = ("utf-8", "utf-16")
"""Encodings that an XML part may have (ISO/IEC 29500-2, 8.1.4)."""
DECLARED = re.compile(r"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
SPACE, STARTS = b" \t\r\n\0", (b"<", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
"""What XML begins with, whatever the name of its part."""
ENTITIES = ("<!doctype", "<!entity")
"""What an office document never declares; entities are how XML reads files and grows without end."""
MACROS = ("macroenabled", "vbaproject", "activex", "oleobject")
"""Kinds of content that run programs."""
PRINTER = re.compile(r"(^|/)printersettings/printersettings\d*\.bin$", re.IGNORECASE)
"""How a page was last printed: a binary part of almost every workbook that Excel has printed, never opened here."""
EMBEDDED = re.compile(r"(^|/)(embeddings|activex)/|vbaproject|\.bin$", re.IGNORECASE)
CLICKED, IMPORTED = "/hyperlink", "/aFChunk"
"""Relationships that are followed by a click alone, and those that bring in a document of another kind."""
FIELDS = re.compile(r"(?:^|\s)(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|RD|DATABASE)\b", re.IGNORECASE)
"""Fields that load other files or run programs (ISO/IEC 29500-1, 17.16.5)."""


def look_through(path: Path, name: str) -> None:
    """Refuse an office document that is no package, or holds more than text, styles and pictures.

    Raises InputError with what it is: too large, macros or embedded objects, entities, parts loaded from elsewhere.
    """
    try:
        with zipfile.ZipFile(path) as package:
            for part, content in _parts(package, name):
                _look(part, content, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as fault:
        raise InputError("package.none", file=name) from fault
    except (etree.XMLSyntaxError, UnicodeError) as fault:
        raise InputError("package.none", file=name) from fault


def _parts(package: zipfile.ZipFile, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the parts, unpacked no further than the limit."""
    entries, left = package.infolist(), UNPACKED
    if len(entries) > MOST_PARTS:
        raise InputError("package.bomb", file=name, most=UNPACKED // MIB, parts=MOST_PARTS)
    for entry in entries:
        with package.open(entry) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise InputError("package.bomb", file=name, most=UNPACKED // MIB, parts=MOST_PARTS)
        yield entry.filename, content


def _look(part: str, content: bytes, name: str) -> None:
    lower = part.lower()
    if EMBEDDED.search(part) and not PRINTER.search(part):
        raise InputError("package.macros", file=name, part=part)
    if not lower.endswith((".xml", ".rels")) and not content.lstrip(SPACE).startswith(STARTS):
        return
    text = _text(content)
    declared = DECLARED.match(text)
    if any(word in text.lower() for word in ENTITIES):
        raise InputError("package.entities", file=name, part=part)
    if declared and declared[1].lower() not in ENCODINGS:
        raise InputError("package.encoding", file=name, part=part, encoding=declared[1])
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    if lower == "[content_types].xml" and any(word in _attributes(root) for word in MACROS):
        raise InputError("package.macros", file=name, part=part)
    if lower.endswith(".rels"):
        _look_at_links(root, part, name)
    elif FIELDS.search(_instructions(root)):
        raise InputError("package.external", file=name, part=part)


def _text(content: bytes) -> str:
    """Return a part as text; raises UnicodeError for other encodings than a package may have."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    if content[:2] in {b"<\0", b"\0<"}:
        return content.decode("utf-16-le" if content[1] == 0 else "utf-16-be")
    return content.decode("utf-8-sig")


def _attributes(root: etree._Element) -> str:
    return " ".join(str(value).lower() for each in root.iter() for value in each.attrib.values())


def _look_at_links(root: etree._Element, part: str, name: str) -> None:
    for link in root.iter():
        kind = link.get("Type", "")
        if kind.endswith(IMPORTED):
            raise InputError("package.macros", file=name, part=part)
        if link.get("TargetMode", "").lower() == "external" and not kind.endswith(CLICKED):
            raise InputError("package.external", file=name, part=part)


def _instructions(root: etree._Element) -> str:
    """Return what the fields of a part say, each on a line; a field may be spread over several elements."""
    texts: list[str] = []
    for each in root.iter("{*}instrText", "{*}fldSimple", "{*}fldChar"):
        kind = etree.QName(each).localname
        if kind == "instrText":
            texts.append(each.text or "")
        else:
            texts += ["\n", *(str(value) for value in each.attrib.values()), "\n"]
    return "".join(texts)
