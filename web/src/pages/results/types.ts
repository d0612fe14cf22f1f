/** What the server tells of a run's results. */

import type { Said } from "../../lib/api";
import type { Block } from "../../components/blocks";

export interface Band { low: number; high: number; said: Said; source: string }
export interface Value { value: number | null; said: Said; code: string; band: Band | null; light: string; outside: boolean; state: string }
export interface Range { low: number | null; high: number | null; low_said: Said; high_said: Said; source: Said; status: string; status_said: Said }
export interface Target { id: string; title: Said; target: number; said: Said; code: string; status: string; source: Said }
export interface Indicator {
  id: string; title: Said; strand: string; unit: Said; scale: Record<string, number>; direction: string; level: string; instrument: Said; clause: string;
  values: Record<string, Value>; range: Range | null; target: Target | null; unsure: number | null; partial: Said[];
}
export interface Gap { kind: string; id: string; title: Said; needs: Said[]; alternatives: string[] }
export interface Results {
  run: string; synthetic: boolean; year: number; currency: string; alternatives: Record<string, Said>; question: Block[];
  indicators: Indicator[]; gaps: Gap[]; zones: Record<string, Said>; lights: Record<string, Said>;
}
export interface Explanation {
  id: string; title: Said; unit: Said; direction: string; zone: string; formula: Said;
  values: Record<string, { title: Said; value: number | null; said: Said; code: string; band: Band | null }>;
  steps: { model: string; title: Said; version: number; cite: Said; seconds: number; page: Said; residuals: { id: string; title: Said; value: number }[] }[];
  factors: { title: Said; factor: string; key: string; key_said: Said; value: number; unit: Said; low: number | null; high: number | null; status: string; status_said: Said; unsure: boolean; source: Said; note: Said; region: string; origin: string }[];
  factors_all: number; unsure: number;
  inputs: { var: string; title: Said; completeness: number | null; native: number | null; files: Said }[];
  instrument: Said; level: string; clause: Said; source: Said; status: string; status_said: Said;
  objectives: { id: string; title: Said; target: Said; status: string; source: Said }[]; partial: Said[]; limits: Said[];
}

export const STRANDS = ["lowcarbon", "resilience", "biodiversity"];

/** Strands in their order, then any other. */
export function strandsOf(rows: { strand: string }[]): string[] {
  const there = new Set(rows.map((row) => row.strand));
  return [...STRANDS.filter((each) => there.has(each)), ...[...there].filter((each) => !STRANDS.includes(each))];
}
