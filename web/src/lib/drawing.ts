/** Draws what is chosen on a map: only what changed is added, moved or taken away. */

import type { ExpressionSpecification, LayerSpecification, Map as Drawn } from "maplibre-gl";
import { above, below, rasterLayer, shapeItem, tiles, type Ground, type Item } from "./basemap";
import { loadClasses, loadNames, type LayerDetail } from "./charts";
import { written } from "./texts";

/** A layer to draw: its detail, its quantity's shape ("raster" or a table), opacity 0–1, number of the hour. */
export interface Layered { detail: LayerDetail; shape: string; opacity: number; moment: number }
/** Shapes to outline, by table: numbers of rows. */
export type Selection = Record<string, number[]>;

export interface Wanted extends Ground { layers?: Layered[]; selection?: Selection; labels?: boolean }

const CHOSEN = "#d4006a";
const EDGE = "#6f6b65";
const NOTHING = "rgba(0,0,0,0)";
const OPACITY = { fill: "fill-opacity", line: "line-opacity", circle: "circle-opacity", raster: "raster-opacity" } as const;

/** Give the layers of a map their order, from the bottom: water and plots, chosen layers, buildings, selection. */
export async function items(wanted: Wanted): Promise<Item[]> {
  const layers = wanted.layers ?? [];
  const coloured = new Set(layers.map((each) => each.shape));
  const drawn = await Promise.all(layers.map((each) => (each.shape === "raster" ? rasterItems(wanted, each) : shapeItems(wanted, each))));
  const rasters = drawn.filter((_, at) => layers[at]!.shape === "raster").flat();
  const shapes = drawn.filter((_, at) => layers[at]!.shape !== "raster").flat();
  const plots = layers.some((each) => each.shape === "parcels");
  const [low, high] = [below(wanted), above(wanted, coloured)];
  const order = plots ? [...low, ...shapes, ...rasters, ...high] : [...low, ...rasters, ...high, ...shapes];
  return [...order, ...selected(wanted), ...(wanted.labels === false ? [] : await labels(wanted))];
}

/** Tables whose shapes are named on the map: from which zoom on, how large, along lines or inside areas. */
const WRITTEN: Record<string, { from: number; size: number; ink: string; layout: Record<string, unknown> }> = {
  units: { from: 11, size: 13, ink: "#5b2a86", layout: {} },
  streets: { from: 14, size: 11, ink: "#454039", layout: { "symbol-placement": "line", "symbol-spacing": 320 } },
  parcels: { from: 15, size: 11, ink: "#1c2321", layout: {} },
};
const MOST_NAMES = 30_000;
const FONTS = ["Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

/** Names where they fit, drawn by the browser's own fonts, so that no font is asked of any host. */
async function labels(wanted: Wanted): Promise<Item[]> {
  const made = await Promise.all(Object.entries(WRITTEN).map(async ([table, how]) => {
    const shapes = wanted.chart.shapes[wanted.alternative]?.[table];
    if (!shapes || shapes.count > MOST_NAMES) return null;
    const { texts: first, places, others } = await loadNames(wanted.study, wanted.run, shapes.id);
    const texts = others[written.value] ?? first;
    if (!texts.some(Boolean)) return null;
    const field = places.length ? ["get", "text"] : ["to-string", ["at", ["get", "n"], ["literal", texts]]];
    const part = {
      type: "symbol" as const, minzoom: how.from,
      layout: { "text-field": field, "text-font": FONTS, "text-size": how.size, "text-max-width": 7, "text-padding": 3, ...how.layout },
      paint: { "text-color": how.ink, "text-halo-color": "#ffffffe6", "text-halo-width": 1.4 },
    };
    return places.length ? pointsItem(`names|${table}|${shapes.id}|${written.value}`, texts, places, part) : shapeItem(wanted, table, `name-${written.value}`, part);
  }));
  return made.filter((each): each is Item => each !== null);
}

/** Words at places of their own: an area that tiles cut is named once. */
function pointsItem(id: string, texts: string[], places: [number, number][], part: object): Item {
  const features = texts.flatMap((text, at) => (text ? [{ type: "Feature" as const, properties: { text }, geometry: { type: "Point" as const, coordinates: places[at]! } }] : []));
  return { id, source: id, raster: false, from: { type: "geojson", data: { type: "FeatureCollection", features } }, layer: { ...part, id, source: id } as unknown as LayerSpecification };
}

function rasterItems(wanted: Wanted, { detail, opacity, moment }: Layered): Item[] {
  const id = `raster|${detail.id}|${moment}`;
  return [{ id, source: id, raster: true, from: tiles(wanted, `layers/${detail.id}/tiles`, detail.closest, moment ? `?moment=${moment}` : ""), layer: rasterLayer(id, opacity) }];
}

async function shapeItems(wanted: Wanted, { detail, shape, opacity }: Layered): Promise<Item[]> {
  const shapes = wanted.chart.shapes[wanted.alternative]?.[shape];
  if (!shapes) return [];
  const colour = colours(await loadClasses(wanted.study, wanted.run, detail.id), detail.palette);
  const name = `column|${detail.id}`;
  const made = {
    area: () => [shapeItem(wanted, shape, name, { type: "fill", paint: { "fill-color": colour, "fill-opacity": opacity } }), shapeItem(wanted, shape, `${name}|edge`, { type: "line", paint: { "line-color": EDGE, "line-width": 0.4, "line-opacity": opacity } })],
    line: () => [shapeItem(wanted, shape, name, { type: "line", paint: { "line-color": colour, "line-opacity": opacity, "line-width": ["interpolate", ["linear"], ["zoom"], 12, 1.5, 17, 5] } })],
    point: () => [shapeItem(wanted, shape, name, { type: "circle", paint: { "circle-color": colour, "circle-opacity": opacity, "circle-radius": 5 } })],
  }[shapes.kind]();
  return made.filter((each): each is Item => each !== null);
}

/** The colour of each row by its class; a row without a class is not coloured. */
export function colours(classes: number[], palette: string[]): ExpressionSpecification {
  const cases = palette.flatMap((colour, at) => [at, colour]);
  if (!cases.length || !classes.length) return ["literal", NOTHING] as unknown as ExpressionSpecification;
  return ["match", ["at", ["get", "n"], ["literal", classes]], ...cases, NOTHING] as unknown as ExpressionSpecification;
}

function selected(wanted: Wanted): Item[] {
  return Object.entries(wanted.selection ?? {}).filter(([, rows]) => rows.length).flatMap(([table, rows]) => {
    const shapes = wanted.chart.shapes[wanted.alternative]?.[table];
    const filter = ["in", ["get", "n"], ["literal", rows]] as never;
    const name = `selection|${rows.join(",")}`;
    const item = shapes?.kind === "point"
      ? shapeItem(wanted, table, name, { type: "circle", filter, paint: { "circle-color": NOTHING, "circle-radius": 9, "circle-stroke-color": CHOSEN, "circle-stroke-width": 3 } })
      : shapeItem(wanted, table, name, { type: "line", filter, paint: { "line-color": CHOSEN, "line-width": 3 } });
    return item ? [item] : [];
  });
}

/** Layers of ours that a map shows, from the bottom. */
export interface Laid { order: string[]; items: Map<string, Item>; turn: number }

export const nothingLaid = (): Laid => ({ order: [], items: new Map(), turn: 0 });

export async function draw(map: Drawn, wanted: Wanted, laid: Laid): Promise<void> {
  const turn = (laid.turn += 1);
  const next = await items(wanted);
  if (turn !== laid.turn || !map.getLayer("back")) return;
  const ids = new Set(next.map((each) => each.id));
  const gone = laid.order.filter((id) => !ids.has(id));
  const take = (id: string) => { if (map.getLayer(id)) map.removeLayer(id); release(map, laid, id); };
  const [later, atOnce] = [gone.filter((id) => laid.items.get(id)?.raster), gone.filter((id) => !laid.items.get(id)?.raster)];
  atOnce.forEach(take);
  let before: string | undefined;
  for (const item of [...next].reverse()) {
    if (!map.getSource(item.source)) map.addSource(item.source, item.from);
    if (!map.getLayer(item.id)) map.addLayer(item.layer, before);
    else { map.moveLayer(item.id, before); repaint(map, item.layer); }
    laid.items.set(item.id, item);
    before = item.id;
  }
  // A raster goes when its successor has been drawn, so that a series of hours does not flicker.
  if (later.length) map.once("idle", () => later.filter((id) => !laid.order.includes(id)).forEach(take));
  laid.order = next.map((each) => each.id);
}

function repaint(map: Drawn, layer: LayerSpecification): void {
  const property = OPACITY[layer.type as keyof typeof OPACITY];
  const paint = (layer as { paint?: Record<string, unknown> }).paint;
  if (property && paint && property in paint) map.setPaintProperty(layer.id, property, paint[property] as never);
}

function release(map: Drawn, laid: Laid, id: string): void {
  const source = laid.items.get(id)?.source;
  laid.items.delete(id);
  if (source && map.getSource(source) && ![...laid.items.values()].some((each) => each.source === source)) map.removeSource(source);
}
