"""A notebook as a page: its words as they are, its code in fences."""

import json
from pathlib import Path


def notebook_page(path: Path) -> str:
    """Return the page of a notebook."""
    told = json.loads(path.read_text(encoding="utf-8"))
    parts = [_shown(cell["cell_type"], "".join(cell["source"])) for cell in told["cells"]]
    return "\n\n".join([*parts, f"[This page as a notebook]({path.name}) · [本页的笔记本]({path.name})"]) + "\n"


def _shown(kind: str, text: str) -> str:
    return f"```python\n{text}\n```" if kind == "code" else text
