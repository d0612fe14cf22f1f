/** Cases that wait: reviewed by the checklist, then published. */

import { useState } from "preact/hooks";
import { api, type Said } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { tell, tellError } from "../../lib/messages";
import { session } from "../../lib/session";
import { said, t } from "../../lib/texts";
import type { UnderWay } from "./types";

export function Review() {
  const found = useFetched<UnderWay>("/api/library");
  if (found.value === null) return <p class="empty" role="status">{found.busy ? t("loading") : ""}</p>;
  if (found.value.cases.length === 0) return <p class="empty">{t("cases.nothing_waits")}</p>;
  return <ul class="plain-list found">{found.value.cases.map((each) => <li key={each.name}><Waiting each={each} questions={found.value!.questions} done={found.reload} /></li>)}</ul>;
}

function Waiting({ each, questions, done }: { each: UnderWay["cases"][number]; questions: UnderWay["questions"]; done: () => void }) {
  const [by, setBy] = useState(session.value?.mode === "team" ? session.value.display : "");
  const [yes, setYes] = useState<Record<string, boolean>>({});
  const [note, setNote] = useState("");
  const told = (made: { name: string; number: number; state_said: Said }) => {
    const words = t("cases.handed_in", { name: made.name, version: made.number, state: said(made.state_said) });
    tell("done", { en: words, zh: words });
    done();
  };
  const path = `/api/library/${encodeURIComponent(each.name)}`;
  const answer = (event: Event) => {
    event.preventDefault();
    const answers = Object.fromEntries(questions.map((one) => [one.question, yes[one.question] ?? false]));
    api.post<UnderWay["cases"][number]>(`${path}/review`, { by, answers, note }).then(told, tellError);
  };
  const publish = () => api.post<UnderWay["cases"][number]>(`${path}/release`, { by }).then(told, tellError);
  return (
    <form class="card" onSubmit={answer}>
      <h2>{said(each.title)} <span class="badge">{said(each.state_said)}</span></h2>
      <p class="soft small">{[each.name, t("cases.version", { version: each.number }), each.authors.length ? t("cases.by", { names: each.authors.join(", ") }) : "", each.licence ? t("cases.licence", { licence: each.licence }) : ""].filter(Boolean).join(" · ")}</p>
      <label class="field"><span>{t("cases.by_name")}</span><input required maxLength={100} value={by} onInput={(event) => setBy(event.currentTarget.value)} /></label>
      {each.state === "draft" && (
        <>
          <fieldset><legend>{t("cases.review")}</legend>{questions.map((one) => <label key={one.question} class="tick line"><input type="checkbox" checked={yes[one.question] ?? false} onChange={(event) => setYes({ ...yes, [one.question]: event.currentTarget.checked })} /> {said(one.said)}</label>)}</fieldset>
          <label class="field"><span>{t("cases.note")}</span><textarea maxLength={4000} rows={2} value={note} onInput={(event) => setNote(event.currentTarget.value)} /></label>
          <button class="first">{t("cases.answer")}</button>
        </>
      )}
      {each.state === "reviewed" && <button type="button" class="first" disabled={by.trim() === ""} aria-label={t("cases.publish_of", { name: each.name })} onClick={() => void publish()}>{t("cases.publish")}</button>}
      <details><summary>{t("cases.history")}</summary><ul class="small">{each.history.map((one) => <li key={`${one.at}${one.act["en"]}`}>{one.at.slice(0, 16).replace("T", " ")} · {one.by} · {said(one.act)}{one.note ? ` · ${one.note}` : ""}</li>)}</ul></details>
    </form>
  );
}
