"""Data quality of each layer, rated by `trust` on the layers, findings and problems of intake."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyproj import CRS

from citybraid.core.finding import Finding
from citybraid.core.rows.intake import TrustSign
from citybraid.core.tables import read_table
from citybraid.sources.intake.intake import Intake
from citybraid.sources.placement.crs import equivalent
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.quantities import geometry_of
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.quality import trust
from citybraid.sources.quality.trust import LayerQuality, QualityPart, Thresholds
from citybraid.sources.quality.value_problems import of_shape
from citybraid.sources.text.limits import opposites

UNTESTED = "intake.rule_untested"
RIGHT = ("right", "within")
"""Keys in findings on a tested rule for the share of rows that it got right, or within its bound [%]."""


def layer_quality(
    intake: Intake, files: Mapping[str, FileSpec], *, year: int, thresholds: Thresholds | None = None
) -> tuple[LayerQuality, ...]:
    """Return the data quality of each layer, part by part, the weakest first.

    A layer is a table, a raster, or the content of a file of weather, storms or residents.
    `files` are the entries of the study, `year` is the study's.
    """
    limits = thresholds or Thresholds()
    layers: dict[str, list[SourceLayer]] = defaultdict(list)
    for layer in intake.layers:
        layers[layer_of(layer, files)].append(layer)
    ratings = [
        LayerQuality(name, _rows(layer), trust.worst_of(_parts(name, layer, intake, files, year=year, limits=limits)))
        for name, layer in layers.items()
    ]
    return tuple(trust.weakest_first(ratings))


def layer_of(layer: SourceLayer, files: Mapping[str, FileSpec]) -> str:
    """Return the name of the layer that a value belongs to."""
    if layer.var.on == "grid":
        return layer.var.name
    if geometry_of(layer.var.on) is not None:
        return layer.var.on
    entry = min(layer.origin, default=layer.var.name)
    return files[entry].role or entry if entry in files else entry


def _parts(
    name: str,
    layers: list[SourceLayer],
    intake: Intake,
    files: Mapping[str, FileSpec],
    *,
    year: int,
    limits: Thresholds,
) -> Iterator[QualityPart]:
    count = _rows(layers)
    for layer in layers:
        one_end = layer.var.name not in opposites()  # most plans state one end alone
        if one_end and (layer.var.on == "grid" or geometry_of(layer.var.on) is not None):
            yield trust.stated(
                layer.var.name, layer.completeness, limits, rules=_rules(layer), empty=_stays_empty(layer)
            )
            yield from _errors(layer, intake.findings, limits)
        if layer.native_resolution:
            yield trust.pixel(layer.native_resolution, intake.target.cell, limits)
    if geometry_of(name) is not None:
        yield _faults(name, count, intake, limits)
        yield from _contradictions(name, count, intake, limits)
        yield from (_crs(position) for table, position in intake.positions if table == name)
    yield from _codes(name, intake.mappings, limits)
    yield from _signs(name, intake.findings, count)
    own = [layer.origin for layer in layers if layer.var.kind == "geometry"] or [layer.origin for layer in layers]
    years = [files[entry].as_of for entry in sorted(frozenset().union(*own)) if entry in files]
    yield trust.age(None if None in years or not years else min(filter(None, years)), year, limits)


def _rules(layer: SourceLayer) -> list[tuple[str, int]]:
    """The rules that filled rows, with how many, the most used first."""
    counts = {} if layer.spread is None else layer.spread.method.value_counts().to_dict()
    return [(str(text), int(count)) for text, count in counts.items()]


def _stays_empty(layer: SourceLayer) -> bool:
    """Return whether rows that no file states are empty: no rule filled them."""
    if layer.var.kind == "geometry" or isinstance(layer.stated, int | float):
        return False
    others = layer.value[~layer.stated.to_numpy(dtype=bool)]
    return bool((others.isna() | others.eq("")).all())


def _errors(layer: SourceLayer, findings: Iterable[Finding], limits: Thresholds) -> Iterator[QualityPart]:
    """Parts for the errors of filling rules, from tests on stated rows."""
    filled = 1.0 - layer.completeness
    for finding in findings:
        if finding.layer != layer.var.name or filled == 0:
            continue
        if finding.text == UNTESTED:
            yield trust.untested(layer.var.name)
        elif (right := _share_right(finding)) is not None:
            yield trust.error(layer.var.name, filled, right / 100, finding.count, limits)


def _share_right(finding: Finding) -> float | None:
    """Share of rows on which a tested rule is right, or within its bound [%]; None for other findings."""
    numbers = {name: value for name, value in finding.values.items() if isinstance(value, int | float)}
    if "tested" not in numbers:
        return None
    return next((float(numbers[name]) for name in RIGHT if name in numbers), 100 - float(numbers.get("moved", 100)))


def _rows(group: Iterable[SourceLayer]) -> int:
    return next((len(layer.value) for layer in group if layer.var.kind == "geometry"), 0)


def _faults(name: str, count: int, intake: Intake, limits: Thresholds) -> QualityPart:
    own = [problem for problem in intake.problems if problem.layer == name and of_shape(problem)]
    open_rows = {problem.row for problem in own if not problem.mended}
    mended = {problem.row for problem in own if problem.mended} - open_rows
    return trust.faults(len(open_rows), len(mended), count, limits)


def _contradictions(name: str, count: int, intake: Intake, limits: Thresholds) -> Iterator[QualityPart]:
    contradicted = {each.row for each in intake.contradictions if each.layer == name}
    yield trust.contradictions(count if "" in contradicted else len(contradicted), count, limits)


def _crs(position: Position) -> QualityPart:
    used = CRS(position.crs)
    name = ":".join(authority) if (authority := used.to_authority()) else used.name
    if not position.stated:
        return trust.crs("study" if position.named else "neither", name)
    return trust.crs("file" if equivalent(CRS(position.stated), used) else "both", name)


def _codes(name: str, mappings: Iterable[CodeMapping], limits: Thresholds) -> Iterator[QualityPart]:
    own = [mapping for mapping in mappings if mapping.layer == name]
    for quantity in dict.fromkeys(mapping.quantity for mapping in own):
        matching = [mapping for mapping in own if mapping.quantity == quantity]
        weak = sum(mapping.rows for mapping in matching if mapping.weak)
        yield trust.codes(quantity, weak, sum(mapping.rows for mapping in matching), limits)


def _signs(name: str, findings: Iterable[Finding], count: int) -> Iterator[QualityPart]:
    """Parts that a finding alone determines: how texts, units, columns and keys were interpreted.

    The key of a single row does not matter.
    """
    signs = {row.text: row for row in read_table(TrustSign)}
    for finding in findings:
        if finding.layer == name and finding.text in signs and (signs[finding.text].part != "keys" or count > 1):
            sign = signs[finding.text]
            values = {"layer": name, "count": finding.count, **finding.values}
            yield QualityPart(sign.part, sign.light, finding.text, str(finding.values.get("var", "")), values=values)
