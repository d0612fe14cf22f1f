"""What validation tests measure against published answers, and the page that tells it."""

import inspect
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "validation.md"
FIGURES = PAGE.parent / "figures"
WANTED = os.environ.get("CITYBRAID_VALIDATION") == "1"

HEAD = """# Validation

Every change is held to answers that nobody here made up: analytic solutions, published benchmarks, results of other
programs. Each line is measured by a test; `make validation` runs them and writes this page anew. *Held* says what the
test insists on; a line marked *told* is not held, because the model does not claim it. The cases lie outside the
repository, in the folder that `CITYBRAID_CASES` names. A line marked *in the test* ends in arithmetic of the test on
what citybraid computes: no model or command of citybraid gives that number.
"""


@dataclass(frozen=True)
class Row:
    """One thing measured: what, its value and the answer, and what the test insists on ('' where nothing)."""

    what: str
    got: float
    want: float | None
    held: str
    unit: str
    in_test: bool = False
    """Whether the last step is arithmetic of the test, which no model or command carries out."""


@dataclass
class Measured:
    """What one test measured, and the pictures it drew."""

    module: ModuleType
    about: str
    rows: list[Row] = field(default_factory=list)
    figures: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Published:
    """Insists on published answers and notes what was measured."""

    into: Measured
    folder: Path

    def at_most(self, what: str, got: float, limit: float, *, unit: str = "") -> None:
        """Insist that a value stays at or below a limit."""
        self.into.rows.append(Row(what, float(got), None, f"at most {shown(limit)}", unit))
        assert got <= limit, (what, got, limit)

    def near(
        self, what: str, got: float, want: float, *, share: float = 0.0, by: float = 0.0, unit: str = "",
        in_test: bool = False,
    ) -> None:  # fmt: skip
        """Insist that a value lies within a share of the answer, or within `by` of it in its own unit."""
        held = (
            " or ".join([f"± {shown(100 * share)} %"] * int(share > 0) + [f"± {shown(by)}"] * int(by > 0)) or "exactly"
        )
        self.into.rows.append(Row(what, float(got), float(want), held, unit, in_test))
        assert abs(got - want) <= max(share * abs(want), by), (what, got, want)

    def told(self, what: str, got: float, want: float | None = None, *, unit: str = "") -> None:
        """Note a value that the model is not held to."""
        self.into.rows.append(Row(what, float(got), None if want is None else float(want), "", unit))

    def figure(self, name: str, says: str) -> Path:
        """Return where to save a picture, which `says` what it shows."""
        self.into.figures.append((name, says))
        return self.folder / f"{name}.png"


def shown(value: float) -> str:
    """Return a number as the page shows it."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def about(test: Callable[..., object]) -> str:
    """Return what a test says of itself, else its name in words."""
    told = inspect.getdoc(test)
    return told.splitlines()[0] if told else test.__name__.removeprefix("test_").replace("_", " ").capitalize() + "."


def page(measured: Sequence[Measured]) -> str:
    """Return the page in Markdown: a part for each file of tests, one table and its pictures."""
    parts = [HEAD]
    modules = list(dict.fromkeys(each.module for each in measured if each.rows))
    for module in modules:
        doc = (inspect.getdoc(module) or "").splitlines()[0]
        title, _, rest = doc.partition(":")
        parts += [f"\n## {title.rstrip('.')}\n"]
        parts += [f"{rest.strip()[:1].upper()}{rest.strip()[1:]}\n"] if rest else []
        parts += ["| measured | value | answer | held |", "| --- | --- | --- | --- |"]
        tests = [each for each in measured if each.module is module]
        for each in tests:
            parts += [_line(row) for row in each.rows]
        said = list(dict.fromkeys(each.about for each in tests if each.rows))
        parts += ["", *(f"- {each}" for each in said)]
        for each in tests:
            parts += [f"\n![{says}](figures/{name}.png)\n\n*{says}*" for name, says in each.figures]
    return "\n".join(parts) + "\n"


def _line(row: Row) -> str:
    unit = f" {row.unit}" if row.unit else ""
    want = "" if row.want is None else f"{shown(row.want)}{unit}"
    return f"| {row.what} | {shown(row.got)}{unit} | {want} | {row.held or 'told'}{', in the test' * row.in_test} |"
