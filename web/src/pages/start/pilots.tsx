/** Pilots: studies that come with the program, copied to begin with. */

import { useEffect, useState } from "preact/hooks";
import { api, type Said } from "../../lib/api";
import { tellError } from "../../lib/messages";
import { said, t } from "../../lib/texts";

interface Pilot { name: string; title: Said; region: string; year: number; synthetic: boolean; note: Said; missing: number; makes: boolean }

export function Pilots({ made }: { made: (study: string) => void }) {
  const [pilots, setPilots] = useState<Pilot[]>([]);
  const [busy, setBusy] = useState("");
  useEffect(() => { api.get<Pilot[]>("/api/pilots").then(setPilots, tellError); }, []);
  const copy = (pilot: Pilot) => {
    setBusy(pilot.name);
    api.post<{ id: string }>("/api/studies", { pilot: pilot.name }).then((study) => made(study.id), tellError).finally(() => setBusy(""));
  };
  const ready = pilots.filter((each) => !each.missing), wanting = pilots.filter((each) => each.missing);
  const cards = (shown: Pilot[]) => (
    <ul class="plain-list pilots">
      {shown.map((each) => (
        <li key={each.name} class="card">
          <div>
            <strong>{said(each.title)}</strong> <span class={`badge ${each.synthetic ? "warn" : ""}`}>{t(each.synthetic ? "start.synthetic" : "start.real")}</span>
            {said(each.note) && <p class="small">{said(each.note)}</p>}
            <p class="small soft">{[each.region, each.year].join(" · ")}{each.missing ? ` · ${t("start.bring", { count: each.missing })}` : ""}</p>
          </div>
          <button type="button" class={each === ready[0] ? "first" : ""} disabled={busy !== ""} aria-label={t("start.copy_of", { title: said(each.title) })} onClick={() => copy(each)}>{t("start.copy")}</button>
        </li>
      ))}
    </ul>
  );
  return (
    <section aria-labelledby="from-pilot">
      <h3 id="from-pilot">{t("start.from_pilot")}</h3>
      <p class="soft small">{t("start.pilots_hint")}</p>
      {cards(ready)}
      {wanting.length > 0 && <details class="wanting"><summary>{t("start.pilots_wanting", { count: wanting.length })}</summary>{cards(wanting)}</details>}
    </section>
  );
}
