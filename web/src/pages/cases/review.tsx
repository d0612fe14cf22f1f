/** Cases that wait: reviewed by the checklist, then published; those published may be withdrawn, which leaves a trace. */

import { useRef, useState } from "preact/hooks";
import { Loading } from "../../components/loading";
import { api, type Said } from "../../lib/api";
import { Confirm } from "../../components/confirm";
import { UploadPanel } from "../../components/upload_panel";
import { useFetched } from "../../lib/fetched";
import { tell, tellError } from "../../lib/messages";
import { session } from "../../lib/session";
import { moment, said, t } from "../../lib/texts";
import { chosenFrom, type Chosen } from "../../lib/uploading";
import type { Kept, UnderWay } from "./types";

export function Review() {
  const found = useFetched<UnderWay>("/api/library");
  if (found.value === null) return <p class="empty" role="status">{found.busy ? <Loading /> : ""}</p>;
  const { cases, settled, questions } = found.value;
  return (
    <>
      <HandIn done={found.reload} />
      {cases.length === 0 ? <p class="empty">{t("cases.nothing_waits")}</p> : <ul class="plain-list found">{cases.map((each) => <li key={each.name}><Waiting each={each} questions={questions} done={found.reload} /></li>)}</ul>}
      {settled.length > 0 && <section aria-labelledby="settled"><h2 id="settled">{t("cases.settled")}</h2><ul class="plain-list found">{settled.map((each) => <li key={each.name}><Settled each={each} done={found.reload} /></li>)}</ul></section>}
    </>
  );
}

/** A case file that was packed elsewhere, handed in here. */
function HandIn({ done }: { done: () => void }) {
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [by, setBy] = useState(session.value?.mode === "team" ? session.value.display : "");
  const input = useRef<HTMLInputElement>(null);
  const hand = async (upload: { id: string }) => {
    try {
      const made = await api.post<Kept>(`/api/library/uploads/${upload.id}`, { by });
      tell("done", () => t("cases.handed_in", { name: made.name, version: made.number, state: said(made.state_said) }));
      setChosen([]);
      done();
    } catch (fault) {
      void api.remove(`/api/uploads/${upload.id}`).catch(() => undefined);
      throw fault;
    }
  };
  return (
    <section aria-label={t("cases.hand_in_file")}>
      {chosen.length === 0 ? <p><button type="button" onClick={() => input.current?.click()}>{t("cases.hand_in_file")}</button></p> : (
        <UploadPanel chosen={chosen} action={t("cases.hand_in_file")} then={hand} cancel={() => setChosen([])}>
          <label class="field"><span>{t("cases.your_name")}</span><input required maxLength={100} value={by} onInput={(event) => setBy(event.currentTarget.value)} /></label>
        </UploadPanel>
      )}
      <input ref={input} class="hidden" type="file" accept=".zip" tabIndex={-1} aria-hidden="true" data-pick="draft" onChange={(event) => { setChosen(chosenFrom(event.currentTarget.files)); event.currentTarget.value = ""; }} />
    </section>
  );
}

function Waiting({ each, questions, done }: { each: UnderWay["cases"][number]; questions: UnderWay["questions"]; done: () => void }) {
  const [by, setBy] = useState(session.value?.mode === "team" ? session.value.display : "");
  const [yes, setYes] = useState<Record<string, boolean>>({});
  const [note, setNote] = useState("");
  const told = (made: { name: string; number: number; state_said: Said }) => {
    tell("done", () => t("cases.handed_in", { name: made.name, version: made.number, state: said(made.state_said) }));
    done();
  };
  const path = `/api/library/${encodeURIComponent(each.name)}`;
  const answer = (event: Event) => {
    event.preventDefault();
    const answers = Object.fromEntries(questions.map((one) => [one.question, yes[one.question] ?? false]));
    const missed = questions.filter((one) => !answers[one.question]).length;
    api.post<UnderWay["cases"][number]>(`${path}/review`, { by, answers, note }).then((made) => {
      if (made.state !== "draft") { told(made); return; }
      tell("done", () => t("cases.stays_draft", { name: made.name, version: made.number, count: missed }));
      done();
    }, tellError);
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
      <Trace each={each} />
    </form>
  );
}

const Trace = ({ each, open = false }: { each: Kept; open?: boolean }) => (
  <details open={open}><summary>{t("cases.history")}</summary><ul class="small">{each.history.map((one, at) => <li key={at}>{moment(one.at)} · {t("cases.version", { version: one.version })} · {one.by} · {said(one.act)}{one.note ? ` · ${one.note}` : ""}</li>)}</ul></details>
);

function Settled({ each, done }: { each: Kept; done: () => void }) {
  const [by, setBy] = useState(session.value?.mode === "team" ? session.value.display : "");
  const [reason, setReason] = useState("");
  const [sure, setSure] = useState(false);
  const gone = each.state === "retracted";
  const withdraw = () => {
    api.post<Kept>(`/api/library/${encodeURIComponent(each.name)}/retract`, { by, reason }).then(() => {
      tell("done", () => t("cases.withdrawn", { name: each.name }));
      done();
    }, tellError);
  };
  return (
    <section class="card">
      <h3>{gone ? <s>{said(each.title)}</s> : said(each.title)} <span class={gone ? "badge bad" : "badge"}>{said(each.state_said)}</span></h3>
      <p class="soft small">{[each.name, t("cases.version", { version: each.number })].join(" · ")}</p>
      {!gone && (
        <details><summary>{t("cases.withdraw")}</summary>
          <p class="small">{t("cases.withdraw_how")}</p>
          <label class="field"><span>{t("cases.by_name")}</span><input maxLength={100} value={by} onInput={(event) => setBy(event.currentTarget.value)} /></label>
          <label class="field"><span>{t("cases.reason")}</span><textarea maxLength={4000} rows={2} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
          <button type="button" class="danger" disabled={by.trim() === "" || reason.trim() === ""} onClick={() => setSure(true)}>{t("cases.withdraw_it")}</button>
          {sure && <Confirm title={t("cases.withdraw")} text={t("cases.withdraw_sure", { name: said(each.title), version: each.number })} action={t("cases.withdraw_it")} yes={() => { setSure(false); withdraw(); }} no={() => setSure(false)} />}
        </details>
      )}
      <Trace each={each} open={gone} />
    </section>
  );
}
