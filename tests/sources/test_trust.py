"""Trust: every part against its threshold, and the worst part gives the light."""

from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import Point

from citybraid.core.finding import Finding
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.target import Target
from citybraid.sources.quality import trust
from citybraid.sources.quality.data_quality import layer_quality
from citybraid.sources.quality.trust import LayerQuality, Thresholds
from tests.sources.planner_files import CRS, TARGET, buildings, parcels, raster, shapefile
from tests.sources.test_intake import FILES, folder

LIMITS = Thresholds()


@pytest.mark.parametrize(
    ("share", "light"),
    [(1.0, "good"), (0.9, "good"), (0.899, "usable"), (0.5, "usable"), (0.499, "weak"), (0.0, "weak")],
)
def test_the_share_that_files_state_has_thresholds(share: float, light: str) -> None:
    assert trust.stated("floors", share, LIMITS).light == light


@pytest.mark.parametrize(("still", "light"), [(0, "good"), (1, "good"), (2, "usable"), (10, "usable"), (11, "weak")])
def test_open_faults_and_contradictions_count_by_rows(still: int, light: str) -> None:
    assert trust.faults(still, 5, 100, LIMITS).light == light
    assert trust.contradictions(still, 100, LIMITS).light == light
    assert trust.codes("land_use", still, 100, LIMITS).light == light


def test_pixels_and_ages_have_thresholds() -> None:
    assert [trust.pixel(native, 10.0, LIMITS).light for native in (5.0, 10.5, 30.0, 31.0)] == [
        "good", "good", "usable", "weak",
    ]  # fmt: skip
    assert [trust.age(as_of, 2025, LIMITS).light for as_of in (2022, 2015, 2014, 2035, None)] == [
        "good", "usable", "weak", "usable", "unknown",
    ]  # fmt: skip


def test_a_choice_of_thresholds_moves_the_light() -> None:
    assert trust.stated("floors", 0.7, Thresholds(stated_good=0.6)).light == "good"


def test_a_rule_counts_by_the_rows_that_it_filled_and_likely_got_wrong() -> None:
    few = trust.error("floors", 0.1, 0.6, 50, LIMITS)
    assert few.value == pytest.approx(0.04)
    assert few.light == "good"
    assert trust.error("floors", 0.5, 0.6, 50, LIMITS).light == "usable"
    assert trust.error("floors", 1.0, 0.6, 50, LIMITS).light == "weak"
    assert trust.untested("floors").light == "unknown"


def test_the_worst_part_gives_the_light_and_is_named() -> None:
    parts = (trust.stated("floors", 0.4, LIMITS), trust.stated("height", 1.0, LIMITS), trust.age(None, 2025, LIMITS))
    made = LayerQuality("buildings", 10, parts)
    assert made.light == "weak"
    assert made.because == parts[:1]
    assert LayerQuality("a", 0, parts[1:]).light == "good"
    assert LayerQuality("a", 0, parts[1:]).because == ()
    assert LayerQuality("a", 0, parts[2:]).light == "unknown"


def test_a_share_is_never_rounded_to_all_or_nothing() -> None:
    assert trust.stated("floors", 0.99999, LIMITS).values["share"] == pytest.approx(99.999)
    assert trust.stated("floors", 0.85861, LIMITS).values["share"] == 85.9


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LayerQuality]:
    root = folder(tmp_path_factory.mktemp("资料"))
    files = {**FILES, "buildings": FileSpec(path="现状建筑.shp", crs=CRS, as_of=2012)}
    intake = take_in(files, Target(CRS, 5.0), root=root)
    return {each.layer: each for each in layer_quality(intake, files, year=2025)}


def part(trust_: LayerQuality, name: str, quantity: str = "") -> trust.QualityPart:
    return next(each for each in trust_.parts if (each.name, each.quantity) == (name, quantity))


def test_every_layer_of_a_folder_is_weighed(told: dict[str, LayerQuality]) -> None:
    assert {"buildings", "parcels", "streets", "terrain", "weather", "storm", "land_cover"} <= set(told)
    assert told["buildings"].rows == 5
    assert told["terrain"].rows == 0


def test_what_files_state_and_what_rules_filled_is_told_by_quantity(told: dict[str, LayerQuality]) -> None:
    assert part(told["buildings"], "stated", "floors").value == pytest.approx(0.6)
    assert part(told["parcels"], "stated", "plot_number").value == 1.0
    assert told["study_area"].light == "weak"


def test_the_rules_that_filled_rows_are_named_with_their_counts(told: dict[str, LayerQuality]) -> None:
    found = part(told["buildings"], "stated", "floors")
    assert found.text == "intake_trust.stated_rules"
    assert found.values["rules"] == [["intake.how_height", 2]]
    assert part(told["parcels"], "stated", "plot_number").text == "intake_trust.stated_all"
    assert part(told["parcels"], "stated", "height_limit").text == "intake_trust.stated_empty"
    assert part(told["parcels"], "stated", "parcel_status").text == "intake_trust.stated"


def test_what_tests_say_of_a_rule_is_told(told: dict[str, LayerQuality]) -> None:
    found = part(told["buildings"], "error", "height")
    assert found.value == pytest.approx(
        (1 - float(str(dict(found.values)["right"])) / 100) * part_filled(told["buildings"], "height"), abs=0.01
    )


def part_filled(trust_: LayerQuality, quantity: str) -> float:
    share = part(trust_, "stated", quantity).value
    assert share is not None
    return 1 - share


def test_how_the_crs_and_the_encoding_are_known_is_told(told: dict[str, LayerQuality]) -> None:
    assert part(told["buildings"], "crs").text == "intake_trust.crs_study"
    assert part(told["parcels"], "crs").text == "intake_trust.crs_file"
    assert part(told["storm"], "encoding").light == "usable"


def test_the_age_is_told_where_the_study_states_it(told: dict[str, LayerQuality]) -> None:
    assert part(told["buildings"], "age").value == 13.0
    assert part(told["buildings"], "age").light == "weak"
    assert part(told["parcels"], "age").light == "unknown"


def test_a_coarse_raster_is_told(tmp_path: Path) -> None:
    raster(tmp_path / "dem.tif", np.arange(400, dtype=np.float32).reshape(20, 20), cell=10.0)
    shapefile(tmp_path / "a.shp", parcels(), bare=False, encoding="utf-8")
    files = {"terrain": FileSpec(path="dem.tif"), "parcels": FileSpec(path="a.shp")}
    intake = take_in(files, Target(CRS, 2.0), root=tmp_path)
    found = {each.layer: each for each in layer_quality(intake, files, year=2025)}
    assert part(found["terrain"], "pixel").value == pytest.approx(5.0, rel=0.01)
    assert found["terrain"].light == "weak"


def test_problems_contradictions_and_codes_count_their_rows() -> None:
    shapes = buildings()
    indexed = shapes.geometry.set_axis([f"J{at}" for at in range(5)])
    found = SourceLayer(vocabulary()["buildings"], indexed, origin=frozenset({"buildings"}))
    intake = Intake(
        (found,), (Finding("guessed", "intake.ids_numbered", "buildings", 5, {"name": "a"}),), {}, TARGET,
        problems=(
            Problem("error.several", "buildings", "J0", Point(0, 0)),
            Problem("error.several", "buildings", "J0", Point(0, 0), mended=True),
            Problem("error.several", "buildings", "J1", Point(0, 0), mended=True),
            Problem("error.several", "parcels", "J2", Point(0, 0)),
        ),
        contradictions=(Contradiction("error.several", "buildings", "", 1.0, 2.0, "m"),),
        mappings=(CodeMapping("buildings", "building_use", "楼", "other", "low", 2),
                  CodeMapping("buildings", "building_use", "住宅", "residential", "high", 3)),
        positions=(("buildings", Position("a", CRS, (0, 0, 1, 1), named=CRS, stated="EPSG:4326")),),
    )  # fmt: skip
    (made,) = layer_quality(intake, {"buildings": FileSpec(path="a")}, year=2025)
    assert part(made, "faults").value == pytest.approx(1 / 5)
    assert part(made, "faults").values["mended"] == 1
    assert part(made, "contradictions").value == 1.0
    assert part(made, "codes", "building_use").value == pytest.approx(2 / 5)
    assert part(made, "crs").text == "intake_trust.crs_both"
    assert part(made, "keys").light == "usable"
