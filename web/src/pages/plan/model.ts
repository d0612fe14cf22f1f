/** The plan as the server gives it, and what a draft makes of it. */

import type { Said } from "../../lib/api";

export type ControlName = "floor_area_ratio" | "building_density" | "height_limit" | "green_ratio";
export type ValueName = "land_use" | ControlName;
export type Value = string | number | null;
export type Values = Partial<Record<ValueName, Value>>;
export interface Shape { type: "Polygon" | "MultiPolygon"; coordinates: unknown }
export interface Parcel { id: string; unit: string; area: number; values: Record<string, Value>; shape: Shape }
export interface Control { name: ControlName; unit: string; least: number; most: number | null; title: Said }
export interface Field { name: string; title: Said; unit: string; kind: string; choices: string[]; least: number | null; most: number | null; default: unknown; required: boolean; about: string }
export interface Measure { name: string; title: Said; on_land: boolean; unit: string; fields: Field[] }
export interface BaseMeasure { placement: string; measure: string; params: Record<string, unknown>; title: Said }
export interface Alternative { title: Said; builds: boolean; portfolio: boolean; changed: Record<string, Record<string, Value>>; measures: BaseMeasure[] }
export interface LandUse { code: string; title: Said; colour: string }
export interface Plan {
  parcels: Parcel[]; bounds: [number, number, number, number]; land_uses: LandUse[]; controls: Control[]; measures: Measure[];
  units: string[]; unit_names: Record<string, Said>; alternatives: Record<string, Alternative>; run: string; version: number;
}

export interface Site { parcels: string[]; area: [number, number][]; units: string[] }
export type Change =
  | { kind: "controls"; parcels: string[]; values: Values }
  | { kind: "place"; placement: string; measure: string; site: Site; params: Record<string, unknown> }
  | { kind: "remove"; placement: string };
export type Turn = { kind: "undo" } | { kind: "redo" };
export interface Logged { number: number; author: string; at: string; change: Change | Turn }
export interface DraftEntry { id: string; name: string; title: Said; base: string; version: number; changed: string }
export interface Draft extends DraftEntry {
  parcels: Record<string, Values>; placed: Extract<Change, { kind: "place" }>[]; removed: string[];
  log: Logged[]; counting: number[]; undone: number[];
}
export interface Behind { version: number; fits: boolean; meanwhile: Logged[] }
export interface Contradiction { parcel: string; kind: string; hard: boolean; said: Said }
export interface Feasibility { conflicts: Contradiction[]; ranges: Partial<Record<ControlName, [number | null, number | null]>> }
export interface Row {
  scope: "area" | "unit" | "parcel"; name: string; title: Said; unit: Said; strand: string; better: "lower" | "higher" | "none";
  before: number | null; after: number | null; low: number | null; high: number | null; how: string; target: number | null; decision: string;
  said: Record<"before" | "after" | "low" | "high" | "target", Said>;
}
export type Answer =
  | { learned: false; can_learn: boolean; said: Said }
  | { learned: true; parcel: string; undecided: boolean; left_out: number; outside: Said[]; same: number; rows: Row[] };

/** How a control is shown: shares as percent, and by which step it moves. */
export const SHOWN: Record<ControlName, { factor: number; unit: string; step: number }> = {
  floor_area_ratio: { factor: 1, unit: "", step: 0.1 },
  building_density: { factor: 100, unit: "%", step: 1 },
  height_limit: { factor: 1, unit: "m", step: 1 },
  green_ratio: { factor: 100, unit: "%", step: 1 },
};

/** A parcel's value in the base alternative of a draft. */
export function baseValue(plan: Plan, base: string, parcel: Parcel, name: ValueName): Value {
  const changed = plan.alternatives[base]?.changed[parcel.id];
  return (changed ? changed[name] : parcel.values[name]) ?? null;
}

/** A parcel's value as a draft leaves it. */
export function valueOf(plan: Plan, draft: Draft, parcel: Parcel, name: ValueName): Value {
  return draft.parcels[parcel.id]?.[name] ?? baseValue(plan, draft.base, parcel, name);
}

/** Of a land use that is not stated, or is none of the standard's. */
export const NO_USE = "#ffffff", OTHER_USE = "#9a9a9a";

/** The colour of a land use: the standard's, as on the report's maps. */
export function colourOf(plan: Plan, code: Value): string {
  if (code === null || code === "") return NO_USE;
  return plan.land_uses.find((each) => each.code === code)?.colour ?? OTHER_USE;
}

/** What a parcel is used for: by a draft where one is open, else as its file says. */
export const useOf = (plan: Plan, draft: Draft | null, parcel: Parcel): Value =>
  (draft ? valueOf(plan, draft, parcel, "land_use") : parcel.values["land_use"]) ?? null;

export interface Use { code: Value; colour: string; area: number }

/** The land uses that there are, by their codes, with the area of each [m²]; the one not stated last. */
export function usesOf(plan: Plan, draft: Draft | null): Use[] {
  const areas = new Map<Value, number>();
  for (const each of plan.parcels) {
    const code = useOf(plan, draft, each) || null;
    areas.set(code, (areas.get(code) ?? 0) + each.area);
  }
  const order = (code: Value) => (code === null ? "\uffff" : String(code));
  return [...areas].map(([code, area]) => ({ code, colour: colourOf(plan, code), area })).sort((one, other) => (order(one.code) < order(other.code) ? -1 : 1));
}

/** The value that all have, or null where they differ. */
export function common(values: Value[]): { value: Value; mixed: boolean } {
  const [first = null] = values;
  const mixed = values.some((each) => each !== first);
  return { value: mixed ? null : first, mixed };
}

/** Whether a value got better, worse, or neither, by the direction of its indicator; within the band it is open. */
export function verdict(row: Row): "better" | "worse" | "open" | "none" {
  if (row.better === "none" || row.before === null || row.after === null || row.low === null || row.high === null) return "none";
  if (row.low <= row.before && row.high >= row.before) return row.low === row.high ? "none" : "open";
  return row.after > row.before === (row.better === "higher") ? "better" : "worse";
}

/** Parcels whose id, unit or land use holds what was typed. */
export function filtered(parcels: Parcel[], typed: string): Parcel[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return parcels.filter((each) => words.every((word) => [each.id, each.unit, String(each.values["land_use"] ?? "")].some((text) => text.toLowerCase().includes(word))));
}

/** Outer rings of a shape. */
export function rings(shape: Shape): [number, number][][] {
  const parts = (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates) as [number, number][][][];
  return parts.map((part) => part[0] ?? []);
}

/** The parcel that a place lies in, of several the one that is drawn above the others. */
export function parcelAt(parcels: Parcel[], lon: number, lat: number): Parcel | undefined {
  return [...parcels].reverse().find((each) => holds(each.shape, lon, lat));
}

/** Whether a place lies in a shape: a line from there to the east crosses its rings, those of holes too, an odd number of times. */
function holds(shape: Shape, lon: number, lat: number): boolean {
  const parts = (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates) as [number, number][][][];
  const crossed = (ring: [number, number][]) => ring.filter(([x, y], at) => {
    const [east, north] = ring[(at + 1) % ring.length]!;
    return y > lat !== north > lat && lon < x + ((east - x) * (lat - y)) / (north - y);
  }).length;
  return parts.some((part) => part.reduce((sum, ring) => sum + crossed(ring), 0) % 2 === 1);
}

/** Whether two boxes of longitude and latitude touch. */
export function touches(shape: Shape, west: number, south: number, east: number, north: number): boolean {
  const points = rings(shape).flat();
  const lons = points.map((point) => point[0]), lats = points.map((point) => point[1]);
  return Math.min(...lons) <= east && Math.max(...lons) >= west && Math.min(...lats) <= north && Math.max(...lats) >= south;
}

export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (each) => each.toString(16).padStart(2, "0")).join("");
}
