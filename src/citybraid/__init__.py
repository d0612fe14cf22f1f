"""citybraid: low-carbon, climate-resilient, nature-positive territorial spatial plans from a planner's own files."""

from importlib import import_module

__version__ = "0.1.0"

HOMES = {
    "PlanError": "citybraid.core.errors",
    "Glazing": "citybraid.kernels.climate.solar_glass",
    "Room": "citybraid.api.rooms",
    "Run": "citybraid.api.run",
    "Study": "citybraid.api.study",
    "carbon_value": "citybraid.api.worth",
    "factors": "citybraid.api.doors",
    "hypervolume": "citybraid.api.choices",
    "knapsack": "citybraid.api.choices",
    "models": "citybraid.api.doors",
    "module_course": "citybraid.api.light",
    "new": "citybraid.api.doors",
    "open": "citybraid.api.doors",
    "open_run": "citybraid.api.doors",
    "plane_light": "citybraid.api.light",
    "room_course": "citybraid.api.rooms",
    "sky_view": "citybraid.api.sights",
    "sun_position": "citybraid.api.sights",
}
"""Where each public name stands; it is imported when it is first asked for. Types: __init__.pyi."""

__all__ = [
    "Glazing",
    "PlanError",
    "Room",
    "Run",
    "Study",
    "__version__",
    "carbon_value",
    "factors",
    "hypervolume",
    "knapsack",
    "models",
    "module_course",
    "new",
    "open",
    "open_run",
    "plane_light",
    "room_course",
    "sky_view",
    "sun_position",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    if name not in HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
