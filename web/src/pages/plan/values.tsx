/** Land use and controls of the chosen parcels: as the base has them, as changed, with ranges and contradictions while typing. */

import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { CommentHere } from "../../components/comment_here";
import { api, Refusal, type Said } from "../../lib/api";
import { number, said, t } from "../../lib/texts";
import { baseValue, common, SHOWN, valueOf, type Control, type ControlName, type Feasibility, type Value, type ValueName, type Values } from "./model";
import { chosenParcels, draft, draftPath, editable, plan, send, typing } from "./state";
import { landUse, shown, title } from "./words";

const WAIT = 250;

/** What is typed and not kept yet, and the draft and parcels that it is of. */
interface Typed { of: string; values: Values }

export function ValuesPanel() {
  const [all, setAll] = useState<Typed>({ of: "", values: {} });
  const [told, setTold] = useState<Feasibility & { refused?: Said }>({ conflicts: [], ranges: {} });
  const parcels = chosenParcels.value, ids = parcels.map((each) => each.id), now = draft.value!;
  const of = [now.id, ...ids].join("|"), typed = all.of === of ? all.values : {};
  useEffect(() => {
    const stop = new AbortController(), to = draftPath();
    const asked = setTimeout(() => {
      const body = ids.length ? { parcels: ids.slice(0, 200), values: typed } : {};
      api.post<Feasibility>(`${to}/feasibility`, body, { signal: stop.signal }).then(setTold, (fault) => {
        if (fault instanceof Refusal) setTold((before) => ({ conflicts: [], ranges: before.ranges, refused: fault.said }));
      });
    }, WAIT);
    return () => { clearTimeout(asked); stop.abort(); };
  }, [ids.join("|"), JSON.stringify(typed), now.version, now.id]);
  // At once: an answer may come before the next frame.
  useLayoutEffect(() => { typing.value = Object.keys(typed).length > 0; return () => { typing.value = false; }; }, [typed]);
  const type = (name: ControlName, value: number) => setAll((before) => ({ of, values: { ...(before.of === of ? before.values : {}), [name]: value } }));
  // What is kept is no longer typed; what was typed since then, in this field or another, stays.
  const drop = (kept: Values) => setAll((before) => (before.of === of ? { of, values: without(before.values, kept) } : before));
  const commit = (values: Values) => {
    if (ids.length) void send({ kind: "controls", parcels: ids, values }).then((kept) => { if (kept) drop(values); });
  };
  return (
    <div class="plan-part">
      <h2>{ids.length ? t("plan.values_of", { what: ids.length === 1 ? ids[0]! : t("plan.many_parcels", { count: ids.length }) }) : t("plan.values")}</h2>
      {!ids.length && <p class="soft small">{t("plan.choose_first")}</p>}
      {ids.length === 1 && <CommentHere key={ids[0]} words about={`parcel:${ids[0]!}`} title={ids[0]!} />}
      {ids.length > 0 && (
        <div class="plan-values">
          <UseField commit={commit} />
          {plan.value!.controls.map((each) => (
            <ControlField key={each.name} control={each} typed={typed[each.name]} range={ids.length === 1 ? told.ranges[each.name] : undefined}
              type={(value) => type(each.name, value)} commit={(value) => commit({ [each.name]: value })} />
          ))}
        </div>
      )}
      <div role="status" aria-live="polite">
        {told.conflicts.length > 0 && (
          <ul class="plan-conflicts">{told.conflicts.slice(0, 12).map((each) => <li key={each.parcel + each.kind} class={each.hard ? "bad" : "warn"}>{said(each.said)}</li>)}</ul>
        )}
        {told.conflicts.length > 12 && <p class="small">{t("plan.more_conflicts", { count: told.conflicts.length - 12 })}</p>}
        {told.refused && <ul class="plan-conflicts"><li class="bad">{said(told.refused)}</li></ul>}
        {ids.length > 0 && !told.refused && told.conflicts.length === 0 && <p class="small soft">✓ {t("plan.feasible")}</p>}
      </div>
    </div>
  );
}

/** Values that are typed, less those that are kept as they are typed or were put back. */
function without(typed: Values, kept: Values): Values {
  return Object.fromEntries(Object.entries(typed).filter(([name, value]) => kept[name as ValueName] !== null && kept[name as ValueName] !== value));
}

function over(name: ValueName): { before: ReturnType<typeof common>; now: ReturnType<typeof common>; changed: boolean } {
  const known = plan.value!, state = draft.value!, parcels = chosenParcels.value;
  return {
    before: common(parcels.map((each) => baseValue(known, state.base, each, name))), now: common(parcels.map((each) => valueOf(known, state, each, name))),
    changed: parcels.some((each) => state.parcels[each.id]?.[name] !== undefined),
  };
}

function Before({ name, commit }: { name: ValueName; commit: (values: Values) => void }) {
  const { before, changed } = over(name);
  return (
    <span class="small soft plan-before">
      {t("plan.before")} {before.mixed ? t("plan.differ") : shown(plan.value!, name, before.value)}
      {changed && editable.value && <button type="button" class="plan-link" onClick={() => commit({ [name]: null })} aria-label={t("plan.put_back", { what: title(plan.value!, name) })}>↺</button>}
    </span>
  );
}

function UseField({ commit }: { commit: (values: Values) => void }) {
  const { now, changed } = over("land_use");
  return (
    <div class={changed ? "plan-value changed" : "plan-value"}>
      <label for="plan-land-use">{t("plan.land_use")}</label>
      <select id="plan-land-use" disabled={!editable.value} value={now.mixed || now.value === null ? "" : String(now.value)} onChange={(event) => event.currentTarget.value && commit({ land_use: event.currentTarget.value })}>
        <option value="">{now.mixed ? t("plan.differ") : "–"}</option>
        {plan.value!.land_uses.map((each) => <option key={each.code} value={each.code}>{landUse(plan.value!, each.code)}</option>)}
      </select>
      <Before name="land_use" commit={commit} />
    </div>
  );
}

interface ControlProps { control: Control; typed: Value | undefined; range: [number | null, number | null] | undefined; type: (value: number) => void; commit: (value: number | null) => void }

function ControlField({ control, typed, range, type, commit }: ControlProps) {
  const { now, changed } = over(control.name), { factor, unit, step } = SHOWN[control.name];
  const held = typeof typed === "number" ? typed : now.value;
  const text = typeof held === "number" ? String(Number((held * factor).toFixed(4))) : "";
  const id = `plan-${control.name}`;
  const clamp = (value: number) => Math.min(Math.max(value, control.least), control.most ?? Infinity);
  const move = (by: number) => { const value = clamp(Number((((typeof held === "number" ? held : 0) * factor + by) / factor).toFixed(6))); type(value); commit(value); };
  return (
    <div class={changed ? "plan-value changed" : "plan-value"}>
      <label for={id}>{said(control.title)}{unit && ` [${unit}]`}</label>
      <span class="plan-step">
        <button type="button" disabled={!editable.value || typeof held !== "number"} aria-label={t("plan.less", { what: said(control.title) })} onClick={() => move(-step)}>−</button>
        <input id={id} type="number" disabled={!editable.value} value={text} step={step} min={control.least * factor} {...(control.most === null ? {} : { max: control.most * factor })}
          placeholder={now.mixed ? t("plan.differ") : "–"} aria-describedby={`${id}-range`}
          onInput={(event) => { const value = event.currentTarget.valueAsNumber / factor; if (Number.isFinite(value)) type(Number(value.toFixed(6))); }}
          onChange={(event) => { const value = event.currentTarget.valueAsNumber / factor; if (Number.isFinite(value)) commit(Number(value.toFixed(6))); }} />
        <button type="button" disabled={!editable.value || typeof held !== "number"} aria-label={t("plan.greater", { what: said(control.title) })} onClick={() => move(step)}>+</button>
      </span>
      <Before name={control.name} commit={() => commit(null)} />
      <span id={`${id}-range`} class="small soft plan-range">{rangeText(control.name, range)}</span>
    </div>
  );
}

function rangeText(name: ControlName, range: [number | null, number | null] | undefined): string {
  if (!range) return "";
  const [low, high] = range, { factor } = SHOWN[name];
  const end = (value: number | null) => (value === null ? null : number(value * factor, 3));
  const [least, most] = [end(low), end(high)];
  if (least && most) return t("plan.range", { least, most });
  return least ? t("plan.range_from", { least }) : most ? t("plan.range_to", { most }) : "";
}
