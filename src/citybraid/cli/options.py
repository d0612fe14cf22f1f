"""Arguments and options that several commands share, and what is said where the words typed do not fit a command."""

import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer

from citybraid.core.errors import Cancelled, InputError, PlanError
from citybraid.core.text import LANGUAGES, Phrase

STUDY = "study.toml"


def study_within(path: Path) -> Path:
    """Return the study file of a folder that has one, else the path as it was named."""
    return path / STUDY if path.is_dir() and (path / STUDY).is_file() else path


StudyPath = Annotated[
    Path, typer.Argument(help="The study file (study.toml), or its folder. 项目文件或其文件夹。", callback=study_within)
]
RunPath = Annotated[Path, typer.Argument(help="A run's folder (runs/001). 运行结果文件夹。")]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="CITYBRAID_DATA",
        help="Folder that the study's files count from; passed over if it holds none and the study makes them all. "
        "资料文件夹；若其中没有项目文件且项目自行生成全部文件，则不采用。",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress. 不显示进度。")]
Json = Annotated[bool, typer.Option("--json", help="Progress and results as JSON lines. 以 JSON 行输出。")]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads", min=1, max=256, help="Threads; all cores by default. 线程数。", envvar="CITYBRAID_THREADS"
    ),
]
Events = Annotated[
    bool, typer.Option("--events", help="Progress as JSON lines, a summary as the last. 以 JSON 行输出进度与摘要。")
]
Rehearsal = Annotated[
    bool, typer.Option("--rehearsal/--no-rehearsal", help="Try every model on a small part. 小范围试算各模型。")
]
Engine = Annotated[str, typer.Option("--engine", help="process or dask; where the steps run. 计算引擎。")]
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler", envvar="CITYBRAID_SCHEDULER", help="Address of a Dask scheduler: tcp://HOST:8786. 调度器地址。"
    ),
]
Workers = Annotated[
    int, typer.Option("--workers", help="Worker processes of a Dask cluster on this machine. 本机工作进程数。")
]
Exchange = Annotated[
    str,
    typer.Option(
        "--exchange",
        envvar="CITYBRAID_EXCHANGE",
        help="URL that values go through on a cluster: s3://BUCKET/PATH. 交换地址。",
    ),
]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the results. 结果文件夹。")]


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise InputError("cli.language", got=value, known=LANGUAGES)
    return value


Lang = Annotated[str, typer.Option("--lang", help="en or zh. 语言。", callback=_language)]
BothLangs = Annotated[
    str,
    typer.Option("--lang", help="en or zh; both by default. 语言。", callback=lambda value: value and _language(value)),
]

CaseLibrary = Annotated[
    Path | None,
    typer.Option(
        "--library",
        help="Folder of the library of cases; library in the folder by default. 案例库文件夹。",
        envvar="CITYBRAID_LIBRARY",
    ),
]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        "--database",
        help="postgresql+psycopg://…; a file of the folder by default. 数据库。",
        envvar="CITYBRAID_DATABASE",
    ),
]

UsageFault = cast("type[Exception]", next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "UsageError"))
"""What typer raises where the words of a command do not fit it."""

LONGEST = 80
"""Letters of a word of the command that are repeated."""
LIKE = 0.65
"""Likeness from which a known word is what was meant (difflib's ratio) [-]."""


def called(app: typer.Typer) -> int:
    """Run the command that was typed and return its exit code; raises PlanError for words that do not fit it."""
    empty = [word for word in sys.argv[1:] if not word.strip() or re.fullmatch(r"--[a-z-]+=\s*", word)]
    if empty:
        raise InputError("usage.empty", command=_typed(typer.main.get_command(app)), got=empty[0].strip() or "''")
    try:
        left = app(standalone_mode=False, prog_name="citybraid")
    except UsageFault as fault:
        if type(fault).__name__ == "NoArgsIsHelpError":  # a group of commands of which none was named: its help
            typer.echo(str(fault), err=True)
            return PlanError.exit_code
        raise _usage_error(fault, typer.main.get_command(app)) from fault
    except typer.Abort as fault:
        raise Cancelled("cli.interrupted") from fault
    if left == Cancelled.exit_code:  # typer has turned Ctrl-C into this code, without a word
        raise Cancelled("cli.interrupted")
    if sys.stdout is not None:
        sys.stdout.flush()  # a pipe that is closed, or a disk that is full, is told here and not by Python's exit
    return left if isinstance(left, int) else 0


def end(left: SystemExit | BrokenPipeError) -> NoReturn:
    """End as asked; a closed pipe, of which rich and typer make an exit with code 1, ends a command quietly."""
    if isinstance(left, BrokenPipeError) or isinstance(left.__context__, BrokenPipeError):
        from citybraid.cli.paper import end_unread

        end_unread()
    raise left


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
