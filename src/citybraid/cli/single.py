"""citybraid model NAME: options, help and schema from the model's signature."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from citybraid.cli import paper
from citybraid.cli.early import EarlyReader, hand_over
from citybraid.core import catalogue, factor
from citybraid.core.currency import in_currency
from citybraid.core.errors import InputError
from citybraid.core.model import Model, var_of
from citybraid.core.text import LANGUAGES, say
from citybraid.core.var import Over, Table, Var
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.study.run.single import SingleRunRequest, run_single
from citybraid.study.run.single_findings import IntakeFindings, said

AnyModel = Model[Any, Any]
PARAM = "param."
COMMON = frozenset(
    {"out", "region", "year", "factors", "crs", "cell", "grid", "schema", "strict", "lang", "quiet", "help"}
)
"""Options common to all models."""
SIGNS: Mapping[str, str] = MappingProxyType(
    {"found": "·", "repaired": "~", "guessed": "?", "rejected": "✕", "advice": "+"}
)
"""Signs of the kinds of findings."""


class _Parser(argparse.ArgumentParser):
    """Reports a wrong option as an InputError."""

    def error(self, message: str) -> NoReturn:
        """Raise InputError with what argparse found."""
        raise InputError("single.option", model=self.prog.rpartition(" ")[2], why=message)


def model(name: str, words: Sequence[str], early: EarlyReader | None = None) -> None:
    """Run one model with command-line arguments; without a name, print usage.

    `early` is the reading process, where it was started for the files in the arguments.
    """
    if name in ("", "-h", "--help"):
        paper.line("citybraid model NAME [--help] …   `citybraid models` · `citybraid measures`")
        return
    declared = catalogue.load(name)
    parser = _parser(declared)
    options = vars(parser.parse_args(list(words)))
    if options.pop("schema"):
        paper.line(json.dumps(catalogue.describe(declared), ensure_ascii=False, indent=1))
        return
    book = factor.shipped()
    if options["factors"]:
        book = book.with_rows(factor.read(Path(options["factors"])))
    request = SingleRunRequest(
        inputs={key: value for key in _inputs(declared) if (value := options.get(key))},
        params={key: _plain(text) for key in _parameters(declared) if (text := options[f"{PARAM}{key}"]) is not None},
        book=book, region=options["region"], year=options["year"], crs=options["crs"], cell=options["cell"],
        grid=options["grid"], strict=options["strict"],
    )  # fmt: skip
    languages = (options["lang"],) if options["lang"] else LANGUAGES
    with Sandbox(*request.folders, child=hand_over(early, request.folders)) as sandbox:
        bar = _bar(quiet=options["quiet"])
        task = bar.add_task(declared.id, total=1.0)
        try:
            written = run_single(
                declared, request, Path(options["out"]), partial(_tick, bar, task), sandbox=sandbox,
                tell=partial(_tell, languages=languages, quiet=options["quiet"]),
            )  # fmt: skip
        finally:
            bar.stop()
    for path in written:
        paper.line(str(path))


def _bar(*, quiet: bool) -> Progress:
    console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty())
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console, transient=True
    )


def _tick(bar: Progress, task: TaskID, share: float) -> None:
    """Show the share done; the bar appears with the first tick, below the findings."""
    if not bar.live.is_started:
        bar.start()
    bar.update(task, completed=share)


def _tell(findings: IntakeFindings, *, languages: Sequence[str], quiet: bool) -> None:
    """Print what intake found in the files; when quiet, only what it changed, guessed, rejected or advises."""
    for kind, phrase in findings.messages():
        if kind == "found" and quiet:
            continue
        for position, language in enumerate(languages):
            paper.line(f"{SIGNS[kind] if position == 0 else ' '} {said(phrase, language)}", error=True)


def _inputs(declared: AnyModel) -> dict[str, Var | Table | Over]:
    return {name: need.what for name, need in declared.needs.items() if isinstance(need.what, Var | Table | Over)}


def _parameters(declared: AnyModel) -> dict[str, Any]:
    return dict(declared.params.model_fields) if declared.params else {}


def _option(declared: AnyModel, name: str) -> str:
    """Return the option of a parameter, with the prefix param- where an input or a common option has the same name."""
    shared = name in COMMON or name in _inputs(declared)
    return f"--{'param-' if shared else ''}{name.replace('_', '-')}"


def _parser(declared: AnyModel) -> _Parser:
    title = " · ".join(say(f"model.{declared.id}", language) for language in LANGUAGES)
    about = "\n\n".join([title, declared.doc, f"Source: {declared.cite}", f"Validity: {declared.validity}"])
    parser = _Parser(
        prog=f"citybraid model {declared.id}", description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    inputs = parser.add_argument_group("inputs", "a file, or a number where a single one will do")
    for name, what in _inputs(declared).items():
        optional = " (optional)" if declared.needs[name].optional else ""
        inputs.add_argument(
            f"--{name.replace('_', '-')}",
            dest=name,
            action="append",
            metavar="FILE",
            help=_percent(f"{_help(what)}{optional}"),
        )
    group = parser.add_argument_group("parameters")
    for name, field in _parameters(declared).items():
        default = "" if field.is_required() else f" [default {field.default}]"
        group.add_argument(
            _option(declared, name),
            dest=f"{PARAM}{name}",
            metavar="VALUE",
            help=_percent(f"{field.description or ''}{default}"),
        )
    common = parser.add_argument_group("common")
    common.add_argument("--out", default=declared.name, help="folder for the results")
    common.add_argument("--region", default="", help="where factors hold, such as CN-ZJ")
    common.add_argument("--year", type=int, default=2025, help="year that factors hold for")
    common.add_argument("--factors", default="", help="your own factor rows (CSV)")
    common.add_argument("--crs", default="", help="CRS where files do not carry one, such as EPSG:4549")
    common.add_argument("--cell", type=float, default=None, help="cell [m] where no raster is given")
    common.add_argument("--grid", default="", help="raster whose grid is used where no input is a raster")
    common.add_argument("--schema", action="store_true", help="print the JSON schema and stop")
    common.add_argument("--strict", action="store_true", help="what intake repairs, guesses or rejects is an error")
    common.add_argument("--lang", choices=LANGUAGES, default="", help="language of the findings; both by default")
    common.add_argument("--quiet", action="store_true", help="no progress, and no findings on files read as they are")
    return parser


def _help(what: Var | Table | Over) -> str:
    if isinstance(what, Table):
        columns = ", ".join(var_of(column).name for column in what.columns)
        optional = ", ".join(var_of(column).name for column in what.optional)
        return f"table {what.on}: {columns or 'shapes only'}{f'; if there: {optional}' if optional else ''}"
    if isinstance(what, Over):
        return f"LABEL=FILE, once for each {what.axis}: {_help(var_of(what.var))}"
    unit = f" [{in_currency(what.unit, '')}]" if what.unit else ""
    return f"{what.about}{unit}"


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def _plain(text: str) -> Any:
    """Return an argument's value: parsed where it is JSON, else as text."""
    try:
        return json.loads(text)
    except ValueError:
        return text
