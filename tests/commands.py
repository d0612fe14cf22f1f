"""The command line as tests call it: within this process, or as a process of its own where that is what is held."""

import contextlib
import functools
import io
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer import main as typer

from citybraid.cli.app import main

Done = subprocess.CompletedProcess[str]
_commands = functools.cache(typer.get_command)
"""The commands with all their options, read from their signatures once in a process of tests, not once a call."""


def citybraid(
    *words: str, folder: Path | None = None, environment: Mapping[str, str] | None = None, typed: str = ""
) -> Done:
    """Run a command within this process, in a folder, and return its exit code and what it wrote.

    `environment` is added to that of this process; `typed` is what comes on standard input.
    """
    usual = signal.getsignal(signal.SIGTERM)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setattr(sys, "argv", ["citybraid", *words])
        patch.setattr(typer, "get_command", _commands)
        patch.setattr(os, "environ", {**os.environ, **(environment or {})})
        patch.setattr(sys, "stdin", io.StringIO(typed))
        if folder is not None:
            patch.chdir(folder)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as left:
            main()
    signal.signal(signal.SIGTERM, usual)
    code = left.value.code
    return subprocess.CompletedProcess(words, code if isinstance(code, int) else 0, _text(out), _text(err))


def apart(*words: str, folder: Path | None = None, environment: dict[str, str] | None = None) -> Done:
    """Run a command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "citybraid", *words], cwd=folder, env=environment, capture_output=True, text=True,
        check=False, encoding="utf-8",
    )  # fmt: skip


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")
