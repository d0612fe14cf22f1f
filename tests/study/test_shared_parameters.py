"""What a study states once for all models: the climate zone of buildings."""

from importlib.resources import as_file, files

from citybraid.core import catalogue
from citybraid.study.open.schema import StudyFile, read
from citybraid.study.open.shared_parameters import with_shared

MODELS = ("lowcarbon.building_energy", "lowcarbon.overheating", "lowcarbon.hourly_balance")


def demo(**given: object) -> StudyFile:
    with as_file(files("citybraid") / "pilots" / "jiaxing-hsr" / "study.toml") as path:
        return read(path).model_copy(update=given)


def test_the_zone_of_the_study_reaches_every_model_that_asks() -> None:
    """The demo stated it for two of three models, so that all of its photovoltaics counted as exported."""
    parameters = with_shared(demo(), catalogue.discover()).parameters
    assert [parameters[name]["climate_zone"] for name in MODELS] == ["3A"] * 3
    asking = {
        model.id for model in catalogue.discover()
        if model.params is not None and "climate_zone" in model.params.model_fields and not model.alone
    }  # fmt: skip
    assert asking == {name for name, given in parameters.items() if "climate_zone" in given}


def test_a_model_keeps_the_zone_of_its_own() -> None:
    own = {"lowcarbon.overheating": {"climate_zone": "2B", "threshold": 28.0}}
    parameters = with_shared(demo(parameters=own), catalogue.discover()).parameters
    assert parameters["lowcarbon.overheating"] == own["lowcarbon.overheating"]
    assert parameters["lowcarbon.hourly_balance"] == {"climate_zone": "3A"}


def test_a_study_without_a_zone_stays_as_it_is() -> None:
    silent = demo(study=demo().study.model_copy(update={"climate_zone": ""}))
    assert with_shared(silent, catalogue.discover()) is silent
