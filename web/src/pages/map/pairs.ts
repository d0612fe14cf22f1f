/** Values of two maps at one place, line by line: what both tell stands in one line, what one of them tells keeps its own. */

import type { Said } from "../../lib/api";

export interface Named { name: string; title: Said }
export interface Pair<V> { here: V | undefined; there: V | undefined }

const key = (of: Named): string => `${of.name} ${of.title.en ?? ""}`;

/** Pair two lists by name and title (a quantity of several events has a title for each), in the order of the first. */
export function paired<V extends Named>(here: V[], there: V[]): Pair<V>[] {
  const rest = new Map(there.map((each) => [key(each), each]));
  const both = here.map((each) => {
    const match = rest.get(key(each));
    rest.delete(key(each));
    return { here: each, there: match };
  });
  return [...both, ...[...rest.values()].map((each) => ({ here: undefined, there: each }))];
}
