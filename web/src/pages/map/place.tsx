/** What the run says of a place, as tables: values, shapes with their columns, controls, indicators. */

import type { ComponentChildren } from "preact";
import { CommentHere } from "../../components/comment_here";
import { Loading } from "../../components/loading";
import { number, said, t } from "../../lib/texts";
import { paired } from "./pairs";
import { found, foundOther, looking, mode, sides, within, type PlaceAt, type ShapeAt, type Value } from "./state";

interface Told { name: string; of: PlaceAt }

/** What the maps say of a place: of one alternative, or of two, each named. */
export function PlacePanel({ onOrigin, onClose }: { onOrigin: (path: string) => void; onClose: () => void }) {
  const place = found.value, second = mode.value ? foundOther.value : null;
  if (!place) return <p class="soft small" role="status">{looking.value ? <Loading what={t("map.looking")} /> : t("map.click_hint")}</p>;
  const [first, after] = sides.value;
  const told: Told[] = [{ name: first, of: place }, ...(second ? [{ name: after, of: second }] : [])];
  const shapes = paired(place.shapes.map(ofTable), second?.shapes.map(ofTable) ?? []);
  const indicators = paired(place.indicators, second?.indicators ?? []);
  return (
    <div class="place">
      <div class="row tight"><h2 tabIndex={-1} id="place-title">{t("map.place")}</h2><button type="button" class="plain" aria-label={t("map.close_place")} onClick={onClose}>×</button></div>
      {!second && <p class="small"><strong>{first}</strong></p>}
      <p class="soft small">{t("map.coordinates", { lon: place.lon.toFixed(6), lat: place.lat.toFixed(6) })}{place.x !== null && <><br />{place.crs}: {number(place.x, 9)}, {number(place.y, 9)}</>}</p>
      {looking.value ? <p class="soft small" role="status"><Loading what={t("map.looking")} /></p> : <p class="hidden" role="status">{t("map.place_told", { values: place.rasters.length, shapes: place.shapes.length })}</p>}
      {!within([place.lon, place.lat]) && <p class="badge warn wide" role="alert">{t("map.outside")}</p>}
      {within([place.lon, place.lat]) && <CommentHere words about={`place:${place.lon.toFixed(6)},${place.lat.toFixed(6)}`} title={t("map.place")} />}
      <Values caption={t("map.values")} told={told} of={told.map((each) => each.of.rasters)} onOrigin={onOrigin} />
      {told.map((each) => <Controls key={each.name} told={each} named={told.length > 1} />)}
      {shapes.map(({ here, there }, at) => {
        const shape = (here ?? there)!;
        return (
          <Part key={shape.name} title={`${capital(said(shape.title))} · ${shape.shape.name}`} open={at === 0}>
            {shape.shape.table === "parcels" && <CommentHere words about={`parcel:${shape.shape.id}`} title={`${capital(said(shape.title))} · ${shape.shape.name}`} />}
            {here?.shape.values.length || there?.shape.values.length ? <Values caption={said(shape.title)} told={told} of={second ? [here?.shape.values ?? [], there?.shape.values ?? []] : [here?.shape.values ?? []]} onOrigin={onOrigin} /> : <p class="soft small">{t("map.no_values")}</p>}
          </Part>
        );
      })}
      {indicators.length > 0 && (
        <Part title={`${t("map.indicators")} · ${place.whole ? t("map.whole_area") : place.zone}`}>
          <div class="scroll" tabIndex={0} role="group" aria-label={t("map.table")}><table>
            <Heads told={told} first={t("map.indicator")} />
            <tbody>{indicators.map(({ here, there }) => {
              const each = (here ?? there)!;
              return <tr key={each.name}><th scope="row">{said(each.title)}</th>{[here, there].slice(0, told.length).map((one, at) => <td key={at} class="number">{one ? said(one.text) : "—"}</td>)}<td><From title={said(each.title)} onClick={() => onOrigin(`indicators/${each.name}/origin?${new URLSearchParams({ zone: place.zone })}`)} /></td></tr>;
            })}</tbody>
          </table></div>
        </Part>
      )}
    </div>
  );
}

const ofTable = (shape: ShapeAt) => ({ name: `${shape.table} ${shape.id}`, title: shape.title, shape });

/** Heads of a table of values: the alternative over each column where there are two. */
function Heads({ told, first }: { told: Told[]; first: string }) {
  return <thead class={told.length > 1 ? "" : "hidden"}><tr><th scope="col">{first}</th>{told.map((each) => <th key={each.name} scope="col" class="number">{told.length > 1 ? each.name : t("map.value")}</th>)}<th scope="col"><span class="hidden">{t("map.where_from")}</span></th></tr></thead>;
}

function Controls({ told, named }: { told: Told; named: boolean }) {
  const controls = told.of.controls;
  if (controls.length === 0) return null;
  const failed = controls.filter((each) => each.state === "failed").length;
  const title = [t("map.controls"), named ? told.name : "", failed ? t("map.failed", { count: failed }) : ""].filter(Boolean).join(" · ");
  return (
    <Part title={title} open>
      <div class="scroll" tabIndex={0} role="group" aria-label={t("map.table")}><table>
        <thead><tr><th scope="col">{t("map.control")}</th><th scope="col" class="number">{t("map.computed")}</th><th scope="col" class="number">{t("map.limit")}</th><th scope="col">{t("map.state")}</th></tr></thead>
        <tbody>{controls.flatMap((each) => {
          const why = said(each.why);
          const line = <tr key={each.control} title={why}><th scope="row">{said(each.title)}</th><td class="number">{said(each.computed)}</td><td class="number">{said(each.limit)}</td>
            <td><span class={`badge ${each.state === "failed" ? "bad" : each.state === "passed" ? "" : "warn"}`}>{t(`map.state_${each.state}`)}</span></td></tr>;
          return why ? [line, <tr key={`why ${each.control}`}><td colSpan={4} class="small why">{why}</td></tr>] : [line];
        })}</tbody>
      </table></div>
    </Part>
  );
}

function Part({ title, open = false, children }: { title: string; open?: boolean; children: ComponentChildren }) {
  return <details open={open}><summary><strong>{title}</strong></summary>{children}</details>;
}

function Values({ caption, told, of, onOrigin }: { caption: string; told: Told[]; of: Value[][]; onOrigin: (path: string) => void }) {
  const lines = paired(of[0] ?? [], of[1] ?? []);
  if (lines.length === 0) return null;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={t("map.table")}><table>
      <caption class="hidden">{caption}</caption>
      <Heads told={told} first={t("map.quantity")} />
      <tbody>{lines.map(({ here, there }) => {
        const each = (here ?? there)!;
        return (
          <tr key={`${each.name} ${each.layer}`}><th scope="row">{capital(said(each.title))}</th>
            {[here, there].slice(0, told.length).map((one, at) => <td key={at} class={`number ${told.length === 1 && said(one?.text ?? {}).length < 14 ? "brief" : ""}`}>{one ? <>{one.colour && <span class="swatch" style={{ background: one.colour }} />} {said(one.text)}</> : "—"}</td>)}
            <td><From title={said(each.title)} onClick={() => onOrigin(`layers/${each.layer}/origin`)} /></td></tr>
        );
      })}</tbody>
    </table></div>
  );
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function From({ title, onClick }: { title: string; onClick: () => void }) {
  return <button type="button" class="plain from" aria-label={t("map.where_from_of", { title })} title={t("map.where_from")} onClick={onClick}>?</button>;
}
