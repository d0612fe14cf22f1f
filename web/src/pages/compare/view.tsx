/** Side by side: the alternatives of a run, two runs of the study, years of a run, and the portfolios of the front. */

import { RunChoice } from "../../components/run_choice";
import { Tabs } from "../../components/tabs";
import "../../components/tables.css";
import { place, setQuery } from "../../lib/router";
import { t } from "../../lib/texts";
import { Alternatives } from "./alternatives";
import { Portfolio } from "./portfolio";
import { Runs } from "./runs";
import { YearsOf } from "./years";
import "./compare.css";

const PARTS = ["alternatives", "runs", "years", "portfolio"];

export default function Compare() {
  const asked = place.value.query.get("what") ?? "";
  const what = PARTS.includes(asked) ? asked : "alternatives";
  return (
    <div class="page compare">
      <div class="row head"><h1>{t("page.compare")}</h1><RunChoice /></div>
      <Tabs label={t("page.compare")} tabs={PARTS.map((id) => ({ id, title: t(`compare.${id}`) }))} chosen={what} choose={(id) => setQuery({ what: id })}>
        {what === "alternatives" && <Alternatives />}
        {what === "runs" && <Runs />}
        {what === "years" && <YearsOf />}
        {what === "portfolio" && <Portfolio />}
      </Tabs>
    </div>
  );
}
