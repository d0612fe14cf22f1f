"""Tables of land: uses, covers, buildings and their names in files."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from citybraid.core.tables import CodeRow, Colour, NonEmpty, Row, Status
from citybraid.core.text import row_name

BuildingUse = Literal[
    "residential", "office", "retail", "hotel", "school", "hospital", "public", "industrial", "transport", "other"
]
GuideCode = Annotated[str, Field(pattern=r"^\d{2}(\d{2}){0,2}$")]
CoverCode = Annotated[str, Field(pattern=r"^\d{2}$")]


class LandUse(CodeRow):
    """A class of the 2023 guide of land and sea uses."""

    TABLE: ClassVar[str] = "codes/land_use"

    code: GuideCode
    """Code of the guide: two digits a level."""
    level: Annotated[int, Field(ge=1, le=3)]
    """Level in the guide: 1 to 3."""
    parent: Annotated[str, Field(pattern=r"^(\d{2}){0,2}$")]
    """Code of the class that it belongs to; empty on level 1."""
    name_zh: NonEmpty
    """Name in the guide, in Chinese."""
    name_en: NonEmpty
    """Name in English."""
    broad_class: Literal["agri_eco", "agri_facility", "construction", "eco_water", "sea", "unused"]
    """The broad class of plans: farmland, facilities, built-up land, waters, sea, unused."""
    color: Colour
    """Its colour on plans."""
    building_use: BuildingUse | Literal[""]
    """Use of buildings on it; empty where there are none."""
    land_cover: CoverCode
    """The land cover that it most often has."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class LandUseCrosswalk(Row):
    """A code of another scheme as a code of the guide."""

    TABLE: ClassVar[str] = "codes/land_use_crosswalk"
    KEY: ClassVar[tuple[str, ...]] = ("scheme", "code")

    scheme: Literal["guide_2020", "osm", "survey_3", "urban_2011"]
    """The other scheme: 2020 trial guide, OpenStreetMap, third survey, GB 50137-2011."""
    code: NonEmpty
    """Code in that scheme."""
    name_zh: str
    """Its name there; empty where the scheme gives none."""
    land_use: GuideCode
    """Code of the 2023 guide."""
    confidence: Literal["high", "low"]
    """high: one to one; low: one to many, with the most likely one used."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class LandUseHeader(Row):
    """A column name that identifies the scheme of its codes."""

    TABLE: ClassVar[str] = "codes/land_use_headers"
    KEY: ClassVar[tuple[str, ...]] = ("header",)

    header: NonEmpty
    """Name of the column."""
    scheme: Literal["guide_2023", "survey_3"]
    """The scheme of the column's codes."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class LandUseMappingColumn(Row):
    """A column name of a planner's own table of codes."""

    TABLE: ClassVar[str] = "codes/land_use_mapping_columns"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    column: Literal["from", "to"]
    """from: the value in the file; to: the code of the guide."""
    name: NonEmpty
    """Name of the column."""


class LandUseWord(Row):
    """A term of plans for a land use."""

    TABLE: ClassVar[str] = "codes/land_use_words"
    KEY: ClassVar[tuple[str, ...]] = ("word",)

    word: NonEmpty
    """The word."""
    land_use: Annotated[str, Field(pattern=r"^\d{2,6}(\+\d{2,6})*$")]
    """Code of the guide; several joined by + for a mixed use, the largest first."""
    confidence: Literal["mixed", "name"]
    """name: one use; mixed: several."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class LandCover(CodeRow):
    """A class of land cover."""

    TABLE: ClassVar[str] = "codes/land_cover"

    code: CoverCode
    """Code of the class."""
    worldcover: Annotated[str, Field(pattern=r"^(\d+(;\d+)*)?$")]
    """Codes of ESA WorldCover that map to it, separated by semicolons; empty where none does."""

    water: Literal["", "open", "wet"]
    """Permanent water: open, or wet where vegetated; empty where there is none."""

    @property
    def worldcover_codes(self) -> tuple[int, ...]:
        """Codes of ESA WorldCover that map to this class."""
        return tuple(int(code) for code in self.worldcover.split(";") if code)


class LandCoverScheme(Row):
    """A class of another scheme of land cover as a class of citybraid, offered to a user whose raster may be of it."""

    TABLE: ClassVar[str] = "codes/land_cover_schemes"
    KEY: ClassVar[tuple[str, ...]] = ("scheme", "code")

    scheme: NonEmpty
    """The scheme, by its usual name."""
    code: Annotated[int, Field(ge=0, le=999)]
    """Number of the class in rasters of that scheme."""
    meaning: NonEmpty
    """What the class is there."""
    land_cover: CoverCode
    """Code of the class of land cover nearest to it."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class LandslideClass(CodeRow):
    """A class of the screening of landslides."""

    TABLE: ClassVar[str] = "codes/landslide_class"

    code: Annotated[str, Field(pattern=r"^[1-6]$")]
    """Number of the class, 1 stable to 6 unstable."""


class MspaClass(CodeRow):
    """A class of morphological spatial pattern analysis."""

    TABLE: ClassVar[str] = "codes/mspa_class"

    code: Annotated[str, Field(pattern=r"^\d{1,3}$")]
    """Published code of the class."""


class ServiceHotSpot(CodeRow):
    """A hot or cold spot of ecosystem services."""

    TABLE: ClassVar[str] = "codes/service_hot_spot"


class ClimateMapClass(CodeRow):
    """A class of the urban climate map by thermal load."""

    TABLE: ClassVar[str] = "codes/climate_map_class"


class ClimateRefuge(CodeRow):
    """Habitat that is a climate refuge, or too warm."""

    TABLE: ClassVar[str] = "codes/climate_refuge"


class PinchPoint(CodeRow):
    """Ground between habitat with the strongest current."""

    TABLE: ClassVar[str] = "codes/pinch_point"


class ResistanceZone(CodeRow):
    """A zone of accumulated resistance around habitat."""

    TABLE: ClassVar[str] = "codes/resistance_zone"


class JointCorridor(CodeRow):
    """What moves along a cell: wildlife, water, wind, added up."""

    TABLE: ClassVar[str] = "codes/joint_corridor"


class BuildingUseWord(Row):
    """A word for the use of a building."""

    TABLE: ClassVar[str] = "codes/building_use"

    text: NonEmpty
    """The word as it occurs in files."""
    building_use: BuildingUse
    """The use that it means."""
    match: Literal["contains", "exact"]
    """contains: anywhere in a text; exact: the entire text."""


class BuildingUseName(Row):
    """A building use's name."""

    TABLE: ClassVar[str] = "codes/building_use_names"
    KEY: ClassVar[tuple[str, ...]] = ("code",)

    code: BuildingUse
    """The use."""
    name_en: NonEmpty
    """Name in English."""
    name_zh: NonEmpty
    """Name in Chinese."""

    def name(self, language: str) -> str:
        """Return its name in a language."""
        return row_name(dict(self), "name", language, table=self.TABLE.removeprefix("codes/"))


class ParcelStatusWord(Row):
    """A word for the status of a parcel."""

    TABLE: ClassVar[str] = "codes/parcel_status"
    KEY: ClassVar[tuple[str, ...]] = ("text",)

    text: NonEmpty
    """The word as it occurs in files, in lower case."""
    parcel_status: Literal["built", "planned"]
    """The status that it means."""


class SystemWord(Row):
    """A word for a system or a standard of a building."""

    TABLE: ClassVar[str] = "codes/system_words"
    KEY: ClassVar[tuple[str, ...]] = ("var", "text")

    var: NonEmpty
    """The column."""
    text: NonEmpty
    """The word as it occurs in files, in lower case."""
    value: NonEmpty
    """What models read."""


class FacilityWord(Row):
    """A word for the kind of a facility."""

    TABLE: ClassVar[str] = "codes/facility_kinds"
    KEY: ClassVar[tuple[str, ...]] = ("text",)

    text: NonEmpty
    """The word as it occurs in files, in lower case."""
    facility_kind: Literal["fire_station", "hospital", "shelter"]
    """The kind that it means."""


class LifelineWord(Row):
    """A word for the system of a lifeline's component."""

    TABLE: ClassVar[str] = "codes/lifeline_systems"
    KEY: ClassVar[tuple[str, ...]] = ("text",)

    text: NonEmpty
    """The word as it occurs in files, in lower case."""
    lifeline_system: Literal["power", "water", "gas", "telecom", "heat", "road", "health", "drainage"]
    """The system that it means."""


class RoadWord(Row):
    """A word for the class of a road."""

    TABLE: ClassVar[str] = "codes/road_classes"
    KEY: ClassVar[tuple[str, ...]] = ("text",)

    text: NonEmpty
    """The word as it occurs in files."""
    road_class: Literal["motorway", "trunk", "primary", "secondary", "tertiary", "residential", "path"]
    """The class that it means, as an OpenStreetMap value."""
