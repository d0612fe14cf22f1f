"""Schema of a climate over which a choice shall be robust."""

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from citybraid.study.open.study_part import StudyPart, Titles


class ScenarioClimate(StudyPart):
    """A climate of the future, as `[study] climate`."""

    scenario: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$")
    """Scenario, as ssp245."""
    horizon: int = Field(ge=1950, le=2200)
    """Year."""


class ClimateScenario(StudyPart):
    """A climate in which the measures are tried: of factor rows, or the present one with other rain."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,29}$")
    """Short name."""
    title: Titles
    """Title in both languages."""
    climate: ScenarioClimate | None = None
    """Climate of weather and design storms: {scenario = "ssp245", horizon = 2050}."""
    rain_factor: float | None = Field(None, ge=0.5, le=3)
    """Factor on the rain of design storms, instead of that of the climate [-]."""

    @model_validator(mode="after")
    def _says_something(self) -> "ClimateScenario":
        if self.climate is None and self.rain_factor is None:
            raise PydanticCustomError("scenario", "it must state climate, rain_factor or both", {})
        return self
