/** The portfolio: budget and prices, the front as a picture whose points are chosen, and what measures bring. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Blocks, type Block } from "../../components/blocks";
import { Loading } from "../../components/loading";
import type { Said } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { ofRun } from "../../lib/of_run";
import { oneStop } from "../../lib/one_stop";
import { place, setQuery } from "../../lib/router";
import { number, pair, said, t } from "../../lib/texts";
import { beside, nearest, placed } from "./front";

interface Taken { measure: string; title: Said; installed: Said; share: number | null }
interface Axis { id: string; title: Said; unit: Said; direction: string }
interface Point { values: Record<string, number>; said: Record<string, Said>; cost: Said; chosen: boolean; members: Taken[] | null }
interface Effect { measure: string; indicator: string; title: Said; unit: Said; change: number | null; said: Said; band: Said; banded: boolean }
interface Price { measure: string; title: Said; unit: Said; build: Said; upkeep: Said; lifetime: number; present: Said; carbon: number | null; status: string; status_said: Said; source: Said; note: Said; taken: boolean }
interface Held {
  budget: Said; goal: Said; cost: Said; build_cost: Said; carbon: Said; members: Taken[]; axes: Axis[]; points: Point[]; effects: Effect[]; why: Block[]; prices: Price[];
  left_out: { measure: string; title: Said; why: Said }[];
}

export function Portfolio() {
  const found = useFetched<Held>(ofRun("/portfolio"));
  if (found.value === null) return <p class="empty" role="status">{found.busy ? <Loading /> : t(found.failed ? "not_loaded" : "portfolio.none")}</p>;
  const held = found.value;
  const knee = Math.max(0, held.points.findIndex((each) => each.chosen));
  const asked = Number(place.value.query.get("point") ?? knee + 1) - 1;
  const at = held.points[asked] ? asked : knee;
  return (
    <>
      <dl class="facts">
        {[["budget", held.budget], ["goal", held.goal], ["cost", held.cost], ["build_cost", held.build_cost], ["carbon", held.carbon]].filter(([, value]) => !["", "–"].includes(said(value as Said))).map(([key, value]) => <div key={key as string}><dt>{t(`portfolio.${key as string}`)}</dt><dd>{said(value as Said)}</dd></div>)}
      </dl>
      {held.points.length > 0 ? <Front held={held} at={at} /> : <><p class="soft">{t("portfolio.no_front")}</p><Members title={t("portfolio.members")} members={held.members} effects={held.effects} /></>}
      <Why blocks={held.why} />
      <Prices prices={held.prices} />
      {held.left_out.length > 0 && (
        <details><summary>{t("portfolio.left_out", { count: held.left_out.length })}</summary>
          <table><caption class="hidden">{t("portfolio.left_out", { count: held.left_out.length })}</caption><thead><tr><th scope="col">{t("portfolio.measure")}</th><th scope="col">{t("portfolio.why")}</th></tr></thead>
            <tbody>{held.left_out.map((each, row) => <tr key={row}><th scope="row" class="row-head">{said(each.title)}</th><td>{said(each.why)}</td></tr>)}</tbody></table>
        </details>
      )}
    </>
  );
}

/** Size of the picture; smaller on a phone, so that its words keep theirs. */
const NARROW = matchMedia("(max-width: 700px)");
const frame = (narrow: boolean) => (!narrow ? { wide: 620, high: 380, edge: 56 } : { wide: 340, high: 320, edge: 54 });

function Front({ held, at }: { held: Held; at: number }) {
  const [across, up, third] = held.axes;
  const choose = (point: number) => setQuery({ point: String(point + 1) });
  const picture = useRef<SVGSVGElement>(null);
  const [narrow, setNarrow] = useState(NARROW.matches);
  useEffect(() => {
    const turned = () => setNarrow(NARROW.matches);
    NARROW.addEventListener("change", turned);
    return () => NARROW.removeEventListener("change", turned);
  }, []);
  const FRAME = frame(narrow);
  const priced = held.axes.some((each) => each.id === "cost");
  if (!across || !up) return null;
  const dots = placed(held.points.map((each) => each.values[across.id]!), held.points.map((each) => each.values[up.id]!), FRAME);
  const depth = third ? held.points.map((each) => each.values[third.id]!) : [];
  const [low, high] = [Math.min(...depth), Math.max(...depth)];
  const radius = (point: number) => (third && high > low ? 6 + 8 * ((depth[point]! - low) / (high - low)) : 8);
  const axis = (each: Axis) => (each.id === "cost" ? said(each.title) : t("portfolio.change_of", { what: said(each.title) }));
  const goal = (each: Axis) => t(each.direction === "higher" ? "portfolio.more_is_better" : "portfolio.less_is_better", { what: axis(each) });
  const told = (point: Point) => held.axes.map((each) => t("portfolio.value", { what: axis(each), value: said(point.said[each.id]) })).join(" · ");
  const clicked = (event: MouseEvent, on: number) => {
    const seen = picture.current?.getBoundingClientRect();
    // A click that no pointer made has no place.
    if (!seen || event.detail === 0) return choose(on);
    choose(nearest(dots, ((event.clientX - seen.left) / seen.width) * FRAME.wide, ((event.clientY - seen.top) / seen.height) * FRAME.high) ?? on);
  };
  const move = (event: KeyboardEvent, from: number) => {
    const step = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = beside(dots, from, step);
    choose(next);
    picture.current?.querySelector<SVGElement>(`[data-point="${next}"]`)?.focus();
  };
  return (
    <section class="front">
      <h2>{t("portfolio.front", { count: held.points.length })}</h2>
      <p class="soft small">{third ? t("portfolio.front_how", { third: goal(third) }) : t("portfolio.front_two")}</p>
      <div class="front-parts">
        <div>
        <p class="front-name">↑ {goal(up)} [{said(up.unit)}]</p>
        <svg ref={picture} viewBox={`0 0 ${FRAME.wide} ${FRAME.high}`} role="radiogroup" aria-label={t("portfolio.front", { count: held.points.length })}>
          <path class="front-axes" d={`M${FRAME.edge - 20} 20V${FRAME.high - FRAME.edge + 20}H${FRAME.wide - 20}`} />
          {[[across, FRAME.edge, FRAME.high - FRAME.edge + 36, "start"], [across, FRAME.wide - FRAME.edge, FRAME.high - FRAME.edge + (FRAME.wide < 400 ? 51 : 36), "end"]].map(([each, x, y, anchor], end) => <text key={end} class="front-name" x={x as number} y={y as number} text-anchor={anchor as "start"}>{bound(held, each as Axis, end === 1)}</text>)}
          <text class="front-name" x={FRAME.edge - 16} y={34}>{bound(held, up, true)}</text><text class="front-name" x={FRAME.edge - 16} y={FRAME.high - FRAME.edge + 12}>{bound(held, up, false)}</text>
          {[...dots].sort((one, other) => radius(other.at) - radius(one.at)).map((dot) => {
            const point = held.points[dot.at]!;
            return (
              <circle key={dot.at} data-point={dot.at} class={`front-dot${dot.at === at ? " picked" : ""}${point.chosen ? " knee" : ""}`} cx={dot.x} cy={dot.y} r={radius(dot.at)} role="radio" tabindex={dot.at === at ? 0 : -1} aria-checked={dot.at === at}
                aria-label={pair(`${t("portfolio.point", { number: dot.at + 1 })}${point.chosen ? ` · ${t("portfolio.knee")}` : ""}`, told(point))} onClick={(event) => clicked(event, dot.at)} onKeyDown={(event) => move(event, dot.at)}><title>{told(point)}</title></circle>
            );
          })}
        </svg>
        <p class="front-name across">{goal(across)} [{said(across.unit)}] →</p>
        </div>
        <Members title={`${t("portfolio.point", { number: at + 1 })}${held.points[at]!.chosen ? ` · ${t("portfolio.knee")}` : ""}`} goals={held.axes.map((each) => [axis(each), said(held.points[at]!.said[each.id])])} cost={priced ? undefined : held.points[at]!.cost} members={held.points[at]!.members} effects={held.effects} />
      </div>
      <details>
        <summary>{t("portfolio.points")}</summary>
        <div class="scroll tall" tabIndex={0} role="group" aria-label={t("portfolio.points")}>
          <table ref={oneStop}><caption class="hidden">{t("portfolio.points")}</caption>
            <thead><tr><th scope="col">{t("portfolio.number")}</th>{held.axes.map((each) => <th key={each.id} scope="col" class="number wrap">{axis(each)}</th>)}{!priced && <th scope="col" class="number">{t("portfolio.cost")}</th>}</tr></thead>
            <tbody>{held.points.map((point, row) => <tr key={row} class={row === at ? "chosen" : undefined}><th scope="row"><button type="button" class="link" aria-pressed={row === at} onClick={() => choose(row)}>{row + 1}</button>{point.chosen && <span class="badge">{t("portfolio.knee")}</span>}</th>{held.axes.map((each) => <td key={each.id} class="number">{said(point.said[each.id])}</td>)}{!priced && <td class="number">{said(point.cost)}</td>}</tr>)}</tbody></table>
        </div>
      </details>
    </section>
  );
}

/** What more money and each target are worth at the chosen portfolio, in sentences; unit by unit in tables that open. */
function Why({ blocks }: { blocks: Block[] }) {
  if (blocks.length === 0) return null;
  const sentences = blocks.filter((each) => each.kind === "paragraph" && each.style !== "heading"), tables = blocks.filter((each) => each.kind === "table");
  return (
    <section class="why">
      <h2>{t("portfolio.why_chosen")}</h2>
      <ul>{sentences.map((each, at) => <li key={at} class={each.style === "warning" ? "warned" : undefined}>{said(each.text)}</li>)}</ul>
      {tables.map((each) => <details key={each.name}><summary>{said(each.text)}</summary><Blocks blocks={[each]} /></details>)}
    </section>
  );
}

/** The least or the largest value of a goal on the front, as it is written. */
function bound(held: Held, axis: Axis, largest: boolean): string {
  const sorted = [...held.points].sort((one, other) => one.values[axis.id]! - other.values[axis.id]!);
  return said(sorted[largest ? sorted.length - 1 : 0]?.said[axis.id]);
}

function Members({ title, goals = [], cost, members, effects }: { title: string; goals?: [string, string][]; cost?: Said | undefined; members: Taken[] | null; effects: Effect[] }) {
  return (
    <section class="card members" aria-live="polite">
      <h3>{title}</h3>
      {(goals.length > 0 || cost) && <dl class="goals">{[...goals, ...(cost ? [[t("portfolio.cost"), said(cost)] as const] : [])].map(([what, value]) => <div key={what}><dt>{what}</dt><dd>{value}</dd></div>)}</dl>}
      {members === null && <p class="soft">{t("portfolio.no_members")}</p>}
      {members !== null && members.length === 0 && <p class="soft">{t("portfolio.nothing")}</p>}
      {members?.map((each) => (
        <details key={each.measure}>
          <summary>{said(each.title)} · {said(each.installed)}{each.share !== null && ` · ${t("portfolio.share", { share: number(Math.round(100 * each.share), 3) })}`}</summary>
          <Brings effects={effects.filter((effect) => effect.measure === each.measure)} title={said(each.title)} />
        </details>
      ))}
    </section>
  );
}

function Brings({ effects, title }: { effects: Effect[]; title: string }) {
  if (effects.length === 0) return <p class="soft small">{t("portfolio.no_effect")}</p>;
  return (
    <table class="small"><caption>{t("portfolio.brings", { measure: title })}</caption>
      <thead><tr><th scope="col">{t("results.indicator")}</th><th scope="col" class="number">{t("compare.difference")}</th><th scope="col">{t("results.band")}</th></tr></thead>
      <tbody>{effects.map((each) => <tr key={each.indicator}><th scope="row" class="row-head">{said(each.title)}</th><td class="number">{each.change !== null && each.change > 0 ? "+" : ""}{said(each.said)} {said(each.unit)}</td><td>{each.banded ? said(each.band) || "–" : <span class="soft">{t("cases.no_band")}</span>}</td></tr>)}</tbody></table>
  );
}

function Prices({ prices }: { prices: Price[] }) {
  if (prices.length === 0) return null;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={t("portfolio.prices")}>
      <table><caption>{t("portfolio.prices")}</caption>
        <thead><tr><th scope="col">{t("portfolio.measure")}</th><th scope="col">{t("portfolio.per")}</th><th scope="col" class="number">{t("portfolio.build")}</th><th scope="col" class="number">{t("portfolio.upkeep")}</th><th scope="col" class="number">{t("portfolio.lifetime")}</th><th scope="col" class="number">{t("portfolio.present")}</th><th scope="col">{t("results.status")}</th><th scope="col">{t("results.source")}</th></tr></thead>
        <tbody>{prices.map((each) => <tr key={each.measure}><th scope="row" class="row-head">{said(each.title)}{each.taken && <span class="badge">{t("portfolio.taken")}</span>}</th><td>{said(each.unit)}</td><td class="number">{said(each.build)}</td><td class="number">{said(each.upkeep)}</td><td class="number">{number(each.lifetime)}</td><td class="number">{said(each.present)}</td><td>{said(each.status_said)}</td><td class="small">{said(each.source) || said(each.note) || "–"}</td></tr>)}</tbody></table>
    </div>
  );
}
