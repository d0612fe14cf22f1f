"""Low carbon: emissions by sector, parcels, and the second path to the total."""

from collections.abc import Iterator

import pandas as pd

from citybraid.report.carbon.abatement import abatement
from citybraid.report.carbon.activity import activity
from citybraid.report.carbon.band import emission_band
from citybraid.report.carbon.downscaling import downscaling
from citybraid.report.carbon.end_use import end_uses
from citybraid.report.carbon.flows import crosswalk
from citybraid.report.carbon.grid_ledger import grid_ledger
from citybraid.report.carbon.hourly import hourly_balance
from citybraid.report.carbon.inventory import inventory, sectors
from citybraid.report.carbon.life_cycle import cheapest_option, life_cycle
from citybraid.report.carbon.materials import materials
from citybraid.report.carbon.measures_carbon import carbon_of_measures
from citybraid.report.carbon.overheating import heat_in_homes, overheated_homes
from citybraid.report.carbon.park import park
from citybraid.report.carbon.pathway import pathways
from citybraid.report.carbon.pathway_sectors import sector_pathways
from citybraid.report.carbon.plants import plants
from citybraid.report.carbon.reconciliation import reconciliation
from citybraid.report.carbon.renewal import other_start, renewal
from citybraid.report.carbon.travel import travel_by_mode
from citybraid.report.carbon.uptake import uptake_of_unknown_green, uptake_of_water
from citybraid.report.carbon.villages import villages
from citybraid.report.chapter import Block, Chapter, Column, Figure, Paragraph, Quantity, Table, appended, words
from citybraid.report.strand import gap_blocks, indicator_blocks, strand_maps
from citybraid.report.view import View


def chapter(view: View) -> Chapter:
    """Return the chapter of emissions."""
    body: list[Block] = [
        *indicator_blocks(view, "lowcarbon"), *emission_band(view), *reconciliation(view),
        *uptake_of_water(view), *uptake_of_unknown_green(view), *sectors(view),
        *_second_path(view), *plants(view), *park(view), *villages(view), *downscaling(view),
        *cheapest_option(view), *overheated_homes(view), *other_start(view), *pathways(view),
        *sector_pathways(view),
        *strand_maps(view, "lowcarbon"),
    ]  # fmt: skip
    details: list[Block] = [
        *abatement(view), *crosswalk(view), *inventory(view), *grid_ledger(view), *_balance(view), *activity(view),
        *end_uses(view), *travel_by_mode(view), *hourly_balance(view), *life_cycle(view), *renewal(view),
        *materials(view), *carbon_of_measures(view), *heat_in_homes(view), *gap_blocks(view, "lowcarbon"),
    ]  # fmt: skip
    shown = [block for block in body if isinstance(block, Figure)]
    said = [block for block in body if not isinstance(block, Figure)]
    return Chapter("lowcarbon", words("lowcarbon.title"), [*said, *shown, *appended(details)])


def _balance(view: View) -> Iterator[Block]:
    """A row for each alternative: emissions on parcels, outside them, and their sum."""
    rows = []
    for name in view.run.alternatives:
        total, outside = view.number(name, "total_emissions"), view.number(name, "outside_parcels")
        if total is not None and outside is not None:
            rows.append(
                {"alternative": view.name(name), "parcels": total - outside, "outside": outside, "total": total}
            )
    columns = [
        Column("alternative", words("explorer.alternative")),
        *(Column(name, words(f"lowcarbon.{name}"), "kg CO2e year-1", 0) for name in ("parcels", "outside", "total")),
    ]
    if rows:
        yield Table(
            "balance",
            words("lowcarbon.balance"),
            pd.DataFrame(rows),
            columns,
            words("lowcarbon.balance_note"),
            appendix=True,
        )


def _second_path(view: View) -> Iterator[Block]:
    gap, metered = view.number(view.base, "second_path_gap"), view.number(view.base, "metered_emissions")
    if gap is not None and metered is not None:
        values: dict[str, object] = {
            "metered": Quantity(metered, "kg CO2e year-1", 0),
            "gap": Quantity(100 * gap, "%", 1),
        }
        yield Paragraph(words("lowcarbon.second_path", **values))
