"""The vocabulary: every quantity once, made or given, read or reported, said in every language."""

import math
import string
from collections import Counter

from citybraid.core import text
from citybraid.core.model import optional_reads, var_of
from citybraid.core.rows.intake import ColumnName, FileRole
from citybraid.core.rows.levels import DatabaseField, MasterIndicator, PlanLevel, ZoneConflict
from citybraid.core.rows.plan import ControlRow, IndicatorRow, PlausibleQuantity
from citybraid.core.rows.report import Legend
from citybraid.core.tables import read_table
from citybraid.core.var import Over, Table, Var
from citybraid.report.carbon.end_use import END_USES
from tests.discovered import models, quantities

VARS = [var for _, _, var in quantities()]

DRAINS = (
    "catchment_area", "catchment_imperviousness", "catchment_outlet", "catchment_slope", "catchment_width",
    "conduit_height", "conduit_length", "conduit_roughness", "conduit_shape", "conduit_width", "drain_catchments",
    "drain_links", "drain_nodes", "from_node", "invert_level", "link_kind", "node_depth", "node_kind", "to_node",
)  # fmt: skip
"""Tables of a drainage model: SWMM reads the model's text itself, the tables are for maps and checks."""

GIVEN = {
    "assumed_land_cover": "the repair that fills a land cover that no file tells",
    **dict.fromkeys(
        ("activity_mass", "activity_volume", "activity_energy", "activity_source"), "files of the role activity"
    ),
    "native_species_share": "a planting plan, as a column of parcels; a gap without one",
    **dict.fromkeys(("head_decline", "ground_acceleration"), "a raster or one value the study names"),
    **dict.fromkeys(("track_latitude", "track_longitude"), "the track of a typhoon"),
    **dict.fromkeys(DRAINS, "a SWMM model (.inp)"),
    "air_warming": "the loop of waste heat and cooling, where a study closes it",
    "albedo": "a raster the study names; else the land cover stands for it",
    "former_land_cover": "a raster the study names; else the land cover before all measures stands for it",
    "former_inventory": "the inventory before all measures stands for it",
    "initial_depth": "a raster the study names; dry ground without it",
    **dict.fromkeys(("initial_velocity_east", "initial_velocity_north"), "rasters the study names; water at rest else"),
    "member_depth": "the ensemble of floods that [uncertainty] asks for",
    "sky_longwave": "the weather file (EPW, UMEP), where it tells it",
    "cloud_cover": "the weather file (EPW), where it tells no long-wave radiation of the sky",
    "present_dry_bulb": "the weather file, before the study's climate changes it",
    "wind_direction": "the weather file (EPW), where it tells directions",
    "side_level": "a tide or river series the study names for one side",
    "inflow_hydrograph": "a series given to a flood that runs on its own",
    **dict.fromkeys(
        ("current_source", "ground_resistance"),
        "rasters the study names, for directed current between given sources and grounds",
    ),
    **dict.fromkeys(("short_circuit", "circuit_mask"), "rasters given to circuits that run on their own"),
}
"""Quantities that no model makes, no measure writes and no table of intake names: what brings them."""

MAPPED = "a raster among the GIS files"
DRAWN_AREAS = (
    "drainage_zone_area",
    "drainage_zone_outlet",
    "drainage_zone_slope",
    "drainage_zones",
    "flood_risk_area",
    "flood_risk_depth",
    "waterlogging_area",
    "waterlogging_depth",
    "waterlogging_duration",
    "waterlogging_points",
    "waterlogging_total",
)
WINDS = (
    "gale_duration",
    "peak_wind_from",
    "sea_level",
)
GROUND = (
    "relative_rise",
    "subsidence",
    "sunken_terrain",
)
HABITAT = (
    *(f"mspa_{name}_area" for name in (
        "islet", "perforation", "edge", "loop", "bridge", "branch", "core_opening", "border_opening"
    )),
    "mspa_edge_width", "habitat_components", "largest_component", "habitat_patches", "mean_patch_area",
    "largest_patch_share", "habitat_edge_density", "habitat_shape", "habitat_aggregation", "cover_diversity",
    "climate_refuge", "refuge_area", "refuge_share", "refuge_limit", "native_planting",
)  # fmt: skip
CORRIDORS = (
    "corridor_cost", "corridor_length", "corridor_count",
    "corridor_area", "corridors_length", "corridor_detour", "resistance_zone", "pinch_point",
)  # fmt: skip
DIRECTED = (
    "directed_largest_current", "directed_power", "directed_residual", "isolated_current",
)  # fmt: skip
CROSSINGS = (
    "crossing_sites", "crossing_kind", "crossing_order", "crossing_cost", "crossing_length", "crossings_gain",
    "crossings_cost", "reconnection_gain", "reconnection_order", "reconnection_best",
)  # fmt: skip
SYNERGY = (
    "services_computed",
    "service_hot_spot", "hot_spot_area", "cold_spot_area", "hot_spot_reach",
    "joint_corridor", "joint_corridor_area", "corridors_computed",
)  # fmt: skip
DRAWN = "a layer of the plan, or a column of it"
DROUGHT = "tells how often, how long and how hard droughts are"
INVENTORY = (
    "inventory_on_parcels", "parcel_stationary", "parcel_transport",
    "parcel_waste", "parcel_processes", "parcel_land", "parcel_avoided",
)  # fmt: skip
"""Lines of the inventory, and sectors of parcels."""
LIFE_CYCLE = (
    "embodied_carbon", "embodied_yearly", "biogenic_storage", "keep_carbon", "retrofit_carbon", "rebuild_carbon",
    "retrofit_payback", "rebuild_payback", "lowest_carbon", "renewed_saving",
)  # fmt: skip
PATHWAY = (
    "pathway_stationary", "pathway_transport", "pathway_waste", "pathway_processes", "pathway_land", "pathway_avoided",
    "pathway_other_sectors", "constant_stationary", "constant_emissions",
    "pathway_emissions", "pathway_reference", "pathway_construction", "wedge_grid", "wedge_turnover", "wedge_retrofit",
    "wedge_heat_pumps", "wedge_electrification", "wedge_vehicles", "wedge_photovoltaics", "stock_floor_area",
    "stock_built", "stock_demolished", "emissions_peak_year", "cumulative_emissions", "residual_emissions",
    "renewable_share", "near_zero_year",
)  # fmt: skip
ALONE = [name for each in models() if each.alone and each.name != "cost_benefit" for name in each.makes]
BALANCE = "a term of the water balance, told in the manifest"
RISK = "a figure of the chapter of risk"
STOCK = ("biomass_growth", "carbon_stock_change", "unknown_change")
MERIT = ("averted_damage", "benefit_cost_ratio", "lifetime_cost", "net_present_value", "payback_time")
WORTH = "tells whether a measure against floods is worth its cost"
PEOPLE = "says where people live, so that intake weighs homes"
STRUCTURE = "a column of what is built against floods"
SUPPLY = "a column beside the hourly balance or the weighted balance of energy"
CASCADE = "the answer of the heat cascade of a park"
PLANTS = (
    "billed_plants", "exchange_saving", "exchanged_heat", "heat_taken", "high_heat", "low_heat",
    "match_distance", "matched_heat", "medium_heat", "plant_energy", "unused_heat",
)  # fmt: skip
PARK = (
    *(f"park_{name}" for name in ("load", "generation", "self_used", "import", "export", "storage_loss")),
    "park_import_peak", "park_export_peak", "plant_import", "waste_heat_to_network", "waste_heat_lost",
    "network_pump_power", "network_heat_made", "network_heat_loss", "network_waste_heat", "network_lift_power",
)  # fmt: skip
EXCHANGED = (
    "byproduct_given", "byproduct_taken", "byproduct_avoided", "matched_material", "material_distance",
    "exchanged_material", "unused_material", "reclaimed_water", "reclaimed_energy", "replaced_supply_energy",
    "reclaimed_avoided", "construction_waste", "demolition_waste", "recycled_waste", "recycling_avoided",
)  # fmt: skip
HEAT_PEOPLE = (
    *(f"people_in_{name}_heat" for name in ("strong", "very_strong", "extreme")),
    "strong_heat_person_hours", "extreme_heat_person_hours", "children_heat_person_hours", "heat_death_days",
    "least_deaths_temperature", "elderly_far_from_cool_room", "cool_room_time", "short_route_heat", "cool_route_heat",
    "cool_route_time", "people_hot_short_route", "people_hot_cool_route", "wet_bulb_globe", "work_capacity_loss",
    *(f"{name}_work_heat_hours" for name in ("light", "heavy", "shaded")), "utci_undefined",
    "climate_map_class", "thermal_load_area", "cooling_load_area",
)  # fmt: skip
LIFELINES = (
    *(f"{course}_course{end}" for course in ("service", "recovery") for end in ("", "_low", "_high")),
    "recovery_loss_low", "recovery_loss_high", "team_last", "team_wait_people",
    "lifeline_depth", "lifeline_fail_chance", "lifeline_fail_time", "needs_cycle", "spread_failures",
    "elderly_unserved", "system_unserved", "hospital_load", "repair_end", "half_recovery",
    "system_recovery", "system_lost_hours", "schedule_gap", "quake_complete_chance", "quake_hit_chance",
    "quake_beds_lost", "quake_recovery_loss", "quake_recovery_course", "team_count", "team_end",
)  # fmt: skip
RELIEF = (
    "facility_places", "facility_refusal", "facility_sheltered", "sheltered_here", "shelter_refusal",
    "shelter_need", "shelter_gap", "evacuation_vehicles", "evacuation_exits", "buses_needed", "clearance_course",
    "walking_clearance_course", "half_clearance_time", "most_clearance_time", "time_to_leave", "warning_margin",
    "routes_out", "fire_stations_in_time", "hospitals_in_time",
)  # fmt: skip
NAMED = ("unit", "street", "block", "jurisdiction", "municipality")
NAMES_BESIDE = tuple(f"{table}_name_{tongue}" for table in NAMED for tongue in ("en", "zh"))
RESULTS = {
    **dict.fromkeys(NAMES_BESIDE, "names in the reader's language, which reports put beside the first ones"),
    **dict.fromkeys(LIFELINES, "curves, tables and sentences of lifelines in the chapter of four phases"),
    **dict.fromkeys(RELIEF, "sentences, tables and the curve of preparedness in the chapter on disasters"),
    **dict.fromkeys(HEAT_PEOPLE, "sentences, table and chart of people in heat in the chapter on resilience"),
    **dict.fromkeys(("hourly_radiant",), "the hottest day by hour, kept where the study asks for it"),
    **dict.fromkeys(("velocity_east", "velocity_north"), "velocities of a flood over time, kept where asked for"),
    "prevailing_wind": "the direction of the wind that the paths of the map of corridors are for, in the manifest",
    "freight_work": "what the emissions of freight are computed from, for maps and sheets",
    **dict.fromkeys(("joined_pairs", "circuit_residual"), "the sentence on currents in the biodiversity chapter"),
    "omnidirectional_residual": "how well omnidirectional currents were found, beside their maps",
    "biogas_made": "the table of villages in the chapter on low carbon",
    **dict.fromkeys(HABITAT, "the pattern of habitat in the chapter on biodiversity"),
    **dict.fromkeys(DIRECTED, "what the sentence and map of directed current in the biodiversity chapter rest on"),
    **dict.fromkeys(CORRIDORS, "corridors in the chapter on biodiversity and among the GIS files"),
    **dict.fromkeys(CROSSINGS, "crossings in the chapter on biodiversity and among the GIS files"),
    "accumulated_resistance": "a raster beside the map of corridors",
    **dict.fromkeys(SYNERGY, "the chapter on nature and climate together"),
    **dict.fromkeys(PARK, "the balance of the park and its heat network in the chapter on low carbon"),
    **dict.fromkeys(EXCHANGED, "by-products, reclaimed water and building waste in the chapter on low carbon"),
    **dict.fromkeys(PLANTS, "tables of plants and of waste heat between them in the chapter on low carbon"),
    **dict.fromkeys(
        (
            *(f"hours_above_{level}" for level in (26, 28, 30, 32)),
            *(f"blackout_to_{level}" for level in (30, 32, 35)),
            "top_hours_above_30",
            "middle_hours_above_30",
            "adaptive_hours",
            "hot_night_hours",
            "blackout_peak",
        ),
        "a column of the buildings: heat in homes by storey",
    ),
    **dict.fromkeys(
        (
            "activity_source",
            "activity_consumed",
            "activity_factor",
            "activity_emitted",
            "activity_total",
            "activity_market_total",
            "activity_generation",
            "location_electricity",
            "market_electricity",
        ),
        "the tables of activity data in the low-carbon chapter",
    ),
    **dict.fromkeys(
        (
            *(f"downscaled_{name}" for name in ("low", "high", "difference", "total", "outside")),
            *(
                f"downscaling_{name}"
                for name in (
                    "plan",
                    "share",
                    "on_parcels",
                    "modelled",
                    "main",
                    "moved",
                    "rmse",
                    "rank",
                )
            ),
        ),
        "the tables of city emissions on parcels in the low-carbon chapter",
    ),
    **dict.fromkeys(("mode_trips", "mode_distance", "mode_emissions"), "the table of modes in the report"),
    "outside_trip_share": "tells how much of travel rests on the city around",
    "assignment_gap": "how near traffic is to equilibrium",
    **dict.fromkeys(("storage_loss", "parcel_import_peak"), SUPPLY),
    **dict.fromkeys(("primary_energy", "primary_energy_used", "renewable_energy_used"), SUPPLY),
    "primary_renewable_share": SUPPLY,
    **dict.fromkeys(("hosting_margin", "overloaded_parcels"), "tells which transformers are too small"),
    **dict.fromkeys(("network_cost", "network_pays"), "tells where a heat network pays"),
    **dict.fromkeys(("heat_pump_power", "heat_pump_factor"), "what heat pumps would need for the area's heat"),
    **dict.fromkeys(("heat_from_outside", "heat_to_outside", "heat_recovered"), CASCADE),
    **dict.fromkeys(("cascade_level", "cascade_flow"), CASCADE),
    **dict.fromkeys(
        set(DRAINS) - {"drain_catchments", "drain_links", "drain_nodes", "node_kind"},
        "maps and checks of a drainage model",
    ),
    **dict.fromkeys(
        (
            "link_max_depth",
            "link_max_flow",
            "link_max_speed",
            "link_surcharge_time",
            "node_flood_time",
            "node_flood_volume",
            "node_lateral_volume",
            "node_max_depth",
            "node_max_flooding",
            "node_max_inflow",
            "node_mean_depth",
            "node_outfall_volume",
            "node_surcharge_time",
            "node_coupling",
            "node_returned",
            "node_rim_gap",
            "node_shift",
            "node_taken",
        ),
        "a column of the drains layer",
    ),
    **dict.fromkeys(
        (
            "catchment_evaporation",
            "catchment_infiltration",
            "catchment_max_runoff",
            "catchment_rain_depth",
            "catchment_runoff",
            "catchment_runon",
        ),
        "a column of the catchments of a drainage model",
    ),
    **dict.fromkeys(
        (
            "drain_external_volume",
            "drain_flood_volume",
            "drain_inflow_volume",
            "drain_initial_volume",
            "drain_lost_volume",
            "drain_runoff_volume",
            "drain_stored_volume",
            "drains_continuity",
            "drains_discharged",
            "drains_released",
            "drains_lost",
            "drains_returned",
            "drains_runoff",
            "drains_taken",
            "facility_area",
            "facility_evaporation",
            "facility_infiltration",
            "facility_inflow",
            "facility_kept",
            "facility_overflow",
            "outfall_discharge",
            "outfall_volume",
            "quality_continuity",
            "routing_continuity",
            "runoff_continuity",
        ),
        "an account of the drains' water, told in the manifest",
    ),
    **dict.fromkeys(ALONE, "a result of a model that runs on its own"),
    **dict.fromkeys(MERIT, WORTH),
    "annual_damage_draws": RISK,
    **dict.fromkeys(STOCK, "what the carbon of changed cover closes with"),
    "wastewater_bod": "a column of the buildings layer",
    "asset_event_damage": "the table of events of the assets",
    "contents_damage": RISK,
    "control_rate_difference": MAPPED,
    **{f"{kind}_{what}": STRUCTURE for kind in ("culvert", "gate", "levee", "pump") for what in ("peak", "volume")},
    "cooling_demand": "a column of the buildings layer",
    "actual_evapotranspiration": DROUGHT,
    "balance_drought_longest": DROUGHT,
    **dict.fromkeys(DRAWN_AREAS, DRAWN),
    **dict.fromkeys(GROUND, "a screening of the ground's hazards"),
    **dict.fromkeys(WINDS, "wind and sea of a typhoon by event"),
    "drained_volume": BALANCE,
    "emulator_error": RISK,
    "after_fire_coverage": MAPPED,
    "after_hospital_coverage": MAPPED,
    "after_isolated_people": "a column of the buildings layer",
    **dict.fromkeys(
        (
            "closed_street_course",
            "fire_coverage_course",
            "hospital_coverage_course",
            "isolated_course",
            "late_course",
            "waterlogged_street_course",
            "worst_fire_moment",
            "worst_hospital_moment",
        ),
        "a chart of the chapter on rescue",
    ),
    **dict.fromkeys(("closed_from", "closed_until", "closure_time"), "a column of the streets layer"),
    **dict.fromkeys(("inferred_bridges", "inferred_bridge_length", "embanked_channels"), "told beside rescue"),
    "disconnected_share": "tells how whole the street map is",
    "facility_depth": RISK,
    "final_street_depth": "a column of the streets layer",
    "peak_street_depth": "a column of the streets layer",
    "street_distance": "a column of the facilities layer",
    **dict.fromkeys(
        (
            name
            for parts in END_USES.values()
            for name in parts
            if name not in ("district_heat", "heating_electricity") and not name.endswith("_gas")
        ),
        "an end use, in the chapter on low carbon",
    ),
    "households": PEOPLE,
    "infiltration_volume": BALANCE,
    "inflow_volume": BALANCE,
    "half_chance_distance": "told beside PC",
    "integral_connectivity": "compared with published values; the report's number is connected_area",
    "link_distance": "told beside IIC",
    "limited_mobility_exposed": RISK,
    "metered_emissions": "the second path to the total",
    "outflow_volume": BALANCE,
    **dict.fromkeys(
        ("removals", "avoided_emissions", *INVENTORY),
        "lines of the inventory, in the chapter on low carbon",
    ),
    "outside_parcels": "the row of emissions outside parcels",
    "patch_connector": MAPPED,
    "peak_electricity": "a column of the buildings layer",
    "potential_evapotranspiration": MAPPED,
    "probability_of_connectivity": "compared with published values; the report's number is connected_area",
    "rain_drought_longest": DROUGHT,
    "rain_drought_share": DROUGHT,
    "rain_volume": BALANCE,
    **dict.fromkeys(LIFE_CYCLE, "a column of buildings, counted in the chapter on low carbon"),
    **dict.fromkeys(PATHWAY, "a course or figure of the pathway in the chapter on low carbon"),
    "realised_density": "tells how far the built form meets the parcel's control",
    "realised_floor_area_ratio": "tells how far the built form meets the parcel's control",
    "realised_green_ratio": "tells how far the built form meets the parcel's control",
    "runoff_control": "a number of each event",
    "second_path_gap": "the second path to the total",
    "required_volume": "a column of the parcels layer",
    "runoff_coefficient": MAPPED,
    "soil_water": DROUGHT,
    "sponge_volume": "a column of the parcels layer",
    "structure_damage": RISK,
    "standardized_balance": DROUGHT,
    "standardized_precipitation": DROUGHT,
    "storage_shortfall": "a column of the parcels layer",
    "spread_first": RISK,
    "spread_total": RISK,
    "stored_volume": BALANCE,
    "street_name": "the name of a street on maps",
    "water_deficit": DROUGHT,
    "water_surplus": DROUGHT,
    "unplaced_population": "tells for how many residents no home was found",
}
"""Quantities that no model, indicator, control, map legend or balance reads: what they are for."""

DIGITS: dict[str, str] = dict.fromkeys(
    (
        *(f"hours_above_{level}" for level in (26, 28, 30, 32)),
        *(f"blackout_to_{level}" for level in (30, 32, 35)),
        "top_hours_above_30",
        "middle_hours_above_30",
    ),
    "the threshold of a column of buildings [degC]: columns have no axis",
)
"""Names with digits: statistics and years belong on axes, so each needs a reason."""


def read_by_models() -> set[str]:
    """Return the names that some model reads."""
    found: set[str] = set()
    for model in models():
        for need in model.needs.values():
            if isinstance(need.what, Var):
                found.add(need.what.name)
            if isinstance(need.what, Over):
                found.add(var_of(need.what.var).name)
            if isinstance(need.what, Table):
                columns = (var_of(column).name for column in need.what.columns)
                found |= {need.what.on, *columns, *optional_reads(need.what)}
    return found


def made_by_models() -> set[str]:
    """Return the names that some model or measure makes."""
    return {name for model in models() for name in model.makes}


def brought() -> set[str]:
    """Return what intake brings by role or column, the study by number, or absence by its declared value."""
    named = {row.role for row in read_table(FileRole)} | {row.var for row in read_table(ColumnName)}
    return named | {var.name for var in VARS if var.on == "" or var.absent is not None}


def reported() -> set[str]:
    """Return what indicators, controls, levels of plans, map legends and balances read."""
    told = [name for row in read_table(IndicatorRow) for name in (row.var, row.second)]
    told += [name for row in read_table(ControlRow) for name in (row.stated, row.opposite, row.var, row.second)]
    told += [name for row in read_table(PlausibleQuantity) for name in (row.var, row.second)]
    told += [row.var for row in read_table(Legend)]
    told += [name for row in read_table(MasterIndicator) for name in (row.var, row.second)]
    told += [name for row in read_table(ZoneConflict) for name in (row.one, row.other)]
    told += [name for row in read_table(PlanLevel) for name in (row.table, row.named_by, row.profiled_by)]
    told += [name for row in read_table(DatabaseField) for name in (row.table, row.by, row.value)]
    return {word.lstrip("-") for cell in told for word in cell.split()} | {var.name for var in VARS if var.closes}


def test_names_are_unique() -> None:
    assert not [name for name, count in Counter(var.name for var in VARS).items() if count > 1]


def test_python_names_are_the_names() -> None:
    wrong = [
        (module, name) for module, name, var in quantities() if name not in {var.name.upper(), ALIASES.get(var.name)}
    ]
    assert not wrong


ALIASES = {"reference_evapotranspiration": "REFERENCE_ET"}
"""Python names that are shorter than the quantity's own."""


def test_every_quantity_is_described() -> None:
    for var in VARS:
        assert var.about, var.name
        assert var.ge <= var.le, var.name
        assert var.kind != "int" or math.isfinite(var.ge), var.name
        assert var.closes is None or 0 < var.closes <= 1e-6, var.name


def test_every_quantity_is_said() -> None:
    assert not [var.name for var in VARS if not text.known(f"var.{var.name}")], "texts: rows var.<name> are missing"


def test_digits_in_names() -> None:
    assert {var.name for var in VARS if set(var.name) & set(string.digits)} == DIGITS.keys()


def test_what_nobody_makes_or_brings_is_listed() -> None:
    assert {var.name for var in VARS} - made_by_models() - brought() == GIVEN.keys()


def test_what_nobody_reads_or_reports_is_listed() -> None:
    assert {var.name for var in VARS} - read_by_models() - reported() == RESULTS.keys()
