"""Series of one model are placed on one clock; what records who reads it is handed on as it is, not as a copy."""

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.var import RunFacts
from citybraid.sources.intake.series_clocks import with_one_clock
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer


def reading(name: str, values: list[float], begins: str, *, text: str = "intake.series_read") -> Reading:
    series = pd.Series(values, index=pd.Index([float(at) for at in range(len(values))], name="time"))
    details = {"name": f"{name}.csv", "event": "-", "start": begins, "begins": begins}
    told = Finding("found", text, name, len(values), details)
    return Reading((SourceLayer(vocabulary()[name], series),), (told,))


def test_levels_by_side_are_moved_and_factors_and_facts_stay_the_same_objects() -> None:
    """Copies of them had lost which factors of another country a model reads, and how many steps it took."""
    rain = reading("rain_intensity", [5.0, 5.0, 5.0], "2024-06-01T08:00:00", text="intake.storm_read")
    level = reading("edge_level", [1.0, 2.0, 3.0], "2024-06-01T09:00:00")
    levels, facts, factors = {"west": level.layers[0].value}, RunFacts(), {"a": 1.0}
    arguments = {"rain": rain.layers[0].value, "levels": levels, "facts": facts, "factors": factors}
    placed, notes = with_one_clock(arguments, [rain, level])
    assert placed["levels"]["west"].tolist() == [1.0, 1.0, 2.0, 3.0]
    assert placed["rain"] is arguments["rain"]
    assert placed["facts"] is arguments["facts"]
    assert placed["factors"] is arguments["factors"]
    assert [note.text for note in notes] == ["intake.series_late_level"]
