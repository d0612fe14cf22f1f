/** What a change of an indicator amounts to. */

const CLOSE = 1e-9;

/** Whether two values are the same but for how sums are rounded. */
export function same(one: number | null, other: number | null): boolean {
  if (one === null || other === null) return one === other;
  return Math.abs(one - other) <= CLOSE * Math.max(Math.abs(one), Math.abs(other));
}

/** Units whose zero is a convention: a share of 29 °C means nothing. */
const CONVENTION = ["°C", "℃", "degC"];

/** The change as a share of the first value; null where that is none, nothing is known, or its unit has no true zero. */
export function relative(one: number | null, other: number | null, unit = ""): number | null {
  if (one === null || other === null || CONVENTION.includes(unit)) return null;
  if (same(one, other)) return 0;
  return one === 0 ? null : (other - one) / Math.abs(one);
}

/** Whether a change is for the better by an indicator's direction; no judgement on what is written alike. */
export function gain(direction: string, one: number | null, other: number | null, alike = false): "better" | "worse" | "" {
  if (one === null || other === null || alike || same(one, other) || (direction !== "lower" && direction !== "higher")) return "";
  return (other > one) === (direction === "higher") ? "better" : "worse";
}
