"""Tables of cases: licences of files, features of places, forms, hazards, and the checklist of a review."""

from typing import ClassVar, Literal

from citybraid.core.tables import Flag, NonEmpty, Positive, Row, Status
from citybraid.core.text import row_name

FeatureStatistic = Literal["text", "mean", "yearly_sum", "spread", "column_per_area", "indicator", "indicator_per_area"]
FeatureDistance = Literal["same", "linear", "log"]


class CaseLicence(Row):
    """A licence of data: whether a file under it may be passed on within a case."""

    TABLE: ClassVar[str] = "codes/case_licences"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The licence: its SPDX identifier where it has one."""
    name_en: NonEmpty
    """What people call it, in English."""
    name_zh: NonEmpty
    """What people call it, in Chinese."""
    url: str
    """Its text; empty where there is none."""
    share: Flag
    """Whether a file under it may be passed on."""

    def name(self, language: str) -> str:
        """Return what people call it in a language."""
        return row_name(dict(self), "name", language, table="case_licences")


class CaseFeature(Row):
    """A feature of a place that cases are compared by; its name is the text case_feature.<id>."""

    TABLE: ClassVar[str] = "codes/case_features"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The feature."""
    group: Literal["climate", "density", "terrain", "hazard"]
    """What it tells of a place: groups count alike, whatever the number of their features."""
    statistic: FeatureStatistic
    """How it is read from a run."""
    var: NonEmpty
    """The quantity, the indicator, or the entry of the study that it is read from."""
    unit: str
    """Its unit; empty for a text."""
    distance: FeatureDistance
    """How two places differ: another text, a difference, or a ratio."""
    scale: Positive
    """Difference, or ratio, that counts as 1."""
    status: Status
    """Verification status of the scale."""


class CaseHazard(Row):
    """A hazard that a case may deal with; its name is the text case_hazard.<id>."""

    TABLE: ClassVar[str] = "codes/case_hazards"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The hazard."""
    indicator: NonEmpty
    """The indicator whose value above 0 shows it in a run."""


class CaseWord(Row):
    """A form of places or level of plans that authors choose from, a question of the review, or a map worth packing."""

    TABLE: ClassVar[str] = "codes/case_words"
    KEY: ClassVar[tuple[str, ...]] = ("kind", "id")

    kind: Literal["form", "level", "check", "map"]
    """What it is a word for; its name is the text case_<kind>.<id>. A map is the start of a picture's name."""
    id: NonEmpty
    """The word."""
