"""What can be placed in the workspace: every parameter has a name."""

from citybraid.core import catalogue
from citybraid.core.text import known
from citybraid.study.open.open_study import MEASURES
from citybraid.study.run.choosing import is_purchasable
from citybraid.web.plans.placeable import PLACED


def test_every_parameter_of_a_measure_that_can_be_placed_has_a_name() -> None:
    measures = [each for each in catalogue.discover() if each.id.startswith(f"{MEASURES}.") and is_purchasable(each)]
    assert len(measures) > 20
    names = {name for each in measures if each.params for name in each.params.model_json_schema()["properties"]}
    assert not [name for name in sorted(names - set(PLACED)) if not known(f"web.plan.field.{name}")]
