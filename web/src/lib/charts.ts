/** What the server's map of a run holds: quantities, layers, shapes; and the addresses of their tiles. */

import { api, reach, type Said } from "./api";

export interface Shapes { id: string; count: number; kind: "area" | "line" | "point"; coarsest: number; closest: number }
export interface LayerOf { id: string; label: string; title: Said }
export interface Quantity {
  name: string; title: Said; unit: Said; strand: string; shape: string; main: boolean; hourly: boolean;
  layers: Record<string, LayerOf[]>;
}
export interface Chart {
  bounds: [number, number, number, number];
  alternatives: Record<string, Said>;
  shapes: Record<string, Record<string, Shapes>>;
  water: Record<string, string>;
  quantities: Quantity[];
  notes: Said[];
}
export interface LegendEntry { label: Said; colour: string }
export interface LayerDetail { id: string; name: string; title: Said; unit: Said; legend: LegendEntry[]; palette: string[]; closest: number; moments: number[]; source: Said }

export const runPath = (study: string, run: string) => `/api/studies/${encodeURIComponent(study)}/runs/${encodeURIComponent(run)}`;

export const loadChart = (study: string, run: string) => api.get<Chart>(`${runPath(study, run)}/map`);

const details = new Map<string, Promise<LayerDetail>>();

/** How a layer is drawn; asked once. */
export function loadDetail(study: string, run: string, layer: string): Promise<LayerDetail> {
  const path = `${runPath(study, run)}/layers/${layer}`;
  let asked = details.get(path);
  if (!asked) details.set(path, (asked = api.get<LayerDetail>(path).catch((fault: unknown) => { details.delete(path); throw fault; })));
  return asked;
}

/** The class of each shape of a column's table, 255 for none. */
export async function loadClasses(study: string, run: string, layer: string): Promise<number[]> {
  const answer = await reach(`${runPath(study, run)}/layers/${layer}/classes`);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return Array.from(new Uint8Array(await answer.arrayBuffer()));
}

/** Words at the shapes of a table, by row, and those of a language that the data have names in; of areas also where they stand. */
export interface Names { texts: string[]; places: [number, number][]; others: Record<string, string[]> }
const names = new Map<string, Promise<Names>>();

/** What is written at each shape of a table; asked once. */
export function loadNames(study: string, run: string, shapes: string): Promise<Names> {
  const path = `${runPath(study, run)}/shapes/${shapes}/names`;
  let asked = names.get(path);
  if (!asked) names.set(path, (asked = api.get<Names>(path).catch((fault: unknown) => { names.delete(path); throw fault; })));
  return asked;
}

/** The layer of a quantity in an alternative with a label; the last one, of the rarest event, where there is none such. */
export function layerOf(quantity: Quantity, alternative: string, label: string): LayerOf | undefined {
  const layers = quantity.layers[alternative] ?? [];
  return layers.find((each) => each.label === label) ?? layers[layers.length - 1];
}
