/** The ground of every map: the study's own water, plots, streets and buildings, in the colours of the report's maps. */

import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import { pictureUrl, shapesUrl } from "./tiles";
import { runPath, type Chart, type Shapes } from "./charts";

const PAPER = "#fbfbf9", GROUND = "#f3f1ec", GROUND_EDGE = "#c4bfb6", HOUSE = "#cfcac4", HOUSE_EDGE = "#9a948c", STREET = "#b9b4ac";

/** A layer with its source; `id` names its content, so that one with the same id need not be drawn again. */
export interface Item { id: string; source: string; from: SourceSpecification; layer: LayerSpecification; raster: boolean }

export function baseStyle(): StyleSpecification {
  return { version: 8, sources: {}, layers: [{ id: "back", type: "background", paint: { "background-color": PAPER } }] };
}


export interface Ground { study: string; run: string; alternative: string; chart: Chart }

export function shapeSource(ground: Ground, shapes: Shapes): SourceSpecification {
  return { type: "vector", url: shapesUrl(`${runPath(ground.study, ground.run)}/shapes/${shapes.id}.pmtiles`) };
}

export const sourceName = (table: string, shapes: Shapes): string => `shapes|${table}|${shapes.id}`;

/** The table that a source's shapes are of, "" for other sources. */
export const tableOf = (source: string): string => (source.startsWith("shapes|") ? source.split("|")[1]! : "");

type Part = { type: "fill" | "line" | "circle" | "symbol"; paint: Record<string, unknown>; layout?: Record<string, unknown>; minzoom?: number; filter?: unknown };

export function shapeItem(ground: Ground, table: string, name: string, part: Part): Item | null {
  const shapes = ground.chart.shapes[ground.alternative]?.[table];
  if (!shapes) return null;
  const source = sourceName(table, shapes), id = `${name}|${source}`;
  return { id, source, from: shapeSource(ground, shapes), layer: { ...part, id, source, "source-layer": "shapes" } as unknown as LayerSpecification, raster: false };
}

const present = (items: (Item | null)[]): Item[] => items.filter((each): each is Item => each !== null);

/** What lies below the chosen layers: water and plots. */
export function below(ground: Ground): Item[] {
  return present([waterItem(ground), shapeItem(ground, "parcels", "ground", { type: "fill", paint: { "fill-color": GROUND, "fill-opacity": 0.75 } })]);
}

/** What lies upon chosen rasters: edges of plots, streets, and buildings unless they are coloured themselves. */
export function above(ground: Ground, coloured: Set<string>): Item[] {
  return present([
    shapeItem(ground, "parcels", "edge", { type: "line", paint: { "line-color": GROUND_EDGE, "line-width": ["interpolate", ["linear"], ["zoom"], 12, 0.4, 17, 1.4] } }),
    coloured.has("streets") ? null : shapeItem(ground, "streets", "street", { type: "line", paint: { "line-color": STREET, "line-width": ["interpolate", ["linear"], ["zoom"], 12, 0.5, 18, 3] } }),
    coloured.has("buildings") ? null : shapeItem(ground, "buildings", "house", { type: "fill", paint: { "fill-color": HOUSE, "fill-outline-color": HOUSE_EDGE, "fill-opacity": 0.8 } }),
  ]);
}

function waterItem(ground: Ground): Item | null {
  const layer = ground.chart.water[ground.alternative];
  if (!layer) return null;
  const id = `water|${layer}`;
  return { id, source: id, raster: true, from: tiles(ground, `water/${layer}`, 17), layer: rasterLayer(id, 1) };
}

export function rasterLayer(id: string, opacity: number): LayerSpecification {
  return { id, type: "raster", source: id, paint: { "raster-opacity": opacity, "raster-resampling": "nearest", "raster-fade-duration": 0 } };
}

/** Tiles of 512 pixels below a path of the run; the server draws nothing outside the study. */
export function tiles(ground: Ground, path: string, closest: number, query = ""): SourceSpecification {
  const at = new URL(`${runPath(ground.study, ground.run)}/${path}`, location.href).href;
  return { type: "raster", tiles: [pictureUrl(`${at}/{z}/{x}/{y}.png${query}`)], tileSize: 512, bounds: wider(ground.chart.bounds), minzoom: 0, maxzoom: closest };
}

/** Rasters may reach beyond what is first shown. */
function wider([west, south, east, north]: Chart["bounds"]): Chart["bounds"] {
  const x = east - west, y = north - south;
  return [Math.max(-180, west - x), Math.max(-85, south - y), Math.min(180, east + x), Math.min(85, north + y)];
}
