/** Legend of what is chosen, with opacity, unit and source; and the slider of events or hours. */

import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { CommentHere } from "../../components/comment_here";
import { layerOf, type LayerDetail, type Quantity } from "../../lib/charts";
import { setQuery } from "../../lib/router";
import { said, t } from "../../lib/texts";
import { clock } from "../rehearsal/types";
import { alternative, askAgain, choose, chosen, chosenOther, details, hour, hours, label, labelOther, labels, mode, opacity, other, sides, unread } from "./state";

export function Legends({ onOrigin }: { onOrigin: (layer: string) => void }) {
  const second = mode.value ? chosenOther.value.filter((each) => !chosen.value.includes(each)) : [];
  return (
    <div class="legends">
      {[...chosen.value].reverse().map((each) => <Legend key={each.name} quantity={each} onOrigin={onOrigin} />)}
      {[...second].reverse().map((each) => <Legend key={`second ${each.name}`} quantity={each} second onOrigin={onOrigin} />)}
    </div>
  );
}

/** A legend; of the second map where that shows something else. */
function Legend({ quantity, second = false, onOrigin }: { quantity: Quantity; second?: boolean; onOrigin: (layer: string) => void }) {
  const layer = second ? layerOf(quantity, other.value, labelOther.value) : layerOf(quantity, alternative.value, label.value);
  const away = () => (second ? setQuery({ layers2: chosenOther.value.filter((each) => each !== quantity).map((each) => each.name).join(",") }) : choose(quantity.name, false));
  const detail = layer && details.value[layer.id], failed = layer && unread.value[layer.id];
  const title = said(quantity.title), now = opacity.value[quantity.name] ?? 0.85;
  const event = layer ? said(layer.title) : "";
  return (
    <section class="legend" aria-label={title}>
      <div class="row tight"><strong>{title}</strong><button type="button" class="plain" aria-label={t("map.remove_layer", { layer: title })} onClick={(event) => { const next = beside(event.currentTarget); away(); next?.focus(); }}>×</button></div>
      {second && <p class="small">{sides.value[1]}</p>}
      <p class="soft small">{[said(quantity.unit) || (detail && isNumber(detail) ? t("map.no_unit") : ""), event].filter(Boolean).join(" · ")}</p>
      {!layer && <p class="small">{t("map.not_in_alternative")}</p>}
      {layer && !detail && !failed && <p class="soft small" role="status">{t("loading")}</p>}
      {layer && !detail && failed && <><p class="small" role="status">{t("not_loaded")}</p><button type="button" class="small" onClick={() => askAgain(layer.id)}>{t("runs.try_again")}</button></>}
      {detail && <ul>{detail.legend.map((each) => <li key={said(each.label)}><span class="swatch" style={{ background: each.colour }} /> {said(each.label)}</li>)}</ul>}
      {detail && <p class="soft small"><span class="swatch none" /> {t("map.no_colour")}</p>}
      {detail && <label class="small opacity">{t("map.opacity")} <input type="range" min="0" max="100" step="5" value={Math.round(now * 100)} onInput={(moved) => (opacity.value = { ...opacity.value, [quantity.name]: Number(moved.currentTarget.value) / 100 })} /></label>}
      {detail && <p class="soft small">{said(detail.source)}</p>}
      {detail && <button type="button" class="small" onClick={() => onOrigin(detail.id)}>{t("map.where_from")}</button>}
      {detail && quantity.main && <CommentHere words about={`map:${quantity.name}`} title={title} />}
    </section>
  );
}

/** What takes the focus when a legend goes: the next one's button, else the search for layers. */
function beside(button: HTMLElement): HTMLElement | undefined {
  const others = [...document.querySelectorAll<HTMLElement>(".legend > .row button.plain")].filter((each) => each !== button);
  return others[0] ?? document.querySelector<HTMLElement>(".tree input[type=search]") ?? undefined;
}

/** Whether a legend's classes are ranges of numbers, which read the same in every language, and no words. */
export const isNumber = (detail: Pick<LayerDetail, "legend">): boolean => detail.legend.every((each) => each.label["en"] === each.label["zh"] && /\d/.test(each.label["en"] ?? ""));

/** An hour as people say it: the time of day where hours are counted through the year, else the time since the start. */
export const hourText = (of: number[], at: number): string =>
  (of[0] ?? 0) >= 100 ? t("map.time_of_day", { hour: String(Math.floor(of[at]! % 24)).padStart(2, "0") }) : t("rehearsal.after", { hours: clock(of[at]!) });

export function Timeline() {
  const [playing, setPlaying] = useState(false);
  const events = labels.value, times = hours.value;
  const at = Math.min(hour.value, Math.max(times.length - 1, 0));
  const chosenEvent = Math.max(0, label.value ? events.findIndex((each) => each.name === label.value) : events.length - 1);
  const hourly = times.length > 1, count = hourly ? times.length : events.length;
  const step = (to: number) => (hourly ? setQuery({ hour: String(to) }) : setQuery({ event: events[to]?.name ?? "" }));
  // At once: no step may come after the pause.
  useLayoutEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => step(((hourly ? at : chosenEvent) + 1) % count), 1400);
    return () => clearInterval(timer);
  });
  useEffect(() => { if (count < 2) setPlaying(false); }, [count]);
  if (events.length < 2 && !hourly) return null;
  return (
    <div class="timeline" role="group" aria-label={t("map.time")}>
      {count > 1 && <button type="button" aria-pressed={playing} onClick={() => setPlaying(!playing)}>{t(playing ? "map.pause" : "map.play")}</button>}
      {events.length > 1 && <Slider name={t("map.event")} at={chosenEvent} count={events.length} text={said(events[chosenEvent]!.title) || events[chosenEvent]!.name} onMove={(to) => setQuery({ event: events[to]!.name })} />}
      {hourly && <Slider name={t("map.hour")} at={at} count={times.length} text={hourText(times, at)} onMove={(to) => setQuery({ hour: String(to) })} />}
    </div>
  );
}

function Slider({ name, at, count, text, onMove }: { name: string; at: number; count: number; text: string; onMove: (to: number) => void }) {
  return (
    <label><span class="small">{name} <strong>{text}</strong></span>
      <input type="range" min="0" max={count - 1} step="1" value={at} aria-label={name} aria-valuetext={text} onInput={(event) => onMove(Number(event.currentTarget.value))} />
    </label>
  );
}
