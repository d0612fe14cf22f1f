"""Names in the reader's language where the data have them, else as they are: never translated."""

import copy
import pickle
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from citybraid.core.layer import Layer
from citybraid.core.model import var_of
from citybraid.core.text import say
from citybraid.core.vocabulary.place import UNIT_NAME
from citybraid.core.wording.names import PlaceName, in_own_language, with_other_names
from citybraid.report.chapter import PlacedText, TextList, cells, in_words, rendered
from citybraid.report.drawing.scene import Bounds, Scene, VectorPart
from citybraid.report.levels import profiles
from citybraid.report.view import View
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.synthetic.english_names import english_name
from citybraid.sources.text.columns import match_columns
from tests.report.made_run import made_run
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST

NAME = PlaceName("桑园村", {"en": "Sangyuan Village"})


def test_a_name_is_read_in_the_readers_language() -> None:
    assert (NAME.say("en"), NAME.say("zh"), PlaceName("桑园村", {}).say("en")) == (
        "Sangyuan Village",
        "桑园村",
        "桑园村",
    )
    assert PlaceName("Ferry", {"zh": "渡口"}).say("zh") == "渡口"
    assert in_own_language("A-01", "en") == "A-01"
    assert rendered(NAME, "en") == in_words(NAME, "en") == "Sangyuan Village"
    assert in_words(PlacedText(NAME, "u1"), "en") == "Sangyuan Village"
    assert in_words(TextList((NAME, "U2"), ", "), "en") == "Sangyuan Village, U2"


def test_a_name_is_a_text_and_keeps_the_others_through_copies() -> None:
    assert NAME == "桑园村"
    assert hash(NAME) == hash("桑园村")
    for kept in (PlaceName.__str__(NAME), pickle.loads(pickle.dumps(NAME)), copy.deepcopy(NAME)):  # noqa: S301  (its own)
        assert isinstance(kept, PlaceName)
        assert kept.say("en") == "Sangyuan Village"
    assert type(NAME.first) is str
    assert NAME.within(lambda each: f"{each} (S1)").say("en") == "Sangyuan Village (S1)"
    assert f"{NAME}" == "桑园村"


def test_columns_of_names_take_others_row_by_row() -> None:
    names = pd.Series(["甲", "乙", ""], index=["a", "b", "c"])
    joined = with_other_names(names, {"en": pd.Series(["Jia", "", "Bing"], index=["a", "b", "c"])})
    assert [in_own_language(each, "en") for each in joined] == ["Jia", "乙", ""]
    assert with_other_names(names, {}) is names


def test_a_report_joins_names_of_a_column_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row of an index or a table of streets asks for its name: the whole column was joined anew for every one."""
    run = made_run(tmp_path)
    named = {"unit_name": pd.Series(["甲", "乙"], index=["a", "b"]), "unit_name_en": pd.Series(["A", "B"], ["a", "b"])}
    layers = {name: {"": Layer(var_of(UNIT_NAME), name)} for name in named}
    monkeypatch.setattr(View, "layers", {run.alternatives[0]: layers})
    run._memory.update(named)
    view = View(run)
    joined = view.column(view.base, "unit_name")
    assert joined is not None
    assert [in_own_language(each, "en") for each in joined] == ["A", "B"]
    assert view.column(view.base, "unit_name") is joined


def test_a_column_of_names_alone_keeps_their_other_languages() -> None:
    frame = pd.DataFrame({"zone": cells([NAME, PlaceName("乙村", {})]), "area": [1.0, 2.0]})
    assert [in_words(name, "en") for name in frame["zone"]] == ["Sangyuan Village", "乙村"]
    assert [in_words(name, "zh") for name in frame.sort_values("area", ascending=False)["zone"]] == ["乙村", "桑园村"]


def test_a_map_writes_names_in_its_own_language() -> None:
    part = VectorPart([box(0, 0, 1, 1), box(1, 0, 2, 1)], None, labels=[NAME, "U2"])
    scene = Scene([part], Bounds(0.0, 0.0, 2.0, 1.0))
    for language, first in (("en", "Sangyuan Village"), ("zh", "桑园村")):
        read = scene.read_in(language).parts[0]
        assert isinstance(read, VectorPart)
        assert list(read.labels) == [first, "U2"]
    assert scene.read_in("en") is scene.read_in("en")
    plain = Scene([VectorPart([box(0, 0, 1, 1)], None, labels=["U2"])], Bounds(0.0, 0.0, 1.0, 1.0))
    assert plain.read_in("en") is plain


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (["社区", "英文名称"], {"unit_name": "社区", "unit_name_en": "英文名称"}),
        (["name", "name:en"], {"unit_name": "name", "unit_name_en": "name:en"}),
        (["name", "name:zh", "name:en"], {"unit_name": "name", "unit_name_en": "name:en", "unit_name_zh": "name:zh"}),
        (["name_en"], {"unit_name_en": "name_en"}),
    ],
)
def test_headers_of_other_names_are_known(headers: list[str], found: dict[str, str]) -> None:
    wanted = ["unit_name", "unit_name_en", "unit_name_zh", "population"]
    assert dict(match_columns(headers, wanted, {}, layer="units").headers) == found


def test_files_bring_names_in_two_languages(tmp_path: Path) -> None:
    squares = [box(WEST, SOUTH, WEST + 100, SOUTH + 200), box(WEST + 100, SOUTH, WEST + 200, SOUTH + 200)]
    units = gpd.GeoDataFrame(
        {"name_zh": ["桑园村", ""], "name_en": ["Sangyuan Village", "Ferry"]}, geometry=squares, crs=CRS
    )
    units.to_file(tmp_path / "units.gpkg", layer="units")
    line = LineString([(WEST, SOUTH + 100), (WEST + 200, SOUTH + 100)])
    streets = gpd.GeoDataFrame({"name": ["桑树路"], "name:en": ["Mulberry Road"]}, geometry=[line], crs=CRS)
    streets.to_file(tmp_path / "streets.geojson")
    files = {"units": FileSpec(path="units.gpkg"), "streets": FileSpec(path="streets.geojson")}
    layers = {each.var.name: each for each in take_in(files, TARGET, root=tmp_path).layers}
    assert list(layers["unit_name"].value) == ["桑园村", "Ferry"], "a row without a Chinese name has the English one"
    assert list(layers["unit_name_en"].value) == ["Sangyuan Village", "Ferry"]
    assert list(layers["street_name_en"].value) == ["Mulberry Road"]
    assert all(say(f"var.{name}", "zh") for name in layers)


def test_a_label_with_a_score_is_read_in_the_maps_language() -> None:
    """The English map of units by profile named them in Chinese."""
    label = profiles._label(NAME, 0.964)
    assert (in_own_language(label, "en"), in_own_language(label, "zh")) == ("Sangyuan Village: 96", "桑园村: 96")
    assert profiles._label(NAME, float("nan")) is NAME


def test_made_up_names_have_english_forms() -> None:
    assert english_name("虚舟路") == "Xuzhou Road"
    assert english_name("虚区1（合成）") == "Xu District 1 (synthetic)"
    assert english_name("山前快速路3段（合成）") == "Shanqian Expressway, section 3 (synthetic)"
    assert english_name("虚构西南组") == "Fictional southwestern group"
    with pytest.raises(KeyError):
        english_name("真路")
