"""Tables of plan levels: profiles of planning units, levels that nest, and how a unit's profile is read from its land."""

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
