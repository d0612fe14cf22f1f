"""Migration of manifests of earlier formats to the current one, with a pure function for each format."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from citybraid.core.errors import InputError
from citybraid.study.run.manifest import Manifest

MANIFEST = "manifest.json"
FORMAT = int(Manifest.model_fields["format"].default)
"""Format that this version writes."""
Content = Mapping[str, Any]


def migrate(content: Any, folder: str) -> Manifest:
    """Return the manifest of any known format, migrated and validated; `folder` names the run in errors.

    Raises InputError for a newer format and for a damaged manifest.
    """
    if not isinstance(content, dict):
        raise InputError("run.damaged", folder=folder, part=MANIFEST)
    written = content.get("format", 1)
    if isinstance(written, bool) or not isinstance(written, int) or written < 1:
        raise InputError("run.damaged", folder=folder, part=f"{MANIFEST}: format")
    if written > FORMAT:
        raise InputError("run.newer", folder=folder, got=written, known=FORMAT)
    for step in STEPS[written - 1 :]:
        content = step(content)
    content = _without_unread(content)
    try:
        return Manifest.model_validate(content)
    except ValidationError as fault:
        part = ".".join(str(name) for name in fault.errors()[0]["loc"])
        raise InputError("run.damaged", folder=folder, part=f"{MANIFEST}: {part}") from fault


def _without_unread(content: Content) -> Content:
    """Leave out a limit of readers that was recorded up to version 0.1 although nothing read it."""
    asked = content.get("asked")
    limits = asked.get("limits") if isinstance(asked, Mapping) else None
    if not isinstance(asked, Mapping) or not isinstance(limits, Mapping) or "crs_bytes" not in limits:
        return content
    kept = {name: value for name, value in limits.items() if name != "crs_bytes"}
    return {**content, "asked": {**asked, "limits": kept}}


def _numbered(content: Content) -> Content:
    """1 → 2: adds the format number, and explicit empty values for optional parts."""
    defaults: Content = {
        "basis": None, "uncertainty": None, "choice": None, "failing_in": None, "partial": {}, "lacking": {},
    }  # fmt: skip
    uncertainty = dict(content.get("uncertainty") or {})
    if "floods_given" in uncertainty:
        uncertainty["given"] = uncertainty.pop("floods_given")
    return {**defaults, **content, "format": 2, "uncertainty": uncertainty or None}


def _with_facts(content: Content) -> Content:
    """2 → 3: adds to each Step what its computation reports of itself, which was not kept."""
    steps = content.get("steps")
    if not isinstance(steps, Mapping):
        return {**content, "format": 3}
    steps_with = {key: {"facts": {}, **step} if isinstance(step, Mapping) else step for key, step in steps.items()}
    return {**content, "format": 3, "steps": steps_with}


STEPS: tuple[Callable[[Content], Content], ...] = (_numbered, _with_facts)
"""Migrations from each format to the next, oldest first."""
