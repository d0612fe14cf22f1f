/** Regions by their names: a study file has their codes (ISO 3166, and cities below provinces). */

import { has, locale, t } from "./texts";

export function regionSaid(code: string): string {
  if (has(`region.${code}`)) return t(`region.${code}`);
  return /^[A-Z]{2}$/.test(code) ? new Intl.DisplayNames([locale.value], { type: "region" }).of(code) ?? code : code;
}
