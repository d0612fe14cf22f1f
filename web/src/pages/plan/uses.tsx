/** The legend of the plan's map: the land uses that there are, in the standard's colours, with their areas. */

import { amount, t } from "../../lib/texts";
import { usesOf } from "./model";
import { draft, plan } from "./state";
import { landUse } from "./words";

/** Closed on a phone, where it would hide the map. */
const WIDE = matchMedia("(min-width: 761px)");

export function UseLegend() {
  const uses = usesOf(plan.value!, draft.value);
  return (
    <details class="plan-uses" tabIndex={0} open={WIDE.matches}>
      <summary>{t("plan.land_use")} <span class="soft small">[{t("plan.hectares")}]</span></summary>
      <ul aria-label={t("plan.land_use")}>{uses.map((each) => (
        <li key={String(each.code)}><Swatch colour={each.colour} /><span>{each.code === null ? t("plan.no_use") : landUse(plan.value!, each.code)}</span><span class="number">{amount(each.area / 1e4, 2)}</span></li>
      ))}</ul>
    </details>
  );
}

export const Swatch = ({ colour }: { colour: string }) => <i class="plan-swatch" style={{ background: colour }} aria-hidden="true" />;
