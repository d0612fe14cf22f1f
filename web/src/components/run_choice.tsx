/** Which run of the study the page shows. */

import { setQuery } from "../lib/router";
import { run, study } from "../lib/session";
import { t } from "../lib/texts";

export function RunChoice() {
  return (
    <label class="row small no-print">
      <span>{t("run_choice")}</span>
      <select value={run.value} onChange={(event) => setQuery({ run: event.currentTarget.value })}>
        {(study.value?.runs ?? []).map((each) => <option key={each} value={each}>{each}</option>)}
      </select>
    </label>
  );
}
