"""Whether a polder stays dry and alive: what floods, what its works pass, and how its habitats hang together."""

from citybraid.report.chapter import Quantity, Text, words
from citybraid.report.indicators import chosen_indicators, whole
from citybraid.report.levels.answer_map import sheet_map
from citybraid.report.verdict.question import Answer, Lacking, joined
from citybraid.report.view import View

SHOWN = (
    "flooded_buildings", "flooded_share", "people_exposed", "annual_runoff_control", "blue_green_share", "canopy_cover",
    "habitat_quality", "connected_area", "mspa_core_area",
)  # fmt: skip
WATER, HABITAT = "flooded_buildings", "connected_area"


def answer(view: View) -> Answer | Lacking:
    """Return floods and habitats of the first alternative and the last; needs one of the two."""
    table = chosen_indicators(view, SHOWN, name="water_and_habitat", title=words("water_and_habitat.table"))
    first, last = view.ends[0], view.ends[-1]
    values = {name: (whole(view, first, name), whole(view, last, name)) for name in (WATER, HABITAT)}
    known = {name: pair for name, pair in values.items() if None not in pair}
    if table is None or not known:
        return Lacking.of("max_depth", "connected_area")
    sentences = [_changed(view, name, pair) for name, pair in known.items()]
    parts = [joined([*sentences, *_works(view, last)])]
    return Answer(parts, table, [sheet_map(view, "water_and_habitat", "max_depth")])


def _changed(view: View, name: str, pair: tuple[float | None, float | None]) -> Text:
    before, after = (Quantity(float(value or 0.0), view.unit_of(name)) for value in pair)
    kind = "same" if pair[0] == pair[1] else "changed"
    return words(
        f"water_and_habitat.{name}_{kind}", before=before, after=after,
        base=view.name(view.ends[0]), plan=view.name(view.ends[-1]),
    )  # fmt: skip


def _works(view: View, alternative: str) -> tuple[Text, ...]:
    """Return what pumps lift and gates let out in the largest event, where the polder has them."""
    sums = {name: view.column(alternative, name) for name in ("pump_volume", "gate_volume")}
    lifted, passed = (None if column is None else float(column.sum()) for column in sums.values())
    if lifted is None or passed is None:
        return ()
    volumes = {"lifted": Quantity(lifted, "m3", 0), "passed": Quantity(passed, "m3", 0)}
    return (words("water_and_habitat.works", alternative=view.name(alternative), **volumes),)
