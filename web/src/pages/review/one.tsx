/** One comment: what it is about, its text, its replies, its votes, and what an asker may do with it. */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { answerComment, loadComments, voteComment, type Comment } from "../../lib/comments";
import { Refusal } from "../../lib/api";
import { tellError } from "../../lib/messages";
import { hashOf } from "../../lib/router";
import { may, run, study } from "../../lib/session";
import { moment, said, t } from "../../lib/texts";
import { aboutLink } from "../../components/comment_here";

export function One({ comment, pointed }: { comment: Comment; pointed: boolean }) {
  const here = useRef<HTMLElement>(null);
  const title = useId();
  useEffect(() => { if (pointed) { here.current?.scrollIntoView({ block: "center" }); here.current?.focus(); } }, [pointed]);
  return (
    <article ref={here} tabIndex={-1} class={`card comment ${comment.status}${pointed ? " pointed" : ""}`} aria-labelledby={title}>
      <header class="row">
        <h2 id={title}><a href={aboutLink(comment.about)}>{said(comment.about_said)}</a></h2>
        <span class={`badge ${comment.status === "open" ? "warn" : ""}`}>{t(`review.${comment.status}`)}</span>
      </header>
      <p class="text">{comment.text}</p>
      <p class="soft small">{comment.author} · {moment(comment.when)} · {comment.id}</p>
      {comment.replies.length > 0 && <ol class="replies">{comment.replies.map((each, at) => (
        <li key={at}>{each.text && <p class="text">{each.text}</p>}
          {each.change && <p>{t("review.resolved_by")} <a href={changeLink(each.change)}>{said(each.change_said)}</a></p>}
          <p class="soft small">{each.author} · {moment(each.when)}</p></li>
      ))}</ol>}
      {may("reviewer") && <Act comment={comment} />}
    </article>
  );
}

/** Where a change is seen: a run beside this one, an alternative beside the first, or a factor's effect. */
function changeLink(change: string): string {
  const [kind, name] = [change.slice(0, change.indexOf(":")), change.slice(change.indexOf(":") + 1)];
  const to = kind === "run" ? { page: "compare", query: { run: name, what: "runs", earlier: run.value } } : kind === "alternative" ? { page: "compare", query: { run: run.value, what: "alternatives", other: name } } : { page: "results", query: { run: run.value } };
  return hashOf({ study: study.value?.id ?? "", ...to });
}

function Act({ comment }: { comment: Comment }) {
  const [text, setText] = useState("");
  const [status, setStatus] = useState("");
  const [change, setChange] = useState("");
  const [busy, setBusy] = useState(false);
  const editor = may("editor");
  const act = async (what: () => Promise<void>, done = () => {}) => {
    setBusy(true);
    try { await what(); done(); } catch (fault) {
      tellError(fault);
      if (fault instanceof Refusal && fault.status === 409) await loadComments().catch(tellError);
    } finally { setBusy(false); }
  };
  const clear = () => { setText(""); setStatus(""); setChange(""); };
  const states = ["open", "answered", "closed"].filter((each) => each !== comment.status && (editor || (each !== "closed" && comment.status !== "closed")));
  return (
    <div class="no-print">
      <div class="row votes">
        <button type="button" aria-pressed={comment.mine === 1} disabled={busy} onClick={() => void act(() => voteComment(comment, 1))}>{t("review.agree", { count: comment.up })}</button>
        <button type="button" aria-pressed={comment.mine === -1} disabled={busy} onClick={() => void act(() => voteComment(comment, -1))}>{t("review.disagree", { count: comment.down })}</button>
      </div>
      <details>
        <summary>{t("review.reply")}</summary>
        <form onSubmit={(event) => { event.preventDefault(); void act(() => answerComment(comment, { text, status, change }), clear); }}>
          <label>{t("review.reply_text")}<textarea rows={2} maxLength={4000} value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
          <div class="row">
            <label>{t("review.set_status")} <select value={states.includes(status) ? status : ""} onChange={(event) => setStatus(event.currentTarget.value)}><option value="">{t("review.as_it_is")}</option>{states.map((each) => <option key={each} value={each}>{t(`review.${each}`)}</option>)}</select></label>
            {editor && <label>{t("review.resolved_by")} <select value={change} onChange={(event) => setChange(event.currentTarget.value)}>
              <option value="">–</option>
              {(study.value?.runs ?? []).filter((each) => each !== run.value).map((each) => <option key={each} value={`run:${each}`}>{t("review.run", { run: each })}</option>)}
              {Object.entries(study.value?.alternatives ?? {}).map(([name, title]) => <option key={name} value={`alternative:${name}`}>{said(title) || name}</option>)}
              {comment.about.startsWith("factor:") && <option value={comment.about}>{said(comment.about_said)}</option>}
            </select></label>}
            <button type="submit" class="first" disabled={busy || (!text.trim() && !status && !change)}>{t("review.send")}</button>
          </div>
        </form>
      </details>
    </div>
  );
}
