import type { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { quietOption } from '../options.ts';
import { note } from '../output.ts';

interface CommandOptions {
  data?: string;
  quiet?: boolean;
}

/** `giemsa report`: what a run has found, as one HTML file and as figures. */
export function register(program: Command): void {
  program
    .command('report')
    .description(
      'write report.html, a model card and figures/ (SVG and PNG) into the folder of a finished run',
    )
    .argument('<run>', 'folder of a run, or of a cross-validation')
    .option('--data <path>', 'its cells (folder or zip archive), to show a batch and the worst mistakes')
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
report.html is one file: it needs no network and no script, and prints on A4 and Letter. Cells that are shown in it are
of patients: mind who may see them. model-card.md and model-card.json say what the model is for and not for, the data, the
protocol, the figures with intervals, the spread between patients, limits and cost.

Examples:
  $ giemsa report run
  $ giemsa report run --data cell_images`,
    )
    .action(report);
}

async function report(run: string, { data, quiet = false }: CommandOptions): Promise<void> {
  const { writeRunReport } = await import('../report-run.ts');
  const onUnreadable = (path: string, reason: string) => {
    note(`${path}: ${reason}`);
    process.exitCode = EXIT.someUnreadable;
  };
  const written = await writeRunReport(
    run,
    data === undefined ? {} : { data: { path: data, onUnreadable, onNote: note } },
  );
  if (!quiet)
    note(
      `Wrote ${written.report}, model-card.md and model-card.json, and ${written.figures.length} files in figures/ beside it.`,
    );
}
