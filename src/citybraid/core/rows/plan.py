"""Tables of plans: indicators and the controls of parcels."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from citybraid.core.tables import EMPTY, Amount, Filled, Flag, Positive, Row, Status


class IndicatorRow(Row):
    """An indicator of the plan."""

    TABLE: ClassVar[str] = "codes/indicators"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: Filled
    """The indicator."""
    strand: Literal["biodiversity", "lowcarbon", "resilience"]
    """The strand that it belongs to."""
    statistic: Filled
    """How it is read over zones: a function of planning.statistics, or combined or quotient of others."""
    var: Filled
    """The quantity or, for combined ones, the indicators; a minus takes one away."""
    second: str
    """The second quantity of the statistic, if any."""
    argument: str
    """Threshold or codes of the statistic, if any."""
    event: Literal["", "worst"]
    """worst: the event of the longest return period; empty where it hangs on none."""
    scale: Positive
    """What values are multiplied by to reach the unit."""
    unit: Filled
    """Its unit."""
    direction: Literal["higher", "lower", "none"]
    """Which way is better."""
    extensive: Flag
    """1 where the whole is the sum of its zones."""
    level: Literal["detailed", "evaluation", "master"]
    """The level of plan that it belongs to."""
    instrument: Filled
    """The planning instrument that carries it."""
    clause: str
    """Clause of the standard that asks for it, if any."""
    source: str
    """Where its thresholds come from, if it has any."""
    status: Status
    """How well the row is known."""


class ControlRow(Row):
    """A control of a parcel in the detailed plan."""

    TABLE: ClassVar[str] = "codes/controls"
    KEY: ClassVar[tuple[str, ...]] = ("control",)

    control: Filled
    """The control."""
    unit: str
    """Its unit; empty for words."""
    binding: Literal["binding", "guidance"]
    """Whether it binds."""
    stated: str
    """The quantity by which the plan states it; empty where it does not."""
    statistic: str
    """How it is computed; empty where it is only stated."""
    var: str
    """The quantity that it is computed from."""
    second: str
    """The second quantity of the statistic, if any."""
    argument: str
    """Threshold or codes of the statistic, if any."""
    event: Literal["", "worst"]
    """worst: the event of the longest return period; empty where it hangs on none."""
    scale: Positive
    """What values are multiplied by to reach the unit."""
    rule: Literal["", "at_least", "at_most"]
    """How the computed value is held to the stated one."""
    tolerance: Annotated[Amount | None, EMPTY]
    """How far it may be off [-]; empty for not at all."""
    formula: str
    """Id of the text that tells the formula."""
    raster: Flag
    """1 where its value hangs on the pixels of a raster."""
    needs: str
    """What would let it be had where it cannot be computed."""
    source: str
    """Where it comes from."""
    status: Status
    """How well the row is known."""


class RegionCurrency(Row):
    """The currency of a region."""

    TABLE: ClassVar[str] = "codes/currencies"
    KEY: ClassVar[tuple[str, ...]] = ("region",)

    region: Filled
    """Region, by its code; regions within it share the currency unless they have a row of their own."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """Its ISO 4217 code."""
