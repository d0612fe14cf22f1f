"""The command of special plans: run every jurisdiction, join them, write the report."""

import signal
import tomllib
from collections.abc import Mapping
from pathlib import Path

from citybraid.cli import paper
from citybraid.cli.progress import progress_display
from citybraid.cli.studies import interrupt
from citybraid.core.errors import InputError
from citybraid.study.open.schema import LARGEST_BYTES
from citybraid.study.special.members import open_special
from citybraid.study.special.running import run_special


def is_special(path: Path) -> bool:
    """Tell whether a file is one of a special plan; a file that cannot be read is left to who opens it."""
    try:
        return path.stat().st_size <= LARGEST_BYTES and "special" in tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False


def require_no_options(path: Path, options: Mapping[str, object]) -> None:
    """Raise InputError where options are given that a special plan does not have."""
    if given := [name for name, value in options.items() if value]:
        raise InputError("special.options", file=path.name, got=given)


def special(path: Path, *, data: Path | None, quiet: bool, threads: int | None, lang: str) -> None:
    """Run a special plan and write its page and workbooks; the last lines list the files."""
    signal.signal(signal.SIGTERM, interrupt)
    plan = open_special(path, data=data)
    with progress_display(silent=quiet, as_json=False, lang=lang) as emit:
        result = run_special(plan, threads=threads, emit=emit)
    from citybraid.report.levels.special import write_special

    files = write_special(result, result.folder / "report")
    paper.tell("special.done", lang, count=len(result.runs), folder=result.folder)
    for each in files:
        paper.line(f"  {each}")
