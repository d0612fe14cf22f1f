"""Step: one model with its input and output layers. Everything that runs is a Step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from citybraid.core.layer import Layer
from citybraid.core.model import Model


@dataclass(frozen=True)
class Step:
    """A model with the layers it reads and makes.

    `reads` is by parameter: {parameter: {Var name: layer}} for a Var or a Table,
    {parameter: {label: layer}} for a fan-in. `extra` holds parameters, resolved
    factors and the grid, as they entered the key.
    """

    model: Model[Any, Any]
    key: str
    reads: Mapping[str, Mapping[str, Layer]]
    extra: Mapping[str, Any]
    outs: tuple[Layer, ...]

    @property
    def name(self) -> str:
        """The model's id with its labels; a Step inserted by the planner includes its quantity."""
        first = self.outs[0]
        name = f"{self.model.id}:{first.var.name}" if self.model.id.startswith("core.") else self.model.id
        return f"{name}@{first.label}" if first.label else name


@dataclass(frozen=True)
class Gap:
    """A model that cannot run, its outputs, and its missing inputs."""

    model: str
    makes: tuple[str, ...]
    needs: tuple[str, ...]
