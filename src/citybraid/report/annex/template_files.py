"""Where the Word templates that a study names for its annex lie."""

from pathlib import Path
from typing import Literal

from citybraid.study.run.run import Run

Kind = Literal["text", "memorandum", "statement"]
KINDS: tuple[Kind, ...] = ("text", "memorandum", "statement")
"""Documents of the annex that have a template each."""


def named_template(run: Run, kind: Kind) -> Path | None:
    """Return the template that the study names for a document where it is there, None else.

    It is sought beside the study file: in the folder that holds the run's folder of runs, else the one of its store.
    """
    name: str = getattr(run.manifest.asked.annex, kind)
    homes = dict.fromkeys([run.folder.resolve().parent.parent, run.store.folder.resolve().parent.parent])
    return next((home / name for home in homes if name and (home / name).is_file()), None)
