/** The map of a run: layers by strand, two of them compared, values at a place and where they come from. */

import { useSignalEffect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { Loading } from "../../components/loading";
import { loadChart, runPath } from "../../lib/charts";
import { tell, tellError } from "../../lib/messages";
import { here, place as address, setQuery } from "../../lib/router";
import { run, study } from "../../lib/session";
import { said, t } from "../../lib/texts";
import { Finder } from "./finder";
import { Legends, Timeline } from "./legend";
import { OriginDialog } from "./origin";
import { PlacePanel } from "./place";
import { first, Stage } from "./stage";
import { alternative, ask, asking, chart, chosen, chosenOther, forget, label, labelOther, labels, loaded, look, measured, measuring, mode, NEAR, other, parcelPlace, placeAsked, written, type Mode } from "./state";
import { Tree } from "./tree";
import "./map.css";

const START = ["max_depth", "land_use", "air_temperature"];
const MODES: Mode[] = ["", "swipe", "side"];

export default function MapPage() {
  const [origin, setOrigin] = useState("");
  const [open, setOpen] = useState<"layers" | "place" | "">(innerWidth > 700 ? "layers" : "");
  const [failed, setFailed] = useState(false);
  const [id, number] = [study.value!.id, run.value];
  useEffect(() => {
    let left = false;
    setFailed(false);
    loaded.value = null; measuring.value = ""; measured.value = [];
    loadChart(id, number).then((found) => {
      if (left) return;
      loaded.value = { of: runPath(id, number), chart: found };
      const mapped = found.quantities.filter((each) => Object.keys(each.layers).length);
      const begun = START.map((name) => mapped.find((each) => each.name === name)).find((each) => each) ?? mapped.find((each) => each.main);
      if (!chosen.value.length && begun) setQuery({ layers: begun.name });
    }, (fault) => { if (!left) { setFailed(true); tellError(fault); } });
    return () => { left = true; forget(); };
  }, [id, number]);
  useSignalEffect(ask);
  useEffect(() => { const at = placeAsked(); if (chart.value && at) void look(...at); }, [chart.value, asking.value]);
  const goTo = (lon: number, lat: number) => {
    setOpen("place");
    if (first.map) first.map.jumpTo({ center: [lon, lat], zoom: Math.max(first.map.getZoom(), NEAR) });
    else setQuery({ at: `${lon.toFixed(6)},${lat.toFixed(6)},${NEAR}` });
    void look(lon, lat).then(() => document.getElementById("place-title")?.focus());
  };
  // A link names a parcel alone: its place is asked for, and seen as if it had been found by hand.
  const wanted = address.value.query.get("parcel") ?? "";
  useEffect(() => {
    if (!chart.value || !wanted) return;
    const stays = here();
    setQuery({ parcel: "" });
    parcelPlace(wanted).then((at) => { if (!stays()) return; at ? goTo(...at) : tell("error", () => t("map.nothing_found", { wanted })); }, tellError);
  }, [chart.value, wanted]);
  if (!chart.value) return <p class="empty" role="status">{failed ? t("not_loaded") : <Loading what={t("map.preparing")} />}</p>;

  const ofPlace = (path: string) => setOrigin(`${runPath(id, number)}/${path}`);
  return (
    <div class={`map-page ${open ? `open-${open}` : ""}`}>
      <h1 class="hidden">{t("page.map")}</h1>
      <div class="tabs">{(["layers", "place"] as const).map((each) => <button key={each} type="button" aria-expanded={open === each} onClick={() => setOpen(open === each ? "" : each)}>{t(`map.tab_${each}`)}</button>)}</div>
      <aside class="side layers" aria-label={t("map.layers")}>
        <Choices />
        <Legends onOrigin={(layer) => ofPlace(`layers/${layer}/origin`)} />
        <Tree />
      </aside>
      <div class="middle"><Stage /><Timeline /></div>
      <aside class="side told" aria-label={t("map.place")}>
        <Finder onPlace={goTo} />
        <PlacePanel onOrigin={ofPlace} onClose={() => { forget(); setQuery({ place: "" }); }} />
      </aside>
      {origin && <OriginDialog path={origin} onClose={() => setOrigin("")} />}
    </div>
  );
}

function Choices() {
  const names = Object.entries(chart.value!.alternatives);
  const options = names.map(([name, title]) => <option key={name} value={name}>{said(title)}</option>);
  const runs = study.value!.runs;
  return (
    <div class="choices">
      {runs.length > 1 && <label>{t("map.run")} <select value={run.value} onChange={(event) => setQuery({ run: event.currentTarget.value })}>{runs.map((each) => <option key={each} value={each}>{each}</option>)}</select></label>}
      <label>{t("map.alternative")} <select value={alternative.value} onChange={(event) => setQuery({ alternative: event.currentTarget.value })}>{options}</select></label>
      <label>{t("map.compare")} <select value={mode.value} onChange={(event) => setQuery({ compare: event.currentTarget.value })}>{MODES.map((each) => <option key={each} value={each}>{t(`map.mode_${each || "one"}`)}</option>)}</select></label>
      {mode.value && <label>{t("map.other_alternative")} <select value={other.value} onChange={(event) => setQuery({ other: event.currentTarget.value })}>{options}</select></label>}
      {mode.value && labels.value.length > 1 && <label>{t("map.other_event")} <select value={labels.value.some((each) => each.name === labelOther.value) && labelOther.value !== label.value ? labelOther.value : ""} onChange={(event) => setQuery({ event2: event.currentTarget.value })}>
        <option value="">{t("map.same_event")}</option>{labels.value.map((each) => <option key={each.name} value={each.name}>{said(each.title) || each.name}</option>)}</select></label>}
      {mode.value && <label>{t("map.other_layer")} <select value={chosenOther.value === chosen.value ? "" : chosenOther.value[0]?.name ?? ""} onChange={(event) => setQuery({ layers2: event.currentTarget.value })}>
        <option value="">{t("map.same_layers")}</option>{chart.value!.quantities.filter((each) => each.main || each.name === "land_use").map((each) => <option key={each.name} value={each.name}>{said(each.title)}</option>)}</select></label>}
      <label class="tick small"><input type="checkbox" checked={written.value} onChange={(event) => setQuery({ names: event.currentTarget.checked ? "" : "no" })} /> {t("map.names")}</label>
    </div>
  );
}
