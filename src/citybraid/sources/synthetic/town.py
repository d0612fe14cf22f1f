"""The whole synthetic town, written as a study's folder of files."""

from pathlib import Path

from citybraid.sources.synthetic.buildings import buildings
from citybraid.sources.synthetic.cover import canopy, land_cover, street_trees, with_trees
from citybraid.sources.synthetic.drawing import write_drawing
from citybraid.sources.synthetic.files import (
    rain_years,
    storm,
    write_canopy,
    write_cover,
    write_epw,
    write_population,
    write_rain_years,
    write_storm,
    write_terrain,
)
from citybraid.sources.synthetic.frame import LABEL
from citybraid.sources.synthetic.parcels import parcels
from citybraid.sources.synthetic.population import communities
from citybraid.sources.synthetic.streets import street_surface, streets
from citybraid.sources.synthetic.terrain import terrain
from citybraid.sources.synthetic.vectors import (
    write_buildings,
    write_communities,
    write_facilities,
    write_outline,
    write_streets,
)
from citybraid.sources.synthetic.waters import network
from citybraid.sources.synthetic.weather_year.weather import weather


def write_town(folder: Path, seed: int = 1) -> tuple[Path, ...]:
    """Write a 2 km by 2 km synthetic new town near Jiaxing South and return the files.

    Streets, canals, parcels, buildings, ground and weather are generated from rules and the seed: no real
    map, survey or plan is used, and every file states so. The same seed writes the same
    town; an existing file is replaced. Formats are those common in practice: a GBK drawing, a
    GBK shapefile without .prj and with gaps, GeoPackages, GeoTIFFs, a workbook, GBK text, EPW.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pieces, ground = streets(seed), network()
    plan = parcels(seed, ground, street_surface(pieces))
    houses = buildings(seed, plan)
    people = communities(seed, houses)
    trees = street_trees(seed, pieces)
    cover = land_cover(seed, plan, houses, pieces, ground)
    share = canopy(seed, cover, plan, trees)
    return (
        write_drawing(folder / f"用地规划图_{LABEL}.dxf", plan, pieces),
        *write_buildings(folder / f"现状建筑_{LABEL}.shp", houses, seed),
        write_streets(folder / f"道路中心线_{LABEL}.gpkg", pieces, tuple(len(row) for row in trees)),
        write_facilities(folder / f"救援设施_{LABEL}.gpkg", plan),
        write_communities(folder / f"社区_{LABEL}.gpkg", people),
        write_outline(folder / f"规划范围_{LABEL}.gpkg"),
        write_terrain(folder / f"地形高程_{LABEL}.tif", terrain(seed, plan, pieces, ground)),
        write_cover(folder / f"地表覆盖_{LABEL}.tif", with_trees(cover, share)),
        write_canopy(folder / f"树冠覆盖_{LABEL}.tif", share),
        write_population(folder / f"社区人口_{LABEL}.xlsx", people),
        write_storm(folder / f"降雨过程_{LABEL}.csv", storm()),
        write_rain_years(folder / f"逐日降雨_{LABEL}.csv", rain_years(seed)),
        write_epw(folder / "weather_synthetic.epw", weather(seed)),
    )
