"""Step: one model with its input and output layers. Everything that runs is a Step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from citybraid.core.layer import Layer
from citybraid.core.model import Model

THREADS = "citybraid-step"
"""Start of the names of threads that compute Steps, by which a command that ends tells them from others."""


class Band(NamedTuple):
    """Rows of a grid: from the first one on, up to the one before `end`."""

    first: int
    end: int


@dataclass(frozen=True)
class Step:
    """A model with the layers it reads and makes.

    `reads` is by parameter: {parameter: {Var name: layer}} for a Var or a Table,
    {parameter: {label: layer}} for a fan-in. `extra` holds parameters, resolved
    factors and the grid, as they entered the key. A Step on a large grid may be divided: into Steps that make a `band`
    of its rows each, and itself, which then joins their `bands`, from north to south, to its own outputs.
    """

    model: Model[Any, Any]
    key: str
    reads: Mapping[str, Mapping[str, Layer]]
    extra: Mapping[str, Any]
    outs: tuple[Layer, ...]
    band: Band | None = None
    bands: tuple["Step", ...] = ()

    @property
    def name(self) -> str:
        """The model's id with its labels; a Step inserted by the planner includes its quantity."""
        first = self.outs[0]
        name = f"{self.model.id}:{first.var.name}" if self.model.id.startswith("core.") else self.model.id
        name = f"{name}@{first.label}" if first.label else name
        return name if self.band is None else f"{name}[{self.band.first}:{self.band.end}]"


@dataclass(frozen=True)
class Gap:
    """A model that cannot run, its outputs, and its missing inputs."""

    model: str
    makes: tuple[str, ...]
    needs: tuple[str, ...]
