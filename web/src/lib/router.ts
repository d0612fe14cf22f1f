/** The address in the browser: #/page or #/study/ID/page?key=value. */

import { computed, signal } from "@preact/signals";

export interface Place {
  study: string;
  page: string;
  query: URLSearchParams;
}

export function placeOf(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  const inStudy = parts[0] === "study" && parts[1] !== undefined;
  return { study: inStudy ? parts[1]! : "", page: (inStudy ? parts[2] : parts[0]) ?? "", query: new URLSearchParams(query) };
}

export function hashOf(place: { study?: string; page: string; query?: Record<string, string> }): string {
  const path = place.study ? `study/${encodeURIComponent(place.study)}/${place.page}` : place.page;
  const query = new URLSearchParams(place.query ?? {}).toString();
  return `#/${path}${query ? `?${query}` : ""}`;
}

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

export const place = computed(() => placeOf(hash.value));

export function go(to: Parameters<typeof hashOf>[0]): void {
  location.hash = hashOf(to);
}

/** Set keys of the query as a step that the browser's Back takes back. */
export function step(changed: Record<string, string>): void {
  if (leaving()) return;
  history.pushState(null, "", location.hash);
  setQuery(changed);
}

/** Set keys of the query without another entry in the history; an empty value takes its key away. */
export function setQuery(changed: Record<string, string>): void {
  if (leaving()) return;
  const now = place.value;
  const query = Object.fromEntries(now.query);
  for (const [key, value] of Object.entries(changed)) value === "" ? delete query[key] : (query[key] = value);
  history.replaceState(null, "", hashOf({ study: now.study, page: now.page, query }));
  hash.value = location.hash;
}

/** Remember the page that is open; what this returns tells whether it still is: what comes late moves nobody who has gone on. */
export function here(): () => boolean {
  const { page, study } = place.peek();
  return () => {
    const now = placeOf(location.hash);
    return now.page === page && now.study === study;
  };
}

/** Whether the address is another page's already, though its event has not come: keys of the page that is left are no longer set. */
function leaving(): boolean {
  const next = placeOf(location.hash);
  if (next.page !== place.value.page || next.study !== place.value.study) return true;
  hash.value = location.hash;
  return false;
}
