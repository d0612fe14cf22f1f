from citybraid.core.text import LANGUAGES
from citybraid.report.view import View
from citybraid.study.run.run import Run
from citybraid.web.results.assumptions import assumptions


def test_a_layer_rests_on_the_unsure_rows_of_its_own_model_each_told_once(town_run: Run) -> None:
    view = View(town_run)
    depth = view.layers["as_is"]["max_depth"]["p50"]
    told = list(assumptions(view, "as_is", [depth, depth]))
    assert [(each.factor, each.value["en"]) for each in told] == [("drain_share", "0.4")]
    assert all(set(told[0].status) == set(told[0].model) == set(LANGUAGES) for each in told)
    assert told[0].model["zh"] != told[0].model["en"]


def test_what_files_say_rests_on_no_model(town_run: Run) -> None:
    view = View(town_run)
    assert list(assumptions(view, "as_is", [view.layers["as_is"]["land_use"][""]])) == []
