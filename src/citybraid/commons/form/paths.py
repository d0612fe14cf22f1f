"""Paths of parts within a case: which are accepted, on every system alike."""

import re
import unicodedata
from collections.abc import Iterable

ROOMS = ("study", "inputs", "results", "report", "review")
"""Folders of a case."""
FILES = ("case.json", "ro-crate-metadata.json", "README.md")
"""Files beside them."""
LONGEST = 240
"""Longest path [byte]."""
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
"""Names that Windows gives to devices."""
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]')
"""Characters that no name may have: controls, those that systems refuse, and those that turn or hide text."""


def acceptable(path: str) -> bool:
    """Tell whether a part may have this path: relative, of one meaning on every system, in a folder of cases."""
    names = path.split("/")
    if len(path.encode("utf-8", "surrogatepass")) > LONGEST or unicodedata.normalize("NFC", path) != path:
        return False
    if any(FORBIDDEN.search(name) or RESERVED.match(name) for name in names):
        return False
    if any(name in ("", ".", "..") or name != name.strip() or name.endswith(".") for name in names):
        return False
    return path in FILES or (len(names) > 1 and names[0] in ROOMS)


def inner(path: str) -> bool:
    """Tell whether a path that a study names stays below the folder that it counts from."""
    return acceptable(f"inputs/{path}")


def folded_twice(paths: Iterable[str]) -> tuple[str, ...]:
    """Return paths that are one file on systems that do not tell capitals apart, or a file and a folder at once."""
    seen: dict[str, str] = {}
    twice = []
    folders = set()
    for path in sorted(paths):
        folded = path.casefold()
        if folded in seen:
            twice.append(path)
        seen[folded] = path
        names = folded.split("/")
        folders |= {"/".join(names[:at]) for at in range(1, len(names))}
    return (*twice, *(path for folded, path in seen.items() if folded in folders))
