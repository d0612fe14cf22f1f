"""Files that a SWMM model names and that lie beside it: rain of its gauges, and time series."""

import re
from pathlib import Path
from typing import NamedTuple

SUFFIX = ".inp"
HEADER = re.compile(r"^\s*\[(\w+)")
FILE = re.compile(r'\bFILE\s+(?:"([^"]+)"|(\S+))', re.IGNORECASE)
SECTIONS = ("RAINGAGE", "TIMESERIE")
"""Beginnings of the names of sections whose files are read."""
ENCODINGS = ("utf-8", "gb18030", "latin-1")
"""Encodings in which names of files may be written; a file that one of them gives counts."""


class Naming(NamedTuple):
    """A line, by its place from 0, of a section, and the file beside the model that it names."""

    line: int
    section: str
    file: Path


def namings(text: str, path: Path) -> list[Naming]:
    """Return the lines of a model's text that name a plain file of the model's own folder, whatever folder they say."""
    found, section = [], ""
    for number, raw in enumerate(text.splitlines()):
        line = raw.split(";", 1)[0]
        if header := HEADER.match(line):
            section = header[1].upper()
        elif section.startswith(SECTIONS) and (named := FILE.search(line)):
            beside = path.parent / re.split(r"[\\/]", named[1] or named[2])[-1]
            if beside.is_file() and not beside.is_symlink():
                found.append(Naming(number, section, beside))
    return found


def named_files(path: Path) -> list[Path]:
    """Return the files that a file's contents are read with, by name; none where it is no SWMM model."""
    if path.suffix.lower() != SUFFIX or not path.is_file():
        return []
    content = path.read_bytes()
    return sorted({each.file for name in ENCODINGS for each in namings(content.decode(name, "replace"), path)})
