/** What the draft does on the chosen parcel: every indicator, now and after, with its band; the full run where that decides. */

import { useEffect, useState } from "preact/hooks";
import { api, Refusal } from "../../lib/api";
import { passes } from "../../lib/jobs";
import { tell, tellError } from "../../lib/messages";
import { may } from "../../lib/session";
import { number, said, t } from "../../lib/texts";
import { Ask } from "./ask";
import { randomId, verdict, type Answer, type Row } from "./model";
import { chosen, draft, draftPath, path, tellOfDraft, write } from "./state";

interface Job { id: string; kind: string; state: string; options: Record<string, unknown>; progress: { share?: number; stage?: string }; error: { said?: Record<string, string> } }
const WAIT = 300, LOOK = 2000;
const EDITS = [20, 40, 120, 300];

export function Answers() {
  const now = draft.value, parcel = chosen.value[0] ?? Object.keys(now?.parcels ?? {})[0] ?? "";
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [seconds, setSeconds] = useState(0);
  const [waiting, setWaiting] = useState(false);
  const [again, setAgain] = useState(0);
  useEffect(() => {
    if (!now || !parcel) { setAnswer(null); setWaiting(false); return; }
    const stop = new AbortController(), to = draftPath();
    setWaiting(true);
    const asked = setTimeout(() => {
      const began = performance.now();
      api.post<Answer>(`${to}/whatif`, { parcel }, { signal: stop.signal })
        .then((found) => { setAnswer(found); setSeconds((performance.now() - began) / 1000); setWaiting(false); }, (fault: unknown) => { if (!stop.signal.aborted) { setAnswer(null); setWaiting(false); tellOfDraft(fault); } });
    }, WAIT);
    return () => { clearTimeout(asked); stop.abort(); };
  }, [now?.id, now?.version, parcel, again]);
  if (!now) return null;
  return (
    <section class="plan-answer" aria-labelledby="plan-answer-title" aria-busy={waiting}>
      <div class="row"><h2 id="plan-answer-title">{parcel ? t("plan.whatif_of", { parcel }) : t("plan.whatif")}</h2>
        {waiting ? <span class="soft small" role="status">{t("plan.asking")}</span> : answer?.learned && <span class="soft small">{t("plan.answered_in", { seconds: number(seconds, 2) })}</span>}
        <span class="plan-gap" /><FullRun urgent={answer?.learned === true && answer.undecided} />
      </div>
      {!parcel && <p class="soft">{t("plan.whatif_hint")}</p>}
      {parcel && answer && !answer.learned && <Unlearned answer={answer} done={() => setAgain((at) => at + 1)} />}
      {parcel && answer?.learned && <Table answer={answer} />}
    </section>
  );
}

function Table({ answer }: { answer: Extract<Answer, { learned: true }> }) {
  return (
    <>
      {answer.undecided && <p class="badge warn">{t("plan.undecided")}</p>}
      {answer.outside.length > 0 && <ul class="plan-conflicts">{answer.outside.map((each) => <li class="warn" key={said(each)}>{said(each)}</li>)}</ul>}
      {answer.left_out > 0 && <p class="small soft">{t("plan.left_out", { count: answer.left_out })}</p>}
      {answer.rows.length === 0 ? <p class="soft">{t("plan.no_change")}</p> : (
        <div class="scroll plan-rows" tabIndex={0} role="region" aria-label={t("plan.whatif")}>
          <table>
            <thead><tr><th>{t("plan.indicator")}</th><th>{t("plan.strand")}</th><th class="number">{t("plan.now")}</th><th class="number">{t("plan.after")}</th><th class="number">{t("plan.band")}</th><th>{t("plan.unit")}</th><th>{t("plan.direction")}</th><th>{t("plan.target")}</th></tr></thead>
            <tbody>{answer.rows.map((each) => <Line key={each.scope + each.name} row={each} />)}</tbody>
          </table>
        </div>
      )}
      <p class="small soft">{t("plan.same", { count: answer.same })}</p>
    </>
  );
}

/** Where a value goes, by its arrow; whether that is better or worse is said in words. */
const mark = (row: Row, found: ReturnType<typeof verdict>) => (found === "open" ? "≈" : found === "none" ? "" : row.after! > row.before! ? "▲" : "▼");

function Line({ row }: { row: Row }) {
  const found = verdict(row);
  return (
    <tr>
      <td>{said(row.title)} <span class="soft small">{t(`plan.scope_${row.scope}`)}</span></td>
      <td>{row.strand ? t(`plan.strand_${row.strand}`) : ""}</td>
      <td class="number">{said(row.said.before)}</td>
      <td class="number">{row.after === null ? t("plan.unknown") : said(row.said.after)}</td>
      <td class="number">{row.low === null || row.high === null ? "–" : row.low === row.high ? t("plan.exact") : `${said(row.said.low)} … ${said(row.said.high)}`}{row.how === "wide" && <span class="badge warn">{t("plan.wide")}</span>}</td>
      <td>{said(row.unit)}</td>
      <td class={`plan-${found}`}>{mark(row, found)} {found !== "none" && t(`plan.is_${found}`)}</td>
      <td>{row.decision && <>{said(row.said.target)} <span class={`badge ${row.decision === "met" ? "" : row.decision === "missed" ? "bad" : "warn"}`}>{t(`plan.decision_${row.decision}`)}</span></>}</td>
    </tr>
  );
}

function Unlearned({ answer, done }: { answer: Extract<Answer, { learned: false }>; done: () => void }) {
  const [edits, setEdits] = useState(120);
  const [job, setJob] = useState<Job | null>(null);
  const base = draft.value!.base;
  const [failed, setFailed] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setJob(null);
    // A job that was started while this was asked counts more than the answer.
    api.get<Job[]>(`${path()}/jobs`, { signal: stop.signal }).then((all) => setJob((started) => started ?? all.find((each) => each.kind === "learn" && each.options["alternative"] === base && ["queued", "running"].includes(each.state)) ?? null), () => undefined);
    return () => stop.abort();
  }, [base]);
  useEffect(() => {
    if (!job || !["queued", "running"].includes(job.state)) return;
    const stop = new AbortController();
    const look = setTimeout(() => {
      api.get<Job>(`${path()}/jobs/${job.id}`, { signal: stop.signal }).then((found) => { setJob(found); setFailed(0); if (found.state === "done") done(); },
        (fault: unknown) => { if (!passes(fault, failed)) tellError(fault); else if (!stop.signal.aborted) setFailed(failed + 1); });
    }, LOOK);
    return () => { clearTimeout(look); stop.abort(); };
  }, [job, failed]);
  const learn = () => api.post<Job>(`${path()}/jobs`, { kind: "learn", options: { alternative: base, edits }, request: randomId() }).then(setJob, tellError);
  const under = job && ["queued", "running"].includes(job.state);
  return (
    <div>
      <p>{said(answer.said)}</p>
      {answer.can_learn && may("editor") && !under && (
        <div class="row">
          <label>{t("plan.learn_runs")} <select value={edits} onChange={(event) => setEdits(Number(event.currentTarget.value))}>{EDITS.map((each) => <option key={each} value={each}>{each}</option>)}</select></label>
          <button type="button" class="first" onClick={() => void learn()}>{t("plan.learn")}</button>
        </div>
      )}
      {under && <p role="status">{t(`plan.job_${job.state}`)} <progress value={job.progress.share ?? 0} max={1} aria-label={t("plan.learning")} /></p>}
      {job?.state === "failed" && <p class="badge bad">{said(job.error.said) || t("plan.job_failed")}</p>}
    </div>
  );
}

function FullRun({ urgent }: { urgent: boolean }) {
  const [asking, setAsking] = useState(false);
  if (!may("editor")) return null;
  const run = async (replace: boolean) => {
    setAsking(false);
    const at = path();
    try {
      if (!(await write(replace))) return;
    } catch (fault) {
      if (fault instanceof Refusal && fault.id === "web.plan.alternative_taken" && !replace) { setAsking(true); return; }
      throw fault;
    }
    await api.post(`${at}/jobs`, { kind: "run", options: {}, request: randomId() });
    tell("done", () => t("plan.run_queued"));
  };
  return (
    <>
      <button type="button" class={urgent ? "first" : ""} onClick={() => void run(false).catch(tellError)}>{t("plan.full_run")}</button>
      {asking && <Ask title={t("plan.replace_title", { name: draft.value!.name })} text={t("plan.replace_text")} yes={t("plan.replace")} danger answer={(yes) => (yes ? void run(true).catch(tellError) : setAsking(false))} />}
    </>
  );
}
