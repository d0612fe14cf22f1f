/** People of a study: roles, invitations, and what was done. */

import { useEffect, useState } from "preact/hooks";
import { Confirm, refocus } from "../../components/confirm";
import { api } from "../../lib/api";
import { tell, tellError } from "../../lib/messages";
import { useNewest } from "../../lib/newest";
import { place } from "../../lib/router";
import { moment, t } from "../../lib/texts";
import "./people.css";

interface Member { id: string; name: string; display: string; role: string; owner: boolean }
interface Offer { id: string; role: string; expires: string; token: string }
interface Act { at: string; user: string; action: string; detail: Record<string, unknown> }

const GIVEN = ["viewer", "reviewer", "editor"];

export default function People() {
  const at = `/api/studies/${place.value.study}`;
  const [members, setMembers] = useState<Member[]>([]);
  const [offers, setOffers] = useState<Offer[]>([]);
  const [acts, setActs] = useState<Act[]>([]);
  const [role, setRole] = useState("reviewer");
  const [days, setDays] = useState(14);
  const [link, setLink] = useState("");
  const [leaving, setLeaving] = useState<Member | null>(null);

  const begin = useNewest();
  async function load(): Promise<void> {
    const newest = begin();
    const [people, open, done] = await Promise.all([api.get<Member[]>(`${at}/members`), api.get<Offer[]>(`${at}/invitations`), api.get<Act[]>(`${at}/audit`)]);
    if (!newest()) return;
    setMembers(people);
    setOffers(open);
    setActs(done);
  }
  const then = (work: Promise<unknown>) => void work.then(load).then(() => requestAnimationFrame(refocus), tellError);
  useEffect(() => then(Promise.resolve()), [at]);

  async function invite(event: Event): Promise<void> {
    event.preventDefault();
    const made = await api.post<Offer>(`${at}/invitations`, { role, days });
    setLink(`${location.origin}/#/invitation?token=${made.token}`);
  }

  const time = (iso: string) => moment(iso);
  return (
    <div class="page people">
      <h1>{t("page.people")}</h1>
      <div class="scroll" tabIndex={0} role="group" aria-label={t("people.members")}>
        <table>
          <caption class="hidden">{t("people.members")}</caption>
          <thead><tr><th scope="col">{t("people.name")}</th><th scope="col">{t("people.role")}</th><th scope="col"><span class="hidden">{t("people.remove")}</span></th></tr></thead>
          <tbody>
            {members.map((each) => (
              <tr key={each.id}>
                <th scope="row">{each.display}{each.display !== each.name && <span class="soft"> ({each.name})</span>}</th>
                <td>{each.owner ? t("role.owner") : (
                  <select aria-label={t("people.role_of", { name: each.display })} value={each.role} onChange={(event) => then(api.put(`${at}/members/${each.id}`, { role: event.currentTarget.value }))}>
                    {GIVEN.map((word) => <option key={word} value={word}>{t(`role.${word}`)}</option>)}
                  </select>)}</td>
                <td>{!each.owner && <button type="button" class="danger" onClick={() => setLeaving(each)}>{t("people.remove")}</button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {leaving && <Confirm title={t("people.remove")} text={t("people.remove_sure", { name: leaving.display })} action={t("people.remove")} yes={() => { setLeaving(null); then(api.remove(`${at}/members/${leaving.id}`)); }} no={() => setLeaving(null)} />}
      <h2>{t("people.invite")}</h2>
      <form class="card row" onSubmit={(event) => then(invite(event))}>
        <label>{t("people.role")} <select value={role} onChange={(event) => setRole(event.currentTarget.value)}>{GIVEN.map((word) => <option key={word} value={word}>{t(`role.${word}`)}</option>)}</select></label>
        <label>{t("people.days")} <input type="number" min={1} max={90} value={days} onInput={(event) => setDays(event.currentTarget.valueAsNumber)} /></label>
        <button class="first">{t("people.make_link")}</button>
      </form>
      <p class="soft small">{t("people.roles_mean")}</p>
      {link && (
        <p class="card row" role="status">
          <span>{t("people.link_once")}</span> <code class="break">{link}</code>
          <button type="button" onClick={() => void navigator.clipboard.writeText(link).then(() => tell("done", () => t("people.copied")), tellError)}>{t("people.copy")}</button>
        </p>
      )}
      {offers.length > 0 && (
        <ul>{offers.map((each) => (
          <li key={each.id}>{t("people.open_offer", { role: t(`role.${each.role}`), time: time(each.expires) })} <button type="button" class="plain" onClick={() => then(api.remove(`${at}/invitations/${each.id}`))}>{t("people.withdraw")}</button></li>
        ))}</ul>
      )}
      <h2>{t("people.audit")}</h2>
      {acts.length === 0 ? <p class="soft">{t("people.nothing_done")}</p> : (
        <div class="scroll" tabIndex={0} role="group" aria-label={t("people.audit")}>
          <table>
            <caption class="hidden">{t("people.audit")}</caption>
            <thead><tr><th scope="col">{t("people.when")}</th><th scope="col">{t("people.name")}</th><th scope="col">{t("people.what")}</th></tr></thead>
            <tbody>{acts.map((each, number) => <tr key={number}><td>{time(each.at)}</td><td>{each.user}</td><td>{t(`act.${each.action}`)} <span class="soft">{Object.entries(each.detail).map(([key, value]) => (key === "role" ? t(`role.${String(value)}`) : key === "kind" ? t(`jobs.kind.${String(value)}`) : String(value))).join(t("people.and"))}</span></td></tr>)}</tbody>
          </table>
        </div>
      )}
    </div>
  );
}
