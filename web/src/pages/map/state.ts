/** What the map page shows: chosen quantities, alternative, event, hour, view; what one would link to lives in the query. */

import { batch, computed, signal } from "@preact/signals";
import type { View } from "../../components/map";
import { api, type Said } from "../../lib/api";
import { layerOf, loadDetail, runPath, type Chart, type LayerDetail, type Quantity } from "../../lib/charts";
import type { Layered, Selection } from "../../lib/drawing";
import { tellError } from "../../lib/messages";
import { here, place as address, setQuery } from "../../lib/router";
import { run, study } from "../../lib/session";
import { said } from "../../lib/texts";

export type Mode = "" | "swipe" | "side";
export interface Value { name: string; title: Said; layer: string; number: number | null; text: Said; colour: string }
export interface ShapeAt { table: string; title: Said; id: string; name: string; row: number; values: Value[] }
export interface PlaceAt {
  lon: number; lat: number; x: number | null; y: number | null; crs: string; rasters: Value[]; shapes: ShapeAt[]; zone: string; whole: boolean;
  indicators: { name: string; title: Said; number: number | null; text: Said }[];
  controls: { control: string; title: Said; computed: Said; limit: Said; state: string; why: Said }[];
}

/** The chart that was loaded last, and the run that it is of. */
export const loaded = signal<{ of: string; chart: Chart } | null>(null);
const open = computed(() => (study.value ? runPath(study.value.id, run.value) : ""));
/** What the map of the run that is open holds. */
export const chart = computed(() => (loaded.value?.of === open.value ? loaded.value.chart : null));
export const opacity = signal<Record<string, number>>({});
export const details = signal<Record<string, LayerDetail>>({});
/** Layers whose classes could not be read; they are asked for again when somebody says so. */
export const unread = signal<Record<string, true>>({});
export const found = signal<PlaceAt | null>(null);
/** What the second map says of the same place; null where there is one map. */
export const foundOther = signal<PlaceAt | null>(null);
/** Whether what the maps say of a place is still asked for. */
export const looking = signal(false);
export const measuring = signal<"" | "distance" | "area">("");
export const measured = signal<[number, number][]>([]);

const query = (key: string): string => address.value.query.get(key) ?? "";
const list = (text: string): string[] => text.split(",").filter(Boolean);

export const alternative = computed(() => { const named = query("alternative"), all = Object.keys(chart.value?.alternatives ?? {}); return all.includes(named) ? named : all[0] ?? ""; });
export const other = computed(() => { const named = query("other"), all = Object.keys(chart.value?.alternatives ?? {}); return all.includes(named) ? named : all[all.length - 1] ?? ""; });
export const mode = computed(() => (["swipe", "side"].includes(query("compare")) ? query("compare") as Mode : ""));
export const label = computed(() => query("event"));
/** The event or year of the second map: its own, else that of the first. */
export const labelOther = computed(() => (labels.value.some((each) => each.name === query("event2")) ? query("event2") : label.value));
/** Whether names are written on the map. */
export const written = computed(() => query("names") !== "no");
export const hour = computed(() => Math.max(0, Math.trunc(Number(query("hour"))) || 0));
/** Scale at which a place is seen that an address names alone. */
export const NEAR = 16;
export const view = computed<View | null>(() => {
  const [lon, lat, zoom] = query("at").split(",").map(Number);
  if (query("at") && [lon, lat, zoom].every(Number.isFinite)) return { centre: [lon!, lat!], zoom: zoom! };
  const alone = placeAsked();
  return alone && within(alone) ? { centre: alone, zoom: NEAR } : null;
});
/** Whether a place lies where the map of the run holds something. */
export function within([lon, lat]: [number, number]): boolean {
  const [west, south, east, north] = chart.value?.bounds ?? [-180, -90, 180, 90];
  return lon >= west && lon <= east && lat >= south && lat <= north;
}

const byName = computed(() => new Map((chart.value?.quantities ?? []).map((each) => [each.name, each])));
const quantities = (text: string): Quantity[] => list(text).map((name) => byName.value.get(name)).filter((each) => each !== undefined);
export const chosen = computed(() => quantities(query("layers")));
/** Quantities of the second map: its own, else those of the first. */
export const chosenOther = computed(() => (query("layers2") ? quantities(query("layers2")) : chosen.value));

/** Labels of events of what is chosen, in order. */
export const labels = computed(() => {
  const all = new Map<string, Said>();
  for (const each of [...chosen.value, ...(mode.value ? chosenOther.value : [])]) for (const layer of each.layers[alternative.value] ?? []) if (layer.label) all.set(layer.label, layer.title);
  return [...all].map(([name, title]) => ({ name, title }));
});
/** Hours of what is chosen: those of the first quantity that has any, on either map. */
export const hours = computed(() => [...drawn.value, ...(mode.value ? drawnOther.value : [])].find((each) => each.detail.moments.length)?.detail.moments ?? []);

const named = (of: string): string => { const all = labels.value, found = all.find((each) => each.name === of) ?? all[all.length - 1]; return found ? said(found.title) || found.name : ""; };
/** Names of the events or years of both maps where they differ, "" where they are the same. */
export const otherName = computed(() => (mode.value && labelOther.value !== label.value ? named(labelOther.value) : ""));
export const labelName = computed(() => named(label.value));

/** What the maps are of: their alternatives, with event or year where these differ. */
export const sides = computed((): [string, string] => {
  const name = (of: string) => said(chart.value?.alternatives[of]);
  return otherName.value ? [`${name(alternative.value)} · ${labelName.value}`, `${name(other.value)} · ${otherName.value}`] : [name(alternative.value), name(other.value)];
});

/** Layers to draw for an alternative, of those whose classes have come; ask for the others. */
export function layered(name: string, of: Quantity[], tag: string): Layered[] {
  return of.flatMap((quantity) => {
    const layer = layerOf(quantity, name, tag);
    const detail = layer && details.value[layer.id];
    if (!detail) return [];
    const moment = detail.moments.length ? Math.min(hour.value, detail.moments.length - 1) : 0;
    return [{ detail, shape: quantity.shape, opacity: opacity.value[quantity.name] ?? 0.85, moment }];
  });
}

export const drawn = computed(() => layered(alternative.value, chosen.value, label.value));
export const drawnOther = computed(() => layered(other.value, chosenOther.value, labelOther.value));
export const selection = computed<Selection>(() => Object.fromEntries((found.value?.shapes ?? []).filter((each) => ["parcels", "buildings"].includes(each.table)).map((each) => [each.table, [each.row]])));

export function ask(): void {
  const wanted = [...chosen.value.map((each) => layerOf(each, alternative.value, label.value)), ...(mode.value ? chosenOther.value.map((each) => layerOf(each, other.value, labelOther.value)) : [])];
  for (const layer of wanted) {
    if (layer && !details.value[layer.id] && !unread.value[layer.id]) loadDetail(study.value!.id, run.value, layer.id).then((detail) => { details.value = { ...details.value, [layer.id]: detail }; }, (fault) => { unread.value = { ...unread.value, [layer.id]: true }; tellError(fault); });
  }
}

export function askAgain(layer: string): void {
  const { [layer]: _, ...rest } = unread.value;
  unread.value = rest;
}

export function choose(name: string, on: boolean): void {
  const rest = chosen.value.map((each) => each.name).filter((each) => each !== name);
  setQuery({ layers: (on ? [...rest, name] : rest).join(",") });
}

export interface Hit { table: string; title: Said; id: string; name: string; row: number; lon: number; lat: number }

/** Ask for the shapes of the map whose id or name holds a text. */
export const find = (text: string): Promise<Hit[]> => api.get<Hit[]>(`${open.value}/find?${new URLSearchParams({ alternative: alternative.value, text })}`);

/** A place inside a parcel; null where the map of this alternative has none such. */
export async function parcelPlace(id: string): Promise<[number, number] | null> {
  const hit = (await find(id)).find((each) => each.table === "parcels" && each.id === id);
  return hit ? [hit.lon, hit.lat] : null;
}

let asked: AbortController | null = null;
/** Ask what each map says of a place; a later question takes the place of an earlier one. The address has the place at once, so that it is asked for anew when layers come meanwhile. */
export async function look(lon: number, lat: number): Promise<void> {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked, stays = here(), at = open.value;
  looking.value = true;
  setQuery({ place: `${lon.toFixed(6)},${lat.toFixed(6)}` });
  const ask = (of: string, layers: Layered[]): Promise<PlaceAt> => {
    const shown = layers.filter((each) => each.shape === "raster");
    const values = new URLSearchParams({ lon: String(lon), lat: String(lat), alternative: of, layers: shown.map((each) => each.detail.id).join(","), moments: shown.map((each) => each.moment).join(",") });
    return api.get<PlaceAt>(`${at}/at?${values}`, { signal });
  };
  try {
    const [first, second] = await Promise.all([ask(alternative.value, drawn.value), mode.value ? ask(other.value, drawnOther.value) : null]);
    if (signal.aborted || !stays() || at !== open.value) return;
    batch(() => { found.value = first; foundOther.value = second; });
  } catch (fault) {
    tellError(fault);
  } finally {
    if (!signal.aborted) looking.value = false;
  }
}

/** Show no place any more, nor one that is still asked for. */
export function forget(): void {
  asked?.abort();
  batch(() => { found.value = null; foundOther.value = null; looking.value = false; });
}

/** What the values at a place depend on: they are asked for anew when it changes. */
export const asking = computed(() => [drawn.value, mode.value ? drawnOther.value : []].map((each) => each.map((layer) => `${layer.detail.id}.${layer.moment}`).join()).concat(alternative.value, mode.value && other.value).join("|"));

export function placeAsked(): [number, number] | null {
  const [lon, lat] = query("place").split(",").map(Number);
  return query("place") && Number.isFinite(lon) && Number.isFinite(lat) ? [lon!, lat!] : null;
}
