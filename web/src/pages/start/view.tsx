/** The studies of the workspace. */

import { hashOf } from "../../lib/router";
import { studies, type Study } from "../../lib/session";
import { said, t } from "../../lib/texts";

export default function Start() {
  return (
    <div class="page">
      <h1>{t("start.studies")}</h1>
      {studies.value.length === 0 && <p class="empty">{t("start.none")}</p>}
      <div class="cards">{studies.value.map((each) => <Card key={each.id} study={each} />)}</div>
    </div>
  );
}

function Card({ study }: { study: Study }) {
  return (
    <a class="card" href={hashOf({ study: study.id, page: study.runs.length ? "map" : "start" })}>
      <strong>{said(study.title) || study.name}</strong>
      <p class="soft small">{study.region} {study.year}</p>
      {said(study.problem) && <p class="badge bad">{said(study.problem)}</p>}
    </a>
  );
}
