/** What a page shows of the server: fetched anew when its address changes, given up when the page is left. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { api } from "./api";
import { tellError } from "./messages";

export interface Fetched<T> { value: T | null; busy: boolean; failed: boolean; reload: () => void; set: (value: T) => void }

export function useFetched<T>(path: string | null): Fetched<T> {
  const [state, setState] = useState<{ path: string | null; value: T | null; busy: boolean; failed: boolean }>({ path: null, value: null, busy: path !== null, failed: false });
  const [turn, setTurn] = useState(0);
  const asked = useRef<AbortController | null>(null);
  useEffect(() => {
    if (path === null) return;
    const given = (asked.current = new AbortController());
    setState((before) => ({ path, value: before.path === path ? before.value : null, busy: true, failed: false }));
    api.get<T>(path, { signal: given.signal }).then(
      (value) => { if (!given.signal.aborted) setState({ path, value, busy: false, failed: false }); },
      (fault) => {
        if (given.signal.aborted) return;
        tellError(fault);
        setState({ path, value: null, busy: false, failed: true });
      },
    );
    return () => given.abort();
  }, [path, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  // What is set is newer than what was asked for before it.
  const set = useCallback((value: T) => { asked.current?.abort(); setState({ path, value, busy: false, failed: false }); }, [path]);
  const mine = state.path === path;
  return { value: mine ? state.value : null, busy: mine ? state.busy : path !== null, failed: mine && state.failed, reload, set };
}
