"""citybraid model NAME: options, help and schema from the model's signature."""

import argparse
import json
import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
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
from citybraid.core.finding import FindingKind
from citybraid.core.model import Model, Need, var_of
from citybraid.core.text import LANGUAGES, known, say
from citybraid.core.var import Over, Table, Var
from citybraid.report.chapter import Text, in_words
from citybraid.report.intake.tables import contradiction_words, finding_words, layer_title
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.study.open.validation_errors import value_range
from citybraid.study.plan.tiles import opened_folders
from citybraid.study.run.single import COMMON, YEARS, SingleRunRequest, run_single
from citybraid.study.run.single_findings import IntakeFindings

AnyModel = Model[Any, Any]
PARAM = "param."
CELLS = (0.01, 10_000.0)
"""Least and greatest width of a cell [m]."""
SIGNS: Mapping[str, str] = MappingProxyType(
    {"found": "·", "repaired": "~", "guessed": "?", "rejected": "✕", "warning": "!", "advice": "+"}
)
"""Signs of the kinds of findings."""


class _Parser(argparse.ArgumentParser):
    """Reports a wrong option as an InputError."""

    def error(self, message: str) -> NoReturn:
        """Raise InputError with what argparse found, options that the model lacks in the user's language."""
        _, unknown, options = message.partition("unrecognized arguments: ")
        if unknown:
            raise InputError("single.option_unknown", model=self.prog.rpartition(" ")[2], options=options)
        raise InputError("single.option", model=self.prog.rpartition(" ")[2], why=message)


def model(name: str, words: Sequence[str], early: EarlyReader | None = None) -> None:
    """Run one model with command-line arguments; without a name, print usage.

    `early` is the reading process, where it was started for the files in the arguments.
    """
    if name in ("", "-h", "--help"):
        paper.line("citybraid model NAME [--help] …   `citybraid models` · `citybraid measures`")
        return
    declared = catalogue.load(name)
    parser = _parser(declared, paper.asked_for(words))
    options = vars(parser.parse_args(list(words)))
    if options.pop("schema"):
        paper.line(json.dumps(catalogue.describe(declared), ensure_ascii=False, indent=1))
        return
    book = factor.shipped()
    if options["factors"]:
        book = book.with_rows(factor.read(Path(options["factors"])))
    given = {key: value for key in _inputs(declared) if (value := options.get(key))}
    request = SingleRunRequest(
        inputs=opened_folders(given, declared.needs),
        params={key: _plain(text) for key in _parameters(declared) if (text := options[f"{PARAM}{key}"]) is not None},
        book=book, region=options["region"], year=_year(options["year"]), crs=options["crs"],
        cell=_cell(options["cell"]),
        grid=options["grid"], rates=_rates(options["rate"] or ()), edits=options["edits"], strict=options["strict"],
        beside=options["beside"] or (),
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


def _typed(text: object) -> str:
    """Return what was typed; argparse makes a list of two dashes alone."""
    return text if isinstance(text, str) else "--"


def _year(text: object) -> int:
    """Return the year that was typed; raises InputError for what is no whole number."""
    try:
        return int(str(text))
    except ValueError:
        raise InputError("single.number", option="--year", got=_typed(text), low=YEARS[0], high=YEARS[1]) from None


def _cell(text: object) -> float | None:
    """Return the width of cells that was typed [m]; raises InputError for what no cell can be."""
    if text is None:
        return None
    try:
        metres = float(str(text))
    except ValueError:
        metres = math.nan
    if not CELLS[0] <= metres <= CELLS[1]:
        raise InputError("single.number", option="--cell", got=_typed(text), low=CELLS[0], high=CELLS[1])
    return metres


def _rates(texts: Sequence[str]) -> dict[str, float]:
    """Return exchange rates by currency; raises InputError for what is none, or is stated twice."""
    rates: dict[str, float] = {}
    for text in texts:
        code, _, number = text.partition("=")
        try:
            rate = float(number)
        except ValueError:
            rate = math.nan
        if not (re.fullmatch(r"[A-Z]{3}", code) and math.isfinite(rate) and rate > 0.0) or code in rates:
            raise InputError("single.rate", got=text)
        rates[code] = rate
    return rates


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
    for kind, text in _told_of(findings):
        if kind == "found" and quiet:
            continue
        for position, language in enumerate(languages):
            paper.line(f"{SIGNS[kind] if position == 0 else ' '} {in_words(text, language)}", error=True)


def _told_of(findings: IntakeFindings) -> Iterator[tuple[FindingKind, Text]]:
    """Yield the kind and the sentence of every finding and contradiction, with the names of quantities as a run."""
    for finding in findings.findings:
        yield finding.kind, finding_words(finding, layer_title(finding.layer))
    for contradiction in findings.contradictions:
        yield "rejected", contradiction_words(contradiction, layer_title(contradiction.layer))


def _inputs(declared: AnyModel) -> dict[str, Var | Table | Over]:
    return {name: need.what for name, need in declared.needs.items() if isinstance(need.what, Var | Table | Over)}


def _parameters(declared: AnyModel) -> dict[str, Any]:
    return dict(declared.params.model_fields) if declared.params else {}


def _option(declared: AnyModel, name: str) -> str:
    """Return the option of a parameter, with the prefix param- where an input or a common option has the same name."""
    shared = name in COMMON or name in _inputs(declared)
    return f"--{'param-' if shared else ''}{name.replace('_', '-')}"


def _parser(declared: AnyModel, languages: Sequence[str] = LANGUAGES) -> _Parser:
    formatter = partial(_help_text, languages=languages)
    title = " · ".join(say(f"model.{declared.id}", language) for language in languages)
    source = f"{formatter('help.source')}: {declared.cite}"
    about = "\n\n".join([title, declared.doc, source, f"{formatter('help.validity')}: {declared.validity}"])
    parser = _Parser(
        prog=f"citybraid model {declared.id}", description=about, epilog="\n".join(_doors(languages)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    groups: dict[str, Any] = {}
    for title, about, names in _input_groups(declared, languages):
        group = groups[title] = parser.add_argument_group(title, about)
        for name in names:
            need = declared.needs[name]
            group.add_argument(
                f"--{name.replace('_', '-')}",
                dest=name,
                action="append",
                metavar=_metavar(need.what),
                help=_percent(f"{_help(need.what, languages)}{_when(need, languages)}"),
            )
    for title, name, field in _parameter_groups(declared, languages):
        group = groups[title] if title in groups else groups.setdefault(title, parser.add_argument_group(title))
        group.add_argument(
            _option(declared, name),
            dest=f"{PARAM}{name}",
            metavar="VALUE",
            help=_percent(f"{field.description or ''}{_bounds(declared, name)}{_default(field, languages)}"),
        )
    common = parser.add_argument_group(formatter("help.common"))
    for name, settings in _common(declared).items():
        common.add_argument(f"--{name}", help=_percent(formatter(f"help.{name}")), **settings)
    return parser


def _doors(languages: Sequence[str]) -> Iterator[str]:
    """Yield what a study states that no model reads, and which command reads it."""
    yield from (say("help.doors", language) for language in languages)


def _common(declared: AnyModel) -> Mapping[str, dict[str, Any]]:
    """Return the options that all models have, with their settings."""
    return {
        "out": {"default": declared.name}, "region": {"default": ""}, "year": {"default": "2025"},
        "factors": {"default": ""}, "crs": {"default": ""}, "cell": {"default": None},
        "grid": {"default": ""}, "beside": {"action": "append", "metavar": "ROLE=FILE"},
        "rate": {"action": "append", "metavar": "CODE=RATE"},
        "edits": {"default": "", "metavar": "FILE"}, "schema": {"action": "store_true"},
        "strict": {"action": "store_true"}, "lang": {"choices": LANGUAGES, "default": ""},
        "quiet": {"action": "store_true"},
    }  # fmt: skip


def _help_text(text: str, *, languages: Sequence[str], **values: object) -> str:
    return " ".join(say(text, language, **values) for language in languages)


def _input_groups(declared: AnyModel, languages: Sequence[str]) -> list[tuple[str, str, list[str]]]:
    """Return the inputs by the groups of the model's signature, those without one first: title, meaning, names."""
    inputs, title = _inputs(declared), _help_text("help.inputs", languages=languages)
    members = {name: [each for each in group.kind._fields if each in inputs] for name, group in declared.groups.items()}
    alone = [name for name in inputs if not any(name in each for each in members.values())]
    groups = [(title, _help_text("help.inputs_about", languages=languages), alone)] if alone else []
    return groups + [
        (f"{title}: {name}", (declared.groups[name].kind.__doc__ or "").strip().partition("\n")[0], names)
        for name, names in members.items()
        if names
    ]


def _parameter_groups(declared: AnyModel, languages: Sequence[str]) -> list[tuple[str, str, Any]]:
    """Return title, name and field of each parameter: with the group of inputs that it is a setting of, else alone."""
    title, parameters = _help_text("help.parameters", languages=languages), _parameters(declared)
    inputs = _help_text("help.inputs", languages=languages)
    homes = {
        name: f"{inputs}: {group}"
        for group in declared.groups
        for name in parameters
        if _belongs(name, group, parameters)
    }
    return [(homes.get(name, title), name, field) for name, field in parameters.items()]


def _belongs(name: str, group: str, parameters: Mapping[str, Any]) -> bool:
    """Tell whether a parameter is a setting of a group of inputs: it has its name, or is about them by its meaning."""
    if name == group or name.startswith((f"{group}_", f"{group.removesuffix('s')}_")):
        return True
    return (
        group in parameters
        and re.search(rf"\b{group.removesuffix('s')}", parameters[name].description or "") is not None
    )


def _metavar(what: Any) -> str:
    if isinstance(what, Over):
        return f"LABEL={_metavar(var_of(what.var))}"
    numbers = isinstance(what, Var) and what.kind in ("float", "int") and what.on in ("grid", "")
    return "FILE|NUMBER" if numbers else "FILE"


def _when(need: Need, languages: Sequence[str]) -> str:
    if need.zero_beside:
        options = ", ".join(f"--{each.replace('_', '-')}" for each in need.zero_beside)
        return f" ({_help_text('help.none_needed', languages=languages, options=options)})"
    return f" ({_help_text('help.optional', languages=languages)})" if need.optional else ""


def _bounds(declared: AnyModel, name: str) -> str:
    allowed = value_range(declared.params, name) if declared.params else ""
    return f" {{{allowed}}}" if allowed else ""


def _default(field: Any, languages: Sequence[str]) -> str:
    if field.is_required():
        return f" [{_help_text('help.required', languages=languages)}]"
    default = field.get_default(call_default_factory=True)
    shown = _help_text("help.none", languages=languages) if default is None else default
    return f" [{_help_text('help.default', languages=languages)}: {shown}]"


def _range(var: Var) -> str:
    """Return a quantity's range with both ends that it has."""
    low = f"≥ {var.ge:g}" if math.isfinite(var.ge) else ""
    high = f"≤ {var.le:g}" if math.isfinite(var.le) else ""
    bounds = ", ".join(each for each in (low, high) if each)
    return f" {{{bounds}}}" if bounds and var.kind in ("float", "int") else ""


def _help(what: Any, languages: Sequence[str]) -> str:
    formatter = partial(_help_text, languages=languages)
    if isinstance(what, Table):
        columns = ", ".join(var_of(column).name for column in what.columns) or formatter("help.shapes_only")
        optional = ", ".join(var_of(column).name for column in what.optional)
        rest = f"; {formatter('help.if_there')}: {optional}" if optional else ""
        return f"{formatter('help.table')} {what.on}: {columns}{rest}"
    if isinstance(what, Over):
        return f"{formatter('help.once', axis=what.axis)}: {_help(var_of(what.var), languages)}"
    unit = f" [{in_currency(what.unit, '')}]" if what.unit else ""
    return f"{_about(what, languages)}{unit}{_range(what)}"


def _about(var: Var, languages: Sequence[str]) -> str:
    """Return what a quantity is: its name in the catalogue where a language other than English asks for it."""
    parts = [var.about if language == "en" or not known(f"var.{var.name}") else say(f"var.{var.name}", language)
             for language in languages]  # fmt: skip
    return " ".join(dict.fromkeys(parts))


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def _plain(text: str) -> Any:
    """Return an argument's value: parsed where it is JSON, else as text."""
    try:
        return json.loads(text)
    except ValueError:
        return text
