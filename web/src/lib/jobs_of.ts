/** A job of a study, followed until it ends. */

import { api, type Said } from "./api";

export interface Job {
  id: string; kind: string; state: "queued" | "running" | "done" | "failed" | "cancelled";
  progress: { stage?: string; said?: Said; share?: number; left_s?: number | null };
  result: Record<string, unknown>; error: { said?: Said };
}

export const ended = (job: Job): boolean => ["done", "failed", "cancelled"].includes(job.state);

/** Submit a job; the same request twice is one job. */
export function submit(study: string, kind: string, options: Record<string, unknown> = {}): Promise<Job> {
  return api.post<Job>(`/api/studies/${study}/jobs`, { kind, options, request: crypto.randomUUID() });
}

/** Look at a job until it ends; `tell` is given every state. */
export async function follow(study: string, first: Job, tell: (job: Job) => void, signal: AbortSignal): Promise<Job> {
  let job = first;
  for (tell(job); !ended(job) && !signal.aborted; tell(job)) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    job = await api.get<Job>(`/api/studies/${study}/jobs/${job.id}`, { signal });
  }
  return job;
}

/** The study's job of a kind that waits or runs, if any. */
export async function underWay(study: string, kind: string): Promise<Job | undefined> {
  return (await api.get<Job[]>(`/api/studies/${study}/jobs`)).find((job) => job.kind === kind && !ended(job));
}
