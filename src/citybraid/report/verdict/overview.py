"""Page one of a study that states no objective and asks no question: the numbers to look at first, and one map."""

from collections.abc import Iterator
from dataclasses import replace

from citybraid.report.chapter import Block, Paragraph, words
from citybraid.report.indicators import chosen_indicators
from citybraid.report.sheets import mapped, sheet_of, themes
from citybraid.report.view import View

HEADLINES = (
    "emissions_per_resident", "net_emissions", "energy_intensity", "flooded_share", "waterlogging_points",
    "flooded_buildings", "people_exposed", "expected_annual_damage", "closed_streets", "annual_runoff_control",
    "severe_heat_hours", "night_heat_island", "night_heat_island_max", "heat_deaths", "blue_green_share",
    "canopy_cover", "habitat_area", "connected_area", "people_near_green",
)  # fmt: skip
"""Indicators in the order in which a planner asks for them; those that the run has are shown."""
FIRST_MAPS = ("max_depth", "severe_heat_hours", "night_heat_island", "parcel_emissions", "habitat_quality")
"""Quantities of which one is mapped, the first that the run has."""


def overview(view: View) -> Iterator[Block]:
    """Yield that nothing is judged and why, the first numbers by alternative, and a map of the first of them."""
    if view.run.table("scorecard") is not None or view.run.manifest.asked.question is not None:
        return
    table = chosen_indicators(view, HEADLINES, name="overview", title=words("overview.table"))
    if table is None:
        return
    yield Paragraph(words("overview.lead"), "lead")
    yield table
    rows = {row.var: row for row in mapped()}
    for name in FIRST_MAPS:
        drawn = [theme for theme in themes(view, rows[name], [view.base]) if not theme.empty] if name in rows else []
        if drawn:
            figure = sheet_of(drawn[-1])
            yield replace(figure, name=f"overview_{figure.name}")
            return
