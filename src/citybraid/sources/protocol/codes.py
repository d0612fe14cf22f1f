"""Code tables that decide what readers return, as one part of the keys of what they read."""

import hashlib
from functools import cache
from importlib.resources import files

NAMES = (
    "building_use", "column_fillers", "column_names", "drawing_layers", "facility_kinds", "file_roles", "land_cover",
    "land_use", "land_use_crosswalk", "land_use_headers", "land_use_words", "parcel_status", "plan_texts",
    "road_classes", "units",
)  # fmt: skip
"""The tables that decide what a reader returns."""


@cache
def fingerprint() -> str:
    """Return what stands for all code tables in a key: a changed crosswalk makes new leaves."""
    whole = hashlib.sha256()
    for name in NAMES:
        whole.update(files("citybraid").joinpath("codes", f"{name}.csv").read_bytes().replace(b"\r\n", b"\n"))
    return whole.hexdigest()[:16]
