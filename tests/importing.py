"""Processes of a parallel run share the work of a fresh checkout: each begins to import tests at another file.

Pytest rewrites the assertions of every test module, which takes twice as long as all else of its collection, and keeps
what it wrote. Processes that collect in the same order, at the same time, would each rewrite them all.
"""

import importlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest

PATTERN = "test_*.py"
T = TypeVar("T")


def modules_of(arguments: Sequence[str], root: Path) -> tuple[Path, ...]:
    """Return the test modules that a run is asked for, in the order of their names, relative to the root."""
    found: set[Path] = set()
    for argument in arguments:
        path = (root / argument.partition("::")[0]).resolve()
        found.update(path.rglob(PATTERN) if path.is_dir() else [path])
    return tuple(sorted(path.relative_to(root) for path in found if path.is_file() and path.is_relative_to(root)))


def from_own_share(things: Sequence[T], number: int, count: int) -> tuple[T, ...]:
    """Return all things, those of the share of one of `count` processes first, then those that follow it."""
    first = number * len(things) // count
    return (*things[first:], *things[:first])


class Ahead:
    """Imports test modules before they are collected, beginning with this process's share of them."""

    def pytest_collection(self, session: pytest.Session) -> None:
        """Import the modules; one that cannot be is left to its collection, which tells why."""
        number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
        count = int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        root = session.config.rootpath
        for path in from_own_share(modules_of(session.config.args, root), number, count):
            with suppress(Exception, pytest.skip.Exception):
                importlib.import_module(".".join(path.with_suffix("").parts))
