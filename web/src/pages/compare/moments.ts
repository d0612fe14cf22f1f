/** Years and events of a run: which quantities have a value at two of them. */

import type { Said } from "../../lib/api";

export interface Moment { id: string; title: Said; horizon: number | null; return_period: number | null }
export interface Amount { value: number | null; said: Said }
export interface Row { quantity: string; title: Said; unit: Said; alternative: string; values: Record<string, Amount> }
export interface Side { moments: Moment[]; rows: Row[] }

/** The quantities of an alternative that have a value at both moments, and one that is not nothing at either. */
export function both(side: Side, alternative: string, one: string, other: string): Row[] {
  return side.rows.filter((row) => row.alternative === alternative && row.values[one] && row.values[other] && (row.values[one]!.value || row.values[other]!.value));
}

/** The quantities of an alternative that are not nothing at every moment. */
export function moving(side: Side, alternative: string): Row[] {
  return side.rows.filter((row) => row.alternative === alternative && Object.values(row.values).some((each) => each.value));
}
