/** Cases of the library as the server tells them. */

import type { Held } from "../../components/held";
import type { Said } from "../../lib/api";

export interface Line { name: string; title: Said; version: number; region: string; year: number; synthetic: boolean; complete: boolean; about: Said; excerpt: string; measures: Said[]; hazards: Said[]; pilot: string; run: Said }
export interface Facet { facet: string; title: Said; values: { value: string; title: Said; count: number }[] }
export interface Catalogue { there: boolean; folder: string; published: number; found: number; cases: Line[]; facets: Facet[] }
export interface Case {
  line: Line; id: string; authors: string[]; licence: string; date: string; program: string; area: number | null; lessons: { topic: Said; text: Said }[];
  features: { feature: string; title: Said; unit: Said; value: number | Said }[]; alternatives: Record<string, Said>;
  indicators: { indicator: string; title: Said; unit: Said; values: Record<string, number> }[];
  effects: { measure: string; measure_title: Said; indicator: Said; unit: Said; change: number; low: number | null; high: number | null; guessed: boolean }[]; together: Said[]; held: Held; size: number | null; report: boolean;
}
export interface Alike { name: string; title: Said; synthetic: boolean; measures: [string, Said][]; distance: number; lacking: Said[]; terms: { feature: string; title: Said; group: Said; unit: Said; here: number | Said; there: number | Said; distance: number }[] }
export interface Side { title: Said; unit: Said; one: number | Said | null; other: number | Said | null }
export interface Compared { one: Said; other: Said; features: Side[]; indicators: Side[]; effects: Side[]; not_both: number }
export interface Spread { indicator: string; title: Said; unit: Said; n: number; few: boolean; same_sign: boolean; least: number; lower: number | null; median: number | null; upper: number | null; most: number; cases: { case: string; title: Said; synthetic: boolean; value: number; low: number | null; high: number | null; guessed: boolean }[] }
export interface Transfer { measure: string; title: Said; effects: Spread[]; limits: Said[] }
export interface Kept { name: string; title: Said; number: number; state: string; state_said: Said; authors: string[]; licence: string; history: { at: string; by: string; act: Said; version: number; note: string }[] }
export interface UnderWay { cases: Kept[]; settled: Kept[]; questions: { question: string; said: Said }[] }

export const FACETS = ["climate", "form", "hazard", "measure", "level", "cost"];

/** The catalogue's address for words and ticked facets, as `facet=value` in the page's own address. */
export function catalogueAt(query: URLSearchParams): string {
  const asked = new URLSearchParams();
  const words = query.get("words") ?? "";
  if (words.trim()) asked.set("words", words);
  for (const each of ticked(query)) asked.append(each.facet, each.value);
  const text = asked.toString();
  return `/api/cases${text ? `?${text}` : ""}`;
}

export function ticked(query: URLSearchParams): { facet: string; value: string }[] {
  return (query.get("only") ?? "").split("~").filter((each) => each.includes(":")).map((each) => ({ facet: each.slice(0, each.indexOf(":")), value: each.slice(each.indexOf(":") + 1) })).filter((each) => FACETS.includes(each.facet));
}

/** The ticks of the page's address with one turned on or off. */
export function turned(query: URLSearchParams, facet: string, value: string): string {
  const now = ticked(query);
  const left = now.filter((each) => each.facet !== facet || each.value !== value);
  const next = left.length < now.length ? left : [...now, { facet, value }];
  return next.map((each) => `${each.facet}:${each.value}`).join("~");
}
