import { SingleBar } from 'cli-progress';
import type { Format } from './output.ts';

const NONE = { step: () => {}, end: () => {} };

/** A bar with the time left, on a terminal; rows that come one by one on the same terminal would tear it apart. */
export async function explainProgress(
  paths: readonly string[],
  { quiet, format }: { readonly quiet?: boolean; readonly format: Format },
): Promise<{ step(): void; end(): void }> {
  const waits = format === 'table' || format === 'json';
  if (quiet || !process.stderr.isTTY || (process.stdout.isTTY && !waits)) return NONE;
  const { readInputs } = await import('../dataset/inputs.ts');
  let total = 0;
  for await (const input of readInputs(paths)) if (!('ignored' in input)) total++;
  const bar = new SingleBar({
    format: 'explaining images {bar} {value}/{total} | {eta_formatted} left',
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(total, 0);
  return { step: () => bar.increment(), end: () => bar.stop() };
}
