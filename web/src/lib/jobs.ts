/** Long work on studies: submitted, followed, cancelled. */

import { api, Refusal, type Said } from "./api";
import { said, t } from "./texts";

export interface Progress { stage?: string; said?: Said; of?: string; share?: number; done?: number; steps?: number; left_s?: number | null }
export interface Job {
  id: string; kind: string; study: string; user: string; options: Record<string, unknown>; request: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  submitted: string; started: string | null; ended: string | null; attempts: number; ahead: number; cancel: boolean;
  progress: Progress; result: Record<string, unknown>; error: { error?: string; said?: Said; tries?: number };
}

const address = (study: string) => `/api/studies/${encodeURIComponent(study)}/jobs`;

export const isOpen = (job: Job): boolean => job.state === "queued" || job.state === "running";

/** A name for a request that no other has; also where the page came without https, where randomUUID is missing. */
export const newRequest = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const submit = (study: string, kind: string, options: Record<string, unknown>, request = newRequest()): Promise<Job> => api.post<Job>(address(study), { kind, options, request });
export const cancel = (job: Job): Promise<Job> => api.remove<Job>(`${address(job.study)}/${encodeURIComponent(job.id)}`);
export const allJobs = (options?: RequestInit): Promise<Job[]> => api.get<Job[]>("/api/jobs", options);

/** A time in words: seconds, minutes or hours, rounded as one would say it. */
export function duration(seconds: number): string {
  if (seconds < 60) return t("jobs.seconds", { count: Math.max(1, Math.round(seconds)) });
  if (seconds < 3600) return t("jobs.minutes", { count: Math.round(seconds / 60) });
  return t("jobs.hours", { count: Math.round(seconds / 360) / 10 });
}

/** The stage that a job is in, and what it is of: an alternative by its title. */
export function stageName(job: Job, alternatives: Record<string, Said>): string {
  const { stage = "", of = "" } = job.progress;
  const titled = (id: string) => said(alternatives[id]) || id;
  const name = said(job.progress.said);
  return name ? [name, titled(of)].filter(Boolean).join(" · ") : titled(stage);
}

export const ended = (job: Job): boolean => !isOpen(job);

const LOOK_MS = 700, PATIENT = 30;

/** Whether to look again after so many failures one after the other: a server that is busy or starts anew answers later. */
export const passes = (fault: unknown, failed: number): boolean => fault instanceof Refusal && (fault.status === 0 || fault.status >= 500) && failed < PATIENT;

/** Look at a job until it ends; `tell` is given every state. */
export async function follow(first: Job, tell: (job: Job) => void, signal: AbortSignal, pause = LOOK_MS): Promise<Job> {
  let job = first, failed = 0;
  for (tell(job); !ended(job) && !signal.aborted; tell(job)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      job = await api.get<Job>(`${address(job.study)}/${encodeURIComponent(job.id)}`, { signal });
      failed = 0;
    } catch (fault) {
      if (!passes(fault, failed)) throw fault;
      failed += 1;
    }
  }
  return job;
}

/** The study's job of a kind that waits or runs, if any. */
export async function underWay(study: string, kind: string): Promise<Job | undefined> {
  return (await api.get<Job[]>(address(study))).find((job) => job.kind === kind && !ended(job));
}
