/** Parcels as a table that can be filtered and chosen from: what the map shows, by keyboard. */

import { useState } from "preact/hooks";
import { oneStop } from "../../lib/one_stop";
import { amount, needed, t } from "../../lib/texts";
import { colourOf, filtered, useOf, valueOf, type Parcel, type Value } from "./model";
import { choose, chosen, draft, plan } from "./state";
import { Swatch } from "./uses";
import { landUse } from "./words";

const MOST = 300;

export function ParcelTable() {
  const [typed, setTyped] = useState("");
  const found = filtered(plan.value!.parcels, typed);
  const marked = new Set(chosen.value);
  const ratios = plan.value!.parcels.map(ratioOf), digits = needed(ratios.filter((each) => typeof each === "number"));
  const toggle = (id: string) => choose(marked.has(id) ? chosen.value.filter((each) => each !== id) : [...chosen.value, id]);
  return (
    <>
      <label class="plan-field"><span>{t("plan.filter")}</span>
        <input type="search" value={typed} placeholder={t("plan.filter_hint")} onInput={(event) => setTyped(event.currentTarget.value)} /></label>
      <div class="row small">
        <span role="status">{t("plan.count", { found: found.length, chosen: chosen.value.length })}</span>
        <button type="button" class="plan-small" disabled={!found.length} onClick={() => choose(found.map((each) => each.id))}>{t("plan.choose_all")}</button>
        <button type="button" class="plan-small" disabled={!chosen.value.length} onClick={() => choose([])}>{t("plan.choose_none")}</button>
      </div>
      <div class="scroll plan-table" tabIndex={0} role="region" aria-label={t("plan.parcels")}>
        <table ref={oneStop}>
          <thead><tr><th><span class="hidden">{t("plan.chosen")}</span></th><th>{t("plan.parcel")}</th><th>{t("plan.land_use")}</th><th class="number">{t("plan.far_short")}</th><th class="number">{t("plan.hectares")}</th></tr></thead>
          <tbody>{found.slice(0, MOST).map((each) => <Line key={each.id} parcel={each} marked={marked.has(each.id)} digits={digits} toggle={toggle} />)}</tbody>
        </table>
        {found.length > MOST && <p class="soft small">{t("plan.more", { count: found.length - MOST })}</p>}
      </div>
    </>
  );
}

const ratioOf = (parcel: Parcel): Value => (draft.value ? valueOf(plan.value!, draft.value, parcel, "floor_area_ratio") : parcel.values["floor_area_ratio"]) ?? null;

function Line({ parcel, marked, digits, toggle }: { parcel: Parcel; marked: boolean; digits: number; toggle: (id: string) => void }) {
  const now = draft.value;
  const changed = now?.parcels[parcel.id];
  const use = useOf(plan.value!, now, parcel);
  const ratio = ratioOf(parcel);
  return (
    <tr class={marked ? "chosen" : ""}>
      <td><input type="checkbox" checked={marked} aria-label={parcel.id} onChange={() => toggle(parcel.id)} /></td>
      <td><button type="button" class="plan-link" onClick={() => choose([parcel.id])}>{parcel.id}</button>{changed && <span class="badge" title={t("plan.is_changed")}>✎<span class="hidden"> {t("plan.is_changed")}</span></span>}</td>
      <td class="plan-use"><Swatch colour={colourOf(plan.value!, use)} /> {landUse(plan.value!, use)}</td>
      <td class="number">{typeof ratio === "number" ? amount(ratio, digits) : "–"}</td>
      <td class="number">{amount(parcel.area / 1e4, 2)}</td>
    </tr>
  );
}
