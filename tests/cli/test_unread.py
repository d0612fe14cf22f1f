"""Output that nobody reads any more, as behind `| head -1`, ends a command quietly and with the code of shells."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from citybraid.cli import app
from citybraid.cli.paper import UNREAD
from citybraid.core.errors import InputError


@contextmanager
def closed_pipe() -> Iterator[io.TextIOWrapper]:
    """Provide a stream whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w", encoding="utf-8")
    try:
        yield stream
    finally:
        with suppress(BrokenPipeError):  # what typer leaves in it
            stream.close()


def code_of(*words: str, broken: str, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(sys, "argv", ["citybraid", *words])
    with closed_pipe() as stream:
        monkeypatch.setattr(sys, broken, stream)
        with pytest.raises(SystemExit) as left:
            app.main()
    return left.value.code


@pytest.mark.parametrize("command", ["words", "languages xx", "factors --csv", "indicators", "--version", "--help"])
def test_a_closed_pipe_ends_a_command_quietly(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of(*command.split(), broken="stdout", monkeypatch=monkeypatch) == UNREAD
    assert not capsys.readouterr().err


def test_a_refusal_keeps_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_of("factors", "no_such", broken="stderr", monkeypatch=monkeypatch) == InputError.exit_code


def test_progress_that_nobody_reads_ends_a_command_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(**_how: object) -> None:
        sys.stderr.write("a stage\n")
        sys.stderr.flush()

    monkeypatch.setattr(app, "app", run)
    assert code_of("run", broken="stderr", monkeypatch=monkeypatch) == UNREAD
