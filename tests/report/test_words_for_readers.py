"""No id of a parameter, of a choice or of a table of rows reaches a reader; a bound names its alternative."""

import re

import geopandas as gpd
import pytest

from citybraid.core import catalogue
from citybraid.core.text import LANGUAGES, known, say
from citybraid.core.var import Var
from citybraid.report.chapter import Explorer, in_words
from citybraid.report.chapters.c20_explorer import chapter as explorer
from citybraid.report.intake.tables import contradiction_words
from citybraid.report.remarks.unended import Unended
from citybraid.report.view import View, need_title
from citybraid.sources.protocol.problem import Contradiction
from citybraid.study.run.run import Run

PATHS = re.compile(r"\bcodes/|\bfactor_runs\b|\bchoices\.|\bplausible_range\b")


def test_every_parameter_that_a_study_must_state_has_a_name() -> None:
    """A gap said: needs the parameter shelf_width of Storm surge screening."""
    for model in catalogue.discover():
        fields = model.params.model_fields if model.params else {}
        for name in (name for name, field in fields.items() if field.is_required()):
            assert known(f"parameter.{name}"), (model.id, name)
            for language in LANGUAGES:
                assert "_" not in in_words(need_title(f"parameter:{model.id}.{name}"), language)


def test_a_parameter_that_stands_in_for_an_input_has_a_name() -> None:
    """A gap said: needs the parameter daily_rain of Annual runoff volume capture ratio."""
    for model in catalogue.discover():
        fields = model.params.model_fields if model.params else {}
        read = {name for name, need in model.needs.items() if isinstance(need.what, Var)}
        for name in (name for name in fields.keys() & read if fields[name].get_default() is None):
            assert known(f"parameter.{name}"), (model.id, name)
            for language in LANGUAGES:
                assert "_" not in in_words(need_title(f"parameter:{model.id}.{name}"), language)


@pytest.mark.parametrize(
    "text", ["plausible.table_note", "standards.note", "plan.bureau_note", "clinic.note", "band.absent"]
)
def test_notes_below_tables_name_no_table_of_rows(text: str) -> None:
    values = dict.fromkeys(("alternative", "value", "count", "share"), "1")
    for language in LANGUAGES:
        assert not PATHS.search(say(text, language, **values))


def test_the_basis_of_a_tolerance_is_said_in_words() -> None:
    row = Contradiction(
        "intake.contradiction_density",
        "parcels",
        "A-01",
        0.3,
        0.5,
        "1",
        {"tolerance": 0.05, "basis": "choices.density_off"},
    )
    for language in LANGUAGES:
        said = in_words(contradiction_words(row, "parcels"), language)
        assert not PATHS.search(said)
        assert "0.05" in said


def test_a_duration_that_is_a_lower_bound_names_its_alternative() -> None:
    """Two numbers of people stood in one chapter, of two alternatives, and neither was named."""
    for language in LANGUAGES:
        said = in_words(Unended(16, 900.0, 2.5).say("Scheme B", "50-year storm"), language)
        assert said.startswith("Scheme B")
        assert "50-year storm" in said
        assert "900" in said


class WithoutParcels(View):
    """A view of a run whose study has no parcels."""

    def shapes(self, alternative: str, table: str) -> gpd.GeoSeries | None:
        return None if table == "parcels" else super().shapes(alternative, table)


def test_without_parcels_nobody_is_told_to_click_one(run: Run) -> None:
    """The map of Xi'an, a study without parcels, said: click a parcel for its controls."""
    for view, clicks in ((View(run), True), (WithoutParcels(run), False)):
        (map_block,) = explorer(view).blocks
        assert isinstance(map_block, Explorer)
        assert ("click a parcel" in in_words(map_block.how, "en").casefold()) == clicks
        assert ("点击地块" in in_words(map_block.how, "zh")) == clicks
