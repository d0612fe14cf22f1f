"""Guess the role of each file in a folder from its name, columns and geometry type; every guess has its reason."""

import glob
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError, PlanError
from citybraid.core.factor import shipped
from citybraid.core.rows.intake import DrawingLayer, FileRole
from citybraid.core.tables import read_table
from citybraid.sources.cad.layer_patterns import SEPARATOR, matches_layer
from citybraid.sources.cad.roles import escaped
from citybraid.sources.fenced.intake_run import shared_sandbox
from citybraid.sources.fenced.safety import refuse_outside
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.intake.counter_evidence import TIME, contradicts, is_copy, is_cover
from citybraid.sources.intake.years_of_files import superseded, year_of
from citybraid.sources.placement.crs import parse_crs, transformer
from citybraid.sources.placement.zones import Point, areal_scale, candidates, centre, lonlat, planning_crs
from citybraid.sources.protocol.dataset import iter_datasets
from citybraid.sources.protocol.discovery import Reader, kind_of, raster_settings, reader_for, role_of
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.quantities import RASTER_AXES, SPOT_HEIGHTS, columns_of
from citybraid.sources.protocol.role import Role
from citybraid.sources.protocol.target import Bounds, Target, is_metric
from citybraid.sources.raster.mosaic import are_tiles
from citybraid.sources.series.rain import with_bracketed_unit
from citybraid.sources.series.times import states_times
from citybraid.sources.text.columns import key, match_columns, synonyms
from citybraid.sources.vector.preview import LayerPreview

THREATS = "habitat_threat"
"""Factor that names the threats to habitats."""
CLOSE_AREAS = 0.005
"""Share that areas may be off by in a CRS that is proposed: UTM and 6-degree zones stay within it [-]."""
SURE_ENOUGH = 0.35
"""Lowest confidence at which a role is proposed [-]."""
BYSTANDERS = frozenset(
    {".shx", ".dbf", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".xml", ".qml", ".sld", ".keywords", ".md", ".toml",
     ".tfw", ".ige", ".gpkg-journal", ".gpkg-wal", ".gpkg-shm"}
)  # fmt: skip
PARTS_OF = {
    ".mid": (".mif",), **dict.fromkeys((".dat", ".map", ".id", ".ind"), (".tab",)),
    **dict.fromkeys((".xsd", ".gfs"), (".gml",)), **dict.fromkeys((".jgw", ".jpgw"), (".jpg", ".jpeg")),
    **dict.fromkeys((".pgw", ".pngw"), (".png",)), ".bpw": (".bmp",),
}  # fmt: skip
"""Files that belong to another of the same name, which is told for both, by the suffixes of that one."""
DBASE = ".dbf"
DRAWN = ("line", "point")
"""Kinds of shapes that draw heights: contours and spots."""
TERRAIN = "terrain"
PLACES = "EPSG:4326"
"""CRS in which extents of files of several CRS are compared."""
NEVER = 0.0
FITTING, MISFIT = 0.2, -0.5
"""Added to the name's score where a raster's values fit the role, or do not [-]."""
MOST_BY_COLUMNS = 0.5
"""Most that columns can add to the name's score [-]."""
WITHOUT_SHAPES = 0.6
"""Weight of a sheet for a role that needs geometry: it can only add columns [-]."""


@dataclass(frozen=True)
class Guess:
    """Probable role of a file, '' where none is likely, with a reason by text id.

    `options` are entries of the study file that go with the guess; `asks` are those that
    only the user knows, with candidates. `crs` is the coordinate system that the file states, as
    EPSG code, `place` the longitude and latitude of its centre in that system, `middle` its centre in
    its own coordinates. `layer` names the layer of a file with several.
    """

    path: Path
    role: str
    reason: str
    confidence: float
    values: Mapping[str, object] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    asks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    crs: str = ""
    place: Point | None = None
    middle: Point | None = None
    layer: str = ""
    bounds: Bounds | None = None
    """Extent in the file's own coordinates."""
    shape: tuple[int, int] | None = None
    """Rows and columns of a raster."""
    notes: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def guess_roles(folder: Path, *, limits: Limits | None = None, sandbox: Sandbox | None = None) -> list[Guess]:
    """Return a guess for every readable file of a folder, the surest first; files that nothing reads have role ''.

    `sandbox` is a worker that the caller reuses; without it one is started for these files.
    """
    guesses: list[Guess] = []
    root = folder.resolve()  # the worker has a folder of its own
    with shared_sandbox(sandbox, own=lambda: Sandbox(root)) as worker:
        for path in iter_datasets(root):
            if is_copy(path):
                guesses.append(Guess(path, "", "intake.guess_copy", NEVER, {"name": path.name}))
            elif is_cover(path):
                guesses.append(Guess(path, "", "intake.guess_cover", NEVER, {"name": path.name}))
            elif path.suffix.lower() == DBASE and not _of_shapefile(path):
                guesses.append(Guess(path, "", "intake.guess_dbf", NEVER, {"name": path.name}))
            elif path.suffix.lower() not in BYSTANDERS and not _beside(path, PARTS_OF.get(path.suffix.lower(), ())):
                guesses += _file_guesses(path, root, worker, limits or Limits())
    return _resolved(_of_latest_year(guesses))


def _of_latest_year(guesses: Sequence[Guess]) -> list[Guess]:
    """Return guesses of which those of an older year have no role, and say which one is used instead."""
    older = superseded(guesses)
    settled = list(guesses)
    for place, latest in older.items():
        guess, used = guesses[place], guesses[latest]
        values = {"role": guess.role, "name": guess.path.name, "used": used.path.name, "year": year_of(guess.path)}
        settled[place] = Guess(guess.path, "", "intake.guess_older", guess.confidence, values, layer=guess.layer)
    return settled


def _of_shapefile(path: Path) -> bool:
    """Tell whether a table belongs to a shapefile beside it."""
    return _beside(path, (".shp",))


def _beside(path: Path, suffixes: Sequence[str]) -> bool:
    """Tell whether a file of the same name with one of these suffixes lies beside."""
    return any(each.suffix.lower() in suffixes for each in path.parent.glob(f"{glob.escape(path.stem)}.*"))


@dataclass(frozen=True)
class Examined:
    """What a look at a file tells without reading it: its layers, and the guess of each."""

    layers: tuple[LayerPreview, ...]
    guesses: tuple[Guess, ...]


def examined(path: Path, folder: Path, sandbox: Sandbox, limits: Limits) -> Examined:
    """Return what a look at a file below a folder tells; a file that cannot be opened has one guess that says why."""
    try:
        refuse_outside(path, folder, entry=path.name, said=path.name)
        reader = reader_for(path)
        if path.is_file() and not path.stat().st_size:
            raise InputError("intake.file_empty", name=path.name)
        job = Job(reader.module_name, path, "", reader.options(), Target("EPSG:4549", 1.0), limits)
        layers = sandbox.peek(job)
    except PlanError as fault:
        return Examined((), (Guess(path, "", fault.text, NEVER, dict(fault.values)),))
    return Examined(layers, tuple(_layer_guess(path, layer, reader, single=len(layers) == 1) for layer in layers))


def _file_guesses(path: Path, folder: Path, sandbox: Sandbox, limits: Limits) -> list[Guess]:
    layers, guesses = (seen := examined(path, folder, sandbox, limits)).layers, list(seen.guesses)
    if not any(guess.role for guess in guesses):
        return guesses[:1]
    unused = "intake.guess_layer_none"
    return [
        guess if guess.role else replace(guess, reason=unused, values={"layer": layer.layer, "count": layer.count},
                                         layer=layer.layer)
        for guess, layer in zip(guesses, layers, strict=True)
    ]  # fmt: skip


def _layer_guess(path: Path, layer: LayerPreview, reader: Reader, *, single: bool) -> Guess:
    """The most likely role of one layer, with the evidence."""
    if layer.role:
        crs_options = {"crs": candidates(layer.bounds)} if layer.bounds else {}
        return Guess(path, layer.role, "intake.guess_format", 1.0, {"format": path.suffix}, asks=crs_options)
    drawn = bool(layer.patterns)
    text = layer.layer if drawn else f"{path.stem} {layer.layer}"
    scores = {role: _score(role, text, layer) for role in _candidate_roles(layer)}
    role = layer.layer if drawn else max(scores, key=lambda each: scores[each], default="")
    confidence = min(1.0, max(scores.get(role, NEVER), 0.7 if drawn else NEVER))
    if confidence < SURE_ENOUGH:
        empty = layer.kind not in ("raster", "table") and layer.count == 0
        return Guess(path, "", "intake.guess_empty" if empty else "intake.guess_none", confidence, {"name": path.name})
    columns = _columns(role, layer)
    values = {"name": path.name, "columns": columns or "-", "kind": layer.kind or "-"}
    options: dict[str, object] = {"layers": _layer_patterns(role, layer)} if drawn else {}
    if not single and not drawn and "sheet" in reader.options.model_fields:
        options["sheet"] = layer.layer
    threats = _threats(path.stem) if role in RASTER_AXES else ()
    options |= {RASTER_AXES[role]: threats[0]} if len(threats) == 1 else {}
    asks = {RASTER_AXES[role]: threats} if len(threats) > 1 else {}
    needs_crs = "crs" in reader.options.model_fields and layer.kind != "table" and not layer.crs
    crs_options = {"crs": candidates(layer.bounds) if layer.bounds else ()} if needs_crs else {}
    code = _epsg(layer.crs)
    middle = centre(layer.bounds) if layer.bounds else None
    place = lonlat(middle, code) if code and middle else None
    name = "" if single or drawn else layer.layer
    asks |= crs_options
    return Guess(
        path, role, "intake.guess_signs", confidence, values, options, asks, code, place, middle, name,
        layer.bounds, layer.shape,
    )  # fmt: skip


def _threats(stem: str) -> tuple[str, ...]:
    """Return the threat that a file is named after, else all threats of the shipped factor rows."""
    known = sorted({row.key.partition("/")[0] for row in shipped().by_name[THREATS]})
    named = tuple(name for name in known if name in stem.casefold())
    return named if len(named) == 1 else tuple(known)


def _epsg(text: str) -> str:
    """The EPSG code of a CRS as a file states it; '' where it has none."""
    try:
        code = parse_crs(text, name="").to_epsg() if text else None
    except PlanError:
        return ""
    return f"EPSG:{code}" if code is not None else ""


def _candidate_roles(layer: LayerPreview) -> Iterable[str]:
    """Roles that fit the layer's kind, of those with known name patterns or columns."""
    every = [role for name in dict.fromkeys(row.role for row in read_table(FileRole)) if (role := role_of(name))]
    if layer.kind == "table":
        return [each.name for each in every if _sheet_signs(each) or (each.kind == "shapes" and each.shapes.sheets)]
    if layer.kind == "raster":
        return [each.name for each in every if each.kind == "raster"]
    return [each.name for each in every if each.kind == "shapes" or (each.pixels.heights and layer.kind in DRAWN)]


def _sheet_signs(role: Role | None) -> tuple[str, ...]:
    """Quantities whose columns identify a table without geometry."""
    return () if role is None or role.sheet is None else role.sheet.signs


def _score(role: str, text: str, layer: LayerPreview) -> float:
    """Score of a role: the best word in the name, the columns, the geometry type."""
    patterns = [row for row in read_table(FileRole) if row.role == role]
    word = max(
        (row.score for row in patterns if row.kind == "name" and row.pattern.casefold() in text.casefold()),
        default=0.0,
    )
    columns = set(_columns(role, layer))
    if contradicts(role, columns, layer):
        return NEVER
    score = sum(row.score for row in patterns if row.kind == "column" and row.pattern in columns)
    joined = layer.kind == "table" and kind_of(role) == "shapes"
    by_columns = min(1.0 if joined else MOST_BY_COLUMNS, score)
    shapes = {row.pattern: row.score for row in patterns if row.kind == "geometry"}
    if layer.kind in ("polygon", "line", "point") and layer.kind not in shapes:
        return NEVER
    if joined:
        return (word + by_columns) * WITHOUT_SHAPES
    return max(NEVER, word + by_columns + shapes.get(layer.kind, 0.0) + _value_score(role, layer))


def _value_score(role: str, layer: LayerPreview) -> float:
    """Score of a raster's values: heights vary, class codes are integers, shares lie within 0 and 1."""
    if layer.kind != "raster" or layer.low != layer.low:
        return 0.0
    fits = raster_settings(role).fits
    return FITTING if fits is None or fits(layer.low, layer.high, whole=layer.whole) else MISFIT


def _columns(role: str, layer: LayerPreview) -> list[str]:
    """Quantities of a role for which the layer has columns."""
    if signs := _sheet_signs(role_of(role)):
        names = {key(with_bracketed_unit(column)) for column in layer.columns}
        timed = TIME in signs and states_times(layer.columns)
        return [var for var in signs if (timed and var == TIME) or names & {key(word) for word in synonyms(var)}]
    if kind_of(role) != "shapes":
        return []
    return sorted(match_columns(layer.columns, list(columns_of(role)), {}, layer=role, cut=True).headers)


def _layer_patterns(role: str, layer: LayerPreview) -> dict[str, str]:
    """The pattern of a role's drawing layers; none for heights on layers with different known names: all are read."""
    pattern = _common_pattern(role, layer.patterns, layer.others)
    apart = pattern == "*" or SEPARATOR in pattern
    return {} if apart and raster_settings(role).heights else {role: pattern}


def _common_pattern(role: str, names: tuple[str, ...], others: tuple[str, ...]) -> str:
    """The shortest pattern that matches all of a role's drawing layers and no other: else all of their names.

    It is what their names begin with, a known pattern, or that of every layer.
    """
    if len(names) == 1:
        return names[0]
    head = names[0]
    while not all(name.startswith(head) for name in names):
        head = head[:-1]
    known = [row.pattern for row in read_table(DrawingLayer) if row.role == role]
    fitting = [pattern for pattern in known if all(matches_layer(name, (pattern,)) for name in names)]
    patterns = [f"{head}*"] * bool(head) + fitting + ["*"]
    alone = (each for each in patterns if not any(matches_layer(name, (each,)) for name in others))
    return next(alone, f"{SEPARATOR} ".join(escaped(name) for name in names))


def _resolved(guesses: list[Guess]) -> list[Guess]:
    """Keep one file for a single-file role; a dedicated file takes precedence over a layer of a drawing.

    A sheet has no shapes: its columns are joined to those of the drawing beside it, which it does not replace.
    """
    assigned: set[str] = set()
    settled: list[Guess] = []
    for guess in sorted(guesses, key=_rank):
        stated = role_of(guess.role)
        single = (stated is not None and stated.single) or "layers" in guess.options
        if guess.role == TERRAIN and guess.role in assigned and guess.values.get("kind") == "point":
            settled.append(replace(guess, role=SPOT_HEIGHTS.name))
            continue
        if guess.role and single and guess.role in assigned and not _is_tile(guess, settled):
            used = next(each.path.name for each in settled if each.role == guess.role)
            values = {"role": guess.role, "used": used}
            second = Guess(guess.path, "", "intake.guess_second", guess.confidence, values)
            settled.append(replace(second, layer=guess.layer))
            continue
        if not _only_adds_columns(guess):
            assigned.add(guess.role)
        settled.append(guess)
    likely = study_crs(settled)
    likely = likely if any(guess.crs == likely for guess in settled) else ""
    return sorted((_with_crs_first(guess, likely) for guess in settled), key=lambda each: -each.confidence)


def _is_tile(guess: Guess, settled: Iterable[Guess]) -> bool:
    """Tell whether a raster lies beside all others of its role; one that states no CRS is taken as in theirs."""
    others = [each for each in settled if each.role == guess.role]
    if guess.bounds is None or kind_of(guess.role) != "raster" or any(each.bounds is None for each in others):
        return False
    codes = {each.crs for each in (guess, *others)}
    common = next(iter(codes)) if len(codes) == 1 else PLACES
    extents = [_extent(each, common) for each in (guess, *others)]
    return all(each is not None for each in extents) and are_tiles([each for each in extents if each is not None])


def _extent(guess: Guess, code: str) -> BaseGeometry | None:
    """Return a file's extent in a CRS, its own coordinates where that is its own; None where it is not known."""
    if guess.bounds is None or (not guess.crs and guess.crs != code):
        return None
    if guess.crs == code:
        return box(*guess.bounds)
    between = transformer(parse_crs(guess.crs, name=guess.crs), parse_crs(code, name=code))
    return box(*between.transform_bounds(*guess.bounds))


def _rank(guess: Guess) -> tuple[bool, bool, float, str]:
    """Return what is settled first: files before layers of drawings, a terrain of cells before spots, the surest."""
    spots = guess.role == TERRAIN and guess.values.get("kind") == "point"
    return "layers" in guess.options, spots, -guess.confidence, str(guess.path)


def _only_adds_columns(guess: Guess) -> bool:
    return guess.values.get("kind") == "table" and kind_of(guess.role) == "shapes"


def study_crs(guesses: Iterable[Guess]) -> str:
    """Return the projected CRS in metres to plan in, as EPSG code; '' where no file tells its place.

    It is the one that most files state, if it preserves areas, of several that which preserves them best; web
    Mercator and degrees do not: then it is the zone of the files' location.
    """
    located = [guess for guess in guesses if guess.role and (guess.crs or guess.place is not None)]
    stated = Counter(guess.crs for guess in located if guess.crs)
    place = next((guess.place for guess in located if guess.place is not None), None)
    metric = [code for code, _ in stated.most_common() if is_metric(parse_crs(code, name=code))]
    conformal = [
        code
        for code in metric
        if place is None or abs(areal_scale(parse_crs(code, name=code), place) - 1.0) <= CLOSE_AREAS
    ]
    if place is not None:
        most = max((stated[code] for code in conformal), default=0)
        tied = [code for code in conformal if stated[code] == most]
        conformal = sorted(tied, key=lambda code: abs(areal_scale(parse_crs(code, name=code), place) - 1.0))
    return next(iter(conformal), planning_crs(place) if place is not None else "")


def study_place(guesses: Iterable[Guess], crs: str) -> Point | None:
    """Return the longitude and latitude of the files that are used; a file without CRS is taken as in `crs`."""
    used = [guess for guess in guesses if guess.role]
    stated = next((guess.place for guess in used if guess.place is not None), None)
    middle = next((guess.middle for guess in used if guess.middle is not None), None)
    return stated if stated is not None or middle is None or not crs else lonlat(middle, crs)


def _with_crs_first(guess: Guess, crs: str) -> Guess:
    """Return the guess with the other files' CRS as its first candidate."""
    if not crs or "crs" not in guess.asks:
        return guess
    others = tuple(each for each in guess.asks["crs"] if not each.startswith(f"{crs} "))
    return replace(guess, asks={**guess.asks, "crs": (crs, *others)})
