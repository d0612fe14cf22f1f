"""What strands declare for studies: words of events that the study file knows, one ensemble, parameters that exist."""

from citybraid.core.catalogue import declared, ensemble_design, event_design, load
from citybraid.core.ensemble import LevelShift
from citybraid.core.factor import shipped
from citybraid.core.model import reads
from citybraid.core.var import Fact
from citybraid.core.warm_case import WarmCase
from citybraid.sources.protocol.discovery import exclusive_roles, sole_roles
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.open.schema import Event, Storm


def test_words_of_events_are_words_of_the_study_file() -> None:
    design = event_design()
    assert set(design.parts) | set(design.stated) <= set(Event.model_fields)
    assert set(design.storm) <= set(Storm.model_fields)
    every = {var for part in design.parts.values() for var in part}
    assert set(design.falling) | set(design.storm.values()) <= every


def test_what_is_varied_reaches_the_models_of_the_draws() -> None:
    design = ensemble_design()
    assert design is not None
    drawn = [name for need in design.drawn.needs.values() for name in reads(need.what)]
    assert {design.member.name, *(source.told.name for source in design.varied)} <= set(drawn)
    facts = {need.what.name for need in design.drawn.needs.values() if isinstance(need.what, Fact)}
    assert {source.factor for source in design.varied} <= facts
    assert {source.factor for source in design.varied if isinstance(source, LevelShift)} <= set(shipped().by_name)
    assert set(design.alike) == {design.drawn.id, design.averaged.id}
    for own, other in design.alike.items():
        params, others = load(own).params, load(other).params
        assert params is not None
        assert others is not None
        assert set(others.model_fields) | {"draws", "seed"} <= set(params.model_fields)


def test_warm_cases_give_what_their_models_must_have() -> None:
    cases = declared(WarmCase)
    assert len({(case.model.id, case.build) for case in cases}) == len(cases) > 1
    for case in cases:
        needs = {name for name, need in case.model.needs.items() if not need.optional and reads(need.what)}
        assert needs <= set(case.given().values)


def test_files_bring_quantities_that_there_are() -> None:
    assert {name for name in exclusive_roles() if not name.startswith("factor:")} <= set(vocabulary())


def test_a_table_of_one_quantity_is_read_in_its_role() -> None:
    assert sole_roles()["rain_intensity"] == "storm"
    assert "dry_bulb" not in sole_roles()
