"""Output of tables and lines to the terminal."""

import atexit
import contextlib
import json
import os
import sys
import threading
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NoReturn

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from citybraid.core.errors import Cancelled, PlanError
from citybraid.core.text import LANGUAGES, say, visible

REFUSALS = "CITYBRAID_REFUSALS"
"""Variable by which a program that starts this one asks for errors as a JSON line: `json`."""
UNREAD = 141
"""Exit code of a command whose output nobody reads any more, as shells tell it: 128 + SIGPIPE."""


def console(*, error: bool = False) -> Console:
    """Return the console, with a width of 160 columns where output is not a terminal."""
    terminal = Console(stderr=error)
    return terminal if terminal.is_terminal else Console(width=160, stderr=error)


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table below its title, which is never broken: it may be a path to copy."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        grid.add_column(escape(head), overflow="fold")
    for row in rows:
        grid.add_row(*(escape(_text(cell)) for cell in row))
    terminal = console()
    terminal.print(f"[italic]{escape(visible(title))}[/italic]", highlight=False, soft_wrap=True)
    terminal.print(grid)


def line(text: str, *, error: bool = False) -> None:
    """Print lines unformatted, with invisible characters of user files escaped."""
    printable = "\n".join(visible(each) for each in text.split("\n"))
    console(error=error).print(escape(printable), highlight=False, soft_wrap=True)


def spoken(lang: str) -> tuple[str, ...]:
    """Return the languages that a command speaks: the one asked for, else every one."""
    return (lang,) if lang else LANGUAGES


def asked_for(typed: Sequence[str]) -> tuple[str, ...]:
    """Return the language that the words of a command ask for with --lang, every one where they name none."""
    pairs = [*pairwise(typed), *((head, tail) for head, _, tail in (each.partition("=") for each in typed))]
    languages = [language for option, language in pairs if option == "--lang" and language in LANGUAGES]
    return tuple(languages[-1:]) or LANGUAGES


def tell(text: str, lang: str, **values: object) -> None:
    """Print a catalogue text, a line for each language."""
    for language in spoken(lang):
        line(say(text, language, **values))


def title(text: str, lang: str, **values: object) -> str:
    """Return a catalogue text on one line: in the language asked for, else in every one."""
    return " ".join(dict.fromkeys(say(text, language, **values) for language in spoken(lang)))


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.4g}" if abs(cell) < 1e4 else f"{cell:,.0f}"  # noqa: PLR2004  (decimals are dropped above)
    return visible(str(cell))


def refuse(fault: PlanError) -> NoReturn:
    """End the command with an error's message, in the language asked for or else in every one, and its exit code."""
    messages = {language: fault.say(language) for language in LANGUAGES}
    wanted = [messages[language] for language in asked_for(sys.argv[1:])]
    as_json = json.dumps({"event": "Refused", "error": fault.text, "said": messages})
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write((as_json if os.environ.get(REFUSALS) == "json" else "\n".join(wanted)) + "\n")
    _close_unread()
    if isinstance(fault, Cancelled) and threading.active_count() > 1:
        _leave(fault.exit_code)
    sys.exit(fault.exit_code)


def end_unread() -> NoReturn:
    """End the command without a word: who read its output has closed the pipe (`citybraid words | head -1`)."""
    _close_unread()
    if threading.active_count() > 1:
        _leave(UNREAD)
    sys.exit(UNREAD)


def _close_unread() -> None:
    """Let streams that nobody reads lead nowhere, so that what they still hold is no error at the end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _leave(code: int) -> None:
    """End a process whose threads still compute at once: Python would wait for a Step that has no tick."""
    from citybraid.core.step import THREADS

    if not any(each.name.startswith(THREADS) for each in threading.enumerate()):
        return
    atexit._run_exitfuncs()  # noqa: SLF001  (what was to be cleared away at the end, which os._exit passes over)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
