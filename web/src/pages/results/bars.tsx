/** Alternatives as bars with their band, the target as a line and the published range as a ground; the table beside it says the same. */

import type { Said } from "../../lib/api";
import { pair, said, t } from "../../lib/texts";

export interface Bar { id: string; title: Said; value: number | null; said: Said; band: { low: number; high: number; said: Said } | null; outside?: boolean }

const WIDE = 560, ROW = 44, LEFT = 4, TOP = 8;

/** Where zero, values, bands, target and range lie: a scale with zero on it. */
export function scaleOf(numbers: (number | null | undefined)[]): (value: number) => number {
  const known = [0, ...numbers.filter((each): each is number => typeof each === "number" && Number.isFinite(each))];
  const low = Math.min(...known), high = Math.max(...known);
  const reach = high - low || 1;
  return (value) => LEFT + ((value - low) / reach) * (WIDE - 2 * LEFT);
}

export function Bars({ title, unit, bars, target, range }: { title: Said; unit: Said; bars: Bar[]; target?: { value: number; said: Said } | null; range?: { low: number | null; high: number | null } | null }) {
  const numbers = bars.flatMap((each) => [each.value, each.band?.low, each.band?.high]);
  const most = Math.max(0, ...numbers.map((each) => Math.abs(each ?? 0)), Math.abs(target?.value ?? 0));
  // A range far beyond all values would squeeze them flat: it is then drawn to the edge.
  const ends = [range?.low, range?.high].filter((each) => typeof each === "number" && Math.abs(each) <= 4 * most);
  const x = scaleOf([...numbers, target?.value, ...ends]);
  const within = (value: number) => Math.min(WIDE, Math.max(0, x(value)));
  const height = TOP + bars.length * ROW + 4;
  const told = bars.map((each) => pair(said(each.title), `${said(each.said)} ${said(unit)}`)).join("; ") + (target ? `; ${pair(t("results.target"), said(target.said))}` : "");
  return (
    <svg class="bars" viewBox={`0 0 ${WIDE} ${height}`} role="img" aria-label={`${said(title)}. ${told}`}>
      {range && (range.low !== null || range.high !== null) && (
        <rect class="bars-range" x={range.low === null ? 0 : within(range.low)} y={0} width={Math.max(0, (range.high === null ? WIDE : within(range.high)) - (range.low === null ? 0 : within(range.low)))} height={height} />
      )}
      {bars.map((each, at) => {
        const y = TOP + at * ROW;
        const zero = x(0), end = each.value === null ? zero : x(each.value);
        return (
          <g key={each.id}>
            <text x={LEFT} y={y + 12} class="bars-name">{said(each.title)} · {said(each.said)}</text>
            <rect class={each.outside ? "bars-bar outside" : "bars-bar"} x={Math.min(zero, end)} y={y + 18} width={Math.max(1, Math.abs(end - zero))} height={14} />
            {each.band && <path class="bars-band" d={`M${x(each.band.low)} ${y + 25}H${x(each.band.high)}M${x(each.band.low)} ${y + 19}V${y + 31}M${x(each.band.high)} ${y + 19}V${y + 31}`} />}
          </g>
        );
      })}
      <path class="bars-zero" d={`M${x(0)} 0V${height}`} />
      {target && <path class="bars-target" d={`M${x(target.value)} 0V${height}`} />}
    </svg>
  );
}
