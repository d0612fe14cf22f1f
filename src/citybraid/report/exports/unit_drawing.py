"""Planning units as a drawing: their outlines, each with its name and the indicators of the objectives with codes."""

from pathlib import Path

from citybraid.core.text import say
from citybraid.planning.rows import indicators
from citybraid.report.annex.provenance import Codes
from citybraid.report.chapter import in_words
from citybraid.report.exports.dxf import release_paths, write_outlines

LANGUAGE = "zh"
COLOUR = "#b3261e"


def unit_drawing(codes: Codes, alternative: str, folder: Path) -> list[Path]:
    """Write the units of an alternative as drawings, one for each release; none where it has no units with values."""
    view = codes.view
    shapes, names = view.shapes(alternative, "units"), view.column(alternative, "unit_name")
    if shapes is None or shapes.empty or alternative not in codes.unit_tables:
        return []
    objectives = view.run.manifest.asked.objectives
    wanted = dict.fromkeys(each.indicator for each in objectives if each.indicator in indicators())
    labels = {}
    for unit in map(str, shapes.index):
        name = unit if names is None else str(names.get(unit, unit))
        lines = [f"{codes.zones[unit]:02d} {name}" if unit in codes.zones else name]
        for indicator in wanted if unit in codes.zones else ():
            value = codes.indicator(indicator, alternative, unit)
            if value.known:
                lines.append(f"{in_words(value.title, LANGUAGE)}：{in_words(value.coded, LANGUAGE)}")
        labels[unit] = lines
    folder.mkdir(parents=True, exist_ok=True)
    layer = say("var.units", LANGUAGE)
    remarks = [in_words(view.title, LANGUAGE), in_words(view.name(alternative), LANGUAGE),
               *(in_words(note, LANGUAGE) for note in view.notes)]  # fmt: skip
    paths = release_paths(folder, f"units_{alternative}")
    return write_outlines(paths, {layer: shapes}, colours={layer: COLOUR}, remarks=remarks, labels=labels)
