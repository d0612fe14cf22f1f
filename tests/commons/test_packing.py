"""Packing: the same bytes each time, inputs as their licences allow, nothing invented, coordinates told."""

import csv
import hashlib
import io
import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pystac
import pytest

from citybraid.commons.form.card import card_bytes, case_id
from citybraid.commons.form.lessons import TOPICS, Lessons, read_lessons
from citybraid.commons.packing import results
from citybraid.commons.packing.inputs import pack_inputs
from citybraid.commons.packing.pack import Packed
from citybraid.commons.packing.study_files import with_data
from citybraid.core.errors import InputError, InputErrors
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import LANGUAGES
from citybraid.study.open.open_study import asked_by
from citybraid.study.review.journal import add
from citybraid.study.run.run import Run
from tests.commons.made_case import ENTRIES, FILES, Place, card_of, made_place, packed, parts_of
from tests.report.made import LEFT


def test_the_same_run_is_the_same_bytes_wherever_it_lies(case: Packed, tmp_path: Path) -> None:
    again = packed(made_place(tmp_path / "elsewhere"), tmp_path / "made.case.zip")
    assert again.file.read_bytes() == case.file.read_bytes()
    assert again.id == case.id == case_id(parts_of(case.file)["case.json"])
    assert [each.read_bytes() for each in again.beside] == [each.read_bytes() for each in case.beside]


def test_an_input_is_packed_only_where_its_licence_says_so(case: Packed) -> None:
    records = {each.entry: each for each in case.card.inputs}
    assert {name: (each.packed, each.why) for name, each in records.items()} == {
        "rain": (True, ""), "ground": (False, "licence"), "houses": (False, "not_stated"),
    }  # fmt: skip
    parts = parts_of(case.file)
    assert [name for name in parts if name.startswith("inputs/")] == ["inputs/storm.csv"]
    assert parts["inputs/storm.csv"] == FILES["storm.csv"]
    ground = records["ground"]
    assert ground.obtained == "Ask the survey office"
    assert [piece.path for piece in ground.pieces] == ["站点/dem.asc"]
    assert FILES["站点/dem.asc"] not in parts.values()
    assert not case.card.complete


def test_numbers_of_the_case_are_those_of_the_run_to_the_last_bit(case: Packed, place: Place) -> None:
    rows = list(csv.DictReader(io.StringIO(parts_of(case.file)["results/indicators.csv"].decode())))
    told = {(row["alternative"], row["zone"], row["indicator"]): float(row["value"]) for row in rows}
    for alternative in place.run.alternatives:
        units = place.run.table(f"units/{alternative}")
        assert units is not None
        for zone in units.index:
            for name in units.columns:
                assert told[alternative, zone, name] == units.loc[zone, name]
    card = case.card.indicators["flooded_area"]
    assert card.values == {"as_is": 2.4, "chosen": 2.4 * 0.9}
    assert (card.unit, card.direction) == ("ha", "lower")
    assert told["as_is", WHOLE_AREA, "flooded_area"] == 2.4


def test_an_indicator_that_a_measure_leaves_unknown_is_no_effect(place: Place) -> None:
    """`make cases` ended on the renewed community: with some measures an indicator of its run has no value."""
    table = place.run.table("effects")
    assert table is not None
    known: pd.DataFrame = table
    whole = known.index[known["zone"] == WHOLE_AREA]

    class Unknown:
        def __getattr__(self, name: str) -> Any:
            return getattr(place.run, name)

        def table(self, name: str) -> pd.DataFrame | None:
            changed = known.copy()
            changed.loc[whole[0], "change"] = np.nan
            return changed if name == "effects" else place.run.table(name)

    found = results.effects(Unknown())  # type: ignore[arg-type]  # stands in for a run
    assert len(found) == len(results.effects(place.run)) - 1


def test_effects_and_costs_come_from_the_run(case: Packed) -> None:
    effect = next(each for each in case.card.effects if each.measure == "green_roof")
    assert (effect.indicator, effect.base, effect.change, effect.installed) == ("flooded_area", 2.4, -0.4, 100.0)
    assert (effect.low, effect.high) == (None, None), "the run tells no band"
    assert case.card.cost is not None
    assert (case.card.cost.build, case.card.cost.present) == (3.9e6, 4.2e6)
    assert case.card.cost.measures["green_roof"].status == "assumed"
    assert case.card.area is None, "parcels alone, without the streets between them, are no plan area"


def test_an_indicator_without_a_value_has_no_effect(tmp_path: Path) -> None:
    """Hours of rescue have no value in a storm that floods no street, and then no effect of a measure on them."""
    place = made_place(tmp_path / "place")
    table = place.run.table("effects")
    assert table is not None
    known = len(results.effects(place.run))
    more = table.iloc[[0, 0]].assign(measure=["none_before", "none_after"])
    more["base"], more["change"] = [float("nan"), 1.0], [float("nan"), float("nan")]
    pd.concat([table, more]).to_parquet(place.run.folder / "tables" / "effects.parquet")
    found = results.effects(Run.open(place.run.folder))
    assert len(found) == known > 0
    assert not {each.measure for each in found} & {"none_before", "none_after"}


def test_what_authors_do_not_tell_is_told_as_missing_and_not_made_up(case: Packed) -> None:
    assert case.card.lessons.problem["zh"] == "低洼街区内涝。"
    assert "failed.zh" in case.card.missing
    assert "problem.zh" not in case.card.missing
    assert case.card.lessons.failed == {"en": "Green roofs alone."}
    assert len(Lessons().missing) == 5 + 2 * len(TOPICS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('form = ["moon"]', "new_town"),
        ("wrong = 1", "wrong"),
        ('[problem]\nfr = "x"', "fr"),
        ("form = [", "TOML"),
        ('date = "soon"', "date"),
    ],
)
def test_wrong_lessons_are_refused_in_both_languages(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "lessons.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((InputError, InputErrors)) as caught:
        read_lessons(path)
    assert said in caught.value.say("en")
    assert all(caught.value.say(language) for language in LANGUAGES)


def test_coordinates_left_out_leave_none_in_any_part(place: Place, out: Path) -> None:
    file = packed(place, out, without_coordinates=True).file
    card = card_of(file)
    assert (card.bounds, card.reduction.coordinates) == (None, "left_out")
    assert {"inputs", "report", "maps", "bounds", "outlines"} <= set(card.reduction.lost)
    assert not [path for path in parts_of(file) if path.startswith(("inputs/", "report/")) or "units.geojson" in path]
    near = f"{LEFT:.0f}"[:4].encode()
    assert not [path for path, body in parts_of(file).items() if near in body and b"affine" in body]
    item = pystac.Item.from_dict(json.loads((out.parent / "out.case.stac.json").read_text(encoding="utf-8")))
    assert item.geometry is None


def test_coarsened_places_are_rounded_and_told(place: Place, out: Path) -> None:
    card = packed(place, out, coarsen=5000.0).card
    exact = packed(place, out.with_name("exact.case.zip")).card
    assert card.reduction.metres == 5000.0
    assert card.bounds is not None
    assert exact.bounds is not None
    west, south, east, north = card.bounds
    assert west <= exact.bounds[0]
    assert east >= exact.bounds[2]
    steps = [each * 111_320 / 5000 for each in (south, north)]
    assert steps == pytest.approx([round(each) for each in steps], abs=1e-3)
    assert north - south >= 5000 / 111_320
    assert all(each.why in ("coordinates", "licence", "not_stated") for each in card.inputs)
    assert not any(each.packed for each in card.inputs)


@pytest.mark.parametrize(
    "options", [{"coarsen": 5.0}, {"coarsen": 1000.0, "without_coordinates": True}], ids=["too fine", "both"]
)
def test_reductions_that_mean_nothing_are_refused(place: Place, out: Path, options: dict[str, object]) -> None:
    with pytest.raises(InputError):
        packed(place, out, **options)
    assert not out.exists()


def test_a_study_that_holds_coordinates_is_not_packed_without_them(tmp_path: Path, out: Path) -> None:
    place = made_place(tmp_path / "a", entries=f"{ENTRIES}\n[numbers]\nlatitude = 30.7\n")
    with pytest.raises(InputError, match="holds coordinates"):
        packed(place, out, without_coordinates=True)


def test_a_study_that_changed_since_the_run_is_refused_but_licences_may_be_added(tmp_path: Path, out: Path) -> None:
    place = made_place(tmp_path / "a")
    text = place.study.read_text(encoding="utf-8")
    stated = text.replace('role = "buildings"', 'role = "buildings"\nlicence = "CC0-1.0"')
    place.study.write_text(stated, encoding="utf-8")
    assert {each.entry for each in packed(place, out).card.inputs if each.packed} == {"rain", "houses"}
    place.study.write_text(text.replace("year = 2025", "year = 2026"), encoding="utf-8")
    with pytest.raises(InputError, match="something else"):
        packed(place, out)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [("CC-BY-4.0", "known"), ("storm.csv", "not there")],
    ids=["licence", "file"],
)
def test_unknown_licences_and_missing_files_are_told(tmp_path: Path, out: Path, wrong: str, said: str) -> None:
    place = made_place(tmp_path / "a", entries=ENTRIES.replace(wrong, "nothing.csv"))
    with pytest.raises(InputError) as caught:
        packed(place, out)
    assert said in caught.value.say("en").lower()


def test_reviewers_are_numbered_on_request(tmp_path: Path, out: Path) -> None:
    place = made_place(tmp_path / "a")
    add(place.run, "积水面积偏小？", author="张工")
    named = parts_of(packed(place, out).file)
    assert "张工" in named["review/comments.json"].decode()
    file = packed(place, out, without_names=True).file
    assert "张工" not in b"".join(parts_of(file).values()).decode("utf-8", "replace")
    assert "积水面积偏小" in parts_of(file)["review/comments.json"].decode()


def test_metadata_for_other_catalogues_is_valid(case: Packed) -> None:
    item_file, crate_file = case.beside
    item = pystac.Item.from_file(str(item_file))
    asset = item.assets["case"]
    assert asset.extra_fields["file:checksum"] == "1220" + hashlib.sha256(case.file.read_bytes()).hexdigest()
    assert asset.extra_fields["file:size"] == case.file.stat().st_size
    assert item.bbox == list(case.card.bounds or ())
    crate = json.loads(crate_file.read_text(encoding="utf-8"))
    entities = {each["@id"]: each for each in crate["@graph"]}
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = entities["./"]
    assert {"name", "description", "datePublished", "license"} <= set(root)
    files = {each["@id"] for each in root["hasPart"]}
    assert files <= set(entities)
    assert files | {"case.json", "ro-crate-metadata.json"} == set(parts_of(case.file))
    assert parts_of(case.file)["ro-crate-metadata.json"] == crate_file.read_bytes()


@pytest.mark.parametrize(
    "text",
    ['[study]\nname = "a"\n', '[study]\ndata = "../x"  # where\nname = "a"\n[files.a]\npath = "b"\ndata = 1\n'],
)
def test_a_study_counts_its_files_from_the_inputs_of_the_case(text: str) -> None:
    changed = tomllib.loads(with_data(text, file="study.toml"))
    assert changed["study"] == {"name": "a", "data": "../inputs"}
    assert changed.get("files") == tomllib.loads(text).get("files")


def test_a_study_whose_data_folder_cannot_be_set_is_refused() -> None:
    with pytest.raises(InputError, match="section of its own"):
        with_data('study = { name = "a" }\n', file="study.toml")


def test_a_card_reads_back_as_it_was_written(case: Packed) -> None:
    assert card_bytes(card_of(case.file)) == parts_of(case.file)["case.json"]


def test_tables_of_points_stay_behind_with_their_coordinates(tmp_path: Path, out: Path) -> None:
    place = made_place(tmp_path / "a")
    path = place.run.folder / "tables" / "stations.parquet"
    pd.DataFrame({"x": [500_123.0], "y": [3_400_456.0]}).to_parquet(path)
    run = place._replace(run=Run.open(place.run.folder))
    assert "results/tables/stations.csv" in parts_of(packed(run, out).file)
    reduced = packed(run, out, without_coordinates=True)
    assert "results/tables/stations.csv" not in parts_of(reduced.file)
    assert "points" in reduced.card.reduction.lost


def test_templates_and_factors_travel_with_the_study_that_names_them(tmp_path: Path, out: Path) -> None:
    entries = f'{ENTRIES}\n[annex]\ntext = "our.docx"\n'
    place = made_place(tmp_path / "a", entries=entries)
    (place.study.parent / "our.docx").write_bytes(b"PK\x05\x06" + bytes(18))
    assert parts_of(packed(place, out).file)["study/our.docx"].startswith(b"PK")
    place = made_place(tmp_path / "b", entries=entries.replace("our.docx", "../our.docx"))
    with pytest.raises(InputError, match="does not lie beside it"):
        packed(place, out)


def test_only_files_marked_as_made_are_synthetic_where_any_is(tmp_path: Path) -> None:
    """A weather file beside made outlines states no licence: it is not passed on as if a program had made it."""
    (tmp_path / "real").mkdir()
    for name in ("made.csv", "real/real.csv", "real/made.csv"):
        (tmp_path / name).write_text("x\n", encoding="utf-8")
    text = (
        '[study]\nname = "mix"\ntitle = { zh = "混合", en = "Mix" }\ncrs = "EPSG:4549"\nregion = "CN"\nyear = 2025\n'
        "resolution = 10\nsynthetic = true\n"
        'note = { zh = "合成", en = "Synthetic" }\n[generator]\ncoast = { seed = 1 }\n'
        '[files.storm]\npath = "made.csv"\nmade = true\n[files.weather]\npath = "real.csv"\n'
        '[alternatives.as_is]\ntitle = { zh = "现状", en = "As is" }\n'
    )
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    packs = pack_inputs(asked_by(tmp_path / "study.toml"), tmp_path / "real", beside=tmp_path, exact=True)
    assert {each.entry: (each.licence, each.packed) for each in packs.records} == {
        "storm": ("synthetic", True), "weather": ("", False),
    }  # fmt: skip
    assert [each.path for each in packs.contents] == ["study/made.csv"], (
        "it lies beside the study, as the study reads it"
    )
    (tmp_path / "study.toml").write_text(text.replace("made = true\n", ""), encoding="utf-8")
    packs = pack_inputs(asked_by(tmp_path / "study.toml"), tmp_path / "real", beside=tmp_path, exact=True)
    assert all(each.packed for each in packs.records), "a study that marks none has all its files from its generator"


def test_a_map_stands_on_a_card_before_a_scorecard() -> None:
    """Gothenburg's card showed a corner of its scorecard, as no land use came with it."""
    found = results._telling(["habitat_quality_as_is", "max_depth_p_as_is", "max_depth_p_side_by_side", "scorecard"])
    assert found == ["max_depth_p_side_by_side", "habitat_quality_as_is", "scorecard"]
    assert results._telling(["land_use_as_is", "max_depth_p_as_is"])[0] == "land_use_as_is"
