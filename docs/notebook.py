"""A notebook as a page: its text unchanged, its code in fenced blocks."""

import json
from pathlib import Path


def notebook_page(path: Path) -> str:
    """Return the page of a notebook."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    parts = [_markdown(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    return "\n\n".join([*parts, f"[This page as a notebook]({path.name}) · [本页的笔记本]({path.name})"]) + "\n"


def _markdown(kind: str, text: str) -> str:
    return f"```python\n{text}\n```" if kind == "code" else text
