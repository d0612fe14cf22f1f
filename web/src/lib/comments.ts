/** Comments on the run that is open, shared by the pages that show them. */

import { computed, signal } from "@preact/signals";
import { api, type Said } from "./api";
import { ofRun } from "./of_run";

export interface Reply { when: string; author: string; text: string; change: string; change_said: Said }
export interface Comment {
  id: string; when: string; author: string; about: string; about_said: Said; kind: string; text: string;
  status: "open" | "answered" | "closed"; revision: string; replies: Reply[]; up: number; down: number; mine: number;
}

/** How long a list counts as new [ms]: others comment at the same time. */
const FRESH = 30_000;
const held = signal<{ path: string; all: Comment[] }>({ path: "", all: [] });
let heldAt = 0;
export const comments = computed(() => (held.value.path === ofRun("/comments") ? held.value.all : []));

export async function loadComments(): Promise<void> {
  const path = ofRun("/comments");
  if (path === null) return;
  const before = changes;
  const all = await api.get<Comment[]>(path);
  if (path !== ofRun("/comments")) return;
  if (changes !== before) await loadComments();
  else [held.value, heldAt] = [{ path, all }, Date.now()];
}

let asked: { path: string | null; answer: Promise<void> } | null = null;

/** Load the comments unless they are new ones of the run that is open, or were asked for already. */
export async function needComments(): Promise<void> {
  const path = ofRun("/comments");
  if (held.value.path === path && Date.now() - heldAt < FRESH) return;
  if (asked?.path !== path) asked = { path, answer: loadComments().finally(() => (asked = null)) };
  await asked.answer;
}

/** How often comments were changed here: a list that was asked for before may lack the change. */
let changes = 0;

function put(path: string, comment: Comment): void {
  changes += 1;
  if (held.value.path !== path) return;
  const all = held.value.all.some((each) => each.id === comment.id)
    ? held.value.all.map((each) => (each.id === comment.id ? comment : each))
    : [...held.value.all, comment];
  held.value = { ...held.value, all };
}

export async function addComment(text: string, about: string): Promise<void> {
  const path = ofRun("/comments")!;
  put(path, await api.post<Comment>(path, { text, about }));
}

export async function answerComment(comment: Comment, asked: { text?: string; status?: string; change?: string }): Promise<void> {
  const path = ofRun("/comments")!;
  put(path, await api.post<Comment>(`${path}/${comment.id}`, { ...asked, revision: comment.revision }));
}

export async function voteComment(comment: Comment, value: number): Promise<void> {
  const path = ofRun("/comments")!;
  put(path, await api.put<Comment>(`${path}/${comment.id}/vote`, { value: comment.mine === value ? 0 : value }));
}
