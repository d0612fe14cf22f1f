/** The form for a comment: what it is about is searched by name or code. */

import { useEffect, useRef, useState } from "preact/hooks";
import { CommentForm } from "../../components/comment_here";
import { api, type Said } from "../../lib/api";
import { tellError } from "../../lib/messages";
import { ofRun } from "../../lib/of_run";
import { place, setQuery } from "../../lib/router";
import { said, t } from "../../lib/texts";

interface Place { about: string; said: Said }

/** What a comment may be about whose words or address hold a text. */
const search = (text: string, signal: AbortSignal): Promise<Place[]> =>
  api.get<Place[]>(ofRun(`/comments/places?${new URLSearchParams({ text: text.slice(0, 80) }).toString()}`)!, { signal });

export function NewComment({ author }: { author: string }) {
  const about = place.value.query.get("about") ?? "";
  const [text, setText] = useState("");
  const [found, setFound] = useState<Place[]>([]);
  const [named, setNamed] = useState<Place | null>(null);
  const head = useRef<HTMLElement>(null);
  // A link from another page brings an address or a code alone.
  useEffect(() => {
    if (about === "" || named?.about === about) return;
    const given = new AbortController();
    search(about, given.signal).then((all) => { const one = all.find((each) => each.about === about || said(each.said).includes(`[${about}]`)); setNamed(one ? { ...one, about } : null); }, tellError);
    return () => given.abort();
  }, [about]);
  useEffect(() => {
    if (text.trim().length < 2) { setFound([]); return; }
    const given = new AbortController();
    const timer = setTimeout(() => {
      search(text, given.signal).then(setFound, tellError);
    }, 250);
    return () => { clearTimeout(timer); given.abort(); };
  }, [text]);
  const choose = (chosen: Place | null) => {
    setNamed(chosen); setQuery({ about: chosen?.about ?? "" }); setText("");
    // The button that was pressed goes: the keyboard goes on where one writes, or searches again.
    head.current?.closest("details")?.querySelector<HTMLElement>(chosen ? "textarea" : "input[type=search]")?.focus();
  };
  return (
    <details class="card comment-form no-print" open={about !== ""}>
      <summary ref={head}>{t("review.new")}</summary>
      <p class="soft small">{t("review.as", { author })}</p>
      <p>{t("review.about_label")} <strong>{about === "" ? t("review.kind_plan") : named?.about === about ? said(named.said) : about}</strong>{about && <button type="button" class="plain" onClick={() => choose(null)}>{t("review.about_plan")}</button>}</p>
      <label>{t("review.about_search")} <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
      {found.length > 0 && <ul class="places">{found.map((each) => <li key={each.about}><button type="button" class="link" onClick={() => choose(each)}>{said(each.said)}</button></li>)}</ul>}
      <CommentForm about={about} done={() => { setQuery({ about: "" }); head.current?.focus(); }} />
    </details>
  );
}
