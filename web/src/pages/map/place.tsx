/** What the run says of a place, as tables: values, shapes with their columns, controls, indicators. */

import type { ComponentChildren } from "preact";
import { number, said, t } from "../../lib/texts";
import { found, type Value } from "./state";

export interface Asked { path: string; title: string }

export function PlacePanel({ onOrigin, onClose }: { onOrigin: (path: string) => void; onClose: () => void }) {
  const place = found.value;
  if (!place) return <p class="soft small" role="status">{t("map.click_hint")}</p>;
  const failed = place.controls.filter((each) => each.state === "failed").length;
  const from = (path: string) => () => onOrigin(path);
  return (
    <div class="place">
      <div class="row tight"><h2 tabIndex={-1} id="place-title">{t("map.place")}</h2><button type="button" class="plain" aria-label={t("map.close_place")} onClick={onClose}>×</button></div>
      <p class="soft small">{t("map.coordinates", { lon: place.lon.toFixed(6), lat: place.lat.toFixed(6) })}{place.x !== null && <><br />{place.crs}: {number(place.x, 9)}, {number(place.y, 9)}</>}</p>
      <p class="hidden" role="status">{t("map.place_told", { values: place.rasters.length, shapes: place.shapes.length })}</p>
      {place.rasters.length > 0 && <Values caption={t("map.values")} of={place.rasters} onOrigin={onOrigin} />}
      {place.controls.length > 0 && (
        <Part title={`${t("map.controls")}${failed ? ` · ${t("map.failed", { count: failed })}` : ""}`} open>
          <div class="scroll" tabIndex={0} role="group" aria-label={t("map.table")}><table>
            <thead><tr><th scope="col">{t("map.control")}</th><th scope="col" class="number">{t("map.computed")}</th><th scope="col" class="number">{t("map.limit")}</th><th scope="col">{t("map.state")}</th></tr></thead>
            <tbody>{place.controls.map((each) => (
              <tr key={each.control} title={said(each.why)}><th scope="row">{said(each.title)}</th><td class="number">{said(each.computed)}</td><td class="number">{said(each.limit)}</td>
                <td><span class={`badge ${each.state === "failed" ? "bad" : each.state === "passed" ? "" : "warn"}`}>{t(`map.state_${each.state}`)}</span></td></tr>)).flatMap((line, at) => { const why = said(place.controls[at]!.why); return why ? [line, <tr key={`why ${at}`}><td colSpan={4} class="small why">{why}</td></tr>] : [line]; })}
            </tbody>
          </table></div>
        </Part>
      )}
      {place.shapes.map((shape, at) => (
        <Part key={shape.table} title={`${capital(said(shape.title))} · ${shape.name}`} open={at === 0}>
          {shape.values.length ? <Values caption={said(shape.title)} of={shape.values} onOrigin={onOrigin} /> : <p class="soft small">{t("map.no_values")}</p>}
        </Part>
      ))}
      {place.indicators.length > 0 && (
        <Part title={`${t("map.indicators")} · ${place.whole ? t("map.whole_area") : place.zone}`}>
          <div class="scroll" tabIndex={0} role="group" aria-label={t("map.table")}><table>
            <thead><tr><th scope="col">{t("map.indicator")}</th><th scope="col" class="number">{t("map.value")}</th><th scope="col"><span class="hidden">{t("map.where_from")}</span></th></tr></thead>
            <tbody>{place.indicators.map((each) => (
              <tr key={each.name}><th scope="row">{said(each.title)}</th><td class="number">{said(each.text)}</td><td><From title={said(each.title)} onClick={from(`indicators/${each.name}/origin?${new URLSearchParams({ zone: place.zone })}`)} /></td></tr>))}
            </tbody>
          </table></div>
        </Part>
      )}
    </div>
  );
}

function Part({ title, open = false, children }: { title: string; open?: boolean; children: ComponentChildren }) {
  return <details open={open}><summary><strong>{title}</strong></summary>{children}</details>;
}

function Values({ caption, of, onOrigin }: { caption: string; of: Value[]; onOrigin: (path: string) => void }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={t("map.table")}><table>
      <caption class="hidden">{caption}</caption>
      <thead class="hidden"><tr><th scope="col">{t("map.quantity")}</th><th scope="col">{t("map.value")}</th><th scope="col">{t("map.where_from")}</th></tr></thead>
      <tbody>{of.map((each) => (
        <tr key={each.layer}><th scope="row">{capital(said(each.title))}</th><td class={`number ${said(each.text).length < 14 ? "brief" : ""}`}>{each.colour && <span class="swatch" style={{ background: each.colour }} />} {said(each.text)}</td><td><From title={said(each.title)} onClick={() => onOrigin(`layers/${each.layer}/origin`)} /></td></tr>))}
      </tbody>
    </table></div>
  );
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function From({ title, onClick }: { title: string; onClick: () => void }) {
  return <button type="button" class="plain from" aria-label={t("map.where_from_of", { title })} title={t("map.where_from")} onClick={onClick}>?</button>;
}
