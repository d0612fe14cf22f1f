/** Layers by strand: searched, chosen by mouse or keyboard; those of the report first, all on request. */

import { useState } from "preact/hooks";
import type { Quantity } from "../../lib/charts";
import { oneStop } from "../../lib/one_stop";
import { said, t } from "../../lib/texts";
import { alternative, chart, choose, chosen } from "./state";

const STRANDS = ["place", "resilience", "lowcarbon", "biodiversity", "integrate"];

export function Tree() {
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const wanted = text.trim().toLowerCase();
  const on = new Set(chosen.value.map((each) => each.name));
  const fits = (each: Quantity) => (each.layers[alternative.value]?.length ?? 0) > 0
    && (wanted ? `${said(each.title)} ${each.name}`.toLowerCase().includes(wanted) : all || each.main || on.has(each.name));
  const shown = (chart.value?.quantities ?? []).filter(fits);
  const groups = STRANDS.map((strand) => ({ strand, of: shown.filter((each) => each.strand === strand) })).filter((each) => each.of.length);
  return (
    <section class="tree" aria-label={t("map.layers")}>
      <input type="search" value={text} placeholder={t("map.search_layers")} aria-label={t("map.search_layers")} onInput={(event) => setText(event.currentTarget.value)} />
      {!wanted && <label class="small"><input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} /> {t("map.all_layers")}</label>}
      <p class="hidden" role="status">{t("map.layers_found", { count: shown.length })}</p>
      {groups.map(({ strand, of }) => (
        <details key={strand} open={wanted !== "" || of.some((each) => on.has(each.name)) || strand === "resilience"}>
          <summary>{t(`map.strand_${strand}`)} <span class="soft small">{of.length}</span></summary>
          <ul ref={oneStop}>{of.map((each) => <Line key={each.name} quantity={each} on={on.has(each.name)} />)}</ul>
        </details>
      ))}
      {shown.length === 0 && <p class="soft small">{t("map.no_layer_found")}</p>}
    </section>
  );
}

function Line({ quantity, on }: { quantity: Quantity; on: boolean }) {
  const unit = said(quantity.unit);
  return (
    <li><label>
      <input type="checkbox" checked={on} onChange={(event) => choose(quantity.name, event.currentTarget.checked)} />
      <span>{said(quantity.title)}{unit && <span class="soft small"> [{unit}]</span>}</span>
    </label></li>
  );
}
