"""Tables of intake: what files, layers, columns and units are called, and how sure that is."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from citybraid.core.tables import EMPTY, Amount, Filled, Positive, Row, Status


class ColumnName(Row):
    """A name that columns of a quantity have."""

    TABLE: ClassVar[str] = "codes/column_names"
    KEY: ClassVar[tuple[str, ...]] = ("var", "name")

    var: Filled
    """The quantity."""
    name: Filled
    """The name."""


class ColumnFiller(Row):
    """A word that does not change what a column's name means."""

    TABLE: ClassVar[str] = "codes/column_fillers"
    KEY: ClassVar[tuple[str, ...]] = ("word",)

    word: Filled
    """The word, in lower case."""
    meaning: Filled
    """What kind of word it is."""


class FileRole(Row):
    """A sign by which the role of a file is guessed."""

    TABLE: ClassVar[str] = "codes/file_roles"
    KEY: ClassVar[tuple[str, ...]] = ("role", "pattern", "kind")

    role: Filled
    """The role."""
    pattern: Filled
    """What is looked for: a part of the name, a quantity among the columns, a kind of shape."""
    kind: Literal["column", "geometry", "name"]
    """Where it is looked for."""
    score: Annotated[float, Field(gt=0, le=1)]
    """How much it speaks for the role [-]."""


class DrawingLayer(Row):
    """A pattern of names that layers of drawings have."""

    TABLE: ClassVar[str] = "codes/drawing_layers"
    KEY: ClassVar[tuple[str, ...]] = ("role", "pattern")

    role: Filled
    """The role; holes for shapes that are cut out of others."""
    pattern: Filled
    """The pattern, with * for anything."""


class PlanLabel(Row):
    """A label that texts in drawings write before a value."""

    TABLE: ClassVar[str] = "codes/plan_texts"
    KEY: ClassVar[tuple[str, ...]] = ("var", "label")

    var: Filled
    """The quantity."""
    label: Filled
    """The label; of several quantities with one label the first is the likeliest."""


class OsmKey(Row):
    """A key of OpenStreetMap that a role uses."""

    TABLE: ClassVar[str] = "codes/osm_roles"
    KEY: ClassVar[tuple[str, ...]] = ("role", "use", "key")

    role: Filled
    """The role."""
    layer: Literal["lines", "multipolygons"]
    """The layer of the extract that it is read from."""
    use: Literal["carries", "selects"]
    """selects: a feature with the key is taken; carries: its value is read."""
    key: Filled
    """The key."""


class ForeignFormat(Row):
    """A format that cannot be read, and what is told of it."""

    TABLE: ClassVar[str] = "codes/foreign_formats"
    KEY: ClassVar[tuple[str, ...]] = ("suffix",)

    suffix: Annotated[str, Field(pattern=r"^\.[a-z0-9]+$")]
    """End of the file's name, in lower case."""
    text: Filled
    """Id of the text that says how to export it."""


class GdalDriver(Row):
    """A driver of GDAL."""

    TABLE: ClassVar[str] = "codes/gdal_drivers"
    KEY: ClassVar[tuple[str, ...]] = ("driver",)

    driver: Filled
    """Its name."""
    kept: Literal["no", "yes"]
    """Whether readers use it; every other one is taken out."""


class CrsDatum(Row):
    """A datum against CGCS2000, or a word for a local coordinate system."""

    TABLE: ClassVar[str] = "codes/crs_datums"
    KEY: ClassVar[tuple[str, ...]] = ("word",)

    kind: Literal["datum", "local"]
    """datum: a part of a datum's name; local: a word for a system without public parameters."""
    word: Filled
    """What names hold."""
    name_en: Filled
    """What people call it, in English."""
    name_zh: Filled
    """What people call it, in Chinese."""
    metres: Annotated[Amount | None, EMPTY]
    """How far apart positions can be [m]; empty where parameters are not public."""
    status: Status
    """How well the row is known."""
    source: Filled
    """Where it comes from."""


class UnitName(Row):
    """A name of a unit in files."""

    TABLE: ClassVar[str] = "codes/units"
    KEY: ClassVar[tuple[str, ...]] = ("text",)

    text: Filled
    """The unit as files write it."""
    unit: Filled
    """The canonical unit that it is a multiple of."""
    factor: Positive
    """How many canonical units it is."""


class TrustSign(Row):
    """A finding that decides a part of the trust in a layer by itself."""

    TABLE: ClassVar[str] = "codes/trust_signs"
    KEY: ClassVar[tuple[str, ...]] = ("text",)

    text: Filled
    """Id of the finding's text."""
    part: Literal["codes", "columns", "crs", "encoding", "keys", "units"]
    """The part of trust."""
    light: Literal["good", "usable", "weak"]
    """Its light."""


class OpenData(Row):
    """A part of a source of open data."""

    TABLE: ClassVar[str] = "codes/open_data"
    KEY: ClassVar[tuple[str, ...]] = ("source", "part")

    source: Filled
    """The source, as `citybraid fetch --source` names it."""
    part: Filled
    """The part of it."""
    title_en: Filled
    """What people call it, in English."""
    title_zh: Filled
    """What people call it, in Chinese."""
    server: Annotated[str, Field(pattern=r"^https://")]
    """Address of the server."""
    path: Filled
    """Place of a file below it, with {placeholders}."""
    licence: Filled
    """Name of the licence."""
    licence_url: Annotated[str, Field(pattern=r"^https://")]
    """Where the licence stands."""
    attribution: Filled
    """The notice that must go with the data."""
    version: Filled
    """Version or date of the data."""
    status: Status
    """How well the row is known."""
    note: Filled
    """How it is known."""
