"""Tables of plan levels: profiles of units and the land they are read from, nesting levels, master plans."""

from typing import Annotated, ClassVar

from pydantic import Field

from citybraid.core.tables import EMPTY, Amount, Flag, NonEmpty, OptionalNumber, Positive, Row, Status


class UnitProfile(Row):
    """An indicator by which planning units of a profile are judged."""

    TABLE: ClassVar[str] = "codes/unit_profiles"
    KEY: ClassVar[tuple[str, ...]] = ("profile", "indicator")

    profile: NonEmpty
    """The profile: text profile.<name>."""
    indicator: NonEmpty
    """The indicator."""
    threshold: OptionalNumber
    """Value to reach, in the indicator's unit; empty where no source states one."""
    weight: Positive
    """Weight of the indicator within the profile: equal unless the study says otherwise."""
    source: str
    """Source of the threshold; empty for a choice of indicators without one."""
    status: Status
    """Verification status of the row."""


class UnitProfileName(Row):
    """A word of planners for a profile of planning units."""

    TABLE: ClassVar[str] = "codes/unit_profile_names"
    KEY: ClassVar[tuple[str, ...]] = ("word",)

    word: NonEmpty
    """The word, as files write it; compared without case."""
    profile: NonEmpty
    """The profile."""


class UnitProfileLand(Row):
    """The land by whose share a unit without a stated profile takes one."""

    TABLE: ClassVar[str] = "codes/unit_profile_land"
    KEY: ClassVar[tuple[str, ...]] = ("profile",)

    profile: NonEmpty
    """The profile."""
    uses: Annotated[str, Field(pattern=r"^(\d{2,6}( \d{2,6})*)?$")]
    """Land uses of the profile, with all below them; empty for the profile of units where no use stands out."""
    rest: Annotated[str, Field(pattern=r"^(undescribed)?$")]
    """undescribed: ground that no polygon describes counts too, where no file tells any land of this profile."""
    least: Annotated[Amount | None, EMPTY]
    """Smallest share of the unit that counts [-]; empty for none."""
    status: Status
    """Verification status of the row."""


class PlanLevel(Row):
    """A level of plans: a table whose shapes nest within those of the level above."""

    TABLE: ClassVar[str] = "codes/plan_levels"
    KEY: ClassVar[tuple[str, ...]] = ("level",)

    level: NonEmpty
    """The level: text level.<name>."""
    table: NonEmpty
    """The table that holds its shapes."""
    named_by: str
    """The column with the names of its shapes; empty for none."""
    profiled_by: str
    """The column with the profiles of its shapes; empty for none."""
    covers: Flag
    """1 where the shapes of the level must cover those of the level above without gaps."""


class MasterIndicator(Row):
    """An indicator of the national table of master plans, or a capacity of the plan, and how it is computed."""

    TABLE: ClassVar[str] = "codes/master_indicators"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """Its id; its name is text master_indicator.<id>."""
    no: Annotated[int | None, EMPTY]
    """Its number in the national table; empty for a capacity or a count of facilities."""
    region: str
    """Region whose master plans have it; empty for all."""
    unit: NonEmpty
    """Its unit."""
    attribute: Annotated[str, Field(pattern=r"^(binding|expected|advisory)?$")]
    """Binding (约束性), expected (预期性) or advisory (建议性); empty for those that are not in the national table."""
    statistic: str
    """How it is read over zones: a function of planning.statistics, or quotient of two rows; empty for not at all."""
    var: str
    """The quantity that it is read from."""
    second: str
    """The second quantity of the statistic, if any."""
    argument: str
    """Threshold or codes of the statistic, if any."""
    scale: Positive
    """Factor from values to the unit."""
    near: Flag
    """1 where it is the nearest that citybraid computes, not the national one: text master_near.<id> says how."""
    needs: str
    """Text of what is missing where it is not computed: master_needs.<needs>."""
    source: NonEmpty
    """Where its name, unit and attribute come from."""
    status: Status
    """Verification status of the row."""


class ZoneWord(Row):
    """A code of control boundaries (三区三线) and a word for it."""

    TABLE: ClassVar[str] = "codes/control_boundaries"
    KEY: ClassVar[tuple[str, ...]] = ("word",)

    word: NonEmpty
    """The word or the code, as files write it; compared without case."""
    code: Annotated[str, Field(pattern=r"^\d{4}$")]
    """The code: text control_boundary.<code>."""
    status: Status
    """Verification status of the row."""
    source: str
    """Source."""


class ZoneConflict(Row):
    """Two kinds of ground that should not be the same."""

    TABLE: ClassVar[str] = "codes/zone_conflicts"
    KEY: ClassVar[tuple[str, ...]] = ("conflict",)

    conflict: NonEmpty
    """The pair: text conflict.<name>."""
    one: NonEmpty
    """The column whose features one side is: codes of control boundaries, or land uses."""
    one_codes: NonEmpty
    """Codes of that side; land uses with all below them."""
    other: NonEmpty
    """The other side: such a column, a table of areas, or a raster."""
    other_codes: str
    """Codes of that side; of a raster its classes; empty for a table of areas, or a raster with a threshold."""
    above: OptionalNumber
    """Value above which a raster counts; empty for none."""
    event: Annotated[str, Field(pattern=r"^(worst)?$")]
    """worst: the event of the longest return period; empty where it depends on none."""
    status: Status
    """Verification status of the row."""
    source: str
    """Source, if any."""


class DatabaseField(Row):
    """A field of a layer of the planning database (市级国土空间总体规划数据库)."""

    TABLE: ClassVar[str] = "codes/planning_database"
    KEY: ClassVar[tuple[str, ...]] = ("layer", "field")

    layer: NonEmpty
    """The layer: its code where a public file shows one, else its Chinese name."""
    name_zh: NonEmpty
    """Name of the layer in the database standard."""
    table: NonEmpty
    """The table whose features it holds."""
    by: str
    """The column that chooses features; empty for all."""
    codes: str
    """First digits of that column's codes, or its words; empty for all."""
    state: Annotated[str, Field(pattern=r"^(now)?$")]
    """now: features as they are in the study's first alternative; empty: as the last one leaves them."""
    field: NonEmpty
    """The field."""
    title_zh: NonEmpty
    """Meaning of the field, in Chinese."""
    title_en: NonEmpty
    """Meaning of the field, in English."""
    value: str
    """What fills it: number, area, length, use_name, boundary_name, or a column; empty where the plan has none."""
    mandatory: Flag
    """1 where the database requires it."""
    region: str
    """Region whose standard it is, with all below it; empty: everywhere."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source of the layer or field."""


class ListedLayer(Row):
    """A layer that the database standard of master plans asks for; its name is the text database_layer.<number>."""

    TABLE: ClassVar[str] = "codes/database_layers"
    KEY: ClassVar[tuple[str, ...]] = ("number",)

    number: int
    """Its number in the standard's list."""
    layers: str
    """The layers of codes/planning_database.csv that hold it; empty where it is not written."""
    needs: NonEmpty
    """What it is made of, or would need: text database_needs.<needs>."""
    region: str
    """Region whose standard it is, with all below it; empty: everywhere."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source of the list."""
