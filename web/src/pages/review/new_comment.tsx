/** The form for a comment: what it is about is searched by name or code. */

import { useEffect, useRef, useState } from "preact/hooks";
import { CommentForm } from "../../components/comment_here";
import { api, type Said } from "../../lib/api";
import { tellError } from "../../lib/messages";
import { ofRun } from "../../lib/of_run";
import { place, setQuery } from "../../lib/router";
import { said, t } from "../../lib/texts";

interface Place { about: string; said: Said }

export function NewComment({ author }: { author: string }) {
  const about = place.value.query.get("about") ?? "";
  const [text, setText] = useState("");
  const [found, setFound] = useState<Place[]>([]);
  const head = useRef<HTMLElement>(null);
  useEffect(() => {
    if (text.trim().length < 2) { setFound([]); return; }
    const given = new AbortController();
    const timer = setTimeout(() => {
      api.get<Place[]>(ofRun(`/comments/places?${new URLSearchParams({ text: text.slice(0, 80) }).toString()}`)!, { signal: given.signal }).then(setFound, tellError);
    }, 250);
    return () => { clearTimeout(timer); given.abort(); };
  }, [text]);
  const choose = (chosen: string) => { setQuery({ about: chosen }); setText(""); };
  return (
    <details class="card comment-form no-print" open={about !== ""}>
      <summary ref={head}>{t("review.new")}</summary>
      <p class="soft small">{t("review.as", { author })}</p>
      <p>{t("review.about_label")} <strong class="code">{about || t("review.kind_plan")}</strong>{about && <button type="button" class="plain" onClick={() => choose("")}>{t("review.about_plan")}</button>}</p>
      <label>{t("review.about_search")} <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
      {found.length > 0 && <ul class="places">{found.map((each) => <li key={each.about}><button type="button" class="link" onClick={() => choose(each.about)}>{said(each.said)}</button></li>)}</ul>}
      <CommentForm about={about} done={() => { setQuery({ about: "" }); head.current?.focus(); }} />
    </details>
  );
}
