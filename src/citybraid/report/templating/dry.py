"""Values to fill a template of the annex with before a study is run: one block of each kind in two parts."""

from collections.abc import Mapping
from typing import Any

from citybraid.report.templating.filling import Cell

ABOUT = ("kind", "title", "subtitle", "synthetic", "contents_title", "made_by")


def dry_values() -> Mapping[str, Any]:
    """Return values with everything that a document of the annex may hold."""
    row = [Cell("A-01", right=False), Cell("1", right=True)]
    blocks: list[Mapping[str, Any]] = [
        *({"kind": kind, "number": "1", "heading": "A", "text": "A"} for kind in ("clause", "item")),
        *({"kind": kind, "number": "", "heading": "", "text": "A"}
          for kind in ("text", "bullet", "lead", "warning", "heading")),
        {"kind": "figure", "picture": "", "text": "A"},
        {"kind": "table", "title": "A", "note": "A", "heads": row, "rows": [row, row]},
    ]  # fmt: skip
    parts = [{"title": title, "page": 1, "blocks": blocks} for title in ("A", "B")]
    return {**dict.fromkeys(ABOUT, "A"), "contents": ["A", "B"], "parts": parts, "appendices": parts}
