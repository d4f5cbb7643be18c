import { Argument, type Command } from 'commander';
import { quietOption } from '../options.ts';
import { note } from '../output.ts';

interface FetchOptions {
  out: string;
  quiet?: boolean;
}

/** `giemsa dataset fetch`: a published data set, downloaded and checked. */
export function registerFetch(dataset: Command): void {
  dataset
    .command('fetch')
    .description('download a published data set and check it')
    .addArgument(new Argument('<name>', 'nih: the 27,558 cells of NLM, 340 MB').choices(['nih']))
    .requiredOption('--out <dir>', 'folder in which cell_images is made')
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
An interrupted download goes on where it stopped when the command is run again. cell_images is made at the end, when every
cell has been checked, or not at all.

Examples:
  $ giemsa dataset fetch nih --out .
  $ giemsa dataset audit cell_images`,
    )
    .action(fetchNamed);
}

async function fetchNamed(_name: string, { out, quiet = false }: FetchOptions): Promise<void> {
  const { fetchDataset } = await import('../../dataset/fetch/fetch-dataset.ts');
  const { NIH } = await import('../../dataset/fetch/nih.ts');
  const { stopOnSignals } = await import('../signals.ts');
  const { workProgress } = await import('../work-progress.ts');
  const progress = workProgress(quiet);
  const stop = stopOnSignals('Stopping; what was downloaded is kept.', progress.end);
  try {
    const { folder, cells, already } = await fetchDataset(NIH, out, {
      signal: stop.signal,
      onProgress: (step, done, total) => progress.show(step, done, total),
      onNote(text) {
        progress.end();
        note(text);
      },
    });
    progress.end();
    if (quiet) return;
    note(
      `${cells} cells ${already ? 'are in' : 'in'} ${folder}${already ? ' already' : ''}, each as published.`,
    );
    note(`${NIH.terms} Cite: ${NIH.citation}`);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.exitCode = stop.exitStatus();
  } finally {
    progress.end();
    stop.close();
  }
}
