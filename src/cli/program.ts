import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { register as registerClassify } from './commands/classify.ts';
import { register as registerCompare } from './commands/compare.ts';
import { register as registerCrossValidate } from './commands/cross-validate.ts';
import { register as registerDataset } from './commands/dataset.ts';
import { register as registerDemo } from './commands/demo.ts';
import { register as registerEvaluate } from './commands/evaluate.ts';
import { register as registerExplain } from './commands/explain.ts';
import { register as registerModel } from './commands/model.ts';
import { register as registerReport } from './commands/report.ts';
import { register as registerTrain } from './commands/train.ts';

/** The whole command line. Command modules are light: each imports what it needs when it runs. */
export function createProgram(): Command {
  const { version, description } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string; description: string };
  const program = new Command('giemsa')
    .description(description)
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'giemsa: ')) })
    .showHelpAfterError('(--help shows the options and examples)')
    .addHelpText(
      'after',
      `
Exit status: 0 done, 1 failed, 2 wrong usage, 3 done but some inputs could not be read.

First steps (in a checkout, write npx giemsa):
  $ giemsa demo                    draws cells, trains a small network on them, classifies with it
  $ giemsa classify cells/*.png    label and probability of parasitized, per image
  $ giemsa train --data cell_images --recipe default --out run`,
    );
  registerDemo(program);
  registerDataset(program);
  registerTrain(program);
  registerCrossValidate(program);
  registerEvaluate(program);
  registerCompare(program);
  registerReport(program);
  registerClassify(program);
  registerExplain(program);
  registerModel(program);
  return program;
}
