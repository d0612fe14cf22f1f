/** Answers that come out of order: of several that are waited for, only the one that was asked for last counts. */

import { useEffect, useRef } from "preact/hooks";

/** Begin a question: what it returns tells whether none has begun since. */
export type Begin = () => () => boolean;

export function turns(): Begin {
  let last = 0;
  return () => {
    const mine = (last += 1);
    return () => mine === last;
  };
}

/** Questions of a component: once it is gone, none of their answers counts. */
export function useNewest(): Begin {
  const begin = useRef<Begin>(turns()).current;
  useEffect(() => () => void begin(), []);
  return begin;
}
