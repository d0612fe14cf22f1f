"""What the process that reads files is asked, and which records of ours its messages may hold."""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from citybraid.isolation.arrays import UnfitError
from citybraid.isolation.values import record_fields
from citybraid.sources.protocol.filespec import Options
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target

OURS = ("citybraid.core.", "citybraid.sources.")
"""Where records that readings consist of are declared."""


@dataclass(frozen=True)
class Job:
    """One file to read: the reader's module, the file, its role, options and limits."""

    module: str
    path: Path
    role: str
    options: Options
    target: Target
    limits: Limits
    task: Literal["read", "extent", "peek", "layers"] = "read"


def known_record(module: str, name: str) -> type:
    """Return a class of records of ours; raises UnfitError for anything else that a message names."""
    if not module.startswith(OURS):
        raise UnfitError(module)
    found = getattr(importlib.import_module(module), name, None)
    if not isinstance(found, type) or found.__module__ != module or record_fields(found) is None:
        raise UnfitError(name)
    return found
