"""Tables of plans: indicators and the controls of parcels."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from citybraid.core.tables import EMPTY, Amount, Flag, NonEmpty, OptionalNumber, Positive, Row, Status, Year


class IndicatorRow(Row):
    """An indicator of the plan."""

    TABLE: ClassVar[str] = "codes/indicators"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The indicator."""
    strand: Literal["biodiversity", "lowcarbon", "resilience"]
    """The strand that it belongs to."""
    statistic: NonEmpty
    """How it is read over zones: a function of planning.statistics, or combined or quotient of others."""
    var: NonEmpty
    """The quantity or, for combined ones, the indicators; a minus sign subtracts one."""
    second: str
    """The second quantity of the statistic, if any."""
    argument: str
    """Threshold or codes of the statistic, if any."""
    event: Literal["", "worst"]
    """worst: the event of the longest return period; empty where it depends on none."""
    scale: Positive
    """Factor from values to the unit."""
    unit: NonEmpty
    """Its unit."""
    direction: Literal["higher", "lower", "none"]
    """Which way is better."""
    extensive: Flag
    """1 where the total is the sum of the zones."""
    level: Literal["detailed", "evaluation", "master"]
    """The level of plan that it belongs to."""
    instrument: NonEmpty
    """The planning instrument that implements it."""
    clause: str
    """Clause of the standard that requires it, if any."""
    source: str
    """Source of its thresholds, if any."""
    status: Status
    """Verification status of the row."""


class ResultLimit(Row):
    """What limits the meaning of a result, told beside its number."""

    TABLE: ClassVar[str] = "codes/result_limits"
    KEY: ClassVar[tuple[str, ...]] = ("indicator", "limit")

    indicator: NonEmpty
    """The indicator."""
    limit: NonEmpty
    """The sentence: text limit.<name>."""
    factor: str
    """It holds while rows of this factor are those of citybraid, not the study's own; empty for always."""


class FactorInfluence(Row):
    """How much an indicator changes with a factor, measured on the demo town (docs/influence.py)."""

    TABLE: ClassVar[str] = "codes/factor_influence"
    KEY: ClassVar[tuple[str, ...]] = ("indicator", "factor")

    indicator: NonEmpty
    """The indicator."""
    factor: NonEmpty
    """The factor, all rows whose source is to be confirmed changed by a tenth."""
    change: Positive
    """Size of the indicator's change [%]."""


class PlausibleQuantity(Row):
    """A quantity that is compared with published ranges, beside the indicators; the ranges are factor rows."""

    TABLE: ClassVar[str] = "codes/plausible_quantities"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The quantity; in factor plausible_range it stands last in the key, after a word of the column `by` if any."""
    statistic: NonEmpty
    """How it is read over the whole area: a function of planning.statistics."""
    var: NonEmpty
    """The quantity or quantities that it is read from."""
    second: str
    """The quantity that it is divided by, if any."""
    by: str
    """The column whose word stands first in the keys of its ranges, so that they hold for rows with that word alone."""
    event: Literal["", "worst"]
    """worst: the event of the longest return period; empty where it depends on none."""
    scale: Positive
    """Factor from values to the unit."""
    unit: NonEmpty
    """Its unit."""
    also: str
    """The quantity that says the same per person, if any: told where this one lies outside its range."""
    nothing: Literal["told", "left_out"]
    """left_out: exactly 0 says that there is none of it, such as gas in electric homes, and is not compared."""


class ControlRow(Row):
    """A control of a parcel in the detailed plan."""

    TABLE: ClassVar[str] = "codes/controls"
    KEY: ClassVar[tuple[str, ...]] = ("control",)

    control: NonEmpty
    """The control."""
    unit: str
    """Its unit; empty for words."""
    binding: Literal["binding", "guidance"]
    """Whether it binds."""
    stated: str
    """The quantity by which the plan states it; empty where it does not."""
    opposite: str
    """The quantity by which the plan states the other end of a span; empty where it has none."""
    target: str
    """The model parameter by which a study sets it where the plan does not state it, as model.parameter; or empty."""
    statistic: str
    """How it is computed; empty where it is only stated."""
    var: str
    """The quantity that it is computed from."""
    second: str
    """The second quantity of the statistic, if any."""
    argument: str
    """Threshold or codes of the statistic, if any."""
    event: Literal["", "worst"]
    """worst: the event of the longest return period; empty where it depends on none."""
    scale: Positive
    """Factor from values to the unit."""
    rule: Literal["", "at_least", "at_most"]
    """Comparison of the computed with the stated value."""
    only_uses: Annotated[str, Field(pattern=r"^(\d{2,6}( \d{2,6})*)?$")]
    """Land uses, with all below them, on which alone it is computed; empty for all."""
    except_uses: Annotated[str, Field(pattern=r"^(\d{2,6}( \d{2,6})*)?$")]
    """Land uses, with all below them, to which targets of the study and limits of standards do not apply."""
    tolerance: Annotated[Amount | None, EMPTY]
    """Relative tolerance [-]; empty for none."""
    formula: str
    """Text id of the formula."""
    raster: Flag
    """1 where its value depends on the pixels of a raster."""
    needs: str
    """Data that it needs where it cannot be computed."""
    clause: str
    """Clause of the standard that names it, if any."""
    bureau: NonEmpty
    """The bureau that is responsible for it: a row of codes/bureaus."""
    form: Literal[
        "", "floor_ratio", "footprint", "green", "height", "people", "permeable", "rate", "roof", "storage", "sunken"
    ]
    """Its part in the form of a plot, by which controls can contradict each other; empty for none."""
    source: str
    """Source."""
    status: Status
    """Verification status of the row."""


class Bureau(Row):
    """A bureau that is responsible for controls; its name is the text bureau.<bureau>."""

    TABLE: ClassVar[str] = "codes/bureaus"
    KEY: ClassVar[tuple[str, ...]] = ("bureau",)

    bureau: NonEmpty
    """The bureau."""
    charge: NonEmpty
    """What it is in charge of here."""
    source: str
    """Source."""
    status: Status
    """Verification status of the row."""


class Payer(Row):
    """The party that pays for measures of a responsible body; its name is the text party.<party>.

    A study may say otherwise.
    """

    TABLE: ClassVar[str] = "codes/payers"
    KEY: ClassVar[tuple[str, ...]] = ("responsible",)

    responsible: NonEmpty
    """The first body that measures name as responsible."""
    party: NonEmpty
    """The party."""
    status: Status
    """Verification status of the row."""
    source: str
    """Source."""


class PayerByLaw(Row):
    """The party that the law of a region names as the one that pays for a measure.

    `joint`: government and owners together, by shares that the law leaves open.
    """

    TABLE: ClassVar[str] = "codes/payers_by_law"
    KEY: ClassVar[tuple[str, ...]] = ("measure",)

    measure: NonEmpty
    """The measure."""
    party: NonEmpty
    """The party."""
    region: NonEmpty
    """Region whose law it is, as CN."""
    status: Status
    """Verification status of the row."""
    source: str
    """Law and article."""


class Gainer(Row):
    """The party that a yearly loss falls on, and that gains where it is avoided."""

    TABLE: ClassVar[str] = "codes/gainers"
    KEY: ClassVar[tuple[str, ...]] = ("indicator",)

    indicator: NonEmpty
    """The indicator: money lost a year."""
    party: NonEmpty
    """The party."""
    region: str
    """Region whose law it is, as CN; elsewhere, and where it is empty, the row is assumed."""
    status: Status
    """Verification status of the row."""
    source: str
    """Source."""


class MasterAttribute(Row):
    """The attribute of an indicator in master plans, by the national indicator table."""

    TABLE: ClassVar[str] = "codes/master_attributes"
    KEY: ClassVar[tuple[str, ...]] = ("indicator",)

    indicator: NonEmpty
    """The indicator."""
    attribute: Literal["advisory", "binding", "expected"]
    """Binding (约束性), expected (预期性) or advisory (建议性)."""
    listed_as: NonEmpty
    """Its name in the national table."""
    source: NonEmpty
    """The table and its number there."""
    status: Status
    """Verification status of the row."""


class RegionCurrency(Row):
    """The currency of a region."""

    TABLE: ClassVar[str] = "codes/currencies"
    KEY: ClassVar[tuple[str, ...]] = ("region",)

    region: NonEmpty
    """Region, by its code; regions within it share the currency unless they have a row of their own."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """Its ISO 4217 code."""


class StandardRow(Row):
    """A clause of a standard, or a rule of plan examination; its wording is the text standard.<id>."""

    TABLE: ClassVar[str] = "codes/standards"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The clause."""
    document: str
    """The document."""
    clause: str
    """Number of the clause there; empty where it is not known."""
    kind: Literal["", "control", "indicator"]
    """Whether it holds for a control of parcels or an indicator of the whole area; empty where neither is computed."""
    subject: str
    """The control or indicator."""
    comparison: Literal["", "at_least", "at_most", "above", "below"]
    """Comparison of the value with that of the clause."""
    value: OptionalNumber
    """Value of the clause, in the unit of its subject."""
    unit: str
    """Its unit."""
    region: str
    """Region where it is valid (CN-BJ within CN); empty for everywhere."""
    uses: Annotated[str, Field(pattern=r"^(\d{2,6}( \d{2,6})*)?$")]
    """Land uses, with all below them, that it holds for; empty for all."""
    where: Annotated[str, Field(pattern=r"^(\w+ \w+)?$")]
    """Column of the parcels and the word in it for which it holds; empty for all."""
    proof: Literal["both", "if_met"]
    """if_met: a value that meets it suffices, one that does not proves no breach."""
    year_from: Year
    """First valid year; empty for unlimited."""
    year_to: Year
    """Last valid year; empty for unlimited."""
    needs: str
    """What it needs where nothing computed tells it: text standard_needs.<needs>."""
    status: Status
    """Verification status of the row."""
    source: str
    """Source."""


class KnownInteraction(Row):
    """An interaction of measures that the models hold, told where a design tries no pair that shows it.

    Its name is the text known_interaction.<id>.
    """

    TABLE: ClassVar[str] = "codes/known_interactions"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The interaction."""
    first: NonEmpty
    """Measures on its one side, separated by blanks."""
    second: NonEmpty
    """Measures on its other side."""
    coupling: Literal["", "heat_loop"]
    """The loop of [couplings] that carries it back, without which half of it shows; empty where none does."""


class ClinicHazard(Row):
    """A hazard that ground to be built on should not lie in; its sentence is the text clinic_hazard.<id>."""

    TABLE: ClassVar[str] = "codes/clinic_hazards"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The hazard."""
    statistic: NonEmpty
    """How the share of a parcel within it is read: a function of planning.statistics."""
    var: NonEmpty
    """The quantity that it is read from."""
    second: str
    """The second quantity of the statistic, if any."""
    argument: str
    """Threshold or codes of the statistic, if any."""
    event: Literal["", "worst"]
    """worst: the event of the longest return period; empty where it depends on none."""
    most: Annotated[float, Field(gt=0, le=1)]
    """Share of the parcel above which it is a finding [-]."""
    uses: Annotated[str, Field(pattern=r"^\d{2,6}( \d{2,6})*$")]
    """Land uses, with all below them, that people build on."""
    where: Annotated[str, Field(pattern=r"^(\w+ \w+)?$")]
    """Column of the parcels and the word in it for which it holds; empty for all."""
    status: Status
    """Verification status of the share."""
    source: str
    """Source."""


class PlanReviewCheck(Row):
    """How an indicator of a plan's table is examined: against the plan above, and against the plan's own layers."""

    TABLE: ClassVar[str] = "codes/plan_review_checks"
    KEY: ClassVar[tuple[str, ...]] = ("indicator",)

    indicator: NonEmpty
    """The indicator of master plans."""
    handed_down: Literal["", "at_least", "at_most"]
    """How the stated value must stand to the one handed down; empty where the plan above sets none."""
    layers: Literal["", "at_least", "at_most"]
    """How the sum of the layers must stand to the stated value; empty where that is not examined."""
    tolerance: Amount
    """Difference that is none, in the indicator's unit: 1 ha of areas."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class EvaluationIndicator(Row):
    """An indicator of a list by which plans are evaluated; its name is the text evaluation.<id>."""

    TABLE: ClassVar[str] = "codes/evaluation_indicators"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The indicator."""
    list: Literal["tdt1063", "resilience"]
    """The list that it belongs to."""
    region: str
    """Region whose plans are evaluated by it; empty for all."""
    number: NonEmpty
    """Its number there."""
    dimension: NonEmpty
    """Dimension: text evaluation_dimension.<dimension>."""
    subclass: NonEmpty
    """Class: text evaluation_subclass.<subclass>."""
    kind: Literal["basic", "recommended", "unclear"]
    """Whether every evaluation reports it."""
    indicator: str
    """The indicator of this project that computes it; empty where a reading of its own or none does."""
    master: str
    """The indicator of the national table of master plans that computes it; empty where none does."""
    statistic: str
    """How it is read over the whole area where no indicator does: a function of planning.statistics."""
    var: str
    """The quantity that it is read from."""
    second: str
    """The second quantity of the statistic, if any."""
    argument: str
    """Threshold or codes of the statistic, if any."""
    event: Literal["", "worst"]
    """worst: the event of the longest return period; empty where it depends on none."""
    scale: Positive
    """Factor from values to the unit."""
    unit: str
    """Unit of a reading of its own."""
    direction: Literal["higher", "lower", "none"]
    """Which way is better, of a reading of its own."""
    fit: Literal["", "same", "near"]
    """Whether what is computed is the indicator as defined, or near to it; empty where it is not computed."""
    near: str
    """How what is computed differs from the definition: text evaluation_near.<near>; empty where it does not."""
    needs: str
    """What it needs where it is not computed: text evaluation_needs.<needs>."""
    status: Status
    """Verification status of the row."""
    source: str
    """Source."""


class StandardTitle(Row):
    """How sure the number and the title of a standard are; its titles are texts, standard_title.<number>."""

    TABLE: ClassVar[str] = "codes/standard_titles"
    KEY: ClassVar[tuple[str, ...]] = ("number",)

    number: NonEmpty
    """Its number with the year, as plans cite it."""
    status: Status
    """Verification status of number and title, apart from that of any clause."""
    source: NonEmpty
    """Where both were read together."""
