/** The case of a run: packed with choices, what the file holds, taken, handed in; and the case a study was opened from. */

import { useEffect, useRef, useState } from "preact/hooks";
import { HeldOf, type Held } from "../../components/held";
import { RunChoice } from "../../components/run_choice";
import "../../components/tables.css";
import { Loading } from "../../components/loading";
import { api, type Said } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { follow, submit, underWay, type Job } from "../../lib/jobs";
import { tell, tellError } from "../../lib/messages";
import { useOnce } from "../../lib/once";
import { ofRun, ofStudy } from "../../lib/of_run";
import { hashOf } from "../../lib/router";
import { may, run, session, study } from "../../lib/session";
import { sizeSaid } from "../../lib/sizes";
import { moment, number, said, t } from "../../lib/texts";
import "./case.css";
import { LessonsForm } from "./lessons";

interface Packed { id: string; file: string; size: number; at: string; held: Held }
interface Origin { name: string; title: Said; program: string; authors: string[]; licence: string; date: string; held: Held }
interface Told { values: number; same: number; absent: number; differing: { alternative: string; zone: string; indicator: Said; told: number; computed: number | null }[] }

const time = (at: string): string => moment(at);

export default function CasePage() {
  const found = useFetched<Packed>(ofRun("/case"));
  const origin = useFetched<Origin>(ofStudy("/case"));
  return (
    <div class="page case">
      <div class="row head"><h1>{t("page.case")}</h1><RunChoice /></div>
      {origin.value && <FromCase origin={origin.value} />}
      <section aria-labelledby="pack">
        <h2 id="pack">{t("cases.pack_title")}</h2>
        <p class="soft">{t("cases.pack_hint")}</p>
        {may("editor") && <Pack key={run.value} again={found.value !== null} done={found.reload} />}
        {may("editor") && <LessonsForm />}
        {found.value ? <File packed={found.value} /> : <p class="soft" role="status">{found.busy ? <Loading /> : t("cases.not_packed")}</p>}
      </section>
    </div>
  );
}

type Coordinates = "exact" | "coarsened" | "left_out";

function Pack({ again, done }: { again: boolean; done: () => void }) {
  const [coordinates, setCoordinates] = useState<Coordinates>("exact");
  const [metres, setMetres] = useState("500");
  const [nameless, setNameless] = useState(false);
  const [job, setJob] = useState<Job | null>(null);
  const given = useRef<AbortController | null>(null);
  const watch = async (first: Job) => {
    given.current = new AbortController();
    const last = await follow(first, setJob, given.current.signal);
    if (given.current.signal.aborted) return;
    setJob(null);
    if (last.state === "done") { tell("done", () => t("cases.packed")); done(); } else tell("error", () => said(last.error.said) || t("cases.pack_failed"));
  };
  const failed = (fault: unknown) => { setJob(null); tellError(fault); };
  useEffect(() => {
    let left = false;
    underWay(study.value!.id, "pack").then((open) => (open && !left && !given.current && open.options["run"] === run.value ? watch(open) : undefined)).catch(failed);
    return () => { left = true; given.current?.abort(); };
  }, []);
  const once = useOnce();
  const start = (event: Event) => {
    event.preventDefault();
    const reduced = coordinates === "coarsened" ? { coarsen: Number(metres) } : coordinates === "left_out" ? { without_coordinates: true } : {};
    once(() => submit(study.value!.id, "pack", { run: run.value, without_names: nameless, ...reduced }).then(watch).catch(failed));
  };
  return (
    <form class="card no-print" onSubmit={start}>
      <fieldset>
        <legend>{t("cases.coordinates")}</legend>
        {(["exact", "coarsened", "left_out"] as const).map((each) => (
          <label key={each} class="tick"><input type="radio" name="coordinates" checked={coordinates === each} onChange={() => setCoordinates(each)} /> {t(`cases.${each}`)}</label>
        ))}
        {coordinates === "coarsened" && <label class="row">{t("cases.metres")} <input type="number" required min={50} max={100000} step="any" value={metres} onInput={(event) => setMetres(event.currentTarget.value)} /></label>}
        {coordinates !== "exact" && <p class="small soft">{t("cases.reduced_hint")}</p>}
      </fieldset>
      <label class="tick"><input type="checkbox" checked={nameless} onChange={(event) => setNameless(event.currentTarget.checked)} /> {t("cases.without_names")}</label>
      <div class="row">
        <button class="first" disabled={job !== null}>{t(again ? "cases.pack_again" : "cases.pack")}</button>
        {job && <><span role="status">{t(job.state === "queued" ? "cases.queued" : "cases.packing")}</span><progress class="waits" max={1} value={job.state === "running" && job.progress.share ? job.progress.share : undefined} aria-label={t("cases.packing")} /></>}
      </div>
    </form>
  );
}

function File({ packed }: { packed: Packed }) {
  return (
    <>
      <h3>{t("cases.holds")}</h3>
      <p class="row">
        {may("editor") ? <a class="button" href={ofRun("/case/file")!} download>{t("cases.take", { file: packed.file, size: sizeSaid(packed.size) })}</a> : <span>{packed.file} · {sizeSaid(packed.size)}</span>}
        <span class="small">{t("cases.id")} <span class="code">{packed.id}</span></span><span class="soft small">{t("cases.packed_at", { at: time(packed.at) })}</span>
      </p>
      <HeldOf held={packed.held} />
      {may("owner") && <HandIn />}
    </>
  );
}

interface HandedIn { name: string; number: number; state_said: Said }

/** The form that hands a case in, and what became of it: a draft that stays told, with the way to its review. */
export function HandIn() {
  const [made, setMade] = useState<HandedIn | null>(null);
  const [by, setBy] = useState(session.value?.mode === "team" ? session.value.display : "");
  const [busy, setBusy] = useState(false);
  const start = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    api.post<HandedIn>(ofRun("/case/handed-in")!, { by }).then(setMade, tellError).finally(() => setBusy(false));
  };
  return (
    <form class="card no-print" onSubmit={start}>
      <h3>{t("cases.hand_in")}</h3>
      <p class="small soft">{t("cases.hand_in_hint")}</p>
      <div class="row">
        <label class="row">{t("cases.your_name")} <input required maxLength={100} value={by} onInput={(event) => setBy(event.currentTarget.value)} /></label>
        <button disabled={busy}>{t("cases.hand_in")}</button>
      </div>
      <p class="small" role="status">{made && <><span class="badge">{t("cases.handed_in", { name: made.name, version: made.number, state: said(made.state_said) })}</span>{session.value?.admin && <> <a href={hashOf({ page: "cases", query: { part: "review" } })}>{t("cases.review")}</a></>}</>}</p>
    </form>
  );
}

function FromCase({ origin }: { origin: Origin }) {
  const about = [t("cases.made_with", { version: origin.program }), origin.authors.length ? t("cases.by", { names: origin.authors.join(", ") }) : "", origin.licence ? t("cases.licence", { licence: origin.licence }) : "", origin.date];
  return (
    <section aria-labelledby="origin" class="origin">
      <h2 id="origin">{t("cases.from_case")}</h2>
      <p>{said(origin.title)} <span class="code">{origin.name}</span><span class="soft small block">{about.filter(Boolean).join(" · ")}</span></p>
      {origin.held.absent.length > 0 && <HeldOf held={origin.held} />}
      <SameNumbers />
    </section>
  );
}

function SameNumbers() {
  const found = useFetched<Told>(ofRun("/case/told"));
  const told = found.value;
  if (told === null) return <p class="soft" role="status">{found.busy ? <Loading /> : ""}</p>;
  return (
    <>
      <p role="status"><span class={`badge ${told.same === told.values ? "" : "warn"}`}>{told.same === told.values ? t("cases.told_all", { all: told.values }) : t("cases.told_same", { same: told.same, all: told.values })}</span> <span class="small soft">{t("cases.told_hint")}{told.absent ? ` · ${t("cases.told_absent", { count: told.absent })}` : ""}</span></p>
      {told.differing.length > 0 && (
        <div class="scroll tall" tabIndex={0} role="group" aria-label={t("cases.told_hint")}>
          <table>
            <caption class="hidden">{t("cases.told_hint")}</caption>
            <thead><tr><th scope="col">{t("cases.indicator")}</th><th scope="col">{t("results.alternative")}</th><th scope="col">{t("cases.zone")}</th><th scope="col" class="number">{t("cases.case_says")}</th><th scope="col" class="number">{t("cases.run_says")}</th></tr></thead>
            <tbody>{told.differing.map((each) => <tr key={`${each.alternative}/${each.zone}/${said(each.indicator)}`}><th scope="row" class="row-head">{said(each.indicator)}</th><td>{said(study.value?.alternatives[each.alternative]) || each.alternative}</td><td>{each.zone || t("cases.whole")}</td><td class="number">{number(each.told, 6)}</td><td class="number">{number(each.computed, 6)}</td></tr>)}</tbody>
          </table>
        </div>
      )}
    </>
  );
}
