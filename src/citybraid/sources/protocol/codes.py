"""Code tables of the package: crosswalks and synonyms as rows, never in code."""

import csv
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

NAMES = (
    "building_use", "column_fillers", "column_names", "drawing_layers", "facility_kinds", "file_roles", "land_cover",
    "land_use", "land_use_crosswalk", "land_use_headers", "land_use_words", "parcel_status", "plan_texts",
    "road_classes", "units",
)  # fmt: skip
"""The tables that decide what a reader returns."""

Row = Mapping[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Return the rows of a code table, each as {column: text}."""
    text = files("citybraid").joinpath("codes", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def fingerprint() -> str:
    """Return what stands for all code tables in a key: a changed crosswalk makes new leaves."""
    whole = hashlib.sha256()
    for name in NAMES:
        whole.update(files("citybraid").joinpath("codes", f"{name}.csv").read_bytes().replace(b"\r\n", b"\n"))
    return whole.hexdigest()[:16]
