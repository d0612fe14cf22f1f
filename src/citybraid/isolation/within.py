"""The child's side: sets the fences, then opens the message streams; what libraries print is discarded."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from citybraid.isolation.fences import Fence, set_kernel_fences, system_folders
from citybraid.isolation.guard import Guard
from citybraid.isolation.limits import enforceable


class ChildContext(NamedTuple):
    """Context of a child: scratch folder, streams from and to its parent, active fences, and arguments."""

    folder: Path
    asked: BinaryIO
    answers: BinaryIO
    fences: tuple[Fence, ...]
    arguments: Sequence[str]


def set_fences(readable: Sequence[str] | None = None) -> ChildContext:
    """Set every fence of this process, started by `Child`; call it before heavy libraries are imported.

    Besides the installation and its own folder the process may read below the folders `readable` only (None: its
    arguments); where there are none it may read every file that the user may.
    """
    parent, scratch, arguments = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.umask(0o077)
    folders = [Path(each) for each in (arguments if readable is None else readable)]
    allowed = (*system_folders(), *folders) if folders or readable is not None else (Path("/"),)
    limited: tuple[Fence, ...] = ("limits",) if enforceable() else ()
    fences = (*set_kernel_fences(allowed, [scratch, Path(os.devnull)], parent=parent), *limited)
    sys.addaudithook(Guard(scratch))
    return ChildContext(scratch, requests, answers, fences, arguments)
