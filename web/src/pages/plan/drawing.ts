/** The outline that is being drawn on the map: longitude and latitude of its corners. */

import { signal } from "@preact/signals";

export const drawing = signal(false);
export const area = signal<[number, number][]>([]);
