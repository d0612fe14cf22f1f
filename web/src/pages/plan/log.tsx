/** What was changed, by whom and when; what is undone is struck out. */

import { moment, t } from "../../lib/texts";
import type { Logged } from "./model";
import { draft, plan } from "./state";
import { told } from "./words";

export function Log() {
  const now = draft.value!;
  return (
    <details class="plan-part" open>
      <summary><h2>{t("plan.log")}</h2></summary>
      {now.log.length === 0 ? <p class="soft small">{t("plan.log_empty")}</p> : <LogList entries={[...now.log].reverse()} counting={new Set(now.counting)} />}
    </details>
  );
}

export function LogList({ entries, counting }: { entries: Logged[]; counting?: Set<number> }) {
  const when = (at: string) => moment(at, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
  return (
    <ol class="plan-log" reversed={counting !== undefined}>
      {entries.map((each) => {
        const turn = each.change.kind === "undo" || each.change.kind === "redo";
        const gone = counting !== undefined && !turn && !counting.has(each.number);
        return (
          <li key={each.number} value={each.number} class={turn ? "soft" : ""}>
            {gone ? <s>{told(plan.value!, each.change)}</s> : <span>{told(plan.value!, each.change)}</span>}
            {gone && <span class="hidden"> ({t("plan.is_undone")})</span>}
            <span class="soft small"> {each.author}, <time dateTime={each.at}>{when(each.at)}</time></span>
          </li>
        );
      })}
    </ol>
  );
}
