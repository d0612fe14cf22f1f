/** A place for comments beside a value, a parcel, a factor, a map: how many there are, and a form for one more.
 *
 * `about` is a provenance code or an address: indicator:NAME@ALTERNATIVE/, map:NAME, parcel:ID, factor:NAME/KEY,
 * clause:NUMBER, place:LON,LAT; "" for the whole plan. `addresses` are further spellings under which comments on it are
 * kept: a code is kept as its address.
 */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { addComment, comments, needComments } from "../lib/comments";
import { tell, tellError } from "../lib/messages";
import { hashOf, here } from "../lib/router";
import { may, run, study } from "../lib/session";
import { moment, t } from "../lib/texts";
import "./comment_here.css";

export function CommentHere({ about, addresses = [], title, words = false }: { about: string; addresses?: string[]; title?: string; words?: boolean }) {
  const [open, setOpen] = useState(false);
  const panel = useId();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => { void needComments().catch(tellError); }, [study.value?.id, run.value]);
  const here = comments.value.filter((each) => each.about === about || addresses.includes(each.about));
  const label = t("comment_here.button", { title: title ?? about, count: here.length });
  return (
    <span class={`comment-here no-print${words ? " in-flow" : ""}`}>
      <button ref={button} type="button" class={here.length ? "plain some" : "plain"} aria-expanded={open} aria-controls={panel} aria-label={label} title={label} onClick={() => setOpen(!open)}>
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path d="M3 3h14v10H9l-4 4v-4H3z" fill={here.length ? "currentColor" : "none"} stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" /></svg>
        {words ? <span aria-hidden="true">{t("comment_here.words", { count: here.length })}</span> : here.length > 0 && <span aria-hidden="true">{here.length}</span>}
      </button>
      {open && (
        <div id={panel} class="card comment-panel">
          {here.map((each) => (
            <p key={each.id}><strong>{each.author}</strong> <span class="soft small">{moment(each.when, { dateStyle: "medium" })} · {t(`review.${each.status}`)}</span><br /><a href={hashOf({ study: study.value!.id, page: "review", query: { run: run.value, comment: each.id } })}>{each.text}</a></p>
          ))}
          {may("reviewer") ? <CommentForm about={about} done={() => { setOpen(false); button.current?.focus(); }} /> : <p class="soft small">{t("review.read_only")}</p>}
        </div>
      )}
    </span>
  );
}

export function CommentForm({ about, done }: { about: string; done: () => void }) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useId();
  const send = async (event: Event) => {
    event.preventDefault();
    const stays = here();
    setBusy(true);
    try {
      await addComment(text, about);
      setText("");
      tell("done", () => t("review.added"));
      if (stays()) done();
    } catch (fault) {
      tellError(fault);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void send(event)}>
      <label for={field}>{t("review.text")}</label>
      <textarea id={field} rows={3} maxLength={4000} required value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <button type="submit" class="first" disabled={busy || !text.trim()}>{t("review.send")}</button>
    </form>
  );
}

/** What a comment is about, in words, with a link to its place. */
export function aboutLink(about: string): string {
  const query: Record<string, string> = { run: run.value };
  const [kind = "", rest = ""] = [about.slice(0, about.indexOf(":")), about.slice(about.indexOf(":") + 1)];
  const page: Record<string, [string, Record<string, string>]> = {
    indicator: ["results", { indicator: rest.split("@")[0] ?? "", unit: rest.split("/")[1] ?? "" }], map: ["map", { layers: rest }], parcel: ["map", { parcel: rest }],
    place: ["map", { place: rest }], clause: ["report", {}], factor: ["results", {}],
  };
  const [name, more] = page[kind] ?? ["results", {}];
  return hashOf({ study: study.value?.id ?? "", page: name, query: { ...query, ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== "")) } });
}

