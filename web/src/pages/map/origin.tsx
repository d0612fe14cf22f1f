/** Where a number comes from: formula, inputs and files, factors with status and source, models with citations. */

import { useEffect, useRef, useState } from "preact/hooks";
import { api, type Said } from "../../lib/api";
import { tellError } from "../../lib/messages";
import { number, said, series, t } from "../../lib/texts";

interface Origin {
  title: Said; formula: Said; without: Said[];
  models: { title: Said; id: string; version: number; cite: Said; step: string; event: Said }[];
  factors: { name: string; title: Said; count: number; unsure: number; rows: { key: string; key_said: Said; value: number; unit: Said; status: Said; source: Said; region: string }[] }[];
  sources: { title: Said; completeness: number | null; native: number | null; files: Said }[];
}

export function OriginDialog({ path, onClose }: { path: string; onClose: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  const [origin, setOrigin] = useState<Origin | null>(null);
  useEffect(() => {
    const left = new AbortController();
    box.current?.showModal();
    api.get<Origin>(path, { signal: left.signal }).then(setOrigin, (fault) => { tellError(fault); if (!left.signal.aborted) onClose(); });
    return () => left.abort();
  }, [path]);
  return (
    <dialog ref={box} class="origin" aria-labelledby="origin-title" onClose={onClose}>
      <div class="row tight"><h1 id="origin-title">{t("map.where_from_of", { title: origin ? said(origin.title) : "…" })}</h1><button type="button" class="plain" aria-label={t("map.close")} onClick={() => box.current?.close()}>×</button></div>
      {origin ? <Told origin={origin} /> : <p role="status">{t("loading")}</p>}
    </dialog>
  );
}

function Told({ origin }: { origin: Origin }) {
  return (
    <>
      {said(origin.formula) && <p>{said(origin.formula)}</p>}
      {origin.without.length > 0 && <p>{t("map.without", { parts: series(origin.without.map(said)) })}</p>}
      {origin.models.length === 0 && <p>{t("map.is_input")}</p>}
      {origin.sources.length > 0 && <h2>{t("map.inputs")}</h2>}
      {origin.sources.length > 0 && <div class="scroll" tabIndex={0} role="group" aria-label={t("map.table")}><table>
        <thead><tr><th scope="col">{t("map.quantity")}</th><th scope="col">{t("map.files")}</th><th scope="col" class="number">{t("map.completeness")}</th><th scope="col" class="number">{t("map.native")}</th></tr></thead>
        <tbody>{origin.sources.map((each) => <tr key={said(each.title)}><th scope="row">{said(each.title)}</th><td>{said(each.files)}</td><td class="number">{each.completeness === null ? "–" : `${number(each.completeness * 100)}%`}</td><td class="number">{each.native === null ? "–" : `${number(each.native)} m`}</td></tr>)}</tbody>
      </table></div>}
      {origin.factors.length > 0 && <h2>{t("map.factors")}</h2>}
      {origin.factors.map((factor) => (
        <details key={factor.name}>
          <summary>{said(factor.title)} <span class="soft small">{t("map.rows", { count: factor.count })}</span> {factor.unsure > 0 && <span class="badge warn">{t("map.unsure", { count: factor.unsure })}</span>}</summary>
          <div class="scroll" tabIndex={0} role="group" aria-label={t("map.table")}><table>
            <thead><tr><th scope="col">{t("map.key")}</th><th scope="col" class="number">{t("map.value")}</th><th scope="col">{t("map.status")}</th><th scope="col">{t("map.source")}</th></tr></thead>
            <tbody>{factor.rows.map((row) => <tr key={`${row.key}|${row.region}|${row.value}`}><td>{said(row.key_said) || "–"}</td><td class="number">{number(row.value, 6)} {said(row.unit)}</td><td>{said(row.status)}</td><td>{said(row.source) || "–"}</td></tr>)}</tbody>
          </table></div>
          {factor.count > factor.rows.length && <p class="soft small">{t("map.rows_more", { count: factor.count - factor.rows.length })}</p>}
        </details>
      ))}
      {origin.models.length > 0 && <h2>{t("map.models")}</h2>}
      {origin.models.length > 0 && <ol>{origin.models.map((each) => <li key={each.step}><strong>{said(each.title)}</strong> <span class="soft small">{said(each.event) && `${said(each.event)} · `}{t("map.version", { version: each.version })}</span>{said(each.cite) && <p class="small soft">{said(each.cite)}</p>}</li>)}</ol>}
    </>
  );
}
