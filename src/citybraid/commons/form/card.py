"""The card of a case: what it is, what it holds, and a hash of every part. Its own hash is the case's id."""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from citybraid.commons.form.lessons import CasePart, Lessons
from citybraid.core.errors import InputError

CARD = "case.json"
FORMAT = "citybraid-case"
VERSION = 1
LARGEST_CARD = 16 << 20
"""Largest card [byte]."""
ID_LETTERS = 12
Words = Mapping[str, Annotated[str, Field(max_length=2000)]]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, Field(max_length=400)]


class Part(CasePart):
    """A part of the file: its path, size and SHA-256."""

    path: Text
    bytes: int = Field(ge=0)
    sha256: Sha256


class InputPiece(CasePart):
    """A file of an input."""

    path: Text
    """Path as the study writes it, companions beside it."""
    bytes: int = Field(ge=0)
    sha256: Sha256


Absence = Literal["", "not_stated", "licence", "coordinates"]
"""Why an input is not packed."""


class InputRecord(CasePart):
    """An input of the study: its files, its licence, and whether they are packed or how to get them."""

    entry: Text
    """Entry of the study's [files]."""
    pieces: tuple[InputPiece, ...]
    licence: Text
    """Licence as the study states it; '' where it states none."""
    obtained: Annotated[str, Field(max_length=2000)]
    """Where it comes from and how to get it, as the study states it."""
    packed: bool
    why: Absence
    """Why it is not packed."""


Loss = Literal["inputs", "report", "maps", "bounds", "outlines", "places", "points", "names"]
"""What reducing coordinates and names leaves out."""


class Reduction(CasePart):
    """What was done to coordinates and names before packing, and what is lost by it."""

    coordinates: Literal["exact", "coarsened", "left_out"] = "exact"
    metres: float | None = None
    """Distance that places are rounded to [m]."""
    names: Literal["kept", "left_out"] = "kept"
    """Whether names of reviewers are kept."""
    lost: tuple[Loss, ...] = ()
    """What is left out for it, or coarser than the run has it."""


class FeatureValue(CasePart):
    """A feature of the place: a number with its unit, or a text."""

    value: float | Text
    unit: Text


class Effect(CasePart):
    """Effect of one measure on an indicator of the whole area, against the same state without it, with its band."""

    measure: Text
    indicator: Text
    unit: Text
    base: float
    change: float
    low: float | None
    high: float | None
    installed: float | None
    quantity_unit: Text


class MeasureCost(CasePart):
    """Price of a unit of a measure, in the case's currency, with its status."""

    build: float
    upkeep: float
    present: float
    unit: Text
    status: Text


class Cost(CasePart):
    """Cost of the chosen portfolio, and prices of measures."""

    currency: Text
    build: float | None
    present: float | None
    measures: Mapping[str, MeasureCost]


class IndicatorValues(CasePart):
    """An indicator of the whole area in every alternative that has it."""

    unit: Text
    direction: Literal["higher", "lower", "none"]
    values: Mapping[Text, float]


class Target(CasePart):
    """An objective: the indicator's value before, after and wanted."""

    id: Text
    title: Words
    indicator: Text
    target: float


class Card(CasePart):
    """Everything that catalogues know of a case."""

    format: Literal["citybraid-case"] = "citybraid-case"
    version: Literal[1] = 1
    """Raised when a field is added, renamed or retyped."""
    name: Name
    title: Words
    region: Text
    year: int
    crs: Text
    synthetic: bool
    note: Words | None
    program: Text
    """Version of citybraid that the run was made with."""
    basis: Text | None
    """Digest of everything that determined the run."""
    alternatives: Mapping[str, Words]
    measures: tuple[Text, ...]
    """Measures of the alternatives and of the chosen portfolio."""
    hazards: tuple[Text, ...]
    area: float | None
    """Size of the plan area [ha]."""
    bounds: tuple[float, float, float, float] | None
    """West, south, east, north [degree]; None where coordinates are left out."""
    features: Mapping[str, FeatureValue]
    indicators: Mapping[str, IndicatorValues]
    effects: tuple[Effect, ...]
    cost: Cost | None
    objectives: tuple[Target, ...]
    lessons: Lessons
    missing: tuple[Text, ...]
    """What the authors have not told."""
    reduction: Reduction
    inputs: tuple[InputRecord, ...]
    maps: tuple[Text, ...]
    """Names of the maps that are packed, in both languages."""
    parts: tuple[Part, ...]

    @property
    def complete(self) -> bool:
        """Whether every input is packed, so that the run can be repeated from the file alone."""
        return all(each.packed for each in self.inputs)


def card_bytes(card: Card) -> bytes:
    """Return a card as it stands in the file: the same card is always the same bytes."""
    content = card.model_dump(mode="json")
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()


def case_id(content: bytes) -> str:
    """Return the id of a case: the start of the SHA-256 of its card, which holds the hashes of all parts."""
    return hashlib.sha256(content).hexdigest()[:ID_LETTERS]


def read_card(content: bytes, *, file: str) -> Card:
    """Return the card of a case; raises InputError where it is none, or of a format that is not known."""
    try:
        record = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise InputError("case.no_card", file=file) from fault
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise InputError("case.no_card", file=file)
    if record.get("version") != VERSION:
        raise InputError("case.other_version", file=file, got=str(record.get("version"))[:20], known=VERSION)
    try:
        return Card.model_validate(record)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(map(str, first["loc"]))[:200]
        raise InputError("case.card_value", file=file, where=where, why=first["msg"][:200]) from fault
