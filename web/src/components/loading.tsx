/** What a page says while its values come: a word, and a bar that moves. */

import { t } from "../lib/texts";

export function Loading() {
  return <><span>{t("loading")}</span><progress class="waits" aria-hidden="true" /></>;
}
