/** The report of a run: shown, taken file by file or all at once, restyled by the planner's own templates, written again. */

import { useEffect, useRef, useState } from "preact/hooks";
import { FileButton } from "../../components/file_button";
import { RunChoice } from "../../components/run_choice";
import { Tabs } from "../../components/tabs";
import "../../components/tables.css";
import { Loading } from "../../components/loading";
import { api } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { follow, submit, underWay, type Job } from "../../lib/jobs";
import { tell, tellError } from "../../lib/messages";
import { useOnce } from "../../lib/once";
import { ofRun, ofStudy } from "../../lib/of_run";
import { oneStop } from "../../lib/one_stop";
import { place, setQuery } from "../../lib/router";
import { may, run, study } from "../../lib/session";
import { sizeSaid } from "../../lib/sizes";
import { written, said, t } from "../../lib/texts";
import { grouped, type ReportFile } from "./files";
import "./report.css";

interface Report { there: boolean; current: boolean; page: boolean; size: number; files: ReportFile[] }
interface Template { name: string; own: boolean; size: number }

const PARTS = ["preview", "files", "style"];

export default function ReportPage() {
  const found = useFetched<Report>(ofRun("/report"));
  const [turn, setTurn] = useState(0);
  const asked = place.value.query.get("part") ?? "";
  const part = PARTS.includes(asked) ? asked : "preview";
  const report = found.value;
  const rewritten = () => { found.reload(); setTurn(turn + 1); };
  return (
    <div class="page report">
      <div class="row head"><h1>{t("page.report")}</h1><RunChoice />
        {report?.there && <a class="button" href={ofRun("/report/all")!} download>{t("report.all", { size: sizeSaid(report.size) })}</a>}
      </div>
      {report === null ? <p class="empty" role="status">{found.busy ? <Loading /> : t(found.failed ? "not_loaded" : "report.none")}</p> : (
        <>
          {report.there && !report.current && <p class="badge warn wide">{t("report.outdated")}</p>}
          {may("editor") && <Write key={run.value} label={t(report.there ? "report.again" : "report.write")} disabled={report.current} done={rewritten} />}
          <Tabs label={t("page.report")} tabs={PARTS.map((id) => ({ id, title: t(`report.${id}`) }))} chosen={part} choose={(id) => setQuery({ part: id })}>
            {part === "preview" && (report.page ? <iframe key={`${turn}/${written.value}`} class="preview" sandbox="allow-scripts" src={`${ofRun("/report/page")!}#lang=${written.value}`} title={t("report.preview")} /> : <p class="empty">{t("report.none")}</p>)}
            {part === "files" && <Files files={report.files} />}
            {part === "style" && <Templates changed={found.reload} />}
          </Tabs>
        </>
      )}
    </div>
  );
}

function Files({ files }: { files: ReportFile[] }) {
  if (files.length === 0) return <p class="empty">{t("report.none")}</p>;
  return (
    <>
      {grouped(files).map(([group, rows]) => (
        <details key={group} open={rows.length <= 24}>
          <summary>{group ? `${group}/` : t("report.top")} · {t("report.count", { count: rows.length })}</summary>
          <div class="scroll" tabIndex={0} role="group" aria-label={group || t("report.top")}>
            <table ref={oneStop}>
              <caption class="hidden">{group || t("report.top")}</caption>
              <thead><tr><th scope="col">{t("report.file")}</th><th scope="col">{t("report.purpose")}</th><th scope="col" class="number">{t("report.size")}</th></tr></thead>
              <tbody>{rows.map((each) => <tr key={each.id}><th scope="row" class="row-head"><a href={ofRun(`/report/files/${each.id}`)!} download>{group ? each.name.slice(group.length + 1) : each.name}</a></th><td>{said(each.purpose)}</td><td class="number">{sizeSaid(each.size)}</td></tr>)}</tbody>
            </table>
          </div>
        </details>
      ))}
    </>
  );
}

function Write({ label, disabled, done }: { label: string; disabled: boolean; done: () => void }) {
  const [job, setJob] = useState<Job | null>(null);
  const given = useRef<AbortController | null>(null);
  const watch = async (first: Job) => {
    given.current = new AbortController();
    const last = await follow(first, setJob, given.current.signal);
    if (given.current.signal.aborted) return;
    setJob(null);
    if (last.state === "done") { tell("done", () => t("report.written")); done(); } else tell("error", () => said(last.error.said) || t("report.failed"));
  };
  const failed = (fault: unknown) => { setJob(null); tellError(fault); };
  useEffect(() => {
    let left = false;
    underWay(study.value!.id, "report").then((open) => (open && !left && !given.current && open.options["run"] === run.value ? watch(open) : undefined)).catch(failed);
    return () => { left = true; given.current?.abort(); };
  }, []);
  const once = useOnce();
  const start = () => once(() => submit(study.value!.id, "report", { run: run.value }).then(watch).catch(failed));
  return (
    <div class="row no-print writing">
      <button type="button" class="first" disabled={job !== null || disabled} onClick={start}>{label}</button>
      {disabled && job === null && <span class="soft small">{t("report.current")}</span>}
      {job && <><progress aria-label={t("report.writing")} value={job.progress.share ?? 0} max={1} /><span role="status">{t(job.state === "queued" ? "report.queued" : "report.writing")}</span></>}
    </div>
  );
}

function Templates({ changed }: { changed: () => void }) {
  const found = useFetched<Template[]>(ofStudy("/templates"));
  const put = async (each: Template, file: File | undefined) => {
    if (!file) return;
    try {
      const form = new FormData();
      form.append("file", file);
      await api.put(ofStudy(`/templates/${each.name}/files`)!, form);
      tell("done", () => t("report.template_kept"));
      found.reload();
      changed();
    } catch (fault) { tellError(fault); }
  };
  const restore = async (each: Template) => {
    try {
      await api.remove(ofStudy(`/templates/${each.name}`)!);
      found.reload();
      changed();
    } catch (fault) { tellError(fault); }
  };
  return (
    <>
      <p>{t("report.style_how")}</p>
      <div class="scroll" tabIndex={0} role="group" aria-label={t("report.style")}>
        <table>
          <caption class="hidden">{t("report.style")}</caption>
          <thead><tr><th scope="col">{t("report.document")}</th><th scope="col">{t("report.template")}</th><th scope="col" class="number">{t("report.size")}</th>{may("editor") && <th scope="col">{t("report.replace")}</th>}</tr></thead>
          <tbody>{(found.value ?? []).map((each) => (
            <tr key={each.name}>
              <th scope="row" class="row-head">{t(`report.template_${each.name}`)}</th>
              <td><a href={ofStudy(`/templates/${each.name}/files`)!} download>{t(each.own ? "report.own" : "report.shipped")}</a></td><td class="number">{sizeSaid(each.size)}</td>
              {may("editor") && <td><div class="row"><FileButton label={t("report.replace")} about={t("report.replace_of", { document: t(`report.template_${each.name}`) })} accept=".docx" take={(input) => void put(each, input.files?.[0]).then(() => (input.value = ""))} pick={`template-${each.name}`} />
                {each.own && <button type="button" onClick={() => void restore(each)}>{t("report.restore")}</button>}</div></td>}
            </tr>
          ))}</tbody>
        </table>
      </div>
    </>
  );
}
