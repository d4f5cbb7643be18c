import { constants } from 'node:os';
import { note } from './output.ts';

/**
 * The first Ctrl-C or SIGTERM asks the work to stop where nothing is lost, the second ends the process at once.
 * @param what is said then, as `Stopping after this step.`
 */
export function stopOnSignals(what: string, beforeNote: () => void) {
  const stopping = new AbortController();
  let received: 'SIGINT' | 'SIGTERM' | undefined;
  const exitStatus = () => 128 + constants.signals[received ?? 'SIGINT'];
  const onSignal = (signal: 'SIGINT' | 'SIGTERM') => {
    if (received) process.exit(exitStatus());
    received = signal;
    stopping.abort();
    beforeNote();
    note(`${what} Ctrl-C again stops at once.`);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: stopping.signal,
    exitStatus,
    close: () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}

/** A path as a shell reads it. */
export function shellQuoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
