/** Another editor changed what a change concerns: shown, and asked what counts. Nothing is written over. */

import { t } from "../../lib/texts";
import { Ask } from "./ask";
import { LogList } from "./log";
import { clash, names, plan } from "./state";
import { told } from "./words";

export function ClashDialog() {
  const asked = clash.value;
  if (!asked) return null;
  return (
    <Ask title={t("plan.clash_title", { names: names(asked.behind) })} yes={t("plan.clash_mine")} no={t("plan.clash_theirs")} answer={asked.settle}>
      <LogList entries={asked.behind.meanwhile} />
      <p>{t("plan.clash_yours")} <strong>{told(plan.value!, asked.entry)}</strong></p>
    </Ask>
  );
}
