/** Find a parcel, building or unit by id or name, or a place by its coordinates. */

import { useState } from "preact/hooks";
import { Loading } from "../../components/loading";
import { coordinates } from "../../lib/coordinates";
import { tellError } from "../../lib/messages";
import { useNewest } from "../../lib/newest";
import { said, t } from "../../lib/texts";
import { find, within, type Hit } from "./state";

export function Finder({ onPlace }: { onPlace: (lon: number, lat: number) => void }) {
  const [text, setText] = useState("");
  const [hits, setHits] = useState<Hit[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [outside, setOutside] = useState(false);
  const begin = useNewest();
  const go = (lon: number, lat: number) => { setHits(null); onPlace(lon, lat); };
  const search = async (event: Event) => {
    event.preventDefault();
    const newest = begin(), numbers = coordinates(text);
    setOutside(numbers !== null && !within(numbers));
    if (numbers) { if (within(numbers)) go(...numbers); return; }
    setBusy(true);
    try {
      const found = await find(text);
      if (!newest()) return;
      found.length === 1 ? go(found[0]!.lon, found[0]!.lat) : setHits(found);
    } catch (fault) { tellError(fault); } finally { if (newest()) setBusy(false); }
  };
  return (
    <form class="finder" role="search" onSubmit={(event) => void search(event)}>
      <div class="row tight">
        <input type="search" value={text} aria-label={t("map.find")} placeholder={t("map.find_hint")} aria-describedby="finder-how" onInput={(event) => { begin(); setText(event.currentTarget.value); setHits(null); setBusy(false); setOutside(false); }} />
        <button type="submit">{t("map.find_button")}</button>
      </div>
      <p id="finder-how" class="soft small">{t("map.find_how")}</p>
      <div role="status">
        {busy && <p class="soft small"><Loading what={t("map.searching")} /></p>}
        {outside && <p class="small">{t("map.outside")}</p>}
        {hits && hits.length === 0 && <p class="small">{t("map.nothing_found", { wanted: text })}</p>}
        {hits && hits.length > 0 && <ul class="hits" aria-label={t("map.hits")}>{hits.map((each) => <li key={`${each.table}|${each.row}`}><button type="button" class="plain" onClick={() => go(each.lon, each.lat)}>{said(each.title)} · {each.name}{each.name !== each.id && <span class="soft small"> {each.id}</span>}</button></li>)}</ul>}
      </div>
    </form>
  );
}
