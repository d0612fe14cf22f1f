/** Actions that do not begin again while they are under way, as by a double click. */

import { useRef } from "preact/hooks";

export function useOnce(): (act: () => Promise<unknown>) => void {
  const open = useRef(false);
  return (act) => {
    if (open.current) return;
    open.current = true;
    void act().finally(() => { open.current = false; });
  };
}
