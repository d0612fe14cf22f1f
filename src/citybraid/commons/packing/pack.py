"""A run packed as a case: its parts gathered, described by a card, and written as one file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from citybraid import __version__
from citybraid.commons.form.archive import Content, file_digest, parts_of, write_archive, write_beside
from citybraid.commons.form.card import Card, Target, card_bytes, case_id
from citybraid.commons.form.lessons import FILE as LESSONS
from citybraid.commons.form.lessons import read_lessons
from citybraid.commons.form.paths import acceptable, folded_twice
from citybraid.commons.packing import places, provenance, results
from citybraid.commons.packing.features import features, hazards, plan_area
from citybraid.commons.packing.inputs import pack_inputs
from citybraid.commons.packing.metadata import CRATE, ro_crate, stac_item
from citybraid.commons.packing.single import single_effects
from citybraid.commons.packing.study_files import study_contents, study_of
from citybraid.core.errors import InputError
from citybraid.study.open.open_study import data_folder
from citybraid.study.run.run import Run

SUFFIX = ".case.zip"


@dataclass(frozen=True)
class PackOptions:
    """How a case is packed."""

    study: Path | None = None
    """The run's study file; default: study.toml two folders above the run."""
    data: Path | None = None
    """Folder that the study's files count from; default: as the study says."""
    coarsen: float | None = None
    """Distance that places are rounded to [m]; None: not at all."""
    without_coordinates: bool = False
    without_names: bool = False
    maps: Sequence[str] = ()
    """Names of the report's maps; default: a few."""


class Packed(NamedTuple):
    """A case that was written: its file, id and card, and the metadata beside it."""

    file: Path
    id: str
    card: Card
    beside: tuple[Path, ...]


def pack(run: Run, out: Path, options: PackOptions | None = None) -> Packed:
    """Write a run as a case and return it; the same run, study and files give the same bytes.

    Raises:
        InputError: the study has changed since the run, an input is missing or has an unknown licence, or the study
            file itself holds coordinates that are to be reduced.
    """
    options = options or PackOptions()
    path, settings = study_of(run, options.study)
    pointed = places.tables_with_points(run)
    reduced = places.reduction(settings, pointed, options)
    exact = reduced.coordinates == "exact"
    data = data_folder(path.resolve(), settings, options.data)
    inputs = pack_inputs(settings, data, beside=path.parent.resolve(), exact=exact)
    indicator_rows = results.indicator_rows(run)
    report = run.folder / "report"
    maps = results.maps(report, options.maps) if exact else results.PackedMaps((), ())
    lessons = read_lessons(path.parent / LESSONS)
    contents = [
        *study_contents(path, settings),
        *inputs.contents,
        results.csv_content(results.INDICATORS, indicator_rows, index=False),
        *results.tables(run, without=frozenset() if exact else pointed),
        *maps.contents,
        *(results.report_files(report) if exact else ()),
        provenance.provenance(run),
        provenance.factors(run),
    ]
    optional = (provenance.review(run, names=not options.without_names), places.outlines(run, reduced))
    contents += [each for each in optional if each is not None]
    _refuse_paths(contents)
    area = plan_area(run)
    indicators, effects = results.whole_area_values(run), results.effects(run)
    untold = {*results.measures(run)} - {results.short(each.measure) for each in effects}
    card = Card(
        name=run.about.name, title=dict(run.about.title), region=run.about.region, year=run.about.year,
        crs=run.about.crs, synthetic=run.synthetic, note=run.about.note, program=__version__,
        basis=run.manifest.basis,
        alternatives={name: dict(run.title(name)) for name in run.alternatives},
        measures=results.measures(run), hazards=lessons.hazards or hazards(run),
        area=area, bounds=places.bounds(run.grid, reduced), features=features(run),
        indicators=indicators, effects=(*effects, *single_effects(settings.alternatives, indicators, untold)),
        cost=results.cost(run),
        objectives=tuple(
            Target(id=each.id, title=dict(each.title), indicator=each.indicator, target=each.target)
            for each in settings.objectives
        ),
        lessons=lessons, missing=lessons.missing, reduction=reduced, inputs=inputs.records, maps=maps.names,
        parts=parts_of(contents),
    )  # fmt: skip
    crate = Content(CRATE, described := ro_crate(card))
    card = card.model_copy(
        update={"parts": tuple(sorted((*card.parts, *parts_of([crate])), key=lambda each: each.path))}
    )
    content = card_bytes(card)
    write_archive(out, content, [*contents, crate])
    return Packed(out, case_id(content), card, _metadata(out, card, described))


def _metadata(out: Path, card: Card, crate: bytes) -> tuple[Path, ...]:
    """Write the metadata beside a case."""
    size, sha256 = file_digest(out)
    stem = out.name.removesuffix(".zip")
    item = stac_item(card, file=out.name, size=size, sha256=sha256)
    files = {f"{stem}.stac.json": item, f"{stem}.{CRATE}": crate}
    write_beside(out.parent, files)
    return tuple(out.parent / name for name in files)


def _refuse_paths(contents: Sequence[Content]) -> None:
    """Raise InputError for names of files that another system would not take."""
    paths = [each.path for each in contents]
    wrong = [*(path for path in paths if not acceptable(path)), *folded_twice(paths)]
    if wrong:
        raise InputError("case.path", path=wrong[0])
