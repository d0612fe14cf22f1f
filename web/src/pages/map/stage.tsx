/** The maps: one, two under a divider that is dragged or moved by keys, or two side by side; both show the same place. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Map as Drawn } from "maplibre-gl";
import { RunMap, type Click } from "../../components/map";
import { pixel, roundLength } from "../../lib/geodesy";
import { setQuery } from "../../lib/router";
import { run, study } from "../../lib/session";
import { number, said, t } from "../../lib/texts";
import { drawMeasured, measuredText } from "./measuring";
import { alternative, chart, drawn, drawnOther, look, measured, measuring, mode, other, selection, sides, view, written } from "./state";

/** Room that the whole plan leaves around it: below for scale and source [px]. */
const ROOM = { top: 24, left: 24, right: 24, bottom: 64 };
/** Room of a map on a sheet of A4 beside its margins and title [px of 1/96 inch]. */
const SHEET = { wide: 1030, tall: 630 };

export const first: { map: Drawn | null } = { map: null };

export function Stage() {
  const maps = useRef<(Drawn | null)[]>([null, null]);
  const leading = useRef(false);
  const [share, setShare] = useState(50);
  const [seen, setSeen] = useState<{ lat: number; zoom: number; bearing: number }>({ lat: 0, zoom: 10, bearing: 0 });
  const [hover, setHover] = useState<[number, number] | null>(null);
  const from = useRef(view.value);
  const two = mode.value !== "";

  const follow = (leader: number) => {
    const map = maps.current[leader], after = maps.current[1 - leader];
    if (!map) return;
    const centre = map.getCenter();
    setSeen({ lat: centre.lat, zoom: map.getZoom(), bearing: map.getBearing() });
    if (!after || leading.current) return;
    leading.current = true;
    after.jumpTo({ center: centre, zoom: map.getZoom(), bearing: map.getBearing() });
    leading.current = false;
  };
  const ready = (at: number) => (map: Drawn) => {
    maps.current[at] = map;
    if (at === 0) first.map = map;
    const wanted = view.value;
    if (at === 0 && wanted && wanted !== from.current) map.jumpTo({ center: wanted.centre, zoom: wanted.zoom });
    const settle = () => { const { lng, lat } = map.getCenter(); setQuery({ at: `${lng.toFixed(6)},${lat.toFixed(6)},${map.getZoom().toFixed(2)}` }); };
    if (at === 0) map.on("moveend", settle);
    else if (maps.current[0]) follow(0);
    map.getCanvas().addEventListener("keydown", (event) => { if (event.key === "Enter") { const { lng, lat } = map.getCenter(); clicked({ lon: lng, lat, rows: {} }); } });
    follow(0);
    map.on("idle", () => drawMeasured(map, measured.value, measuring.value === "area"));
  };
  // What was pressed goes: the keyboard goes on at the tool that it began with.
  const end = () => { const tool = box.current?.querySelector<HTMLElement>(".tools [aria-pressed=true]"); measured.value = []; measuring.value = ""; tool?.focus(); };
  const clicked = ({ lon, lat }: Click) => {
    if (measuring.value) measured.value = [...measured.value, [lon, lat]];
    else void look(lon, lat);
  };
  useEffect(() => { for (const map of maps.current) if (map?.getLayer("back")) drawMeasured(map, measured.value, measuring.value === "area"); }, [measured.value, measuring.value]);
  useEffect(() => { if (!two) maps.current[1] = null; }, [two]);
  // Side by side each map is half as wide: what was seen from west to east stays in sight.
  const beside = useRef(mode.value === "side");
  useLayoutEffect(() => {
    const now = mode.value === "side", map = maps.current[0];
    if (map && now !== beside.current) { map.resize(); map.setZoom(map.getZoom() + (now ? -1 : 1)); }
    beside.current = now;
  }, [mode.value]);
  useEffect(() => () => { first.map = null; }, []);
  // On paper the map is as it was seen, made smaller where the sheet is: its bar of lengths shrinks with it.
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const fit = () => {
      const { width, height } = box.current!.getBoundingClientRect();
      const share = Math.min(1, SHEET.wide / width, SHEET.tall / height);
      for (const [name, value] of [["--wide", `${width}px`], ["--tall", `${height}px`], ["--fit", share.toFixed(4)]] as const) box.current!.style.setProperty(name, value);
    };
    addEventListener("beforeprint", fit);
    return () => removeEventListener("beforeprint", fit);
  }, []);

  const one = { study: study.value!.id, run: run.value, chart: chart.value!, selection: selection.value, labels: written.value, onClick: clicked, onHover: setHover };
  const name = (of: string) => said(chart.value!.alternatives[of]);
  const where = hover ?? (maps.current[0] ? [maps.current[0].getCenter().lng, maps.current[0].getCenter().lat] as [number, number] : null);
  const bar = roundLength(110 * pixel(seen.lat, seen.zoom));
  return (
    <div class={`stage mode-${mode.value || "one"}`} ref={box} onKeyDown={(event) => { if (event.key === "Escape" && measuring.value) end(); }}>
      <div class="pane"><RunMap {...one} alternative={alternative.value} layers={drawn.value} view={from.current} room={ROOM} label={t("map.label", { alternative: name(alternative.value) })} onMove={() => follow(0)} onReady={ready(0)} />
        {two && <span class="tag left">{sides.value[0]}</span>}</div>
      {two && <div class="pane second" style={mode.value === "swipe" ? { clipPath: `inset(0 0 0 ${share}%)` } : {}}>
        <RunMap {...one} key="second" alternative={other.value} layers={drawnOther.value} view={view.value} room={ROOM} label={t("map.label", { alternative: name(other.value) })} onMove={() => follow(1)} onReady={ready(1)} />
        <span class="tag right">{sides.value[1]}</span></div>}
      {mode.value === "swipe" && <Divider share={share} onMove={setShare} />}
      <span class="cross" aria-hidden="true" />
      <div class="tools" role="toolbar" aria-label={t("map.tools")}>
        <button type="button" aria-label={t("map.zoom_in")} onClick={() => first.map?.zoomIn()}>+</button>
        <button type="button" aria-label={t("map.zoom_out")} onClick={() => first.map?.zoomOut()}>−</button>
        <button type="button" aria-label={t("map.whole")} title={t("map.whole")} onClick={() => { const [west, south, east, north] = chart.value!.bounds; first.map?.fitBounds([west, south, east, north], { padding: ROOM }); }}>⤢</button>
        <button type="button" aria-label={t("map.north")} title={t("map.north")} onClick={() => first.map?.resetNorth()}><svg class="needle" aria-hidden="true" viewBox="0 0 10 10" width="12" height="12" style={{ transform: `rotate(${-seen.bearing}deg)` }}><path d="M5 0 10 10H0z" fill="currentColor" /></svg><span class="small">{t("map.north_sign")}</span></button>
        {(["distance", "area"] as const).map((what) => <button key={what} type="button" aria-pressed={measuring.value === what} aria-label={t(`map.measure_${what}`)} title={t(`map.measure_${what}`)} onClick={() => { measured.value = []; measuring.value = measuring.value === what ? "" : what; }}>{what === "distance" ? "↔" : "▱"}</button>)}
      </div>
      {measuring.value && <div class="measure"><span role="status">{measuredText(measured.value, measuring.value)}</span>
        <button type="button" onClick={() => (measured.value = measured.value.slice(0, -1))} disabled={!measured.value.length}>{t("map.undo_point")}</button>
        <button type="button" onClick={end}>{t("map.end_measure")}</button><p class="soft small">{t("map.measure_how")}</p></div>}
      <div class="foot">
        <span class="scale"><span class="bar-line" style={{ width: `${bar / pixel(seen.lat, seen.zoom)}px` }} />{bar >= 1000 ? `${number(bar / 1000)} km` : `${number(bar)} m`}</span>
        {where && <span class="number">{where[0].toFixed(5)}°, {where[1].toFixed(5)}°</span>}
        <span class="soft attribution" title={[...chart.value!.notes.map(said)].join(" · ")}>{[said(study.value!.title), ...chart.value!.notes.map(said)].filter(Boolean).join(" · ")}</span>
      </div>
    </div>
  );
}

function Divider({ share, onMove }: { share: number; onMove: (to: number) => void }) {
  const held = (to: number) => onMove(Math.min(100, Math.max(0, to)));
  const drag = (event: PointerEvent) => {
    const stage = (event.currentTarget as HTMLElement).parentElement!.getBoundingClientRect();
    if (event.buttons) held(((event.clientX - stage.left) / stage.width) * 100);
  };
  const STEPS: Record<string, number> = { ArrowLeft: -2, ArrowRight: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 };
  return (
    <div class="divider" role="slider" aria-orientation="horizontal" tabIndex={0} aria-label={t("map.divider")} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share)} style={{ left: `${share}%` }}
      onPointerDown={(event) => (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)} onPointerMove={drag}
      onKeyDown={(event) => { const step = STEPS[event.key]; if (step !== undefined) { event.preventDefault(); held(share + step); } }}><span aria-hidden="true">⇔</span></div>
  );
}
