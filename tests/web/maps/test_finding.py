import pandas as pd
import pytest
from shapely.geometry import Point

from citybraid.core.wording.names import PlaceName
from citybraid.report.view import View
from citybraid.web.maps.catalogue import Chart
from citybraid.web.maps.extent import projected
from citybraid.web.maps.finding import MOST, find, written_of


def test_a_parcel_is_found_by_its_plot_number_and_a_building_by_its_id(chart: Chart) -> None:
    (parcel,) = find(chart, "as_is", "嘉南-03")
    assert (parcel.table, parcel.id, parcel.name, parcel.row) == ("parcels", "P003", "嘉南-03", 3)
    (building,) = find(chart, "as_is", " b0007 ")
    assert (building.table, building.id) == ("buildings", "B0007")
    x, y = projected(chart, *building.place)
    assert chart.shapes("as_is", "buildings")["B0007"].distance(Point(x, y)) < 0.01  # type: ignore[index]


@pytest.mark.parametrize("text", ["", "   ", "nothing of this name", ".*", "'; drop table users; --", "<b>"])
def test_a_text_that_nothing_is_called_finds_nothing(chart: Chart, text: str) -> None:
    assert find(chart, "as_is", text) == []


def test_a_search_returns_no_more_than_its_limit(chart: Chart) -> None:
    assert len(find(chart, "as_is", "0")) == MOST


def test_parcels_are_written_by_their_numbers_inside_them_and_shapes_without_names_not(chart: Chart) -> None:
    written = written_of(chart, "parcels", chart.tables["parcels"]["as_is"].key)
    shapes = chart.shapes("as_is", "parcels")
    assert shapes is not None
    assert written.texts[3] == "嘉南-03"
    assert len(written.texts) == len(written.places) == len(shapes)
    for shape, place in zip(shapes, written.places, strict=True):
        assert shape.distance(Point(*projected(chart, *place))) < 0.2
    nameless = written_of(chart, "buildings", chart.tables["buildings"]["as_is"].key)
    assert set(nameless.texts) == {""}
    assert nameless.places == []


def test_names_in_another_language_are_written_beside_the_first(chart: Chart, monkeypatch: pytest.MonkeyPatch) -> None:
    def named(view: View, alternative: str, name: str) -> pd.Series:
        index = view.run.value(view.layers[alternative]["parcels"][""]).index
        return pd.Series(
            [PlaceName("桑园", {"en": "Mulberry"}), None, *["菱湖"] * (len(index) - 2)], index, dtype=object
        )

    monkeypatch.setattr(View, "column", named)
    written = written_of(chart, "parcels", chart.tables["parcels"]["as_is"].key)
    assert written.texts[:3] == ["桑园", "P001", "菱湖"]
    assert written.others["en"][:3] == ["Mulberry", "P001", "菱湖"]
    assert set(written.others) == {"en"}, "what says the same as the first is not sent twice"
