"""The run of the small made town as the map reads it."""

import pytest

from citybraid.report.view import View
from citybraid.study.run.run import Run
from citybraid.web.maps.catalogue import Chart


@pytest.fixture
def chart(town_run: Run) -> Chart:
    return Chart(town_run, View(town_run))
