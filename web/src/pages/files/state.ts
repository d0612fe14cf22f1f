/** What the page of files knows: files, study file, last reading; and the changes that are not written yet. */

import { computed, signal } from "@preact/signals";
import { api, Refusal, type Said } from "../../lib/api";
import { tell, tellError } from "../../lib/messages";
import { loadStudies, may, study as openStudy } from "../../lib/session";
import { series } from "../../lib/texts";

export interface Layer {
  layer: string; kind: string; count: number; crs: string; encoding: string; columns: string[]; patterns: string[];
  role: string; confidence: number; reason: Said; crs_candidates: string[]; options: Record<string, unknown>;
}
export interface StudyFile { id: string; path: string; size: number; changed: number; reader: string; inside: boolean; layers: Layer[]; refused: Said }
export interface Column { quantity: string; title: Said; unit: Said; header: string; how: "chosen" | "known" | "guessed" | "none"; confidence: number }
export interface Entry { name: string; role: string; settings: Record<string, unknown>; layer: string; columns: Column[]; unused: string[]; problem: Said }
export interface Listed { file: StudyFile; entries: Entry[] }
export interface RoleName { role: string; title: Said; kind: string }
export interface Files { files: Listed[]; missing: Entry[]; roles: RoleName[] }
export interface Trouble { where: string; text: string; said: Said }
export interface Line { sign: "+" | "-"; number: number; text: string }
export interface Field { entry: string; kind: string; choices: string[]; low: number | null; high: number | null; above: number | null; needed: boolean }
export interface Settings { version: number; digest: string; text: string; content: Record<string, any>; fields: Record<string, Field[]>; troubles: Trouble[]; written: Line[] }
export interface Checked { written: Line[]; troubles: Trouble[] }
export interface Finding { kind: string; layer: string; count: number; places: string[]; text: string; said: Said }
/** One side of a contradiction: what it is, its value with unit ("" where it states none), and its files. */
export interface Side { name: Said; amount: Said; files: string[] }
export interface Reading {
  at: string; outdated: boolean;
  record: {
    ready: boolean; files: Record<string, string[]>; origin: Record<string, string[]>;
    refused: { text: string; name: string; said: Said }[]; findings: Finding[];
    contradictions: { layer: string; row: string; text: string; said: Said; sides: Side[] }[];
    trust: { layer: string; rows: number; light: string; parts: { light: string; said: Said }[] }[];
    additions: unknown[]; cell_m: number | null;
  };
}
export interface Spot { layer: string; title: Said; row: string; kind: Said; colour: string; said: Said; mended: boolean; point: [number, number] | null; path: string }
export interface ProblemMap { width: number; height: number; outlines: { name: string; title: Said; colour: string; fill: string; path: string; left_out: number }[]; problems: Spot[]; left_out: number; contradictions: (Spot | null)[] }

/** Every place of the map: of problems, then of contradictions. */
export const spotsOf = (map: Pick<ProblemMap, "problems" | "contradictions">): Spot[] => [...map.problems, ...map.contradictions.filter((each): each is Spot => each !== null)];
/** The number of each contradiction's place among those of the map, -1 where it has none. */
export function contradicted(map: Pick<ProblemMap, "problems" | "contradictions">): number[] {
  let next = map.problems.length - 1;
  return map.contradictions.map((each) => (each === null ? -1 : (next += 1)));
}

/** Names that columns of a layer may have: of a sheet cells of its first rows are known, of which numbers are none. */
export const headers = (layer: Layer | undefined): string[] =>
  [...new Set(layer?.columns ?? [])].filter((each) => layer?.kind !== "table" || /\p{L}/u.test(each));

export const files = signal<Files | null>(null);
export const settings = signal<Settings | null>(null);
export const reading = signal<Reading | null>(null);
export const problemMap = signal<ProblemMap | null>(null);
/** Changes by their place as JSON, in the order in which they were made. */
export const pending = signal<Map<string, unknown>>(new Map());
export const checked = signal<Checked | null>(null);
export const written = signal<Line[]>([]);
/** Whether the study file or the files could not be had; why is told as a message. */
export const failed = signal(false);
export const editable = computed(() => may("editor"));
/** Files whose choices are open. */
export const opened = signal<ReadonlySet<string>>(new Set());
/** What is wrong: with the changes where there are some, else with the file as it is. */
export const troubles = computed<Trouble[]>(() => (pending.value.size ? checked.value?.troubles : settings.value?.troubles) ?? []);

let open = "";
let loads = 0;
let asked = 0;
let timer = 0;

export async function load(study: string): Promise<void> {
  if (open !== study) {
    files.value = settings.value = reading.value = problemMap.value = checked.value = null;
    pending.value = new Map();
    written.value = [];
    open = study;
    asked += 1;
    clearTimeout(timer);
  }
  const path = `/api/studies/${study}`, turn = (loads += 1);
  const newest = () => turn === loads;
  failed.value = false;
  const asking = Promise.all([
    api.get<Settings>(`${path}/settings`).then((each) => { if (newest()) settings.value = each; }),
    api.get<Files>(`${path}/files`).then((each) => { if (newest()) files.value = each; }),
    api.get<Reading | null>(`${path}/intake`).then((each) => { if (newest()) reading.value = each; }),
    api.get<ProblemMap | null>(`${path}/intake/map`).then((each) => { if (newest()) problemMap.value = each; }),
  ]);
  asking.catch(() => { if (newest()) failed.value = true; });
  await asking;
}

export function valueAt(at: string[]): unknown {
  const key = JSON.stringify(at);
  if (pending.value.has(key)) return pending.value.get(key);
  return at.reduce<any>((table, name) => table?.[name], settings.value?.content);
}

/** Note a change; one that goes back to what the file says is none. */
export function set(at: string[], value: unknown): void {
  const changes = new Map(pending.value);
  const now = at.reduce<any>((table, name) => table?.[name], settings.value?.content) ?? null;
  const key = JSON.stringify(at);
  JSON.stringify(now) === JSON.stringify(value ?? null) ? changes.delete(key) : changes.set(key, value ?? null);
  pending.value = changes;
  clearTimeout(timer);
  timer = window.setTimeout(() => void check().catch(tellError), 400);
}

export function discard(): void {
  keep(new Map());
}

/** Keep these changes as those that are not written yet; a check of earlier ones no longer counts. */
function keep(changes: Map<string, unknown>): void {
  asked += 1;
  clearTimeout(timer);
  pending.value = changes;
  checked.value = null;
  if (changes.size) void check().catch(tellError);
}

const body = () => ({
  version: settings.value!.version, digest: settings.value!.digest,
  changes: [...pending.value].map(([at, value]) => ({ at: JSON.parse(at) as string[], value })),
});

async function check(): Promise<void> {
  const number = (asked += 1);
  if (!pending.value.size) { checked.value = null; return; }
  const answer = await api.post<Checked>(`/api/studies/${open}/settings`, body());
  if (number === asked) checked.value = answer;
}

let saving: Promise<void> = Promise.resolve();
/** Write the changes into the study file; those that are written anyway when this is pressed once more are not sent again. */
export function save(): Promise<void> {
  return (saving = saving.then(saveNow));
}

async function saveNow(): Promise<void> {
  const study = open, sent = pending.value;
  if (!sent.size) return;
  try {
    const answer = await api.patch<Settings>(`/api/studies/${study}/settings`, body());
    if (study !== open) return;
    loads += 1;
    settings.value = answer;
    written.value = answer.written;
    // What was changed while the others were being written is still to be written.
    keep(new Map([...pending.value].filter(([at, value]) => !sent.has(at) || sent.get(at) !== value)));
    await Promise.all([load(study), loadStudies()]);
  } catch (fault) {
    if (fault instanceof Refusal && fault.status === 409 && study === open) await load(study);
    tellError(fault);
  }
}

export async function remove(file: StudyFile): Promise<void> {
  const { version, digest } = settings.value!, study = open;
  try {
    const query = new URLSearchParams({ version: String(version), digest });
    const answer = await api.remove<Settings>(`/api/studies/${study}/files/${file.id}?${query}`);
    if (study !== open) return;
    written.value = answer.written;
    await load(study);
  } catch (fault) {
    tellError(fault);
  }
}

/** Take files that were sent into the study that they were sent for, whichever is open by then. */
export async function add(upload: string, study: string): Promise<void> {
  const { version, digest } = study === open ? settings.value! : await api.get<Settings>(`/api/studies/${study}/settings`);
  const added = await api.post<{ entries: string[] }>(`/api/studies/${study}/files/added`, { upload, version, digest });
  if (study === open) await load(study);
  tell("done", () => `+ ${series(added.entries) || "–"}`);
}

/** What is said where no reading is kept: runs that came from elsewhere have read the files, and kept no problems here. */
export const neverRead = computed(() => (openStudy.value?.runs.length ? "files.read_elsewhere" : "files.never_read"));
