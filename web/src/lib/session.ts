/** Who is logged in, the study that is open and its runs. */

import { computed, effect, signal } from "@preact/signals";
import { api, gate, type Refusal, type Said } from "./api";
import { place } from "./router";
import { begun, type Begun } from "./texts";

export interface Session { name: string; display: string; admin: boolean; mode: "laptop" | "team"; languages: string[]; begun: Record<string, Begun>; version: string }
export interface Study {
  id: string; folder: string; name: string; title: Said; region: string; year: number | null; synthetic: boolean;
  role: Role; owner: string; note: Said; version: number; runs: string[]; last_run: string | null; alternatives: Record<string, Said>; problem: Said; opening: boolean;
}
export type Role = "viewer" | "reviewer" | "editor" | "owner";
const RANK: Role[] = ["viewer", "reviewer", "editor", "owner"];

export const session = signal<Session | null>(null);
export const studies = signal<Study[]>([]);
/** Whether the studies have been asked for: until then none are known, which is not that there are none. */
export const listed = signal(false);
export const study = computed(() => studies.value.find((each) => each.id === place.value.study) ?? null);
/** The run that pages show: the query's, else the newest. */
export const run = computed(() => place.value.query.get("run") ?? study.value?.runs[0] ?? "");

export const may = (role: Role): boolean => RANK.indexOf(study.value?.role ?? "viewer") >= RANK.indexOf(role);

export async function loadSession(): Promise<Session | null> {
  try {
    session.value = await api.get<Session>("/api/session");
    begun.value = session.value.begun;
  } catch (fault) {
    if ((fault as Refusal).status !== 401) throw fault;
    session.value = null;
  }
  return session.value;
}

/** Whether the session has ended while pages were open: requests wait until somebody has logged in again. */
export const ended = signal(false);
let waiting: { over: Promise<void>; settle: () => void } | null = null;

/** Wait for the next login; nothing that was typed is lost meanwhile. */
function wait(): Promise<void> {
  if (waiting === null) {
    let settle = () => {};
    waiting = { over: new Promise<void>((resolve) => { settle = resolve; }), settle };
  }
  ended.value = true;
  return waiting.over;
}

/** Go on after a login: as another person with the pages anew. */
export function goOn(before: string): void {
  if (session.value?.name !== before) { location.reload(); return; }
  gate.logins += 1;
  ended.value = false;
  waiting?.settle();
  waiting = null;
}
effect(() => { gate.ended = session.value === null ? null : wait; });

let asked = 0;
/** Load the studies; an answer that comes after a newer one is left. `before` is told of the list before it is shown. */
export async function loadStudies(before?: (found: Study[]) => void): Promise<void> {
  const turn = (asked += 1);
  const found = await api.get<Study[]>("/api/studies");
  if (turn < shown) return;
  before?.(found);
  [shown, listed.value] = [turn, true];
  // The same list again is no reason to draw pages anew.
  if (JSON.stringify(found) !== JSON.stringify(studies.value)) studies.value = found;
}
let shown = 0;

const sought = new Set<string>();
/** A study that is not listed may have been made, or shared, since: it is asked for once more. */
effect(() => {
  const wanted = place.value.study;
  if (!listed.value || wanted === "" || study.value !== null || sought.has(wanted)) return;
  sought.add(wanted);
  loadStudies().catch(() => sought.delete(wanted));
});
