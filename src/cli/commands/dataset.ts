import type { Command } from 'commander';
import { registerAudit } from './dataset-audit.ts';
import { registerFetch } from './dataset-fetch.ts';
import { registerSplit } from './dataset-split.ts';

/** `giemsa dataset`: what is done to a data set before training. */
export function register(program: Command): void {
  const dataset = program
    .command('dataset')
    .description('fetch a data set, look it over, split it into training, validation and test');
  registerFetch(dataset);
  registerAudit(dataset);
  registerSplit(dataset);
}
