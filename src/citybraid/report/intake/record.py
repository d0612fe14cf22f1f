"""The intake report as data: a closed schema with documented fields, for other programs."""

from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import Field

from citybraid import __version__
from citybraid.core.errors import PlanError
from citybraid.core.model import Params
from citybraid.core.text import LANGUAGES, formatted
from citybraid.report.chapter import Text, in_words
from citybraid.report.intake.contents import IntakeReport
from citybraid.report.intake.forms import forms_of
from citybraid.report.intake.sides import sides
from citybraid.report.intake.tables import contradiction_words, finding_text, layer_name, part_text
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.sources.quality.trust import LayerQuality, Light, QualityPart
from citybraid.study.explain.prospects import Addition

Number = float | int


TextByLanguage = Mapping[str, str]
"""A text by language."""


class RefusalRecord(Params):
    """Something that keeps the study from running."""

    text: str
    """Id of the message."""
    name: str
    """The file, layer or entry that it is about; empty where it is the study itself."""
    said: TextByLanguage
    """What is wrong and what to do."""


class FindingRecord(Params):
    """Something that was found, repaired, guessed, rejected or advised."""

    kind: Literal["found", "repaired", "guessed", "rejected", "warning", "advice"]
    """What it is."""
    layer: str
    """The layer that it is about."""
    count: int
    """How many rows, cells or things it concerns."""
    places: tuple[str, ...] = ()
    """Rows of the sheet, or ids of shapes, that it is about, the first few; empty where it tells none."""
    text: str
    """Id of the message."""
    said: TextByLanguage
    """The message."""


class ProblemRecord(Params):
    """A fault of a shape; its geometry is in problems.gpkg."""

    layer: str
    """The table."""
    row: str
    """The row's id."""
    mended: bool
    """Whether it was mended on reading."""
    text: str
    """Id of the message."""
    said: TextByLanguage
    """The message."""
    point: tuple[Number, Number] | None
    """A point within the place, x and y in the study's CRS [m]; null where it has no place."""


class SideRecord(Params):
    """One side of a contradiction."""

    name: TextByLanguage
    """What it is: a quantity, or what follows from others."""
    amount: TextByLanguage
    """Its value with the unit; empty where it states none."""
    files: tuple[str, ...]
    """Names of the files that it comes from."""


class ContradictionRecord(Params):
    """Two statements about one thing that do not agree."""

    layer: str
    """The table."""
    row: str
    """The row's id; empty where the whole layer is meant."""
    stated: Number
    """What one statement says, in the unit."""
    computed: Number
    """What the others give, in the unit."""
    unit: str
    """Unit of both."""
    sides: tuple[SideRecord, ...] = ()
    """What states the value, and what gives the other; none where the kind of contradiction names no quantities."""
    text: str
    """Id of the message."""
    said: TextByLanguage
    """The message."""


class MappingRecord(Params):
    """A code or word of a file and what it was read as."""

    layer: str
    """The table."""
    quantity: str
    """land_use or building_use."""
    said: str
    """What the file says."""
    code: str
    """What it was read as; empty where nothing fits."""
    confidence: str
    """How sure that is: own, high, name, mixed, low, prefix or unknown."""
    rows: int
    """How many rows say it."""
    area_m2: Number | None
    """Area of these rows [m2]; null where they have none."""
    scheme: str
    """Scheme of the codes; empty where it is a word."""


class PartRecord(Params):
    """One part of the trust in a layer."""

    name: str
    """What it is about: stated, faults, contradictions, crs, encoding, columns, codes, units, keys, pixel or age."""
    quantity: str
    """The quantity that it is about; empty where it is the whole layer."""
    light: Light
    """Its light by the stated thresholds."""
    value: Number | None
    """The share, ratio or years that the light is read from; null where it is a yes or no."""
    said: TextByLanguage
    """The part in a sentence."""


class TrustRecord(Params):
    """How far a layer can be trusted."""

    layer: str
    """The table, raster or file's role."""
    rows: int
    """Its rows; 0 for a raster or a series."""
    light: Light
    """The light of its worst part."""
    parts: tuple[PartRecord, ...]
    """All parts."""


class AdditionRecord(Params):
    """Something that could be added or corrected next."""

    needs: tuple[str, ...]
    """Tables or quantities, missing or hardly stated; also `weather`, `storm` and `parameter:…`, a word of a study."""
    columns: tuple[str, ...]
    """Columns that a missing table must have."""
    layer: str
    """The layer whose weak parts it is about; empty where something is missing."""
    indicators: tuple[str, ...]
    """Indicators that it would make possible, or that rest on what is weak."""
    objectives: tuple[str, ...]
    """Objectives of the study that these indicators belong to."""
    forms: tuple[TextByLanguage, ...]
    """Forms in which it could be brought."""


class GapRecord(Params):
    """A model that cannot run."""

    model: str
    """The model's id."""
    makes: tuple[str, ...]
    """Quantities that are therefore missing."""
    needs: tuple[str, ...]
    """Quantities or parameters that would let it run."""


class IntakeRecord(Params):
    """Everything that `citybraid check` found, as intake.json holds it."""

    version: Literal[1] = 1
    """Version of this record's form."""
    citybraid: str = __version__
    """Version of the program that wrote it."""
    ready: bool
    """Whether the study can be run: nothing is refused."""
    title: TextByLanguage
    """The study's title."""
    crs: str
    """The study's CRS."""
    cell_m: Number | None
    """The study's cell [m]; null where nothing says where the area lies."""
    files: dict[str, tuple[str, ...]]
    """Names of the files by entry of the study."""
    origin: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Entries of the study that each quantity comes from."""
    refused: tuple[RefusalRecord, ...]
    """What keeps the study from running."""
    findings: tuple[FindingRecord, ...]
    """What was found, repaired, guessed, rejected and advised."""
    problems: tuple[ProblemRecord, ...]
    """Faults of shapes."""
    contradictions: tuple[ContradictionRecord, ...]
    """Statements that disagree."""
    mappings: tuple[MappingRecord, ...]
    """What codes and words were read as."""
    completeness: dict[str, Number]
    """Share of rows or cells that files state, by quantity [-]."""
    trust: tuple[TrustRecord, ...]
    """How far each layer can be trusted, the weakest first."""
    additions: tuple[AdditionRecord, ...]
    """What could be added or corrected next, the most useful first."""
    gaps: tuple[GapRecord, ...]
    """Models that cannot run."""


def record_of(report: IntakeReport) -> IntakeRecord:
    """Return a report as data."""
    return IntakeRecord(
        ready=not report.refused, title=texts_of(report.title), crs=report.crs, cell_m=report.cell,
        files=dict(report.files), origin={name: tuple(entries) for name, entries in report.origin.items()},
        refused=tuple(_refusal(fault) for fault in report.refused),
        findings=tuple(
            FindingRecord(kind=each.kind, layer=each.layer, count=each.count, places=each.places, text=each.text,
                          said=texts_of(finding_text(report, each.without_places())))
            for each in report.findings
        ),
        problems=tuple(_problem(each) for each in report.problems),
        contradictions=tuple(_contradiction(report, each) for each in report.contradictions),
        mappings=tuple(
            MappingRecord(layer=each.layer, quantity=each.quantity, said=each.said, code=each.code,
                          confidence=each.confidence, rows=each.rows, area_m2=each.area, scheme=each.scheme)
            for each in report.mappings
        ),
        completeness=dict(report.completeness),
        trust=tuple(_trust(each) for each in report.trust),
        additions=tuple(_addition(each) for each in report.additions),
        gaps=tuple(GapRecord(model=gap.model, makes=gap.makes, needs=gap.needs) for gap in report.gaps),
    )  # fmt: skip


def _contradiction(report: IntakeReport, contradiction: Contradiction) -> ContradictionRecord:
    messages = tuple(
        SideRecord(
            name=texts_of(side.name), amount={} if side.amount is None else texts_of(side.amount), files=side.files
        )
        for side in sides(report, contradiction) or ()
    )
    return ContradictionRecord(
        layer=contradiction.layer, row=contradiction.row, stated=contradiction.stated, computed=contradiction.computed,
        unit=contradiction.unit, sides=messages, text=contradiction.text,
        said=texts_of(contradiction_words(contradiction, layer_name(report, contradiction.layer))),
    )  # fmt: skip


def texts_of(text: Text) -> TextByLanguage:
    """Return a text by language."""
    return {language: in_words(text, language) for language in LANGUAGES}


def _in_all_languages(say: Callable[[str], str]) -> TextByLanguage:
    return {language: say(language) for language in LANGUAGES}


def _refusal(fault: PlanError) -> RefusalRecord:
    name = fault.values.get("name") or fault.values.get("files") or ""
    return RefusalRecord(text=fault.text, name=formatted(name), said=_in_all_languages(fault.say))


def _problem(problem: Problem) -> ProblemRecord:
    spot = None if problem.shape.is_empty else problem.shape.representative_point()
    return ProblemRecord(
        layer=problem.layer, row=problem.row, mended=problem.mended, text=problem.text,
        said=_in_all_languages(problem.say), point=None if spot is None else (spot.x, spot.y),
    )  # fmt: skip


def _trust(trust: LayerQuality) -> TrustRecord:
    parts = tuple(_part(part) for part in trust.parts)
    return TrustRecord(layer=trust.layer, rows=trust.rows, light=trust.light, parts=parts)


def _part(part: QualityPart) -> PartRecord:
    text = texts_of(part_text(part))
    return PartRecord(name=part.name, quantity=part.quantity, light=part.light, value=part.value, said=text)


def _addition(addition: Addition) -> AdditionRecord:
    return AdditionRecord(
        needs=addition.needs, columns=addition.columns,
        layer=addition.layer, indicators=addition.indicators, objectives=addition.objectives,
        forms=tuple(texts_of(form) for form in forms_of(addition.needs, addition.columns)),
    )  # fmt: skip
