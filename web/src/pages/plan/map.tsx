/** The map of parcels: chosen by click or box, changed ones marked, an outline drawn corner by corner. */

import { effect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { GeoJSONSource, Map as Drawn, MapMouseEvent } from "maplibre-gl";
import { RunMap } from "../../components/map";
import { Loading } from "../../components/loading";
import { loadChart, type Chart } from "../../lib/charts";
import { tellError } from "../../lib/messages";
import { run, study } from "../../lib/session";
import { t } from "../../lib/texts";
import { area, drawing } from "./drawing";
import { colourOf, parcelAt, touches, useOf, type Plan } from "./model";
import { choose, chosen, draft, plan } from "./state";
import { UseLegend } from "./uses";

const PARCELS = "plan-parcels", USES = "plan-uses", SKETCH = "plan-sketch", CHOSEN = "#d4006a", CHANGED = "#b45309", PLACED = "#0f5c4d";

export function PlanMap() {
  const [chart, setChart] = useState<Chart | null>(null);
  const [boxing, setBoxing] = useState(false);
  const [made, setMade] = useState<Drawn | null>(null);
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => {
    let left = false;
    loadChart(study.value!.id, run.value).then((found) => { if (!left) setChart(found); }, tellError);
    return () => { left = true; stop.current(); };
  }, [run.value]);
  // At once, before the next event: a drag may follow the press within the same frame.
  useLayoutEffect(() => (made ? box(made, boxing) : undefined), [made, boxing]);
  // A draft that is opened or closed gives the map another size: all of the plan stays in view.
  const open = draft.value !== null, before = useRef(open);
  useEffect(() => {
    if (made && before.current !== open) { made.resize(); zoom(made); }
    before.current = open;
  }, [made, open]);
  if (!chart) return <p class="empty" role="status"><Loading /></p>;
  const base = draft.value?.base ?? "";
  const alternative = base in chart.alternatives ? base : Object.keys(chart.alternatives)[0]!;
  return (
    <div class="plan-map">
      <div class="plan-tools row">
        <button type="button" class="plan-small" aria-pressed={boxing} onClick={() => setBoxing(!boxing)}>{t("plan.box")}</button>
        <button type="button" class="plan-small" onClick={() => zoom(made)}>{t("plan.zoom_to")}</button>
        <span class="small plan-key"><i class="plan-key-chosen" /> {t("plan.chosen")} <i class="plan-key-changed" /> {t("plan.is_changed")} <i class="plan-key-placed" /> {t("plan.has_measure")}</span>
      </div>
      <div class="plan-ground">
        <UseLegend />
        <RunMap study={study.value!.id} run={run.value} alternative={alternative} chart={chart} label={t("plan.map_label")}
          onReady={(map) => { setMade(map); stop.current(); stop.current = lay(map); }} />
      </div>
    </div>
  );
}

function features(known: Plan) {
  const now = draft.value, marked = new Set(chosen.value), placed = new Set((now?.placed ?? []).flatMap((each) => each.site.parcels));
  return {
    type: "FeatureCollection" as const,
    features: known.parcels.map((each) => ({
      type: "Feature" as const, geometry: each.shape as never,
      properties: { id: each.id, colour: colourOf(known, useOf(known, now, each)), chosen: marked.has(each.id), changed: now?.parcels[each.id] !== undefined, placed: placed.has(each.id) },
    })),
  };
}

function sketch() {
  const outlines = (draft.value?.placed ?? []).map((each) => each.site.area).filter((each) => each.length >= 3);
  const polygon = (points: [number, number][], own: boolean) => ({ type: "Feature" as const, properties: { own }, geometry: { type: "Polygon" as const, coordinates: [[...points, points[0]!]] } });
  const drawn = area.value;
  return {
    type: "FeatureCollection" as const,
    features: [
      ...outlines.map((each) => polygon(each, false)), ...(drawn.length >= 3 ? [polygon(drawn, true)] : []),
      ...drawn.map((each) => ({ type: "Feature" as const, properties: { own: true }, geometry: { type: "Point" as const, coordinates: each } })),
      ...(drawn.length === 2 ? [{ type: "Feature" as const, properties: { own: true }, geometry: { type: "LineString" as const, coordinates: drawn } }] : []),
    ],
  };
}

/** Lay the parcels and the sketch above the map, and keep them as the draft and the choice are. Returns how to stop. */
function lay(map: Drawn): () => void {
  const empty = { type: "FeatureCollection" as const, features: [] };
  map.addSource(PARCELS, { type: "geojson", data: empty });
  map.addSource(SKETCH, { type: "geojson", data: empty });
  map.addLayer({ id: USES, type: "fill", source: PARCELS, paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.8 } });
  map.addLayer({ id: PARCELS, type: "fill", source: PARCELS, paint: { "fill-color": ["case", ["get", "chosen"], CHOSEN, ["get", "changed"], CHANGED, ["get", "placed"], PLACED, "#000"], "fill-opacity": ["case", ["get", "chosen"], 0.3, ["any", ["get", "changed"], ["get", "placed"]], 0.3, 0] } });
  // A white line below that of what is chosen or changed: it must be told from every colour of a land use.
  map.addLayer({ id: `${PARCELS}-rim`, type: "line", source: PARCELS, filter: ["any", ["get", "chosen"], ["get", "changed"], ["get", "placed"]], paint: { "line-color": "#fff", "line-width": 7 } });
  map.addLayer({ id: `${PARCELS}-edge`, type: "line", source: PARCELS, paint: { "line-color": ["case", ["get", "chosen"], CHOSEN, ["get", "changed"], CHANGED, ["get", "placed"], PLACED, "#55605c"], "line-width": ["case", ["get", "chosen"], 3.5, ["any", ["get", "changed"], ["get", "placed"]], 2.5, 1] } });
  map.addLayer({ id: SKETCH, type: "fill", source: SKETCH, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": PLACED, "fill-opacity": 0.25 } });
  map.addLayer({ id: `${SKETCH}-edge`, type: "line", source: SKETCH, paint: { "line-color": PLACED, "line-width": 2, "line-dasharray": [2, 1] } });
  map.addLayer({ id: `${SKETCH}-corner`, type: "circle", source: SKETCH, filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": "#fff", "circle-stroke-color": PLACED, "circle-stroke-width": 2 } });
  const source = (name: string) => map.getSource(name) as GeoJSONSource | undefined;
  // Land uses lie below streets and buildings, the parcels' edges below names, what is being drawn above all.
  const top = () => {
    const order = map.getLayersOrder();
    const built = order.find((id) => /^(edge|street|house)\|/.test(id)), names = order.find((id) => map.getLayer(id)?.type === "symbol");
    if (map.getLayer(USES) && built) map.moveLayer(USES, built);
    for (const id of [PARCELS, `${PARCELS}-rim`, `${PARCELS}-edge`]) if (map.getLayer(id)) map.moveLayer(id, names);
    for (const id of [SKETCH, `${SKETCH}-edge`, `${SKETCH}-corner`]) if (map.getLayer(id)) map.moveLayer(id);
  };
  const stops = [
    effect(() => { if (plan.value) source(PARCELS)?.setData(features(plan.value)); }),
    effect(() => { source(SKETCH)?.setData(sketch()); map.getCanvas().style.cursor = drawing.value ? "crosshair" : ""; }),
  ];
  map.on("sourcedata", top);
  const click = ({ lngLat, originalEvent }: MapMouseEvent) => pick(lngLat.lng, lngLat.lat, originalEvent);
  const finish = (event: MapMouseEvent) => { if (drawing.value) { event.preventDefault(); drawing.value = false; } };
  const typed = (event: KeyboardEvent) => {
    // By keys: what is below the cross in the middle, which the arrow keys move; Enter ends an outline.
    if (event.target === map.getCanvas() && (event.key === " " || (event.key === "Enter" && !drawing.value))) {
      event.preventDefault();
      const { lng, lat } = map.getCenter();
      pick(lng, lat, event);
      return;
    }
    if (!drawing.value) return;
    if (event.key === "Escape") { area.value = []; drawing.value = false; }
    if (event.key === "Enter") drawing.value = false;
  };
  map.getContainer().dataset["laid"] = "yes";
  map.on("click", click);
  map.on("dblclick", finish);
  addEventListener("keydown", typed);
  return () => { stops.forEach((each) => each()); removeEventListener("keydown", typed); };
}

/** Take the parcel at a place, with Shift or Ctrl to those that are chosen; while an outline is drawn, its next corner. */
function pick(lon: number, lat: number, keys: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }): void {
  if (drawing.value) { area.value = [...area.value, [lon, lat]]; return; }
  // By the shapes themselves: what is drawn of them comes later where the machine is busy.
  const found = parcelAt(plan.value?.parcels ?? [], lon, lat)?.id;
  if (!found) { if (!keys.shiftKey) choose([]); return; }
  const more = keys.shiftKey || keys.ctrlKey || keys.metaKey, marked = chosen.value.includes(found);
  choose(!more ? [found] : marked ? chosen.value.filter((each) => each !== found) : [...chosen.value, found]);
}

/** While on, dragging draws a box, and what it touches is chosen; Shift adds to the choice. */
function box(map: Drawn, on: boolean): () => void {
  if (!on) return () => undefined;
  map.dragPan.disable();
  map.boxZoom.disable();
  const canvas = map.getCanvas();
  canvas.style.cursor = "crosshair";
  let from: { x: number; y: number } | null = null;
  const at = (event: MouseEvent) => { const seen = canvas.getBoundingClientRect(); return { x: event.clientX - seen.left, y: event.clientY - seen.top }; };
  const down = (event: MouseEvent) => { from = at(event); };
  const up = (event: MouseEvent) => {
    if (!from || !plan.value) return;
    const to = at(event), one = map.unproject([from.x, from.y]), other = map.unproject([to.x, to.y]);
    const moved = Math.abs(to.x - from.x) + Math.abs(to.y - from.y) > 4;
    from = null;
    if (!moved) return;
    const [west, east] = [Math.min(one.lng, other.lng), Math.max(one.lng, other.lng)], [south, north] = [Math.min(one.lat, other.lat), Math.max(one.lat, other.lat)];
    const found = plan.value.parcels.filter((each) => touches(each.shape, west, south, east, north)).map((each) => each.id);
    choose(event.shiftKey ? [...new Set([...chosen.value, ...found])] : found);
  };
  canvas.addEventListener("mousedown", down);
  addEventListener("mouseup", up);
  return () => { map.dragPan.enable(); map.boxZoom.enable(); canvas.style.cursor = ""; canvas.removeEventListener("mousedown", down); removeEventListener("mouseup", up); };
}

function zoom(map: Drawn | null): void {
  if (!map || !plan.value) return;
  const marked = new Set(chosen.value), wanted = plan.value.parcels.filter((each) => !marked.size || marked.has(each.id));
  const points = wanted.flatMap((each) => (each.shape.coordinates as unknown[]).flat(3)) as number[];
  if (!points.length) return;
  const lons = points.filter((_, at) => at % 2 === 0), lats = points.filter((_, at) => at % 2 === 1);
  map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: 60, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
}
