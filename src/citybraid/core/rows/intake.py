"""Tables of intake: names of files, layers, columns and units, with their confidence."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from citybraid.core.tables import EMPTY, Amount, NonEmpty, Positive, Row, Status


class ColumnName(Row):
    """A column name of a quantity."""

    TABLE: ClassVar[str] = "codes/column_names"
    KEY: ClassVar[tuple[str, ...]] = ("var", "name")

    var: NonEmpty
    """The quantity."""
    name: NonEmpty
    """The name."""


class ColumnFiller(Row):
    """A word that does not change the meaning of a column name."""

    TABLE: ClassVar[str] = "codes/column_fillers"
    KEY: ClassVar[tuple[str, ...]] = ("word",)

    word: NonEmpty
    """The word, in lower case."""
    meaning: NonEmpty
    """Kind of word."""


class FileRole(Row):
    """A pattern by which the role of a file is guessed."""

    TABLE: ClassVar[str] = "codes/file_roles"
    KEY: ClassVar[tuple[str, ...]] = ("role", "pattern", "kind")

    role: NonEmpty
    """The role."""
    pattern: NonEmpty
    """Pattern: a part of the name, a quantity among the columns, or a geometry type."""
    kind: Literal["column", "geometry", "name"]
    """Where the pattern applies."""
    score: Annotated[float, Field(gt=0, le=1)]
    """Score of the match for the role [-]."""


class DrawingLayer(Row):
    """A name pattern of drawing layers."""

    TABLE: ClassVar[str] = "codes/drawing_layers"
    KEY: ClassVar[tuple[str, ...]] = ("role", "pattern")

    role: NonEmpty
    """The role; holes for shapes that are cut out of others, furniture for legends, frames and heights."""
    pattern: NonEmpty
    """The pattern, with * for anything."""


class PlanLabel(Row):
    """A label before a value in texts of drawings."""

    TABLE: ClassVar[str] = "codes/plan_texts"
    KEY: ClassVar[tuple[str, ...]] = ("var", "label")

    var: NonEmpty
    """The quantity."""
    label: NonEmpty
    """The label; of several quantities with one label the first is the likeliest."""


class OsmKey(Row):
    """A key of OpenStreetMap that a role uses."""

    TABLE: ClassVar[str] = "codes/osm_roles"
    KEY: ClassVar[tuple[str, ...]] = ("role", "use", "key")

    role: NonEmpty
    """The role."""
    layer: Literal["lines", "multipolygons"]
    """The layer of the extract that it is read from."""
    use: Literal["carries", "selects"]
    """selects: features with the key are used; carries: the key's value is read."""
    key: NonEmpty
    """The key."""


class ForeignFormat(Row):
    """A format that cannot be read, and its message."""

    TABLE: ClassVar[str] = "codes/foreign_formats"
    KEY: ClassVar[tuple[str, ...]] = ("suffix",)

    suffix: Annotated[str, Field(pattern=r"^\.[a-z0-9]+$")]
    """End of the file's name, in lower case."""
    text: NonEmpty
    """Id of the text that says how to export it."""


class GdalDriver(Row):
    """A driver of GDAL."""

    TABLE: ClassVar[str] = "codes/gdal_drivers"
    KEY: ClassVar[tuple[str, ...]] = ("driver",)

    driver: NonEmpty
    """Its name."""
    kept: Literal["no", "yes"]
    """Whether readers use it; all others are disabled (GDAL_SKIP)."""


class CrsDatum(Row):
    """A datum against CGCS2000, or a word for a local coordinate system."""

    TABLE: ClassVar[str] = "codes/crs_datums"
    KEY: ClassVar[tuple[str, ...]] = ("word",)

    kind: Literal["datum", "local"]
    """datum: a part of a datum's name; local: a word for a system without public parameters."""
    word: NonEmpty
    """Part of the name to match."""
    name_en: NonEmpty
    """Name in English."""
    name_zh: NonEmpty
    """Name in Chinese."""
    metres: Annotated[Amount | None, EMPTY]
    """Largest offset of positions [m]; empty where parameters are not public."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class UnitName(Row):
    """A name of a unit in files."""

    TABLE: ClassVar[str] = "codes/units"
    KEY: ClassVar[tuple[str, ...]] = ("text",)

    text: NonEmpty
    """The unit as written in files."""
    unit: NonEmpty
    """The canonical unit that it is a multiple of."""
    factor: Positive
    """Factor to the canonical unit."""


class CurrencyName(Row):
    """A name or sign of currencies, or a word for a multiple of one, in files."""

    TABLE: ClassVar[str] = "codes/currency_names"
    KEY: ClassVar[tuple[str, ...]] = ("text",)

    text: NonEmpty
    """The word or sign as written in files, in lower case."""
    currencies: str
    """ISO 4217 codes that it may mean, joined by |; empty for a multiple."""
    factor: Positive
    """Units of the currency, or of the word after it [-]."""


class TrustSign(Row):
    """A finding that determines one part of a layer's trust rating."""

    TABLE: ClassVar[str] = "codes/trust_signs"
    KEY: ClassVar[tuple[str, ...]] = ("text",)

    text: NonEmpty
    """Id of the finding's text."""
    part: Literal["codes", "columns", "crs", "encoding", "keys", "units"]
    """The part of trust."""
    light: Literal["good", "usable", "weak"]
    """Its rating."""


class OpenData(Row):
    """A part of a source of open data."""

    TABLE: ClassVar[str] = "codes/open_data"
    KEY: ClassVar[tuple[str, ...]] = ("source", "part")

    source: NonEmpty
    """The source, as `citybraid fetch --source` names it."""
    part: NonEmpty
    """The part of it."""
    title_en: NonEmpty
    """Name in English."""
    title_zh: NonEmpty
    """Name in Chinese."""
    server: Annotated[str, Field(pattern=r"^https://")]
    """Address of the server."""
    path: NonEmpty
    """Place of a file below it, with {placeholders}."""
    licence: NonEmpty
    """Name of the licence."""
    licence_url: Annotated[str, Field(pattern=r"^https://")]
    """Address of the licence text."""
    attribution: NonEmpty
    """The notice that must go with the data."""
    version: NonEmpty
    """Version or date of the data."""
    status: Status
    """Verification status of the row."""
    note: NonEmpty
    """Basis of the status."""
