/** What a page says while its values come: a word, and a bar that moves. */

import { t } from "../lib/texts";

export function Loading({ what }: { what?: string }) {
  return <><span>{what ?? t("loading")}</span><progress class="waits" aria-hidden="true" /></>;
}
