/** Comments on the run that is open, shared by the pages that show them. */

import { computed, signal } from "@preact/signals";
import { api, type Said } from "./api";
import { ofRun } from "./of_run";

export interface Reply { when: string; author: string; text: string; change: string; change_said: Said }
export interface Comment {
  id: string; when: string; author: string; about: string; about_said: Said; kind: string; text: string;
  status: "open" | "answered" | "closed"; revision: string; replies: Reply[]; up: number; down: number; mine: number;
}

const held = signal<{ path: string; all: Comment[] }>({ path: "", all: [] });
export const comments = computed(() => (held.value.path === ofRun("/comments") ? held.value.all : []));

export async function loadComments(): Promise<void> {
  const path = ofRun("/comments");
  if (path === null) return;
  const all = await api.get<Comment[]>(path);
  held.value = { path, all };
}

/** Load the comments unless they are those of the run that is open. */
export async function needComments(): Promise<void> {
  if (held.value.path !== ofRun("/comments")) await loadComments();
}

function put(comment: Comment): void {
  const all = held.value.all.some((each) => each.id === comment.id)
    ? held.value.all.map((each) => (each.id === comment.id ? comment : each))
    : [...held.value.all, comment];
  held.value = { ...held.value, all };
}

export async function addComment(text: string, about: string): Promise<void> {
  put(await api.post<Comment>(ofRun("/comments")!, { text, about }));
}

export async function answerComment(comment: Comment, asked: { text?: string; status?: string; change?: string }): Promise<void> {
  put(await api.post<Comment>(ofRun(`/comments/${comment.id}`)!, { ...asked, revision: comment.revision }));
}

export async function voteComment(comment: Comment, value: number): Promise<void> {
  put(await api.put<Comment>(ofRun(`/comments/${comment.id}/vote`)!, { value: comment.mine === value ? 0 : value }));
}
