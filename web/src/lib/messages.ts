/** Messages to the reader: what went wrong or was done, told to screen readers as well. */

import { signal } from "@preact/signals";
import { Refusal } from "./api";
import { said } from "./texts";

/** Words that are looked up whenever they are shown: a message stays when the reader changes the language. */
export type Words = () => string;
/** `ofPage`: it concerns the page that is open, and goes when that is left. */
export interface Message { id: number; kind: "error" | "done"; words: Words; ofPage: boolean }
export const messages = signal<Message[]>([]);
let last = 0;

/** Tell the reader; an error that stands there in the same words, as of two requests that fail together, is not repeated. */
export function tell(kind: Message["kind"], words: Words, ofPage = false): void {
  if (kind === "error" && messages.value.some((each) => each.kind === kind && each.words() === words())) return;
  const message = { id: (last += 1), kind, words, ofPage };
  messages.value = [...messages.value, message];
  if (kind === "done") setTimeout(() => goesWithNextAct(message.id), READ_MS);
}

const READ_MS = 6000, ACTS = ["click", "keydown"];

/** Put a message away once the reader goes on: who looks away, or whose machine is busy, does not miss it. */
function goesWithNextAct(id: number): void {
  const acted = () => {
    for (const each of ACTS) removeEventListener(each, acted);
    dismiss(id);
  };
  for (const each of ACTS) addEventListener(each, acted);
}

export function dismiss(id: number): void {
  messages.value = messages.value.filter((each) => each.id !== id);
}

/** Put away the errors of a page that is left; what came of an upload or a job stays. */
export function putAwayErrors(): void {
  messages.value = messages.value.filter((each) => !each.ofPage);
}

/** Tell an error of any kind; a request that was given up is none, nor one of a page that has been left. */
export function tellError(fault: unknown): void {
  if (fault instanceof DOMException && fault.name === "AbortError") return;
  if (fault instanceof Refusal && fault.late()) return;
  if (fault instanceof Refusal) tell("error", () => said(fault.said), true);
  else tell("error", () => String(fault), true);
}
