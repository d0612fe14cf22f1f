"""Jobs of the reading process, and the record types that its messages may contain."""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from citybraid.isolation.arrays import DecodeError
from citybraid.isolation.values import record_fields
from citybraid.sources.protocol.filespec import Options
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target

RECORD_PACKAGES = ("citybraid.core.", "citybraid.sources.")
"""Packages that declare the records that readings consist of."""


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

    @property
    def seconds(self) -> float:
        """Longest time that the job may take [s]."""
        return self.limits.seconds


def record_class(module: str, name: str) -> type:
    """Return one of the project's record classes by name; raises UnfitError for anything else that a message names."""
    if not module.startswith(RECORD_PACKAGES):
        raise DecodeError(module)
    record_type = getattr(importlib.import_module(module), name, None)
    if not isinstance(record_type, type) or record_type.__module__ != module or record_fields(record_type) is None:
        raise DecodeError(name)
    return record_type
