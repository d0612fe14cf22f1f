"""What is wrong with the words of a command, in our own texts: typer says it in English alone."""

import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, cast

import typer

from citybraid.core.errors import Cancelled, InputError, PlanError
from citybraid.core.text import Phrase

UsageFault = cast("type[Exception]", next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "UsageError"))
"""What typer raises where the words of a command do not fit it."""

LONGEST = 80
"""Letters of a word of the command that are repeated."""
LIKE = 0.65
"""Likeness from which a known word is what was meant (difflib's ratio) [-]."""


def called(app: typer.Typer) -> int:
    """Run the command that was typed and return its exit code; raises PlanError for words that do not fit it."""
    if any(not word.strip() or re.fullmatch(r"--[a-z-]+=\s*", word) for word in sys.argv[1:]):
        raise InputError("usage.empty", command=_typed(typer.main.get_command(app)))
    try:
        left = app(standalone_mode=False)
    except UsageFault as fault:
        if type(fault).__name__ == "NoArgsIsHelpError":  # a group of commands of which none was named: its help
            typer.echo(str(fault), err=True)
            return PlanError.exit_code
        raise _usage_error(fault, typer.main.get_command(app)) from fault
    except typer.Abort as fault:
        raise Cancelled("cli.interrupted") from fault
    if left == Cancelled.exit_code:  # typer has turned Ctrl-C into this code, without a word
        raise Cancelled("cli.interrupted")
    return left if isinstance(left, int) else 0


def _usage_error(fault: Exception, root: Any) -> PlanError:
    """Return the error for words that do not fit a command: which command, which word, why, and what to type."""
    context, name = cast("Any", fault).ctx, type(fault).__name__
    command = context.command_path if context is not None else _typed(root)
    if name == "MissingParameter":
        return InputError("usage.missing", command=command, name=_named(fault))
    if name == "NoSuchOption":
        return _unknown("option", str(cast("Any", fault).option_name), command, _options(context))
    if name == "BadParameter":
        return _value(fault, command)
    return _worded(str(cast("Any", fault).message), command, context)


def _typed(root: Any) -> str:
    """Return the command that was typed, with its group."""
    words, group = ["citybraid"], root
    for word in sys.argv[1:]:
        group = getattr(group, "commands", {}).get(word)
        if group is None:
            break
        words.append(word)
    return " ".join(words)


def _worded(message: str, command: str, context: Any) -> PlanError:
    """Return the error for what typer tells by its message alone."""
    if found := re.match(r"No such command '(.*?)'\.", message, re.DOTALL):
        return _unknown("command", found[1], command, getattr(context.command, "commands", {}))
    if found := re.match(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)$", message, re.DOTALL):
        return InputError("usage.extra", command=command, got=_short(found[1]))
    if found := re.match(r"Option '(.*?)' does not take a value", message):
        return InputError("usage.no_value", command=command, name=found[1])
    if found := re.match(r"Option '(.*?)' requires", message):
        return InputError("usage.needs_value", command=command, name=found[1])
    if message.startswith("Missing command"):
        return InputError("usage.missing", command=command, name="COMMAND")
    return InputError("usage.other", command=command, why=message)


def _unknown(what: str, got: str, command: str, known: Mapping[str, object]) -> PlanError:
    near = get_close_matches(got, known, n=3, cutoff=LIKE)
    if near:
        return InputError(f"usage.{what}_near", command=command, got=_short(got), near=near)
    return InputError(f"usage.{what}_unknown", command=command, got=_short(got))


def _value(fault: Exception, command: str) -> PlanError:
    """Return the error for a value that a parameter does not take, with both ends of its range."""
    from citybraid.study.open.validation_errors import error_phrase

    cause: Any = fault.__cause__
    problems = cause.errors() if hasattr(cause, "errors") else []
    problem = problems[0] if problems else {"type": "", "msg": str(cast("Any", fault).message)}
    parameter = cast("Any", fault).param
    limits = {"≥": getattr(parameter, "min", None), "≤": getattr(parameter, "max", None)}
    allowed = ", ".join(f"{sign} {limit:g}" for sign, limit in limits.items() if limit is not None)
    why = Phrase("value.allowed", {"allowed": allowed}) if allowed else error_phrase(problem)
    return InputError(
        "usage.value", command=command, name=_named(fault), got=_short(str(problem.get("input", "-"))), why=why
    )


def _named(fault: Exception) -> str:
    """Return a parameter as it is typed: --threads, or the name of an argument in capitals."""
    parameter = cast("Any", fault).param
    if parameter is None:
        return str(cast("Any", fault).param_hint or "-")
    return str(parameter.opts[0]) if parameter.param_type_name == "option" else str(parameter.name).upper()


def _options(context: Any) -> Mapping[str, object]:
    """Return the options of a command by name."""
    parameters = context.command.get_params(context) if context is not None else []
    return {word: each for each in parameters for word in each.opts if word.startswith("--")}


def _short(word: str) -> str:
    return word if len(word) <= LONGEST else word[:LONGEST] + "…"
