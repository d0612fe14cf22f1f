"""Parameters of a flood."""

from typing import Annotated, Literal

from pydantic import Field

from citybraid.core.layer import Later
from citybraid.core.model import Params
from citybraid.resilience.flood.grid import Edge
from citybraid.resilience.flood.infiltration import Method

Level = Annotated[float, Field(ge=-500.0, le=9000.0)]
"""A level of water above the datum of the terrain [m]."""


class FloodParams(Params):
    """Length of the event, edges, and numerical choices."""

    duration: float | None = Field(None, gt=0.0, le=31_622_400.0)
    """Time computed [s]; where not given, as long as the longest series and the recession after the last inflow.

    No event lasts more than a year.
    """
    recession: float = Field(1800.0, ge=0.0, le=172800.0)
    """Longest time computed after the last rain and inflow [s]; ends earlier once only standing water is left."""
    north: Edge | Level = "free"
    """Northern edge: 'free', 'closed', 'level' or 'sea' (its series side_level, else edge_level), or a level [m].

    A sea is still: it enters at critical flow at most, stands inside at first as far as it reaches, and goes on beyond
    free edges that it reaches.
    """
    south: Edge | Level = "free"
    """Southern edge, as the northern one."""
    east: Edge | Level = "free"
    """Eastern edge, as the northern one."""
    west: Edge | Level = "free"
    """Western edge, as the northern one."""
    outside: Literal["free", "closed"] = "free"
    """Rim of the cells without terrain: water leaves freely, or not at all."""
    blocked_from: float = Field(0.5, gt=0.0, le=1.0)
    """Building share of a cell from which on water cannot enter it; its rain goes to the nearest open cell [-]."""
    infiltration: Method | None = None
    """Which infiltration counts where layers of several are there: green_ampt, horton or curve_number."""
    drain_outlet: Literal["pumped", "flap"] = "pumped"
    """How drains of a capacity discharge: 'pumped', whatever the level outside; 'flap', by gravity through gates that
    shut: those of ground at or below the highest level at the edges then carry off nothing."""
    drains: Literal["apart", "coupled"] = "apart"
    """'coupled' runs the drainage model beside the flood and exchanges water at its nodes; 'apart' leaves it out."""
    outfalls: Literal["ground", "away"] = "ground"
    """Where coupled drains discharge: 'ground' onto the terrain their outfalls stand on; 'away' out of the area."""
    coupling_interval: float = Field(5.0, ge=1.0, le=60.0)
    """Time between two exchanges of water with coupled drains [s]."""
    catchments_beyond: bool = False
    """Whether the drainage model's catchments that lie wholly beyond the ground are rained on, into its pipes."""
    drain_reach: float = Field(15.0, ge=0.0, le=500.0)
    """How far a node on a building, or an outfall, may lie from the cell that it exchanges water with [m]."""
    subgrid: int = Field(1, ge=1, le=4)
    """Cells computed are this many times as wide as the ground's and know the fine ground within; 1 computes all."""
    threshold: float = Field(0.05, gt=0.0, le=1.0)
    """Depth from which a cell counts as flooded: for speed, hazard, arrival and duration [m]."""
    momentum: Annotated[Literal["inertial", "full"], Later(revision=2)] = "inertial"
    """Equations of momentum: 'inertial' without advection, for floods that spread; 'full' with it, for dam breaks,
    jets, hydraulic jumps and water that runs over a rise by its speed. 'full' takes many times as long."""
    alpha: float = Field(0.7, gt=0.0, le=0.7)
    """Courant number of the adaptive time step [-]."""
    theta: float = Field(0.9, ge=0.5, le=1.0)
    """Weight of a face's own discharge against its neighbours' in the q-centred scheme [-]."""
    longest_step: float = Field(10.0, ge=0.001, le=60.0)
    """Longest time step [s]."""
    velocities: Annotated[bool, Later()] = False
    """Whether velocities to the east and north are kept at the times of the depths, 8 byte a cell and time; not with
    `subgrid`."""
    course_interval: float | None = Field(None, ge=60.0, le=86400.0)
    """Longest time between two depths kept for what changes over an event [s]; 600, or a 24th of longer events."""
