/** A small map of the study's shapes and the places of problems; it zooms, and every place is a button for the keyboard. */

import { useRef, useState } from "preact/hooks";
import { number, pair, said, t } from "../../lib/texts";
import { spotsOf, type ProblemMap } from "./state";

interface Box { x: number; y: number; size: number }

export function SpotMap({ map, picked, pick }: { map: ProblemMap; picked: number; pick: (spot: number) => void }) {
  const spots = spotsOf(map);
  const whole: Box = { x: 0, y: 0, size: 1 };
  const [box, setBox] = useState(whole);
  const drag = useRef<{ x: number; y: number; box: Box } | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const width = map.width * box.size;
  const height = map.height * box.size;
  const dot = Math.max(width, height) / 90;
  const zoom = (factor: number, at?: [number, number]) => {
    const [x, y] = at ?? spots[picked]?.point ?? [box.x + width / 2, box.y + height / 2];
    const size = Math.min(1, Math.max(0.002, box.size * factor));
    setBox(size === 1 ? whole : { size, x: x - map.width * size / 2, y: y - map.height * size / 2 });
  };
  const shift = (right: number, down: number) => setBox({ ...box, x: box.x + right * width, y: box.y + down * height });
  const keys: Record<string, () => void> = {
    "+": () => zoom(0.6), "=": () => zoom(0.6), "-": () => zoom(1 / 0.6), "0": () => setBox(whole),
    ArrowLeft: () => shift(-0.15, 0), ArrowRight: () => shift(0.15, 0), ArrowUp: () => shift(0, -0.15), ArrowDown: () => shift(0, 0.15),
  };
  const round = 10 ** Math.floor(Math.log10(width / 4));
  return (
    <figure class="spot-map card">
      <svg
        ref={svg} viewBox={`${box.x} ${box.y} ${width} ${height}`} tabIndex={0} role="group" aria-label={t("problems.map")}
        onKeyDown={(event) => { const done = keys[event.key]; if (done) { event.preventDefault(); done(); } }}
        onPointerDown={(event) => { drag.current = { x: event.clientX, y: event.clientY, box }; }}
        onPointerMove={(event) => {
          if (!drag.current || !svg.current || event.buttons === 0) return;
          const scale = width / svg.current.clientWidth;
          setBox({ ...drag.current.box, x: drag.current.box.x - (event.clientX - drag.current.x) * scale, y: drag.current.box.y - (event.clientY - drag.current.y) * scale });
        }}
        onPointerUp={() => (drag.current = null)}
      >
        {map.outlines.map((each) => <path key={each.name} d={each.path} fill={each.fill || "none"} stroke={each.colour} stroke-width="1" vector-effect="non-scaling-stroke" fill-rule="evenodd" />)}
        {spots.map((each, at) => each.path && <path key={at} d={each.path} fill={each.colour} fill-opacity="0.35" stroke={each.colour} stroke-width={at === picked ? 3 : 1.5} vector-effect="non-scaling-stroke" />)}
        {spots.map((each, at) => each.point && (
          <circle key={at} cx={each.point[0]} cy={each.point[1]} r={at === picked ? dot * 1.7 : dot} fill={each.mended ? "#fff" : each.colour} stroke={each.colour} stroke-width="2" vector-effect="non-scaling-stroke" onClick={() => pick(at)}>
            <title>{pair(`${said(each.title)} ${each.row}`, said(each.kind))}</title>
          </circle>
        ))}
        <path d={`M${box.x + width * 0.04} ${box.y + height * 0.97}h${round}`} stroke="#1c2321" stroke-width="3" vector-effect="non-scaling-stroke" />
      </svg>
      <figcaption class="row small">
        <span class="row tight">
          <button type="button" aria-label={t("problems.zoom_in")} onClick={() => zoom(0.6)}>+</button>
          <button type="button" aria-label={t("problems.zoom_out")} onClick={() => zoom(1 / 0.6)}>−</button>
          <button type="button" onClick={() => setBox(whole)}>{t("problems.whole")}</button>
        </span>
        <span>▬ {round >= 1000 ? `${number(round / 1000)} km` : `${number(round)} m`}</span>
        {map.outlines.map((each) => <span key={each.name} class="row tight"><svg class="key" viewBox="0 0 16 12" aria-hidden="true"><rect x="1" y="1" width="14" height="10" fill={each.fill || "none"} stroke={each.colour} /></svg>{said(each.title)}</span>)}
        {kinds(map).map(([title, colour]) => <span key={title} class="row tight"><svg class="key" viewBox="0 0 16 12" aria-hidden="true"><circle cx="8" cy="6" r="5" fill={colour} /></svg>{title}</span>)}
        {map.outlines.some((each) => each.left_out > 0) && <span class="soft">{t("problems.shapes_left_out", { count: map.outlines.reduce((sum, each) => sum + each.left_out, 0) })}</span>}
      </figcaption>
    </figure>
  );
}

const kinds = (map: ProblemMap): [string, string][] => [...new Map(spotsOf(map).map((each) => [said(each.kind), each.colour])).entries()];
