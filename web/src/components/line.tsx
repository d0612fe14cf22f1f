/** A course over hours or years as a small line, with a mark where it is read; the table beside says the same. */

import "./line.css";

interface Asked { at: number[]; values: (number | null)[]; mark: number | null; marked: number | null; from: number; to: number; label: string; tall?: boolean }

export function Line({ at, values, mark, marked, from, to, label, tall = false }: Asked) {
  const [wide, high] = [240, tall ? 110 : 34];
  const known = values.filter((each): each is number => each !== null);
  if (known.length === 0 || to <= from) return null;
  const [low, top] = [Math.min(0, ...known), Math.max(0, ...known)];
  const x = (each: number) => ((each - from) / (to - from)) * wide, y = (each: number) => high - 2 - ((each - low) / (top - low || 1)) * (high - 6);
  let pen = false;
  const line = at.map((each, index) => {
    const value = values[index];
    if (value === null || value === undefined) { pen = false; return ""; }
    const part = `${pen ? "L" : "M"}${x(each).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = true;
    return part;
  }).join("");
  return (
    <svg class="line-chart" viewBox={`0 0 ${wide} ${high}`} role="img" aria-label={label}>
      <path class="line-ground" d={`M0 ${y(0).toFixed(1)}H${wide}`} /><path class="line-course" d={line} />
      {mark !== null && <path class="line-mark" d={`M${x(mark)} 0V${high}`} />}
      {mark !== null && marked !== null && <circle cx={x(mark)} cy={y(marked)} r="3.5" />}
    </svg>
  );
}
