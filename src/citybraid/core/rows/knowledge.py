"""Tables of factors, their regions, and texts. A study may have a factor table of its own with the same columns."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from citybraid.core.tables import NonEmpty, OptionalNumber, Row, Status, Year


class FactorRow(Row):
    """A number with its source."""

    TABLE: ClassVar[str] = "factors/"
    KEY: ClassVar[tuple[str, ...]] = ("factor", "key", "region", "year_from", "year_to")

    factor: NonEmpty
    """Name of the factor in model signatures."""
    key: str
    """Key of the value, with / between parts; empty where the factor is a single number."""
    value: float
    """The value."""
    low: OptionalNumber
    """Lower bound; empty where unknown."""
    high: OptionalNumber
    """Upper bound; empty where unknown."""
    distribution: Literal["", "uniform", "triangular", "normal"]
    """Distribution between low and high; for a normal one they are one standard deviation away."""
    unit: NonEmpty
    """Its unit."""
    region: str
    """Region where it is valid (CN-ZJ before CN); empty for everywhere."""
    year_from: Year
    """First valid year; empty for unlimited."""
    year_to: Year
    """Last valid year; empty for unlimited."""
    status: Status
    """Verification status."""
    source: str
    """Source."""
    note: str
    """Remarks."""


class TextRow(Row):
    """A user-facing text."""

    TABLE: ClassVar[str] = "texts/"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """Its id: group and name."""
    en: NonEmpty
    """In English, with {placeholders}."""
    zh: NonEmpty
    """In Chinese, with the same placeholders."""


class RegionPlace(Row):
    """A populated place of a region, from GeoNames (CC BY 4.0): as many as tell the regions apart by the nearest."""

    TABLE: ClassVar[str] = "codes/region_places"
    KEY: ClassVar[tuple[str, ...]] = ("longitude", "latitude")

    longitude: Annotated[float, Field(ge=-180, le=180)]
    """Its longitude [degree]."""
    latitude: Annotated[float, Field(ge=-90, le=90)]
    """Its latitude [degree]."""
    region: NonEmpty
    """Its region: ISO 3166-1 code; in mainland China the province's of ISO 3166-2, or a city's with factor rows."""


class ContinentOfRegion(Row):
    """The continent that a country lies in by the list of the United Nations (M49, two parts of the Americas)."""

    TABLE: ClassVar[str] = "codes/continents"
    KEY: ClassVar[tuple[str, ...]] = ("region",)

    region: str
    """ISO 3166-1 code; empty: where no region is stated, the rows of this continent are taken."""
    continent: NonEmpty
    """Its continent, as in the region of factor rows."""


class SourceRegion(Row):
    """A sign in the source of a factor row that its number is a standard or a survey of one region."""

    TABLE: ClassVar[str] = "codes/source_regions"
    KEY: ClassVar[tuple[str, ...]] = ("sign",)

    sign: NonEmpty
    """The beginning of a word or words in the source."""
    region: NonEmpty
    """The region that the standard or survey is of."""


class ClimateZonePlace(Row):
    """A city and the climate zone of buildings that it lies in."""

    TABLE: ClassVar[str] = "codes/climate_zone_places"
    KEY: ClassVar[tuple[str, ...]] = ("city",)

    longitude: Annotated[float, Field(ge=-180, le=180)]
    """Its longitude [degree]."""
    latitude: Annotated[float, Field(ge=-90, le=90)]
    """Its latitude [degree]."""
    city: NonEmpty
    """Its name."""
    zone: Annotated[str, Field(pattern=r"^[1-5]$")]
    """Main zone of GB 50176: severe cold, cold, hot summer and cold winter, hot summer and warm winter, mild."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class GuessedParameter(Row):
    """A parameter of a model that a first study file guesses from where the files lie."""

    TABLE: ClassVar[str] = "codes/guessed_parameters"
    KEY: ClassVar[tuple[str, ...]] = ("model", "param")

    model: NonEmpty
    """The model."""
    param: NonEmpty
    """Its parameter."""
    guess: Literal["climate_zone"]
    """What the guess is: the climate zone of buildings."""
    factor: NonEmpty
    """A factor whose keys hold the guessed value as a part, where it can be used."""
