"""What intake found, filled, guessed or rejected in the files of a single run: told, kept, and errors where asked."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from citybraid.core.currency import in_currency
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.finding import Finding, FindingKind
from citybraid.core.text import CATALOGUE_LANGUAGES, Phrase, known
from citybraid.core.var import Var
from citybraid.sources.protocol.problem import Contradiction, Problem

OF_THE_SYSTEM = "intake.unfenced_"
"""Findings that concern this machine and no file."""
AS_TYPED = {
    "intake.crs_missing": "single.crs_missing", "intake.money_other": "single.money_other",
    "intake.crs_not_metric": "single.crs_needed", "intake.no_grid": "single.no_shapes",
}  # fmt: skip
"""Errors whose advice is a word of the study file, and those that name an option instead."""
OF_STUDY = "in the study"
"""Words of an advice to write an entry into the study file."""


@dataclass
class IntakeFindings:
    """Findings, located problems of shapes and contradictions of all files, in the order of reading."""

    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)

    def take(
        self,
        findings: Iterable[Finding],
        problems: Iterable[Problem] = (),
        contradictions: Iterable[Contradiction] = (),
    ) -> None:
        """Add what was found in a file; the same finding counts once."""
        self.findings += [each for each in findings if each not in self.findings]
        self.problems += problems
        self.contradictions += contradictions

    def of_file(self, name: str) -> tuple[Finding, ...]:
        """Return the findings that name a file."""
        return tuple(each for each in self.findings if dict(each.values).get("name") == name)

    def messages(self) -> tuple[tuple[FindingKind, Phrase], ...]:
        """Return every finding and contradiction with its kind; located problems are part of a finding each."""
        return (
            *((each.kind, _phrase(each)) for each in self.findings),
            *(("rejected", _stated(each)) for each in self.contradictions),
        )

    def rejected(self, names: Collection[str]) -> list[PlanError]:
        """Return why the columns of these quantities were rejected: in another unit, without numbers."""
        return [InputError(each.text, **each.values) for each in map(_phrase, self._rejected(names))]

    def rejected_names(self, names: Collection[str]) -> list[str]:
        """Return those of these quantities whose columns were rejected, each once."""
        return list(dict.fromkeys(str(each.values["var"]) for each in self._rejected(names)))

    def _rejected(self, names: Collection[str]) -> list[Finding]:
        return [each for each in self.findings if each.kind == "rejected" and each.values.get("var") in names]

    def refuse(self) -> None:
        """Raise InputErrors with everything that was repaired, guessed, rejected or is in doubt."""
        doubts = [
            phrase for kind, phrase in self.messages() if kind != "found" and not phrase.text.startswith(OF_THE_SYSTEM)
        ]
        if doubts:
            raise InputErrors([InputError("single.strict", what=phrase) for phrase in doubts])

    def record(self) -> Mapping[str, Any]:
        """Return every message, in each language of the catalogue, and every problem, as JSON-serializable data."""
        messages = [
            {"kind": kind, "text": phrase.text} | {each: said(phrase, each) for each in CATALOGUE_LANGUAGES}
            for kind, phrase in self.messages()
        ]
        problems = [
            {"text": each.text, "layer": each.layer, "row": each.row, "mended": each.mended} for each in self.problems
        ]
        return {"findings": messages, "problems": problems}


Tell = Callable[[IntakeFindings], None]
"""Called with the findings of a run's files before it is computed."""


def empty_results(outputs: Mapping[str, Any], makes: Mapping[str, Var]) -> list[Finding]:
    """Return advice where rasters, columns or tables came out without any value or row; numbers tell of themselves."""
    empty = [
        makes[name].name for name, value in outputs.items() if makes[name].on and _without_value(value, makes[name])
    ]
    if not empty:
        return []
    return [Finding("advice", "single.empty_results", empty[0], len(empty), {"var": empty[0]})]


def _without_value(value: Any, var: Var) -> bool:
    """Tell whether a raster or column holds nothing: no row, no number, or in a raster of classes no class."""
    held = np.asarray(value)
    if held.dtype.kind == "f":
        return bool(np.isnan(held).all())
    return held.size == 0 or (var.on == "grid" and var.kind == "int" and not held.any())


def beyond_ceilings(outputs: Mapping[str, Any], makes: Mapping[str, Var]) -> list[Finding]:
    """Return a warning for each result above the ceiling that a value given by people or files has.

    Inputs each below their ceiling may multiply to what is nowhere on Earth; a model makes it all the same.
    """
    findings = []
    for name, value in outputs.items():
        least, most = makes[name].limits
        held = np.asarray(value)
        if held.dtype.kind not in "fi" or makes[name].made_limits[1] == most:
            continue
        over = np.abs(held[(held < least) | (held > most)])
        if over.size:
            shown = {"var": makes[name].name, "got": f"{over.max():.2g}", "most": f"{most:.2g}",
                     "unit": in_currency(makes[name].unit_with_gas, "") or "1"}  # fmt: skip
            findings.append(Finding("warning", "single.beyond", makes[name].name, int(over.size), shown))
    return findings


def ignore_findings(_: IntakeFindings) -> None:
    """Tell nobody."""


def said(phrase: Phrase, language: str) -> str:
    """Return a message in a language."""
    return InputError(phrase.text, **phrase.values).say(language)


def _phrase(finding: Finding) -> Phrase:
    """Return a finding as a text; its quantity by name."""
    values = {"layer": finding.layer, "count": finding.count, **finding.values}
    title = next((each for each in (f"column_name.{values.get('var')}", f"var.{values.get('var')}") if known(each)), "")
    return Phrase(finding.text, values | ({"var": Phrase(title, {})} if title else {}))


def _stated(contradiction: Contradiction) -> Phrase:
    values = {"layer": contradiction.layer, "row": contradiction.row, "stated": contradiction.stated,
              "computed": contradiction.computed, "unit": contradiction.unit}  # fmt: skip
    return Phrase(contradiction.text, {**values, **contradiction.values})


def as_typed(faults: Sequence[PlanError], path: Path, *, shapeless: bool) -> list[PlanError]:
    """Return errors whose advice names an option of the command where intake names a word of the study file.

    Where a word has no option, what to do instead is said once, after them. A sheet that is `shapeless` needs no CRS.
    """
    errors = list[PlanError]()
    for fault in faults:
        typed = AS_TYPED.get(fault.text, "")
        typed = "single.no_shapes" if typed == "single.crs_needed" and shapeless else typed
        about = {"name": path.name, **dict(fault.values)}
        errors.append(InputError(typed, **about) if typed else fault)
    if any(OF_STUDY in each.say("en") for each in errors):
        errors.append(InputError("single.no_study", name=path.name))
    return errors
