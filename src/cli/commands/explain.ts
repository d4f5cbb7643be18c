import type { Command } from 'commander';
import { counted } from '../../figures/numbers.ts';
import type { Explanation } from '../../model/explanation/explain.ts';
import { EXIT } from '../exit.ts';
import { noteUnused, type Tally } from '../image-tally.ts';
import { formatOption, quietOption, threadsOption } from '../options.ts';
import { type Format, note, printable, rowWriter } from '../output.ts';

interface ExplainOptions {
  model?: string;
  out?: string;
  format: Format;
  threads: number;
  quiet?: boolean;
}

const columns = ['file', 'label', 'probability', 'threshold', 'reason', 'error'];

/** `giemsa explain`: where in an image the evidence for parasitized is. */
export function register(program: Command): void {
  program
    .command('explain')
    .description('where in an image the evidence for parasitized is')
    .argument('<image...>', 'images, folders (read recursively) or zip archives')
    .option('--model <file>', "model file (without: the package's own)")
    .option('--out <folder>', 'write a heat map for each image there, NAME-heat-map.png')
    .addOption(formatOption())
    .addOption(threadsOption())
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
Parts of the cell are painted over with the cell's own colour, some 250 times an image; the evidence of a place is by how
much that lowers the log-odds of parasitized. x and y are the place of most evidence, in pixels from the upper left corner;
json and jsonl list up to five, the strongest first, as "peaks". A heat map shows what the network went by: it is no proof
of a parasite. Research use only.

Examples:
  $ giemsa explain cell.png --out maps
  $ giemsa explain cells/ --model run/model.onnx --format jsonl`,
    )
    .action(run);
}

async function run(paths: string[], options: ExplainOptions): Promise<void> {
  const { readInputs } = await import('../../dataset/inputs.ts');
  const { decodeAhead } = await import('../../dataset/decode-ahead.ts');
  const { loadClassifier } = await import('../../load-classifier.ts');
  const { explain } = await import('../../model/explanation/explain.ts');
  const { imageProgress } = await import('../image-progress.ts');

  const classifier = await loadClassifier(options.model, { threads: options.threads });
  const tally: Tally = { read: 0, unreadable: 0, ignored: 0 };
  async function* images() {
    for await (const input of readInputs(paths)) {
      if ('ignored' in input) tally.ignored++;
      else yield input;
    }
  }

  const lists = options.format === 'json' || options.format === 'jsonl';
  const writer = rowWriter([...columns, ...(lists ? ['peaks'] : ['x', 'y', 'evidence'])], options.format);
  const write = options.out === undefined ? undefined : await mapWriter(options.out);
  const progress = await imageProgress(paths, {
    verb: 'explaining',
    format: options.format,
    quiet: options.quiet ?? false,
  });
  try {
    for await (const { input, image } of decodeAhead(images(), options.threads)) {
      const explanation = await explain(classifier, image);
      await write?.(input.file, explanation);
      const { prediction, heatMap } = explanation;
      const peaks = heatMap?.peaks ?? null;
      await writer.write({ file: input.file, ...prediction, ...(lists ? { peaks } : peaks?.[0]) });
      tally[prediction.error === null ? 'read' : 'unreadable']++;
      progress.step();
    }
  } finally {
    progress.end();
    await classifier.close();
  }
  await writer.end();
  if (tally.unreadable > 0) process.exitCode = EXIT.someUnreadable;
  else if (tally.read === 0) {
    process.exitCode = EXIT.failed;
    note('No images found.');
  }
  if (options.quiet) return;
  noteUnused(tally);
  if (write && tally.read > 0)
    note(`${counted(tally.read, 'heat map')} in ${options.out}. Research use only.`);
}

/** Writes the heat map of an image into a folder; images of one name get numbers. */
async function mapWriter(folder: string): Promise<(file: string, explanation: Explanation) => Promise<void>> {
  const { basename, join } = await import('node:path');
  const { heatMapFigure } = await import('../../figures/heat-map.ts');
  const { svgToPng } = await import('../../report/png.ts');
  const { writeFileWhole } = await import('../../dataset/write-file.ts');
  const { mapNames } = await import('../map-names.ts');
  const nameOf = mapNames();
  return async (file, { prediction, image, heatMap }) => {
    const { label, probability, threshold } = prediction;
    if (image === null || label === null || probability === null) return;
    const { evidence, peaks } = heatMap;
    const figure = heatMapFigure({
      file: shownName(basename(file)),
      image,
      label,
      probability,
      threshold,
      evidence,
      peaks,
    });
    await writeFileWhole(join(folder, nameOf(file)), await svgToPng(figure.svg));
  };
}

/** A file's name as a drawing can hold it: on one line, with no characters that XML forbids. */
function shownName(name: string): string {
  const characters = Array.from(printable(name).replace(/[\p{Cn}\p{Cs}]/gu, '\ufffd'));
  if (characters.length <= 60) return characters.join('');
  return `${characters.slice(0, 40).join('')}...${characters.slice(-15).join('')}`;
}
