"""The command of special plans: run every jurisdiction, join them, write the report."""

import signal
from pathlib import Path

from citybraid.cli import paper
from citybraid.cli.progress import progress_display
from citybraid.cli.studies import interrupt
from citybraid.study.special.members import open_special
from citybraid.study.special.running import run_special


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
