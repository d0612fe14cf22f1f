/** Regions by their names: a study file has their codes (ISO 3166, and cities below provinces). */

import { has, locale, t } from "./texts";

/** The name of a region; of one that has none here, that of the province or country it lies in, and its code. */
export function regionSaid(code: string): string {
  const parts = code.split("-");
  for (let end = parts.length; end > 0; end -= 1) {
    const part = parts.slice(0, end).join("-"), name = has(`region.${part}`) ? t(`region.${part}`) : countrySaid(part);
    if (name) return end === parts.length ? name : `${name} (${code})`;
  }
  return code;
}

function countrySaid(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return "";
  const name = new Intl.DisplayNames([locale.value], { type: "region" }).of(code);
  return name === undefined || name === code ? "" : name;
}
