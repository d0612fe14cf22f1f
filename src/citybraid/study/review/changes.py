"""What a reply may name as the change that resolves a comment: a later run, an alternative, or a factor row."""

from citybraid.core.errors import InputError
from citybraid.study.run.migration import MANIFEST
from citybraid.study.run.run import Run

RUN, ALTERNATIVE, FACTOR = "run:", "alternative:", "factor:"


def change_of(run: Run, text: str) -> str:
    """Return the address of a change: `run:002`, `alternative:NAME` or `factor:NAME/KEY`; '' for none.

    Raises InputError where the study has no such run, or the run no such alternative or factor row.
    """
    kind, answer_text, name = text.strip().partition(":")
    known = {
        RUN: lambda: name.isascii() and name.isdigit() and (run.folder.parent / name / MANIFEST).is_file(),
        ALTERNATIVE: lambda: name in run.alternatives,
        FACTOR: lambda: name in {f"{row.factor}/{row.key}" for row in run.manifest.factors.values()},
    }
    if not text.strip():
        return ""
    if f"{kind}{answer_text}" not in known or not known[f"{kind}{answer_text}"]():
        raise InputError("review.change_unknown", got=text)
    return f"{kind}:{name}"
