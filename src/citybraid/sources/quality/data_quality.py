"""What intake knows of each layer, weighed: the evidence for `trust`, gathered from layers, findings and problems."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyproj import CRS

from citybraid.core.finding import Finding
from citybraid.core.rows.intake import TrustSign
from citybraid.core.tables import read_table
from citybraid.sources.intake.intake import Intake
from citybraid.sources.placement.crs import same
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.quantities import geometry_of
from citybraid.sources.protocol.reading import Found
from citybraid.sources.quality import trust
from citybraid.sources.quality.trust import Part, Thresholds, Trust

UNTESTED = "intake.rule_untested"
RIGHT = ("right", "within")
"""How findings on a tested rule call the share of rows that it got right, or within its bound [%]."""


def weighed(
    intake: Intake, files: Mapping[str, FileSpec], *, year: int, thresholds: Thresholds | None = None
) -> tuple[Trust, ...]:
    """Return how far each layer can be trusted, part by part, the weakest first.

    A layer is a table, a raster, or what a file of weather, storms or residents brought.
    `files` are the entries of the study, `year` is the study's.
    """
    limits = thresholds or Thresholds()
    layers: dict[str, list[Found]] = defaultdict(list)
    for found in intake.layers:
        layers[layer_of(found, files)].append(found)
    told = [
        Trust(name, _rows(found), trust.worst_of(_parts(name, found, intake, files, year=year, limits=limits)))
        for name, found in layers.items()
    ]
    return tuple(trust.weakest_first(told))


def layer_of(found: Found, files: Mapping[str, FileSpec]) -> str:
    """Return the name of the layer that a value belongs to."""
    if found.var.on == "grid":
        return found.var.name
    if geometry_of(found.var.on) is not None:
        return found.var.on
    entry = min(found.origin, default=found.var.name)
    return files[entry].role or entry if entry in files else entry


def _parts(
    name: str, layers: list[Found], intake: Intake, files: Mapping[str, FileSpec], *, year: int, limits: Thresholds
) -> Iterator[Part]:
    count = _rows(layers)
    for found in layers:
        if found.var.on == "grid" or geometry_of(found.var.on) is not None:
            yield trust.stated(
                found.var.name, found.completeness, limits, rules=_rules(found), empty=_stays_empty(found)
            )
            yield from _errors(found, intake.findings, limits)
        if found.native_resolution:
            yield trust.pixel(found.native_resolution, intake.target.cell, limits)
    if geometry_of(name) is not None:
        yield _faults(name, count, intake, limits)
        yield from _contradictions(name, count, intake, limits)
        yield from (_crs(position) for table, position in intake.positions if table == name)
    yield from _codes(name, intake.mappings, limits)
    yield from _signs(name, intake.findings, count)
    own = [found.origin for found in layers if found.var.kind == "geometry"] or [found.origin for found in layers]
    years = [files[entry].as_of for entry in sorted(frozenset().union(*own)) if entry in files]
    yield trust.age(None if None in years or not years else min(filter(None, years)), year, limits)


def _rules(found: Found) -> list[tuple[str, int]]:
    """The rules that filled rows, with how many, the most used first."""
    counts = {} if found.spread is None else found.spread.method.value_counts().to_dict()
    return [(str(text), int(count)) for text, count in counts.items()]


def _stays_empty(found: Found) -> bool:
    """Tell whether rows that no file states hold nothing: no rule filled them."""
    if found.var.kind == "geometry" or isinstance(found.stated, int | float):
        return False
    others = found.value[~found.stated.to_numpy(dtype=bool)]
    return bool((others.isna() | others.eq("")).all())


def _errors(found: Found, findings: Iterable[Finding], limits: Thresholds) -> Iterator[Part]:
    """What tests on stated rows say of the rules that filled the others."""
    filled = 1.0 - found.completeness
    for finding in findings:
        if finding.layer != found.var.name or filled == 0:
            continue
        if finding.text == UNTESTED:
            yield trust.untested(found.var.name)
        elif (right := _right(finding)) is not None:
            yield trust.error(found.var.name, filled, right / 100, finding.count, limits)


def _right(finding: Finding) -> float | None:
    """How often a tested rule is right, or near enough [%]; None where the finding is about something else."""
    told = {name: value for name, value in finding.values.items() if isinstance(value, int | float)}
    if "tested" not in told:
        return None
    return next((float(told[name]) for name in RIGHT if name in told), 100 - float(told.get("moved", 100)))


def _rows(layers: Iterable[Found]) -> int:
    return next((len(found.value) for found in layers if found.var.kind == "geometry"), 0)


def _faults(name: str, count: int, intake: Intake, limits: Thresholds) -> Part:
    mine = [problem for problem in intake.problems if problem.layer == name]
    still = {problem.row for problem in mine if not problem.mended}
    mended = {problem.row for problem in mine if problem.mended} - still
    return trust.faults(len(still), len(mended), count, limits)


def _contradictions(name: str, count: int, intake: Intake, limits: Thresholds) -> Iterator[Part]:
    contradicted = {each.row for each in intake.contradictions if each.layer == name}
    yield trust.contradictions(count if "" in contradicted else len(contradicted), count, limits)


def _crs(position: Position) -> Part:
    used = CRS(position.crs)
    name = ":".join(authority) if (authority := used.to_authority()) else used.name
    if not position.stated:
        return trust.crs("study" if position.named else "neither", name)
    return trust.crs("file" if same(CRS(position.stated), used) else "both", name)


def _codes(name: str, mappings: Iterable[CodeMapping], limits: Thresholds) -> Iterator[Part]:
    mine = [mapping for mapping in mappings if mapping.layer == name]
    for quantity in dict.fromkeys(mapping.quantity for mapping in mine):
        told = [mapping for mapping in mine if mapping.quantity == quantity]
        weak = sum(mapping.rows for mapping in told if mapping.weak)
        yield trust.codes(quantity, weak, sum(mapping.rows for mapping in told), limits)


def _signs(name: str, findings: Iterable[Finding], count: int) -> Iterator[Part]:
    """Parts that a finding alone decides: how texts, units, columns and keys were understood.

    The key of a single row is no matter.
    """
    signs = {row.text: row for row in read_table(TrustSign)}
    for finding in findings:
        if finding.layer == name and finding.text in signs and (signs[finding.text].part != "keys" or count > 1):
            sign = signs[finding.text]
            values = {"layer": name, "count": finding.count, **finding.values}
            yield Part(sign.part, sign.light, finding.text, str(finding.values.get("var", "")), values=values)
