/** The published cases: words of both languages, facets with counts, and one case in full. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Loading } from "../../components/loading";
import { useFetched } from "../../lib/fetched";
import { oneStop } from "../../lib/one_stop";
import { place, setQuery, step } from "../../lib/router";
import { regionSaid } from "../../lib/regions";
import { said, t } from "../../lib/texts";
import { OneCase } from "./one";
import { catalogueAt, ticked, turned, type Catalogue, type Facet, type Line } from "./types";

const PAUSE_MS = 250;

export function CatalogueOf() {
  const one = place.value.query.get("case") ?? "";
  return one ? <OneCase key={one} name={one} /> : <List />;
}

function List() {
  const query = place.value.query;
  const [words, setWords] = useState(query.get("words") ?? "");
  useEffect(() => {
    if (words === (place.peek().query.get("words") ?? "")) return;
    const later = setTimeout(() => setQuery({ words }), PAUSE_MS);
    return () => clearTimeout(later);
  }, [words]);
  const [kept, setKept] = useState<Catalogue | null>(null);
  const found = useFetched<Catalogue>(catalogueAt(query));
  useEffect(() => { if (found.value) setKept(found.value); }, [found.value]);
  const shown = found.value ?? kept;
  const wide = useRef(innerWidth > 800).current;
  const asks = ticked(query).length > 0 || words.trim() !== "";
  if (shown === null) return <p class="empty" role="status">{found.busy ? <Loading /> : ""}</p>;
  if (!shown.there) return <p class="empty">{t("cases.no_library_hint", { folder: shown.folder })}</p>;
  if (shown.published === 0) return <p class="empty">{t("cases.none_published")}</p>;
  return (
    <div class="two">
      <search class="facets" aria-label={t("cases.narrow")}>
        <label class="field"><span>{t("cases.search")}</span><input type="search" maxLength={400} value={words} onInput={(event) => setWords(event.currentTarget.value)} /></label>
        {asks && <button type="button" onClick={() => { setWords(""); setQuery({ words: "", only: "" }); }}>{t("cases.clear")}</button>}
        {/* on a phone the cases come first: facets open on request, and at once where one is ticked */}
        <details open={wide || ticked(query).length > 0}><summary>{t("cases.narrow")}</summary>{withTicked(shown.facets, query).map((each) => <OneFacet key={each.facet} facet={each} />)}</details>
      </search>
      <div>
        <p role="status">{t("cases.found", { count: shown.found, all: shown.published })}</p>
        {shown.found === 0 && <p class="empty">{t("cases.none_found")}</p>}
        <ul class="plain-list found" ref={oneStop}>{shown.cases.map((each) => <li key={each.name}><Found line={each} /></li>)}</ul>
      </div>
    </div>
  );
}

/** Facets of what was found, with ticked values that nothing found has, so that they can be taken away. */
function withTicked(facets: Facet[], query: URLSearchParams): Facet[] {
  return facets.map((each) => ({ ...each, values: [...each.values, ...ticked(query).filter((one) => one.facet === each.facet && !each.values.some((value) => value.value === one.value)).map((one) => ({ value: one.value, title: { en: one.value, zh: one.value }, count: 0 }))] }));
}

function OneFacet({ facet }: { facet: Facet }) {
  const query = place.value.query;
  const on = new Set(ticked(query).filter((each) => each.facet === facet.facet).map((each) => each.value));
  return (
    <fieldset ref={oneStop}>
      <legend>{said(facet.title)}</legend>
      {facet.values.map((each) => (
        <label key={each.value} class="tick"><input type="checkbox" checked={on.has(each.value)} onChange={() => setQuery({ only: turned(query, facet.facet, each.value) })} /> {said(each.title)} <span class="soft small">{each.count}</span></label>
      ))}
    </fieldset>
  );
}

function Found({ line }: { line: Line }) {
  const words = line.excerpt || said(line.about);
  return (
    <article class="card">
      <h2><button type="button" class="link" onClick={() => step({ case: line.name })}>{said(line.title) || line.name}</button></h2>
      <p class="soft small">{[line.name, regionSaid(line.region), line.year, line.pilot ? "" : t("cases.version", { version: line.version })].filter(Boolean).join(" · ")}</p>
      <p class="row tight">
        {line.synthetic && <span class="badge warn">{t("cases.synthetic")}</span>}
        {line.pilot ? <span class="badge">{t("cases.of_pilot")}</span> : <span class="badge">{t(line.complete ? "cases.complete" : "cases.incomplete")}</span>}
      </p>
      {words && <p class="small">{words}</p>}
      {line.measures.length > 0 && <p class="small soft">{line.measures.map(said).join(" · ")}</p>}
    </article>
  );
}
