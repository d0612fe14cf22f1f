"""What the annex says of controls that no parcel has: which column of the plan would state them, or where they hold."""

import pytest

from citybraid.report.annex.parcels import _lack
from citybraid.report.chapter import in_words
from citybraid.report.view import named


@pytest.mark.parametrize(
    ("control", "need", "en", "zh"),
    [
        ("green_building", "column_building_stars", "(column planned_building_stars of the parcels).",
         "（地块表的“绿色建筑星级”列）。"),
        ("native_plants", "column_native_plants", "(column planned_native_plants of the parcels).",
         "（地块表的“本地植物指数”列）。"),
        ("ss", "no_facility_on_plot", "not computed; needs a sponge facility on the plot",
         "未计算，需补充地块内的海绵设施"),
        ("road_green_ratio", "road_parcels", "not computed; the plan has no parcels of roads (land use 1207)",
         "未计算，规划中没有道路用地（1207）地块"),
        ("ventilation", "corridor_width_unmodelled", "not computed; needs ventilation corridors drawn in the plan",
         "未计算，需补充规划图中的通风廊道"),
    ],
)  # fmt: skip
def test_a_gap_names_the_column_or_the_land_that_it_holds_for(control: str, need: str, en: str, zh: str) -> None:
    told = _lack(control, f"control_needs.{need}", named("control_needs", need))
    assert en in in_words(told, "en")
    assert zh in in_words(told, "zh")
