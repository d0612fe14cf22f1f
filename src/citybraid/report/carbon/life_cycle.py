"""Keep, retrofit or rebuild: how many buildings of which use, and what the options emit to the horizon."""

from collections.abc import Iterator

import pandas as pd

from citybraid.report.carbon.inventory import TONNE
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, cells, words
from citybraid.report.view import View, named

MODEL = "lowcarbon.life_cycle"
OPTIONS = ("keep", "retrofit", "rebuild")


def life_cycle(view: View) -> Iterator[Block]:
    """Yield embodied carbon and, by use, how many buildings of the base alternative are best kept, or not."""
    frame = view.frame(view.base, "buildings")
    if frame is None or "embodied_carbon" not in frame:
        return
    total, yearly = (float(frame[name].sum()) for name in ("embodied_carbon", "embodied_yearly"))
    area = float(frame["floor_area"].sum()) if "floor_area" in frame else 0.0
    values: dict[str, object] = {"total": Quantity(total / TONNE, "t", 0), "yearly": Quantity(yearly, "kg year-1", 0)}
    if area > 0.0:
        values["per_area"] = Quantity(total / area, "kg m-2", 0)
        yield Paragraph(words("embodied.told", **values))
    if "lowest_carbon" in frame:
        yield _options(view, frame)


def _options(view: View, frame: pd.DataFrame) -> Table:
    params = next((step.params for step in view.run.steps(view.base) if step.model == MODEL), {})
    rows = []
    for use, part in frame.groupby(frame["building_use"].astype(str)):
        row: dict[str, object] = {"use": str(use), "count": len(part)}
        for option in OPTIONS:
            best = part["lowest_carbon"] == option
            row[option] = int(best.sum())
            row[f"{option}_carbon"] = float(part[f"{option}_carbon"].sum(min_count=1)) / TONNE
        row["best"] = float(part[[f"{option}_carbon" for option in OPTIONS]].min(axis=1).sum()) / TONNE
        row["payback"] = float(part["rebuild_payback"].median())
        rows.append(row)
    table = pd.DataFrame(rows)
    table["use"] = cells(named("building_use", str(use)) for use in table["use"])
    columns = [
        Column("use", words("embodied.use")), Column("count", words("embodied.count"), "", 0),
        *(Column(option, words(f"embodied.{option}"), "", 0) for option in OPTIONS),
        *(Column(f"{option}_carbon", named("var", f"{option}_carbon"), "t", 0) for option in OPTIONS),
        Column("best", words("embodied.best"), "t", 0), Column("payback", words("embodied.payback"), "year", 0),
    ]  # fmt: skip
    note = words(
        "embodied.options_note", start=str(params.get("start", "")), horizon=str(params.get("horizon", "")),
        scenario=named("factor_key", str(params.get("scenario", ""))),
    )  # fmt: skip
    return Table("life_cycle", words("embodied.options"), table, columns, note)
