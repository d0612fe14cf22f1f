/** Addresses of what belongs to the run that is open. */

import { run, study } from "./session";

export function ofStudy(path: string): string | null {
  return study.value ? `/api/studies/${encodeURIComponent(study.value.id)}${path}` : null;
}

export function ofRun(path: string, number = run.value): string | null {
  return study.value && number ? `/api/studies/${encodeURIComponent(study.value.id)}/runs/${encodeURIComponent(number)}${path}` : null;
}
