/** The library of cases: found in both languages, places alike, compared, effects carried over, opened, reviewed. */

import { Tabs } from "../../components/tabs";
import "../../components/tables.css";
import { place, setQuery } from "../../lib/router";
import { session } from "../../lib/session";
import { t } from "../../lib/texts";
import { Alikes } from "./alike";
import { CatalogueOf } from "./catalogue";
import { CompareCases } from "./compared";
import { Effects } from "./effects";
import { Keys } from "./keys";
import { OpenCase } from "./open";
import { Review } from "./review";
import "./cases.css";

export default function Cases() {
  const parts = ["catalogue", "alike", "compare", "effects", "open", "keys", ...(session.value?.admin ? ["review"] : [])];
  const asked = place.value.query.get("part") ?? "";
  const part = parts.includes(asked) ? asked : "catalogue";
  return (
    <div class="page cases">
      <h1>{t("page.cases")}</h1>
      <Tabs label={t("page.cases")} tabs={parts.map((id) => ({ id, title: t(`cases.${id}`) }))} chosen={part} choose={(id) => setQuery({ part: id })}>
        {part === "catalogue" && <CatalogueOf />}
        {part === "alike" && <Alikes />}
        {part === "compare" && <CompareCases />}
        {part === "effects" && <Effects />}
        {part === "open" && <OpenCase />}
        {part === "keys" && <Keys />}
        {part === "review" && <Review />}
      </Tabs>
    </div>
  );
}
