/** Where the points of a front lie on its picture, and which is next. */

export interface Dot { at: number; x: number; y: number }
export interface Frame { wide: number; high: number; edge: number }

function scaled(values: number[], from: number, to: number): number[] {
  const low = Math.min(...values), high = Math.max(...values);
  return values.map((value) => (high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from)));
}

/** The places of points: the first goal across, the second up. */
export function placed(across: number[], up: number[], frame: Frame): Dot[] {
  const x = scaled(across, frame.edge, frame.wide - frame.edge), y = scaled(up, frame.high - frame.edge, frame.edge);
  return across.map((_, at) => ({ at, x: x[at]!, y: y[at]! }));
}

/** The point to the right (1) or to the left (-1) of another; itself at the end. */
export function beside(dots: Dot[], from: number, step: 1 | -1): number {
  const order = [...dots].sort((one, other) => one.x - other.x || one.y - other.y);
  const at = order.findIndex((each) => each.at === from);
  return order[Math.min(order.length - 1, Math.max(0, at + step))]?.at ?? from;
}

/** The point whose middle is nearest to a place of the picture: points lie close, and large ones cover others. */
export function nearest(dots: Dot[], x: number, y: number): number | undefined {
  return [...dots].sort((one, other) => Math.hypot(one.x - x, one.y - y) - Math.hypot(other.x - x, other.y - y))[0]?.at;
}
