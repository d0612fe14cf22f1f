/** The open draft: kept by the server at every change, merged with others' changes or asked about, never written over. */

import { computed, signal } from "@preact/signals";
import { api, Refusal } from "../../lib/api";
import { tell, tellError } from "../../lib/messages";
import { place, setQuery } from "../../lib/router";
import { loadStudies, may, study } from "../../lib/session";
import type { Behind, Change, Draft, DraftEntry, Plan, Turn } from "./model";
import { say } from "./words";

export const plan = signal<Plan | null>(null);
export const drafts = signal<DraftEntry[]>([]);
export const draft = signal<Draft | null>(null);
export const chosen = signal<string[]>([]);
export const busy = signal(false);
/** A change that others' changes stand against: what they did, and the change itself. */
export const clash = signal<{ behind: Behind; entry: Change | Turn } | null>(null);

export const path = () => `/api/studies/${encodeURIComponent(study.value!.id)}`;
export const draftPath = () => `${path()}/drafts/${draft.value!.id}`;
export const editable = computed(() => draft.value !== null && may("editor"));
export const chosenParcels = computed(() => {
  const wanted = new Set(chosen.value);
  return (plan.value?.parcels ?? []).filter((each) => wanted.has(each.id));
});

export async function load(): Promise<void> {
  const [found, listed] = await Promise.all([api.get<Plan>(`${path()}/plan`), api.get<DraftEntry[]>(`${path()}/drafts`)]);
  found.parcels.sort((one, other) => one.id.localeCompare(other.id, undefined, { numeric: true }));
  plan.value = found;
  drafts.value = listed;
  const asked = place.value.query.get("draft");
  const first = listed.find((each) => each.id === asked) ?? listed[0];
  draft.value = first ? await api.get<Draft>(`${path()}/drafts/${first.id}`) : null;
  chosen.value = (place.value.query.get("parcels") ?? "").split(",").filter((id) => found.parcels.some((each) => each.id === id));
}

export async function open(id: string): Promise<void> {
  draft.value = id ? await api.get<Draft>(`${path()}/drafts/${id}`) : null;
  setQuery({ draft: id });
}

export async function list(): Promise<void> {
  drafts.value = await api.get<DraftEntry[]>(`${path()}/drafts`);
}

export function choose(ids: string[]): void {
  chosen.value = ids;
  setQuery({ parcels: ids.length <= 20 ? ids.join(",") : "" });
}

let line: Promise<void> = Promise.resolve();

/** Send one change after the other; each is kept by the server before the next is sent. */
export function send(entry: Change | Turn): Promise<void> {
  line = line.then(() => (draft.value ? enter(entry, draft.value.version) : undefined)).catch(tellError);
  return line;
}

async function enter(entry: Change | Turn, version: number): Promise<void> {
  const turn = entry.kind === "undo" || entry.kind === "redo";
  const on = draft.value!.id;
  busy.value = true;
  try {
    const state = await api.post<Draft>(`${path()}/drafts/${on}/entries`, { version, [turn ? "turn" : "change"]: entry });
    if (draft.value?.id === on) draft.value = state;
  } catch (fault) {
    if (!(fault instanceof Refusal) || fault.id !== "web.plan.behind") throw fault;
    const behind = fault.body as unknown as Behind;
    if (!behind.fits) { clash.value = { behind, entry }; return; }
    await enter(entry, behind.version);
    tell("done", say("plan.merged", { names: names(behind) }));
  } finally {
    busy.value = false;
  }
}

export const names = (behind: Behind): string => [...new Set(behind.meanwhile.map((each) => each.author))].join(", ");

/** After a clash: add mine on top of theirs, or leave mine out; the draft is read anew. */
export async function settle(mine: boolean): Promise<void> {
  const asked = clash.value;
  clash.value = null;
  if (!asked || !draft.value) return;
  draft.value = await api.get<Draft>(draftPath());
  if (mine) await send(asked.entry);
}

/** Write the draft into the study file; true where it was. */
export async function write(replace: boolean): Promise<void> {
  const found = await api.post<{ alternative: string; version: number }>(`${draftPath()}/alternative`, { version: plan.value!.version, replace });
  plan.value = { ...plan.value!, version: found.version };
  tell("done", say("plan.written", { name: found.alternative }));
  await loadStudies();
  plan.value = await api.get<Plan>(`${path()}/plan`);
}
