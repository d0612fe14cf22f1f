/** A map of a run: the study's own water, plots, streets and buildings, and layers above them. No host but the server. */

import { useEffect, useRef } from "preact/hooks";
import * as maplibre from "maplibre-gl";
import type { Map as Drawn, MapMouseEvent } from "maplibre-gl";
import workerUrl from "virtual:map-worker";
import "./map.css";
import { baseStyle, tableOf } from "../lib/basemap";
import type { Chart } from "../lib/charts";
import { draw, nothingLaid, type Layered, type Selection } from "../lib/drawing";
import { tellError } from "../lib/messages";
import { written } from "../lib/texts";
import { serveTiles } from "../lib/tiles";

export type { Layered, Selection };
export interface View { centre: [number, number]; zoom: number }
/** A click: the place, and the number of the row of the topmost shape of each table there. */
export interface Click { lon: number; lat: number; rows: Record<string, number> }

export interface MapProps {
  study: string;
  run: string;
  alternative: string;
  chart: Chart;
  /** What the map shows, in words. */
  label: string;
  layers?: Layered[];
  selection?: Selection;
  /** Whether names are written on the map; they are unless this is false. */
  labels?: boolean;
  view?: View | null;
  /** Room that the whole plan leaves around it [px]. */
  room?: { top: number; left: number; right: number; bottom: number };
  onClick?: (click: Click) => void;
  onMove?: (view: View) => void;
  onHover?: (place: [number, number] | null) => void;
  onReady?: (map: Drawn) => void;
}

let prepared = false;
/** The worker is a file of the server, as the page's policy asks. */
function prepare(): void {
  if (prepared) return;
  prepared = true;
  maplibre.setWorkerUrl(new URL(workerUrl, location.href).href);
  serveTiles();
}

export function RunMap(props: MapProps) {
  const box = useRef<HTMLDivElement>(null), paper = useRef<HTMLCanvasElement>(null);
  const made = useRef<Drawn | null>(null);
  const laid = useRef(nothingLaid());
  const now = useRef(props);
  now.current = props;
  const redraw = () => { const map = made.current; if (map?.getLayer("back")) draw(map, now.current, laid.current).catch((fault) => { if (made.current === map) tellError(fault); }); };

  useEffect(() => {
    prepare();
    const [west, south, east, north] = now.current.chart.bounds;
    const seen = now.current.view;
    const map = new maplibre.Map({
      container: box.current!, style: baseStyle(), attributionControl: false, pitchWithRotate: false, maxPitch: 0, maxZoom: 21,
      ...(seen ? { center: seen.centre, zoom: seen.zoom } : { bounds: [west, south, east, north] as [number, number, number, number], fitBoundsOptions: { padding: now.current.room ?? 24 } }),
    });
    const container = box.current!;
    delete container.dataset["ready"];
    made.current = map;
    laid.current = nothingLaid();
    map.getCanvas().setAttribute("aria-label", now.current.label);
    const rests = () => { const { lng, lat } = map.getCenter(); container.dataset["at"] = `${lng.toFixed(6)},${lat.toFixed(6)},${map.getZoom().toFixed(2)}`; delete container.dataset["moving"]; };
    map.on("movestart", () => { container.dataset["moving"] = "yes"; });
    map.on("moveend", rests);
    map.on("load", () => { redraw(); rests(); now.current.onReady?.(map); container.dataset["ready"] = "yes"; });
    map.on("error", ({ error }) => { console.warn(error.message); });
    map.on("click", (event) => now.current.onClick?.({ lon: event.lngLat.lng, lat: event.lngLat.lat, rows: rowsAt(map, event) }));
    map.on("move", () => { const { lng, lat } = map.getCenter(); now.current.onMove?.({ centre: [lng, lat], zoom: map.getZoom() }); });
    map.on("mousemove", ({ lngLat }) => now.current.onHover?.([lngLat.lng, lngLat.lat]));
    map.on("mouseout", () => now.current.onHover?.(null));
    const watcher = new ResizeObserver(() => map.resize());
    watcher.observe(box.current!);
    const printed = () => copy(map, paper.current!);
    addEventListener("beforeprint", printed);
    return () => { removeEventListener("beforeprint", printed); watcher.disconnect(); made.current = null; laid.current.turn += 1; map.remove(); };
  }, [props.study, props.run, props.chart]);

  useEffect(redraw, [props.alternative, props.layers, props.selection, props.labels, written.value]);
  useEffect(() => made.current?.getCanvas().setAttribute("aria-label", props.label), [props.label]);
  return <><div class="run-map" ref={box} /><canvas class="printed" ref={paper} aria-hidden="true" /></>;
}

/** Copy what a map shows, pixel by pixel, for the printer: its own canvas is empty once it has been shown. */
function copy(map: Drawn, paper: HTMLCanvasElement): void {
  map.redraw();
  const shown = map.getCanvas();
  [paper.width, paper.height] = [shown.width, shown.height];
  [paper.style.width, paper.style.height] = [`${shown.clientWidth}px`, `${shown.clientHeight}px`];
  paper.getContext("2d")?.drawImage(shown, 0, 0);
}

function rowsAt(map: Drawn, event: MapMouseEvent): Record<string, number> {
  const rows: Record<string, number> = {};
  for (const each of map.queryRenderedFeatures(event.point)) {
    const table = tableOf(each.source), row = each.properties["n"];
    if (table && typeof row === "number") rows[table] ??= row;
  }
  return rows;
}
