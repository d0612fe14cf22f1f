"""The child's side: fences first, then the streams that it speaks through; what libraries print goes astray."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from citybraid.isolation.fences import Fence, sealed, system_folders
from citybraid.isolation.guard import Guard
from citybraid.isolation.limits import held


class Around(NamedTuple):
    """What a child has: its own folder, the streams to its parent, what stands around it, and its arguments."""

    folder: Path
    asked: BinaryIO
    answers: BinaryIO
    fences: tuple[Fence, ...]
    arguments: Sequence[str]


def fenced(readable: Sequence[str] | None = None) -> Around:
    """Set every fence around this process, started as `Child` does; call it before anything heavy is imported.

    Beside the installation and its own folder the process may read below the folders `readable` only: all of its
    arguments where that is None; where there are none it may read every file that the user may.
    """
    parent, scratch, arguments = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.umask(0o077)
    folders = [Path(each) for each in (arguments if readable is None else readable)]
    allowed = (*system_folders(), *folders) if folders or readable is not None else (Path("/"),)
    limited: tuple[Fence, ...] = ("limits",) if held() else ()
    fences = (*sealed(allowed, [scratch, Path(os.devnull)], parent=parent), *limited)
    sys.addaudithook(Guard(scratch))
    return Around(scratch, requests, answers, fences, arguments)
