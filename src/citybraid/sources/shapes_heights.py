"""Heights and measures of shapes, dropped on reading."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.finding import Finding


def dropped(info: Mapping[str, Any], *, name: str) -> tuple[Finding, ...]:
    """Return what is said of a layer whose kind of shapes has heights (Z) or measures (M), nothing of others."""
    kind = str(info.get("geometry_type", ""))
    high = kind.startswith(("2.5D", "3D", "Measured")) or kind.endswith((" Z", " M", " ZM"))
    return (Finding("found", "intake.shape_flat", name, int(info["features"])),) if high else ()
