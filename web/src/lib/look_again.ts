/** What others, or the same person in another window, may have changed: looked at again when this window is returned to, and now and then while it is seen. */

import { useEffect, useRef } from "preact/hooks";
import { ended } from "./session";

const EVERY_MS = 20_000;

export function useLookAgain(look: () => Promise<unknown>, every = EVERY_MS): void {
  const now = useRef(look);
  now.current = look;
  useEffect(() => {
    let asking = false;
    const again = () => {
      if (document.hidden || ended.value || asking) return;
      asking = true;
      // A server that is out of reach is told by what the reader does, not by this.
      now.current().catch(() => undefined).finally(() => { asking = false; });
    };
    const timer = setInterval(again, every);
    addEventListener("focus", again);
    document.addEventListener("visibilitychange", again);
    return () => { clearInterval(timer); removeEventListener("focus", again); document.removeEventListener("visibilitychange", again); };
  }, [every]);
}
