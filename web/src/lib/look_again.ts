/** What others, or the same person in another window, may have changed: looked at again when this window is returned to, and now and then while it is seen. */

import { useEffect, useRef } from "preact/hooks";
import { ended } from "./session";

const EVERY_MS = 20_000;

export function useLookAgain(look: () => Promise<unknown>, every = EVERY_MS): void {
  const now = useRef(look);
  now.current = look;
  useEffect(() => {
    let asking = false, missed = false, left = false;
    const again = () => {
      if (left || document.hidden || ended.value || asking) return;
      [asking, missed] = [true, false];
      // A server that is out of reach is told by what the reader does, not by this.
      now.current().catch(() => undefined).finally(() => { asking = false; if (missed) again(); });
    };
    // What is under way may have been answered before the window was returned to: it is looked at once more after it.
    const returned = () => { missed = asking; again(); };
    const timer = setInterval(again, every);
    addEventListener("focus", returned);
    document.addEventListener("visibilitychange", returned);
    return () => { left = true; clearInterval(timer); removeEventListener("focus", returned); document.removeEventListener("visibilitychange", returned); };
  }, [every]);
}
