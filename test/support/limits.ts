/** For child processes: within a test's own limit, so that one that hangs does not outlive it, also where it runs synchronously. */
export const CHILD_LIMITS = { timeout: 590_000, killSignal: 'SIGKILL' } as const;
