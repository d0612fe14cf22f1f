"""citybraid model NAME: options, help and schema from the model's signature."""

import argparse
import json
import math
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
from citybraid.core.model import Model, Need, var_of
from citybraid.core.text import LANGUAGES, say
from citybraid.core.var import Over, Table, Var
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.study.open.validation_errors import value_range
from citybraid.study.run.single import SingleRunRequest, run_single
from citybraid.study.run.single_findings import IntakeFindings, said

AnyModel = Model[Any, Any]
PARAM = "param."
COMMON = frozenset(
    {"out", "region", "year", "factors", "crs", "cell", "grid", "schema", "strict", "lang", "quiet", "help"}
)
"""Options common to all models."""
SIGNS: Mapping[str, str] = MappingProxyType(
    {"found": "·", "repaired": "~", "guessed": "?", "rejected": "✕", "warning": "!", "advice": "+"}
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
    for title, about, names in _input_groups(declared):
        group = parser.add_argument_group(title, about)
        for name in names:
            need = declared.needs[name]
            group.add_argument(
                f"--{name.replace('_', '-')}",
                dest=name,
                action="append",
                metavar=_metavar(need.what),
                help=_percent(f"{_help(need.what)}{_when(need)}"),
            )
    group = parser.add_argument_group("parameters")
    for name, field in _parameters(declared).items():
        group.add_argument(
            _option(declared, name),
            dest=f"{PARAM}{name}",
            metavar="VALUE",
            help=_percent(f"{field.description or ''}{_bounds(declared, name)}{_default(field)}"),
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


def _input_groups(declared: AnyModel) -> list[tuple[str, str, list[str]]]:
    """Return the inputs by the groups of the model's signature, those without one first: title, meaning, names."""
    inputs = _inputs(declared)
    members = {name: [each for each in group.kind._fields if each in inputs] for name, group in declared.groups.items()}
    alone = [name for name in inputs if not any(name in each for each in members.values())]
    groups = [("inputs", "a file, or a number where a single one will do", alone)] if alone else []
    return groups + [
        (f"inputs: {name}", (declared.groups[name].kind.__doc__ or "").strip().partition("\n")[0], names)
        for name, names in members.items()
        if names
    ]


def _metavar(what: Any) -> str:
    if isinstance(what, Over):
        return f"LABEL={_metavar(var_of(what.var))}"
    numbers = isinstance(what, Var) and what.kind in ("float", "int") and what.on in ("grid", "")
    return "FILE|NUMBER" if numbers else "FILE"


def _when(need: Need) -> str:
    if need.zero_beside:
        options = ", ".join(f"--{each.replace('_', '-')}" for each in need.zero_beside)
        return f" (none is needed with {options})"
    return " (optional)" if need.optional else ""


def _bounds(declared: AnyModel, name: str) -> str:
    allowed = value_range(declared.params, name) if declared.params else ""
    return f" {{{allowed}}}" if allowed else ""


def _default(field: Any) -> str:
    if field.is_required():
        return " [required]"
    default = field.get_default(call_default_factory=True)
    return " [default: none]" if default is None else f" [default: {default}]"


def _range(var: Var) -> str:
    """Return a quantity's range with both ends that it has."""
    low = f"≥ {var.ge:g}" if math.isfinite(var.ge) else ""
    high = f"≤ {var.le:g}" if math.isfinite(var.le) else ""
    bounds = ", ".join(each for each in (low, high) if each)
    return f" {{{bounds}}}" if bounds and var.kind in ("float", "int") else ""


def _help(what: Any) -> str:
    if isinstance(what, Table):
        columns = ", ".join(var_of(column).name for column in what.columns)
        optional = ", ".join(var_of(column).name for column in what.optional)
        return f"table {what.on}: {columns or 'shapes only'}{f'; if there: {optional}' if optional else ''}"
    if isinstance(what, Over):
        return f"once for each {what.axis}: {_help(var_of(what.var))}"
    unit = f" [{in_currency(what.unit, '')}]" if what.unit else ""
    return f"{what.about}{unit}{_range(what)}"


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def _plain(text: str) -> Any:
    """Return an argument's value: parsed where it is JSON, else as text."""
    try:
        return json.loads(text)
    except ValueError:
        return text
