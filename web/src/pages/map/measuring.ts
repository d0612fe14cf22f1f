/** The line or area that is measured, drawn on a map. */

import type { GeoJSONSource, Map as Drawn } from "maplibre-gl";
import { area, length, type Place } from "../../lib/geodesy";
import { number, t } from "../../lib/texts";

const NAME = "measured", COLOUR = "#1f3b8f";

export function drawMeasured(map: Drawn, places: Place[], closed: boolean): void {
  const ring = closed && places.length > 2 ? [...places, places[0]!] : places;
  const line = { type: "Feature" as const, properties: {}, geometry: { type: "LineString" as const, coordinates: ring } };
  const dots = places.map((place) => ({ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: place } }));
  const data = { type: "FeatureCollection" as const, features: [...(ring.length > 1 ? [line] : []), ...dots] };
  const source = map.getSource<GeoJSONSource>(NAME);
  if (source) { source.setData(data); for (const layer of [`${NAME}-line`, `${NAME}-dots`]) map.moveLayer(layer); return; }
  if (!places.length) return;
  map.addSource(NAME, { type: "geojson", data });
  map.addLayer({ id: `${NAME}-line`, type: "line", source: NAME, paint: { "line-color": COLOUR, "line-width": 3, "line-dasharray": [2, 1] } });
  map.addLayer({ id: `${NAME}-dots`, type: "circle", source: NAME, filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": "#fff", "circle-stroke-color": COLOUR, "circle-stroke-width": 2, "circle-radius": 4 } });
}

export function measuredText(places: Place[], what: "distance" | "area"): string {
  if (what === "area") {
    const size = places.length > 2 ? area(places) : 0;
    return size >= 1e6 ? t("map.area_km2", { area: number(size / 1e6, 4) }) : t("map.area_m2", { area: number(size, 4), hectares: number(size / 1e4, 4) });
  }
  const long = length(places);
  return long >= 1000 ? t("map.length_km", { length: number(long / 1000, 4) }) : t("map.length_m", { length: number(long, 4) });
}
