/** Review: comments on values, maps, parcels, factors, clauses and the plan; replies, states, votes, and what resolved them. */

import { useEffect, useState } from "preact/hooks";
import { FileButton } from "../../components/file_button";
import { RunChoice } from "../../components/run_choice";
import "../../components/tables.css";
import { Loading } from "../../components/loading";
import { api } from "../../lib/api";
import { comments, loadComments } from "../../lib/comments";
import { useLookAgain } from "../../lib/look_again";
import { tell, tellError } from "../../lib/messages";
import { ofRun } from "../../lib/of_run";
import { oneStop } from "../../lib/one_stop";
import { place, setQuery } from "../../lib/router";
import { may, run, session } from "../../lib/session";
import { t } from "../../lib/texts";
import { NewComment } from "./new_comment";
import { One } from "./one";
import { kept } from "./kept";
import "./review.css";

const STATUSES = ["open", "answered", "closed"];
const KINDS = ["plan", "value", "map", "parcel", "factor", "clause", "place"];

export default function Review() {
  const [busy, setBusy] = useState(true);
  useEffect(() => { setBusy(true); loadComments().catch(tellError).finally(() => setBusy(false)); }, [run.value]);
  useLookAgain(loadComments);
  const query = place.value.query;
  const filter = { status: query.get("status") ?? "", kind: query.get("kind") ?? "", author: query.get("author") ?? "", text: query.get("search") ?? "" };
  const rows = kept(comments.value, filter);
  const authors = [...new Set(comments.value.map((each) => each.author))].sort();
  const pointed = query.get("comment") ?? "";
  const choice = (key: "status" | "kind" | "author", values: string[], name: (value: string) => string) => (
    <label>{t(`review.by_${key}`)} <select value={filter[key]} onChange={(event) => setQuery({ [key]: event.currentTarget.value })}><option value="">{t("results.all")}</option>{values.map((each) => <option key={each} value={each}>{name(each)}</option>)}</select></label>
  );
  return (
    <div class="page review">
      <div class="row head"><h1>{t("page.review")}</h1><RunChoice /></div>
      {may("reviewer") ? <NewComment author={session.value?.display ?? ""} /> : <p class="soft">{t("review.read_only")}</p>}
      <form class="row filters no-print" role="search" onSubmit={(event) => event.preventDefault()}>
        {choice("status", STATUSES, (each) => t(`review.${each}`))}{choice("kind", KINDS, (each) => t(`review.kind_${each}`))}{choice("author", authors, (each) => each)}
        <label>{t("results.search")} <input type="search" value={filter.text} onInput={(event) => setQuery({ search: event.currentTarget.value })} /></label>
        <span class="soft" role="status">{t("review.count", { count: rows.length, all: comments.value.length })}</span>
      </form>
      {busy && comments.value.length === 0 ? <p class="empty" role="status"><Loading /></p> : rows.length === 0 && <p class="empty">{t(comments.value.length ? "review.no_match" : "review.none_yet")}</p>}
      <div class="comments" ref={oneStop}>{rows.map((each) => <One key={each.id} comment={each} pointed={each.id === pointed} />)}</div>
      <Exchange />
    </div>
  );
}

function Exchange() {
  const [merged, setMerged] = useState<{ added: number; replied: number; conflicts: { id: string; part: string; here: string; there: string }[] } | null>(null);
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    const form = new FormData();
    form.append("file", file);
    try {
      setMerged(await api.post(ofRun(`/comment-table/${file.name.toLowerCase().endsWith(".csv") ? "csv" : "xlsx"}/files`)!, form));
      tell("done", () => t("review.merged"));
      await loadComments();
    } catch (fault) { tellError(fault); } finally { input.value = ""; }
  };
  return (
    <section class="no-print">
      <h2>{t("review.exchange")}</h2>
      <p class="soft small">{t("review.exchange_how")}</p>
      <div class="row"><a class="button" href={ofRun("/comment-table/xlsx/files") ?? ""} download>{t("review.export", { kind: "XLSX" })}</a><a class="button" href={ofRun("/comment-table/csv/files") ?? ""} download>{t("review.export", { kind: "CSV" })}</a>
        {may("editor") && <FileButton label={t("review.import")} accept=".xlsx,.csv" take={(input) => void take(input)} pick="comments" />}</div>
      {merged && <p role="status">{t("review.merged_count", { added: merged.added, replied: merged.replied })}</p>}
      {merged && merged.conflicts.length > 0 && (
        <table><caption>{t("review.conflicts")}</caption><thead><tr><th scope="col">{t("review.comment")}</th><th scope="col">{t("review.part")}</th><th scope="col">{t("review.here")}</th><th scope="col">{t("review.there")}</th></tr></thead>
          <tbody>{merged.conflicts.map((each, at) => <tr key={at}><th scope="row">{each.id}</th><td>{each.part}</td><td>{each.here}</td><td>{each.there}</td></tr>)}</tbody></table>
      )}
    </section>
  );
}
