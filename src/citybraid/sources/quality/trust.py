"""Data quality of a layer: its parts one by one, each against a stated threshold; no formula combines them.

A part is a share, a ratio or an age that users can check. Its light is `good`, `usable`
or `weak` by `Thresholds`. The light of a layer is that of its worst part, and the parts
that give it are named. An unknown (such as an age that no file states) is reported and gives no light.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field

from citybraid.core.model import Params

Light = Literal["good", "usable", "weak", "unknown"]
WORST: tuple[Light, ...] = ("weak", "usable", "good", "unknown")


class Thresholds(Params):
    """Thresholds between good, usable and weak for each part: choices, all in one place."""

    stated_good: float = Field(0.9, ge=0, le=1)
    """Share of rows or cells that files state, from which a quantity is good [-]."""
    stated_usable: float = Field(0.5, ge=0, le=1)
    """Share of rows or cells that files state, from which a quantity is usable [-]."""
    wrong_good: float = Field(0.05, ge=0, le=1)
    """Share of all rows that a rule filled and, as tested on stated rows, got wrong, up to which it is good [-]."""
    wrong_usable: float = Field(0.25, ge=0, le=1)
    """Share of all rows that a rule filled and, as tested on stated rows, got wrong, up to which it is usable [-]."""
    faults_good: float = Field(0.01, ge=0, le=1)
    """Share of rows with an open fault of shape, up to which a layer is good [-]."""
    faults_usable: float = Field(0.1, ge=0, le=1)
    """Share of rows with an open fault of shape, up to which a layer is usable [-]."""
    contradictions_good: float = Field(0.01, ge=0, le=1)
    """Share of rows that another statement contradicts, up to which a layer is good [-]."""
    contradictions_usable: float = Field(0.1, ge=0, le=1)
    """Share of rows that another statement contradicts, up to which a layer is usable [-]."""
    codes_good: float = Field(0.01, ge=0, le=1)
    """Share of rows whose code was read with low confidence, up to which a layer is good [-]."""
    codes_usable: float = Field(0.1, ge=0, le=1)
    """Share of rows whose code was read with low confidence, up to which a layer is usable [-]."""
    pixel_good: float = Field(1.05, gt=0)
    """Pixel of the file over cell of the study, up to which a raster is good [-]."""
    pixel_usable: float = Field(3.0, gt=0)
    """Pixel of the file over cell of the study, up to which a raster is usable [-]."""
    age_good: float = Field(3.0, ge=0)
    """Years between the data and the study, up to which a layer is good [year]."""
    age_usable: float = Field(10.0, ge=0)
    """Years between the data and the study, up to which a layer is usable [year]."""


@dataclass(frozen=True)
class QualityPart:
    """One criterion of a layer's data quality: its name, the quantity it concerns, its value, its light.

    `text` is the text id of its sentence, filled with `values`; `value` is a share, ratio or years, None for yes or no.
    """

    name: str
    light: Light
    text: str
    quantity: str = ""
    value: float | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "QualityPart":
        """Return the part that was recorded as plain data."""
        return cls(**record)


@dataclass(frozen=True)
class LayerQuality:
    """Data quality of a layer, part by part; `rows` is its row count, 0 for a raster or a series."""

    layer: str
    rows: int
    parts: tuple[QualityPart, ...]

    @property
    def light(self) -> Light:
        """The light of the worst part; unknown where no part has one."""
        return next((light for light in WORST if any(part.light == light for part in self.parts)), "unknown")

    @property
    def because(self) -> tuple[QualityPart, ...]:
        """The parts that give the layer its light; none where it is good."""
        return () if self.light == "good" else tuple(part for part in self.parts if part.light == self.light)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "LayerQuality":
        """Return the trust that was recorded as plain data."""
        return cls(record["layer"], record["rows"], tuple(QualityPart.of(part) for part in record["parts"]))


def at_least(value: float, good: float, usable: float) -> Light:
    """Return the light of a value of which more is better."""
    return "good" if value >= good else "usable" if value >= usable else "weak"


def at_most(value: float, good: float, usable: float) -> Light:
    """Return the light of a value of which less is better."""
    return "good" if value <= good else "usable" if value <= usable else "weak"


def stated(
    quantity: str, share: float, t: Thresholds, *, rules: Sequence[tuple[str, int]] = (), empty: bool = False
) -> QualityPart:
    """Return the part for the share of rows or cells for which files state a quantity.

    `rules` are the rules that filled the others: text id and row count; `empty` means
    that no rule filled them.
    """
    light = at_least(share, t.stated_good, t.stated_usable)
    values: dict[str, object] = {"share": _percent(share)}
    how = "_all" if share == 1 else "_rules" if rules else "_empty" if empty else ""
    if how == "_rules":
        values["rules"] = [list(rule) for rule in rules]
    return QualityPart("stated", light, f"intake_trust.stated{how}", quantity, share, values)


def error(quantity: str, filled: float, right: float, tested: int, t: Thresholds) -> QualityPart:
    """Return the part for the error of a rule that filled a share of the rows, as tested on stated rows.

    The light follows from the share of all rows that were filled and are likely wrong.
    """
    wrong = filled * (1 - right)
    values = {"filled": _percent(filled), "right": _percent(right), "tested": tested, "wrong": _percent(wrong)}
    light = at_most(wrong, t.wrong_good, t.wrong_usable)
    return QualityPart("error", light, "intake_trust.error", quantity, wrong, values)


def untested(quantity: str) -> QualityPart:
    """Return the part for a filling rule that could not be tested: its error is unknown."""
    return QualityPart("error", "unknown", "intake_trust.untested", quantity)


def faults(open_rows: int, mended: int, rows: int, t: Thresholds) -> QualityPart:
    """Return the part for rows with geometry faults that were not repaired."""
    share = open_rows / rows if rows else 0.0
    values = {"open": open_rows, "mended": mended, "share": _percent(share)}
    return QualityPart("faults", at_most(share, t.faults_good, t.faults_usable), "intake_trust.faults", value=share,
                values=values)  # fmt: skip


def contradictions(contradicted: int, rows: int, t: Thresholds) -> QualityPart:
    """Return the part for rows that other statements contradict."""
    share = contradicted / rows if rows else float(contradicted > 0)
    values = {"count": contradicted, "share": _percent(share)}
    light = at_most(share, t.contradictions_good, t.contradictions_usable)
    return QualityPart("contradictions", light, "intake_trust.contradictions", value=share, values=values)


def codes(quantity: str, weak: int, rows: int, t: Thresholds) -> QualityPart:
    """Return the part for rows whose codes were read with low confidence."""
    share = weak / rows if rows else 0.0
    light = at_most(share, t.codes_good, t.codes_usable)
    return QualityPart("codes", light, "intake_trust.codes", quantity, share, {"count": weak, "share": _percent(share)})


def pixel(native: float, cell: float, t: Thresholds) -> QualityPart:
    """Return the part for a raster file with pixels of `native` in a study with cells of `cell` [m]."""
    ratio = native / cell
    light = at_most(ratio, t.pixel_good, t.pixel_usable)
    return QualityPart("pixel", light, "intake_trust.pixel", value=ratio, values={"native": native, "cell": cell})


def age(as_of: int | None, year: int, t: Thresholds) -> QualityPart:
    """Return the part for the age of the data in the study's year; unknown where no year is stated."""
    if as_of is None:
        return QualityPart("age", "unknown", "intake_trust.age_unknown")
    years = float(abs(year - as_of))
    light = at_most(years, t.age_good, t.age_usable)
    return QualityPart("age", light, "intake_trust.age", value=years, values={"as_of": as_of, "years": years})


def crs(how: Literal["file", "study", "both", "neither"], name: str) -> QualityPart:
    """Return the part for how the coordinate system of a file is known.

    file: the file states it, and the study does not contradict. study: only the study
    names it. both: the study overrides the file. neither: it was inferred by comparison.
    """
    lights: Mapping[str, Light] = {"file": "good", "study": "usable", "both": "usable", "neither": "weak"}
    return QualityPart("crs", lights[how], f"intake_trust.crs_{how}", values={"crs": name})


def _percent(share: float) -> float:
    """A share for display [%]; 99.96 is not rounded to 100, nor 0.04 to 0."""
    rounded = round(100 * share, 1)
    return rounded if share in (0.0, 1.0) or 0 < rounded < 100 else 100 * share  # noqa: PLR2004  (percent)


def worst_of(parts: Iterable[QualityPart]) -> tuple[QualityPart, ...]:
    """Return the worst part of each name and quantity, in order of first appearance."""
    worst: dict[tuple[str, str], QualityPart] = {}
    for part in parts:
        previous = worst.get((part.name, part.quantity))
        if previous is None or WORST.index(part.light) < WORST.index(previous.light):
            worst[part.name, part.quantity] = part
    return tuple(worst.values())


def weakest_first(layers: Iterable[LayerQuality]) -> Sequence[LayerQuality]:
    """Return layers, those of the lowest data quality first."""
    return sorted(layers, key=lambda each: (WORST.index(each.light), each.layer))
