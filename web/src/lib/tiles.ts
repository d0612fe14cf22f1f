/** How maps ask the server for their tiles: as all pages do, so that they wait for the next login where the session has ended. */

import * as maplibre from "maplibre-gl";
import { FetchSource, PMTiles, Protocol, type RangeResponse } from "pmtiles";
import { gate, nextLogin, reach } from "./api";

/** Begins the addresses of pictures, in place of the page's own protocol. */
const PICTURES = "picture:";
const SHAPES = "pmtiles://";

export const pictureUrl = (address: string): string => address.replace(/^https?:/, PICTURES);
export const shapesUrl = (path: string): string => SHAPES + new URL(path, location.href).href;

/** Ranges of a file of shapes. */
class Ranges extends FetchSource {
  override async getBytes(offset: number, length: number, signal?: AbortSignal, etag?: string): Promise<RangeResponse> {
    const since = gate.logins;
    try {
      return await super.getBytes(offset, length, signal, etag);
    } catch (fault) {
      if (gate.ended === null || !/\b401\b/.test(String(fault))) throw fault;
      await nextLogin(since);
      signal?.throwIfAborted();
      return this.getBytes(offset, length, signal, etag);
    }
  }
}

let prepared = false;
/** Tell the maps how, once. */
export function serveTiles(): void {
  if (prepared) return;
  prepared = true;
  const files = new Protocol();
  maplibre.addProtocol("pmtiles", (asked, given) => {
    const url = asked.url.slice(SHAPES.length).replace(/\/\d+\/\d+\/\d+$/, "");
    if (!files.get(url)) files.add(new PMTiles(new Ranges(url)));
    return files.tile(asked, given);
  });
  maplibre.addProtocol("picture", async ({ url }, given) => {
    const answer = await reach(url.replace(PICTURES, location.protocol), { signal: given.signal });
    if (!answer.ok) throw new maplibre.AJAXError(answer.status, answer.statusText, url, await answer.blob());
    return { data: await answer.arrayBuffer(), cacheControl: answer.headers.get("cache-control"), expires: answer.headers.get("expires") };
  });
}
