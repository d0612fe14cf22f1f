/** Long lists and tables are one stop of the Tab key each; arrow keys move within them (WAI-ARIA: roving tabindex).
 *
 * Up and down go from row to row, left and right within a row, Home and End to the first and last row, page keys ten rows.
 * Fields that use arrow keys themselves, and forms, keep their own stops.
 */

const STOPS = "a[href], button, summary, input[type=checkbox]";
const PAGE = 10;
/** What the page says of these keys. */
const HINT = "keys-hint";

const rowOf = (stop: Element): Element => stop.closest("tr, li, article") ?? stop;

/** Stops below a holder by row, without those of closed parts and of forms. */
function rowsOf(holder: HTMLElement): HTMLElement[][] {
  const rows = new Map<Element, HTMLElement[]>();
  for (const stop of holder.querySelectorAll<HTMLElement>(holder.dataset["oneStop"] || STOPS)) {
    if (stop.matches(":disabled") || stop.closest("form") || stop.closest("[data-one-stop]") !== holder) continue;
    const closed = stop.closest("details:not([open])");
    if (closed && holder.contains(closed) && stop.closest("summary")?.parentElement !== closed) continue;
    const row = rowOf(stop);
    rows.set(row, [...(rows.get(row) ?? []), stop]);
  }
  return [...rows.values()];
}

/** Where a key leads from a stop, or nothing where it is not a key of ours. */
export function led(rows: HTMLElement[][], from: HTMLElement, key: string): HTMLElement | undefined {
  const row = rows.findIndex((each) => each.includes(from)), last = rows.length - 1;
  if (row < 0) return undefined;
  const at = rows[row]!.indexOf(from);
  if (key === "ArrowLeft" || key === "ArrowRight") return rows[row]![at + (key === "ArrowRight" ? 1 : -1)] ?? from;
  const to: Record<string, number> = { ArrowDown: row + 1, ArrowUp: row - 1, PageDown: row + PAGE, PageUp: row - PAGE, Home: 0, End: last };
  const wanted = to[key];
  if (wanted === undefined) return undefined;
  const next = rows[Math.min(Math.max(wanted, 0), last)]!;
  return next[Math.min(at, next.length - 1)];
}

/** Make a holder one stop: a `ref`. Its attribute `data-one-stop` may say which elements of it are meant. */
export function oneStop(holder: HTMLElement | null): void {
  if (!holder || holder.dataset["stops"]) return;
  holder.dataset["stops"] = "one";
  holder.dataset["oneStop"] ??= "";
  if (!holder.hasAttribute("aria-describedby")) holder.setAttribute("aria-describedby", HINT);
  let current: HTMLElement | undefined;
  const settle = () => {
    const all = rowsOf(holder).flat();
    if (!current || !all.includes(current)) current = all.find((each) => each === document.activeElement) ?? all[0];
    for (const each of all) {
      const wanted = each === current ? 0 : -1;
      if (each.tabIndex !== wanted || !each.hasAttribute("tabindex")) each.tabIndex = wanted;
    }
  };
  const take = (stop: HTMLElement) => { current = stop; settle(); };
  settle();
  new MutationObserver(settle).observe(holder, { childList: true, subtree: true, attributes: true, attributeFilter: ["open", "disabled"] });
  holder.addEventListener("focusin", ({ target }) => { if (rowsOf(holder).flat().includes(target as HTMLElement)) take(target as HTMLElement); });
  holder.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const next = led(rowsOf(holder), event.target as HTMLElement, event.key);
    if (!next) return;
    event.preventDefault();
    take(next);
    next.focus();
  });
}
