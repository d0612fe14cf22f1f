/** Pilots: studies that come with the program, copied to begin with. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Loading } from "../../components/loading";
import { api, type Said } from "../../lib/api";
import { tellError } from "../../lib/messages";
import { here, place } from "../../lib/router";
import { regionSaid } from "../../lib/regions";
import { said, t } from "../../lib/texts";

interface Pilot { name: string; title: Said; region: string; year: number; synthetic: boolean; note: Said; missing: number; makes: boolean }

export function Pilots({ made }: { made: (study: string) => void }) {
  const [pilots, setPilots] = useState<Pilot[] | null>(null);
  const [busy, setBusy] = useState("");
  useEffect(() => { api.get<Pilot[]>("/api/pilots").then(setPilots, (fault) => { setPilots([]); tellError(fault); }); }, []);
  const asked = place.value.query.get("pilot") ?? "";
  const wanted = useRef<HTMLButtonElement>(null);
  // Who comes from a pilot's case finds it chosen: in view, marked, one press from its copy.
  useEffect(() => {
    wanted.current?.scrollIntoView({ block: "center" });
    wanted.current?.focus({ preventScroll: true });
  }, [asked, pilots]);
  const copy = (pilot: Pilot) => {
    const stays = here();
    setBusy(pilot.name);
    api.post<{ id: string }>("/api/studies", { pilot: pilot.name }).then((study) => { if (stays()) made(study.id); }, tellError).finally(() => setBusy(""));
  };
  const known = pilots ?? [];
  const ready = known.filter((each) => !each.missing), wanting = known.filter((each) => each.missing);
  const cards = (shown: Pilot[]) => (
    <ul class="plain-list pilots">
      {shown.map((each) => (
        <li key={each.name} class={`card${each.name === asked ? " asked" : ""}`} aria-current={each.name === asked ? "true" : undefined}>
          <div>
            <strong>{said(each.title)}</strong> <span class={`badge ${each.synthetic ? "warn" : ""}`}>{t(each.synthetic ? "start.synthetic" : "start.real")}</span>
            {said(each.note) && <p class="small">{said(each.note)}</p>}
            <p class="small soft">{[regionSaid(each.region), each.year].join(" · ")}{each.missing ? ` · ${t("start.bring", { count: each.missing })}` : ""}</p>
          </div>
          <button type="button" ref={each.name === asked ? wanted : null} class={each.name === (known.some((one) => one.name === asked) ? asked : ready[0]?.name) ? "first" : ""} disabled={busy !== ""} aria-label={t("start.copy_of", { title: said(each.title) })} onClick={() => copy(each)}>{t("start.copy")}</button>
        </li>
      ))}
    </ul>
  );
  return (
    <section aria-labelledby="from-pilot">
      <h3 id="from-pilot">{t("start.from_pilot")}</h3>
      <p class="soft small">{t("start.pilots_hint")}</p>
      {pilots === null ? <p class="soft" role="status"><Loading /></p> : cards(ready)}
      {wanting.length > 0 && <details class="wanting" open={wanting.some((each) => each.name === asked)}><summary>{t("start.pilots_wanting", { count: wanting.length })}</summary>{cards(wanting)}</details>}
    </section>
  );
}
