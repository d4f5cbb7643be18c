import type { Command } from 'commander';
import { formatOption, quietOption, seedOption } from '../options.ts';
import { type Format, formatJson, note, writeData, writeRows } from '../output.ts';

interface CompareCommandOptions {
  part?: string;
  positive?: string;
  review?: string;
  seed: number;
  format: Exclude<Format, 'jsonl'>;
  quiet?: boolean;
}

/** `giemsa compare`: runs or prediction files side by side, with paired differences. */
export function register(program: Command): void {
  program
    .command('compare')
    .description('runs or prediction files side by side, with differences from the first')
    .argument('<run...>', 'folders of runs, or CSV files name,label,patient,part,probability')
    .option('--part <part>', 'part to compare (default: that of each run, test)')
    .option('--positive <name>', 'which label of prediction files is parasitized')
    .option(
      '--review <file>',
      'CSV name,label,review: figures and differences under the label sets relabelled and dropped, too',
    )
    .addOption(seedOption())
    .addOption(formatOption(['table', 'json', 'csv']))
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
Cells are matched by name; differences are of the cells that both have, with 95 % intervals by bootstrap over patients.
Where two parts have little in common (splits that differ), each is judged on its own cells.

Examples:
  $ giemsa compare runs/seed runs/default
  $ giemsa compare runs/random-split runs/patient-disjoint      what the leak is worth
  $ giemsa compare ours.csv theirs.csv --review cells.csv --format json`,
    )
    .action(run);
}

async function run(paths: string[], options: CompareCommandOptions): Promise<void> {
  if (paths.length < 2) {
    const { GiemsaError } = await import('../../cells/errors.ts');
    throw new GiemsaError('wrong-usage', 'compare needs two runs or prediction files, or more');
  }
  const { compareRuns } = await import('../compare-runs.ts');
  const comparison = await compareRuns(paths, options);
  if (options.format !== 'table' && !options.quiet) {
    for (const { b, cautions } of comparison.pairs) for (const text of cautions) note(`${b}: ${text}`);
  }
  if (options.format === 'json') return writeData(formatJson(comparison));
  const { COMPARISON_COLUMNS, comparisonRows, comparisonText } = await import('../comparison-text.ts');
  if (options.format === 'table') return writeData(comparisonText(comparison));
  return writeRows(comparisonRows(comparison), COMPARISON_COLUMNS, 'csv');
}
