"""OpenStreetMap: buildings, streets, land use and water, from the Overpass API or an extract."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pyogrio
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.sources.open_data import extracts, item, known, overpass
from citybraid.sources.open_data.item import Fetched, Item, StudyFile, Workspace
from citybraid.sources.protocol.target import Bounds

NAME = "osm"
ROLES = overpass.ROLES


class Options(item.Options):
    """Where the map comes from."""

    via: Literal["overpass", "extract"] = "overpass"
    """overpass (the study area only) or extract (the whole region, as .osm.pbf)."""
    region: str = Field("", pattern=r"^([a-z0-9-]+(/[a-z0-9-]+)*)?$")
    """Region of the extract, such as asia/china/shanghai; the smallest that holds the study area where not given."""
    saved: str = ""
    """A saved response of the Overpass API (JSON file), used instead of a request."""


def tiles(bounds: Bounds, options: Options) -> tuple[Item, ...]:
    """Return the query's response, the extract, or the index for choosing the extract.

    Raises InputError where a saved response does not exist.
    """
    if options.saved:
        path = Path(options.saved).resolve()
        if not path.is_file():
            raise InputError("fetch.no_saved", path=options.saved)
        return (Item(path.name, path.as_uri(), "json"),)
    if options.region:
        return (_extract(options.region),)
    if options.via == "extract":
        row = known.source(NAME, "index")
        return (Item(*row.placed(), "json"),)
    row = known.source(NAME, "overpass")
    tag = "_".join(f"{edge:.4f}" for edge in bounds)
    return (Item(row.placed(tag=tag)[0], row.server, "json", body=overpass.encoded_query(bounds)),)


def _extract(region: str) -> Item:
    return Item(*known.source(NAME, "extract").placed(region=region), "pbf")


def make(fetched: Sequence[Fetched], options: Options, desk: Workspace) -> tuple[StudyFile, ...]:
    """Make a GeoPackage from a response; an extract is kept as it is, its reader selects the features of each role."""
    first = fetched[0]
    if options.via == "extract" and not options.region and first.item.kind == "json" and not options.saved:
        region = extracts.smallest(_index(desk.looked_at(extracts.__name__, first.path)), desk.bounds)
        extract = desk.fetch(_extract(region), lambda _: None)
        if extract is None:
            raise InputError("fetch.absent", name=region)
        first = extract
    year = {"as_of": int(first.date[:4])}
    if first.item.kind == "pbf":
        path = desk.keep(first)
        return tuple(StudyFile(role, path, year, ("fetch.osm_uneven",)) for role in ROLES)
    path = desk.folder / "osm.gpkg"
    written_roles = _write_roles(desk.looked_at(overpass.__name__, first.path), path)
    if not written_roles:
        raise InputError("fetch.osm_nothing", bounds=list(desk.bounds))
    words = {role: {"sheet": role, **({"scheme": "osm"} if role == "ground" else {}), **year} for role in written_roles}
    return tuple(StudyFile(role, path, words[role], ("fetch.osm_uneven",)) for role in written_roles)


def _index(content: object) -> tuple[extracts.Extract, ...]:
    return tuple(each for each in content if isinstance(each, extracts.Extract)) if isinstance(content, tuple) else ()


def _write_roles(content: object, path: Path) -> tuple[str, ...]:
    """Write the shapes of every non-empty role; return these roles."""
    role_shapes = (
        [each for each in content if isinstance(each, overpass.RoleShapes)] if isinstance(content, tuple) else []
    )
    non_empty = [each for each in role_shapes if len(each.frame)]
    draft = path.with_name(f".{path.name}.part.gpkg")
    draft.unlink(missing_ok=True)
    for each in non_empty:
        pyogrio.write_dataframe(each.frame, draft, layer=each.role, driver="GPKG", append=draft.exists())
    if non_empty:
        draft.replace(path)
    return tuple(each.role for each in non_empty)
