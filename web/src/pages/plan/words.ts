/** Messages of the page in the chosen language, and names of values. */

import { number, said, series, t } from "../../lib/texts";
import { SHOWN, type Change, type ControlName, type Plan, type Turn, type Value, type ValueName } from "./model";

export function landUse(plan: Plan, code: Value): string {
  const found = plan.land_uses.find((each) => each.code === code);
  return code === null || code === "" ? "–" : found ? `${code} ${said(found.title)}` : String(code);
}

export function shown(plan: Plan, name: ValueName, value: Value): string {
  if (name === "land_use") return landUse(plan, value);
  if (typeof value !== "number") return "–";
  const { factor, unit } = SHOWN[name];
  return `${number(value * factor, 4)}${unit === "%" ? " %" : unit ? ` ${unit}` : ""}`;
}

export const title = (plan: Plan, name: ValueName): string =>
  name === "land_use" ? t("plan.land_use") : said(plan.controls.find((each) => each.name === (name as ControlName))?.title);

export const measureTitle = (plan: Plan, name: string): string => said(plan.measures.find((each) => each.name === name)?.title) || name;

export const unitTitle = (plan: Plan, id: string): string => said(plan.unit_names[id]) || id;

const few = (ids: string[]): string => (ids.length > 4 ? `${ids.slice(0, 4).join(", ")} … (${ids.length})` : ids.join(", "));

/** One change in words. */
export function told(plan: Plan, change: Change | Turn): string {
  if (change.kind === "undo" || change.kind === "redo") return t(`plan.did_${change.kind}`);
  if (change.kind === "remove") return t("plan.did_remove", { what: placementTitle(plan, change.placement) });
  if (change.kind === "place") return t("plan.did_place", { what: measureTitle(plan, change.measure), where: siteOf(plan, change.site) });
  const values = Object.entries(change.values).map(([name, value]) =>
    value === null ? t("plan.put_back", { what: title(plan, name as ValueName) }) : `${title(plan, name as ValueName)} ${shown(plan, name as ValueName, value)}`);
  return `${few(change.parcels)}: ${series(values)}`;
}

export function siteOf(plan: Plan, site: { parcels: string[]; area: unknown[]; units: string[] }): string {
  if (site.parcels.length) return few(site.parcels);
  if (site.area.length) return t("plan.drawn_area");
  return site.units.length ? few(site.units.map((each) => unitTitle(plan, each))) : t("plan.everywhere");
}

function placementTitle(plan: Plan, placement: string): string {
  const [, , name] = placement.split(":");
  return name ? measureTitle(plan, name) : t("plan.placement");
}
