/** The open draft: kept by the server at every change, merged with others' changes or asked about, never written over. */

import { batch, computed, signal } from "@preact/signals";
import { api, Refusal } from "../../lib/api";
import { tell, tellError } from "../../lib/messages";
import { turns } from "../../lib/newest";
import { here, place, setQuery } from "../../lib/router";
import { loadStudies, may, study } from "../../lib/session";
import { series, t } from "../../lib/texts";
import type { Behind, Change, Draft, DraftEntry, Logged, Plan, Turn } from "./model";

export const plan = signal<Plan | null>(null);
export const drafts = signal<DraftEntry[]>([]);
export const draft = signal<Draft | null>(null);
export const chosen = signal<string[]>([]);
export const busy = signal(false);
/** Whether values are typed that are not sent yet: others' changes are not shown below them, but asked about when they are sent. */
export const typing = signal(false);
/** A change that others' changes stand against: what they did, the change itself, and how to say whether it counts. */
export const clash = signal<{ behind: Behind; entry: Change | Turn; settle: (mine: boolean) => void } | null>(null);

export const path = () => `/api/studies/${encodeURIComponent(study.value!.id)}`;
export const draftPath = () => `${path()}/drafts/${draft.value!.id}`;
export const editable = computed(() => draft.value !== null && may("editor"));
export const chosenParcels = computed(() => {
  const wanted = new Set(chosen.value);
  return (plan.value?.parcels ?? []).filter((each) => wanted.has(each.id));
});

const openings = turns(), lists = turns();

/** Load the plan and its first draft, and show them at once: not where another study or draft was opened meanwhile. */
export async function load(): Promise<void> {
  const newest = openings(), stays = here(), at = path();
  const [found, listed] = await Promise.all([planAt(at), api.get<DraftEntry[]>(`${at}/drafts`)]);
  const asked = place.value.query.get("draft");
  const first = listed.find((each) => each.id === asked) ?? listed[0];
  const opened = first ? await api.get<Draft>(`${at}/drafts/${first.id}`) : null;
  if (!newest() || !stays()) return;
  batch(() => {
    plan.value = found;
    drafts.value = listed;
    draft.value = opened;
    chosen.value = (place.value.query.get("parcels") ?? "").split(",").filter((id) => found.parcels.some((each) => each.id === id));
  });
}

async function planAt(at: string): Promise<Plan> {
  const found = await api.get<Plan>(`${at}/plan`);
  found.parcels.sort((one, other) => one.id.localeCompare(other.id, undefined, { numeric: true }));
  return found;
}

export async function open(id: string): Promise<void> {
  const newest = openings(), stays = here();
  const found = id ? await api.get<Draft>(`${path()}/drafts/${id}`) : null;
  if (!newest() || !stays()) return;
  draft.value = found;
  setQuery({ draft: id });
}

export async function list(): Promise<void> {
  const newest = lists(), stays = here();
  const found = await api.get<DraftEntry[]>(`${path()}/drafts`);
  if (newest() && stays()) drafts.value = found;
}

let doing = 0;
/** Make, rename or delete a draft and show what came of it, unless the plan has been left: its own changes are not taken for those of others meanwhile. */
export async function change(work: () => Promise<void>, opened: () => string): Promise<void> {
  const stays = here();
  doing += 1;
  try {
    await work();
    if (stays()) await list();
    if (stays()) await open(opened());
  } finally {
    doing -= 1;
  }
}

export function choose(ids: string[]): void {
  chosen.value = ids;
  setQuery({ parcels: ids.length <= 20 ? ids.join(",") : "" });
}

const settled = (): boolean => doing === 0 && !busy.value && !typing.value && unsent.value.length === 0 && clash.value === null;

/** Show what was changed elsewhere: by others, or in another window; never below what is being typed or sent here. */
export async function refresh(): Promise<void> {
  if (study.value === null || plan.value === null || !settled()) return;
  const now = draft.value, known = plan.value, at = path(), stays = here();
  const found = study.value.version === known.version ? known : await planAt(at);
  if (!stays() || plan.value !== known) return;
  plan.value = found;
  const listed = await api.get<DraftEntry[]>(`${at}/drafts`);
  if (!stays() || draft.value !== now || !settled()) return;
  drafts.value = listed;
  const there = listed.find((each) => each.id === now?.id);
  if (now === null || there?.version === now.version) return;
  if (!there) {
    draft.value = null;
    tell("error", () => t("plan.deleted_elsewhere", { name: now.name }), true);
    await open(listed[0]?.id ?? "");
    return;
  }
  const state = await api.get<Draft>(`${at}/drafts/${now.id}`);
  if (!stays() || draft.value !== now || !settled() || state.version <= now.version) return;
  draft.value = state;
  tell("done", () => t("plan.changed_elsewhere", { names: authors(state.log.filter((each) => each.number > now.version)) }));
}

/** Tell what an answer about the open draft failed by; one that is gone is told once, as deleted elsewhere. */
export function tellOfDraft(fault: unknown): void {
  if (fault instanceof Refusal && fault.id === "web.plan.no_draft") refresh().catch(tellError);
  else tellError(fault);
}

let line: Promise<boolean> = Promise.resolve(true);

interface Unsent { entry: Change; to: string; settle: (kept: boolean) => void }
/** Changes that did not reach the server: out of reach, or the session had ended. They go before any later one. */
export const unsent = signal<Unsent[]>([]);
const AGAIN_MS = 5000;
let again: ReturnType<typeof setTimeout> | undefined;

/**
 * Send one change after the other to the draft that is open now; each is kept before the next is sent.
 * True once it is kept, which waits for a server that is out of reach; false where it is refused.
 */
export function send(entry: Change | Turn): Promise<boolean> {
  const to = draft.value && draftPath();
  if (to === null) return line;
  return new Promise<boolean>((settle) => {
    line = line.then(sendUnsent).then(() => enter(entry, to)).then(() => (settle(true), true), (fault: unknown) => {
      tellError(fault);
      if (isTurn(entry) || !passes(fault)) settle(false);
      else wait({ entry, to, settle });
      return false;
    });
  });
}

/** Send what did not reach the server; quietly, as it was told before. */
export function sendAgain(): Promise<unknown> {
  line = line.then(sendUnsent).then(() => true, () => (waitAgain(), false));
  return line;
}

const isTurn = (entry: Change | Turn): entry is Turn => entry.kind === "undo" || entry.kind === "redo";
/** Whether a fault is none of the change itself, so that it is worth sending it again: no server, no session, too many requests. */
const passes = (fault: unknown): boolean => fault instanceof Refusal && (fault.status === 0 || fault.status === 401 || fault.status === 429 || fault.status >= 500);

function wait(change: Unsent): void {
  unsent.value = [...unsent.value, change];
  waitAgain();
}

function waitAgain(): void {
  clearTimeout(again);
  again = setTimeout(() => void sendAgain(), AGAIN_MS);
}

/** Send what waits, in its order; one that the server refuses for good is told and given up. Throws where it is still out of reach. */
async function sendUnsent(): Promise<void> {
  while (unsent.value.length) {
    const { entry, to, settle } = unsent.value[0]!;
    const kept = await enter(entry, to).then(() => true, (fault: unknown) => { if (passes(fault)) throw fault; tellError(fault); return false; });
    unsent.value = unsent.value.slice(1);
    settle(kept);
  }
}

addEventListener("online", () => void sendAgain());
addEventListener("beforeunload", (event) => { if (unsent.value.length) event.preventDefault(); });

async function enter(entry: Change | Turn, to: string, known?: number): Promise<void> {
  const turn = isTurn(entry);
  busy.value = true;
  try {
    const version = known ?? (await current(to)).version;
    take(await api.post<Draft>(`${to}/entries`, { version, [turn ? "turn" : "change"]: entry }));
  } catch (fault) {
    if (!(fault instanceof Refusal) || fault.id !== "web.plan.behind") throw fault;
    await catchUp(entry, to, fault.body as unknown as Behind);
  } finally {
    busy.value = false;
  }
}

/** Add a change to what others did meanwhile where it fits, else ask whether it counts: changes after it wait. */
async function catchUp(entry: Change | Turn, to: string, behind: Behind): Promise<void> {
  if (behind.fits) {
    await enter(entry, to, behind.version);
    tell("done", () => t("plan.merged", { names: names(behind) }));
    return;
  }
  const mine = await new Promise<boolean>((settle) => (clash.value = { behind, entry, settle }));
  clash.value = null;
  const theirs = await api.get<Draft>(to);
  take(theirs);
  if (mine) await enter(entry, to, theirs.version);
}

const current = async (to: string): Promise<Draft> => (draft.value && draftPath() === to ? draft.value : api.get<Draft>(to));

/** Show a draft as the server keeps it, if it is the one that is open. */
function take(state: Draft): void {
  if (draft.value?.id === state.id && state.version >= draft.value.version) draft.value = state;
}

const authors = (log: Logged[]): string => series([...new Set(log.map((each) => each.author))]);
export const names = (behind: Behind): string => authors(behind.meanwhile);

/** Write the draft that is open now into the study file, once every change that was sent is kept; whether it was. */
export async function write(replace: boolean): Promise<boolean> {
  const at = path(), to = draftPath(), known = plan.value!, stays = here();
  await (unsent.value.length ? sendAgain() : line);
  if (unsent.value.length) { tell("error", () => t("plan.unsent", { count: unsent.value.length }), true); return false; }
  // The plan is loaded anew where it has been left, and returned to, meanwhile.
  const show = (found: Partial<Plan>) => { if (stays() && plan.value !== null) plan.value = { ...plan.value, ...found }; };
  const found = await api.post<{ alternative: string; version: number }>(`${to}/alternative`, { version: (stays() ? plan.value : null)?.version ?? known.version, replace });
  show({ version: found.version });
  tell("done", () => t("plan.written", { name: found.alternative }));
  await loadStudies();
  show(await planAt(at));
  return true;
}
