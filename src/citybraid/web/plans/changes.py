"""Changes of a draft as they are sent and kept: controls of parcels, measures placed, measures taken away."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter
from pydantic_core import PydanticCustomError

Name = Literal["land_use", "floor_area_ratio", "building_density", "height_limit", "green_ratio"]
"""What can be changed on a parcel."""
MOST_PARCELS = 50_000
"""Parcels of one change [-]: all of a city district at once."""
MOST_POINTS = 2000
"""Points of a drawn outline [-]."""
Id = Annotated[str, Field(min_length=1, max_length=120)]


def _typed(values: Mapping[Name, str | float | None]) -> Mapping[Name, str | float | None]:
    """Refuse a land use that is no text, and a control that is no number."""
    wrong = [
        name for name, each in values.items() if each is not None and isinstance(each, str) != (name == "land_use")
    ]
    if wrong:
        raise PydanticCustomError(
            "kind_of_value", "{name}: a land use is a text, a control a number", {"name": wrong[0]}
        )
    return values


Values = Annotated[Mapping[Name, str | float | None], AfterValidator(_typed)]
"""Land use and controls by name; None puts a value back."""


class Part(BaseModel):
    """A closed, frozen part of a change."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Controls(Part):
    """Land use and controls of parcels; None puts a value back to the base alternative's."""

    kind: Literal["controls"] = "controls"
    parcels: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_PARCELS)]
    values: Annotated[Values, Field(min_length=1)]


class Site(Part):
    """Where a measure goes: on parcels, on a drawn area (longitude, latitude), or by its own rules in units or all."""

    parcels: Annotated[tuple[Id, ...], Field(max_length=MOST_PARCELS)] = ()
    area: Annotated[tuple[tuple[float, float], ...], Field(max_length=MOST_POINTS)] = ()
    units: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()

    @property
    def drawn(self) -> bool:
        """Whether it is kept to some land, and not placed by rule."""
        return bool(self.parcels or self.area)


class Placing(Part):
    """A measure placed, or placed otherwise where the placement is known."""

    kind: Literal["place"] = "place"
    placement: Annotated[str, Field(pattern=r"^[a-z0-9]{1,32}$")]
    measure: Annotated[str, Field(max_length=80)]
    site: Site = Site()
    params: Annotated[Mapping[str, Any], Field(max_length=40)] = Field(default_factory=dict)


class Removing(Part):
    """A placement of the draft, or a measure of its base alternative, taken away."""

    kind: Literal["remove"] = "remove"
    placement: Annotated[str, Field(pattern=r"^(base:\d{1,3}:\w{1,80}|[a-z0-9]{1,32})$")]


Change = Annotated[Controls | Placing | Removing, Field(discriminator="kind")]
CHANGE: TypeAdapter[Controls | Placing | Removing] = TypeAdapter(Change)


class Turn(Part):
    """The last change undone, or the last undone one made again."""

    kind: Literal["undo", "redo"]


def parcels_of(change: Mapping[str, Any]) -> set[str]:
    """Return the parcels that a kept change concerns."""
    return {*change.get("parcels", ()), *(change.get("site") or {}).get("parcels", ())}


def placement_of(change: Mapping[str, Any]) -> str:
    """Return the placement that a kept change concerns, '' for none."""
    return str(change.get("placement", ""))
