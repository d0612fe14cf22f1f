/** The picture of an hour: water, what it does to rescue, and streets, those that are closed then in red. */

import { useState } from "preact/hooks";
import { ofRun } from "../../lib/of_run";
import { place, setQuery } from "../../lib/router";
import { said, t, withUnit } from "../../lib/texts";
import { clock, closed, type Rehearsal, type Street } from "./types";

const path = (street: Street) => street.line.map(([x, y], at) => `${at ? "L" : "M"}${x} ${y}`).join("");

export function HourMap({ told, step }: { told: Rehearsal; step: number }) {
  const hidden = (place.value.query.get("hide") ?? "").split(" ").filter(Boolean);
  const shown = (name: string) => !hidden.includes(name);
  const toggle = (name: string) => setQuery({ hide: (shown(name) ? [...hidden, name] : hidden.filter((each) => each !== name)).join(" ") });
  const hour = told.hours[step]!;
  const source = (name: string, at: number) => ofRun(`/rehearsal/${name}/${at}?${new URLSearchParams({ alternative: told.alternative, event: told.event }).toString()}`)!;
  // Pictures that have come: until then the water of another hour, or none, would be taken for this one's.
  const [come, setCome] = useState<ReadonlySet<string>>(new Set());
  const arrived = (address: string) => setCome((before) => new Set(before).add(address));
  const shut = told.streets.filter((each) => closed(each, hour));
  const names = Object.keys(told.pictures);
  const alt = t("rehearsal.alt", { hours: clock(hour), closed: shut.length, streets: told.streets.length });
  return (
    <figure class="hour-map">
      <div class="layers" role="img" aria-label={alt} style={{ aspectRatio: `${told.width} / ${told.height}` }}>
        {names.filter(shown).map((name) => <img key={name} src={source(name, step)} alt="" onLoad={() => arrived(source(name, step))} onError={() => arrived(source(name, step))} />)}
        {/* the next hour is fetched before it is shown, so that playing does not blink */}
        {step + 1 < told.hours.length && names.filter(shown).map((name) => <img key={`${name}-next`} class="ahead" src={source(name, step + 1)} alt="" />)}
        <svg viewBox={`0 0 ${told.width} ${told.height}`} aria-hidden="true" class={shown("streets") ? undefined : "off"}>
          <path class="street" d={told.streets.filter((each) => !closed(each, hour)).map(path).join("")} />
          <path class="street shut-edge" d={shut.map(path).join("")} /><path class="street shut" d={shut.map(path).join("")} />
        </svg>
        {names.filter(shown).some((name) => !come.has(source(name, step))) && <span class="coming small" role="status">{t("loading")}</span>}
      </div>
      <figcaption class="legends">
        {names.map((name) => {
          const legend = told.pictures[name]!;
          return (
            <fieldset key={name}><legend><label><input type="checkbox" checked={shown(name)} onChange={() => toggle(name)} /> {withUnit(said(legend.title), legend.unit)}</label></legend>
              {legend.entries.map(([title, colour], at) => <span key={at} class="key"><i style={{ background: colour }} />{said(title)}</span>)}</fieldset>
          );
        })}
        {told.streets.length > 0 && <fieldset><legend><label><input type="checkbox" checked={shown("streets")} onChange={() => toggle("streets")} /> {t("rehearsal.streets")}</label></legend>
          <span class="key"><i class="line" />{t("rehearsal.open")}</span><span class="key"><i class="line shut" />{t("rehearsal.closed", { count: shut.length })}</span></fieldset>}
      </figcaption>
    </figure>
  );
}
