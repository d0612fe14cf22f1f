import pytest

from citybraid.core.errors import InputError
from citybraid.web.maps.catalogue import Chart
from citybraid.web.maps.origins import origin_of_indicator, origin_of_layer


def test_a_layer_leads_to_its_model_its_factors_and_their_status(chart: Chart) -> None:
    found = chart.found(chart.quantities["max_depth"].layers["as_is"]["p50"].key)
    origin = origin_of_layer(chart, found)
    assert [(model.id, model.version) for model in origin.models] == [("resilience.flood", 3)]
    (factor,) = origin.factors
    assert (factor.name, factor.total, factor.unsure, factor.rows[0].value) == ("drain_share", 1, 1, 0.4)


def test_an_input_leads_to_its_file_and_no_model(chart: Chart) -> None:
    found = chart.found(chart.quantities["land_use"].layers["as_is"][""].key)
    origin = origin_of_layer(chart, found)
    assert (origin.models, [source.name for source in origin.sources]) == ((), ["land_use"])
    assert origin.sources[0].completeness == 1.0


def test_an_indicator_tells_its_formula(chart: Chart) -> None:
    origin = origin_of_indicator(chart, "flooded_area", "U1")
    assert origin.reading is not None
    assert origin.reading.statistic.startswith("grid_area")
    assert origin.reading.var == "max_depth"


@pytest.mark.parametrize(("name", "zone"), [("nonsense", "U1"), ("flooded_area", "U9")])
def test_an_indicator_or_unit_that_is_not_there_is_told(chart: Chart, name: str, zone: str) -> None:
    with pytest.raises(InputError):
        origin_of_indicator(chart, name, zone)
