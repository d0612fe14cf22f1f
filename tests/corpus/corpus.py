"""The whole corpus, and the page of the documentation that shows it."""

import math
from collections.abc import Mapping
from pathlib import Path

from citybraid.core.text import visible
from tests.corpus import drawings, grids, models, nasty, packages, rasters, shapefiles, tables, texts
from tests.corpus.case import Case, cases_of
from tests.corpus.running import Outcome

CASES = cases_of((shapefiles, packages, texts, rasters, grids, tables, drawings, models, nasty))
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "corpus.md"
READ_AS = "intake.table_read"
"""What is shown of a file that is read without anything particular to tell."""
GROUPS = {
    "good": "Files as they should be",
    "odd": "Files as planners have them",
    "broken": "Files that accidents made",
    "hostile": "Files that mean harm",
}
HEAD = """# Corpus

Every change is held to these {count} files: a test makes each one anew, takes it in as `citybraid check` does, and
compares the verdict. No file may end in a traceback, take more than 28 s or 1 GiB, or change anything.
`make corpus` makes the files and writes this page anew.

Verdicts: **read**; **read with findings**, which tell what was mended, guessed or left out; **refused**, with what is
wrong and what to do. Every message exists in Chinese and English. Seconds are rounded up, MiB are rounded up
to hundreds; they are the reader's alone, and one worker reads all files, so MiB include what it holds when idle (about
220). [Limits](limits.md) tells what stands behind the verdicts.

| | files | read | read with findings | refused |
|---|---|---|---|---|
{table}
"""
LONGEST = 240


def page(outcomes: Mapping[Case, Outcome]) -> str:
    """Return the page as Markdown."""
    counts = []
    for group, title in GROUPS.items():
        verdicts = [case.verdict for case in CASES if case.group == group]
        cells = (len(verdicts), *(verdicts.count(each) for each in ("read", "read with findings", "refused")))
        counts.append(f"| {title} | " + " | ".join(map(str, cells)) + " |")
    parts = [HEAD.format(count=len(CASES), table="\n".join(counts))]
    for group, title in GROUPS.items():
        parts.append(f"## {title}\n\n| file | verdict | message | s | MiB |\n|---|---|---|---|---|")
        parts[-1] += "".join(f"\n{row(case, outcome)}" for case, outcome in outcomes.items() if case.group == group)
    return "\n\n".join(parts) + "\n"


def row(case: Case, outcome: Outcome) -> str:
    """Return a case's line of the table."""
    told = dict(zip(outcome.texts, outcome.sentences["en"], strict=False))
    wanted = [case.refusal] if case.refusal else list(case.findings or (READ_AS,))
    message = " ".join(told[text] for text in wanted if text in told)
    mib = math.ceil(outcome.mib / 100) * 100
    return f"{start(case)} {_plain(message)} | {math.ceil(outcome.seconds)} | {mib or '–'} |"


def start(case: Case) -> str:
    """Return the part of a case's line that no machine changes."""
    return f"| {_plain(case.about)} | {case.verdict} |"


def _plain(text: str) -> str:
    said = visible(text)
    said = said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
    for mark, inert in (("&", "&amp;"), ("<", "&lt;"), ("|", "&#124;"), ("{", "&#123;"), ("_", "\\_"), ("*", "\\*")):
        said = said.replace(mark, inert)
    return said.replace("[", "\\[").replace("`", "'").replace("://", ":\u200b//")
