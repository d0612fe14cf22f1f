"""Metadata for other catalogues: a STAC item beside the file, and the RO-Crate description within it.

STAC 1.1 by pystac with the file extension 2.1; RO-Crate 1.1 (researchobject.org/ro-crate/1.1), written by hand:
it is one JSON-LD document.
"""

import datetime as dt
import json
from pathlib import PurePosixPath
from typing import Any

import pystac

from citybraid.commons.form.card import Card, Part
from citybraid.core.rows.cases import CaseLicence
from citybraid.core.tables import read_table

CRATE = "ro-crate-metadata.json"
CRATE_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
CRATE_PROFILE = "https://w3id.org/ro/crate/1.1"
FILE_EXTENSION = "https://stac-extensions.github.io/file/v2.1.0/schema.json"
SHA256_MULTIHASH = "1220"
"""Prefix of a SHA-256 as a multihash: its code and its length."""
ZIP = "application/zip"
OTHER = "other"
"""STAC's word for a licence without an SPDX identifier, or for several."""
MEDIA = {
    ".csv": "text/csv", ".json": "application/json", ".geojson": "application/geo+json", ".toml": "application/toml",
    ".html": "text/html", ".pdf": "application/pdf", ".png": "image/png", ".tif": "image/tiff",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".gpkg": "application/geopackage+sqlite3",
}  # fmt: skip


def stac_item(card: Card, *, file: str, size: int, sha256: str) -> bytes:
    """Return the STAC item of a case whose file has this name, size and hash; its time is the study's year."""
    begun = dt.datetime(card.year, 1, 1, tzinfo=dt.UTC)
    ended = dt.datetime(card.year, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
    item = pystac.Item(
        id=card.name,
        geometry=None if card.bounds is None else _rectangle(card.bounds),
        bbox=None if card.bounds is None else list(card.bounds),
        datetime=None,
        start_datetime=begun,
        end_datetime=ended,
        properties={
            "title": card.title["en"],
            "description": _description(card),
            "license": card.lessons.licence or OTHER,
            "citybraid:title_zh": card.title["zh"],
            "citybraid:format": f"{card.format}/{card.version}",
            "citybraid:synthetic": card.synthetic,
            "citybraid:measures": list(card.measures),
            "citybraid:hazards": list(card.hazards),
            "citybraid:coordinates": card.reduction.coordinates,
        },
        stac_extensions=[FILE_EXTENSION],
    )
    checks = {"file:size": size, "file:checksum": SHA256_MULTIHASH + sha256}
    item.add_asset("case", pystac.Asset(f"./{file}", media_type=ZIP, roles=["data"], extra_fields=checks))
    return _json(item.to_dict(include_self_link=False))


def ro_crate(card: Card) -> bytes:
    """Return the RO-Crate description of the parts of a case (its card apart, which holds the hash of this)."""
    licences = {row.id: row.url for row in read_table(CaseLicence)}
    url = licences.get(card.lessons.licence, "")
    authors: list[dict[str, Any]] = [
        {"@id": f"#author-{at}", "@type": "Person", "name": name} for at, name in enumerate(card.lessons.authors)
    ]
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": card.title["en"],
        "alternateName": card.title["zh"],
        "description": _description(card),
        "datePublished": card.lessons.date or str(card.year),
        "license": {"@id": url} if url else "not stated by the authors",
        "author": [{"@id": each["@id"]} for each in authors],
        "hasPart": [{"@id": part.path} for part in card.parts],
    }
    if card.bounds is not None:
        west, south, east, north = card.bounds
        root["spatialCoverage"] = {"@id": "#place"}
        authors.append(
            {"@id": "#place", "@type": "Place", "geo": {"@id": "#box"}},
        )  # fmt: skip
        authors.append({"@id": "#box", "@type": "GeoShape", "box": f"{south} {west} {north} {east}"})
    described = {
        "@id": CRATE, "@type": "CreativeWork", "conformsTo": {"@id": CRATE_PROFILE}, "about": {"@id": "./"},
    }  # fmt: skip
    made = {"@id": "#citybraid", "@type": "SoftwareApplication", "name": "citybraid", "version": card.program}
    graph = [described, root, made, *authors, *([{"@id": url, "@type": "CreativeWork"}] if url else [])]
    of_inputs = {piece.path: each.licence for each in card.inputs for piece in each.pieces}
    graph += [
        _file(part, licences.get(of_inputs.get(part.path.removeprefix("inputs/"), ""), "")) for part in card.parts
    ]
    return _json({"@context": CRATE_CONTEXT, "@graph": graph})


def _file(part: Part, licence: str) -> dict[str, Any]:
    path, suffix = part.path, PurePosixPath(part.path).suffix.lower()
    entry: dict[str, Any] = {"@id": path, "@type": "File", "contentSize": str(part.bytes), "sha256": part.sha256}
    if suffix in MEDIA:
        entry["encodingFormat"] = MEDIA[suffix]
    if path.startswith("inputs/") and licence:
        entry["license"] = {"@id": licence}
    return entry


def _description(card: Card) -> str:
    summary = card.lessons.problem.get("en") or card.lessons.context.get("en") or card.title["en"]
    return f"Synthetic data. {summary}" if card.synthetic else summary


def _rectangle(bounds: tuple[float, float, float, float]) -> dict[str, Any]:
    west, south, east, north = bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()
