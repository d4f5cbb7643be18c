import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { GiemsaError } from '../../cells/errors.ts';
import type { CellImage } from '../../cells/image.ts';
import { EXIT } from '../exit.ts';
import { formatOption, quietOption, threadsOption } from '../options.ts';
import { type Format, note, rowWriter } from '../output.ts';

interface ClassifyOptions {
  model?: string;
  format: Format;
  threshold?: number;
  threads: number;
  fast?: boolean;
  quiet?: boolean;
}

const columns = ['file', 'label', 'probability', 'threshold', 'reason', 'error'];

/** `giemsa classify`: label and probability, per image. */
export function register(program: Command): void {
  program
    .command('classify')
    .description('label and probability of parasitized, per image')
    .argument('<path...>', 'images, folders (read recursively) or zip archives')
    .option('--model <file>', "model file (without: the package's own)")
    .option('--threshold <t>', "parasitized means probability >= this (without: the model's own)", parseShare)
    .addOption(formatOption())
    .addOption(threadsOption())
    .option('--fast', 'relaxed SIMD: faster, but the last digits depend on the processor')
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
Examples:
  $ giemsa classify cell.png
  $ giemsa classify cells/ more.zip --format csv > predictions.csv
  $ giemsa classify cells/ --model run/model.onnx --threshold 0.3 --format jsonl`,
    )
    .action(classify);
}

async function classify(paths: string[], options: ClassifyOptions): Promise<void> {
  const { readInputs } = await import('../../dataset/inputs.ts');
  const { decodeAhead } = await import('../../dataset/decode-ahead.ts');
  const { ignoredReason } = await import('../../dataset/image-names.ts');
  const { loadClassifier } = await import('../../load-classifier.ts');

  let ignored = 0;
  async function* images() {
    for await (const input of readInputs(paths)) {
      if ('ignored' in input) ignored++;
      else yield input;
    }
  }

  // A few images named one by one are done before threads would have started.
  const few = paths.length <= 8 && paths.every((path) => ignoredReason(basename(path)) === undefined);
  const classifier = await loadClassifier(options.model, {
    threads: few ? 1 : options.threads,
    fast: options.fast ?? false,
  });
  const writer = rowWriter(columns, options.format);
  const files: string[] = [];
  async function* decoded(): AsyncGenerator<CellImage | GiemsaError> {
    for await (const { input, image } of decodeAhead(images(), options.threads)) {
      files.push(input.file);
      yield image;
    }
  }

  let unreadable = 0;
  let read = 0;
  try {
    const { threshold } = options;
    for await (const prediction of classifier.classifyEach(
      decoded(),
      threshold === undefined ? {} : { threshold },
    )) {
      const { label, probability, threshold, reason, error } = prediction;
      await writer.write({ file: files.shift() ?? '', label, probability, threshold, reason, error });
      if (error === null) read++;
      else unreadable++;
    }
  } finally {
    await classifier.close();
  }
  await writer.end();
  if (ignored > 0 && !options.quiet) note(`${ignored} files that are no images were ignored.`);
  if (unreadable > 0) {
    process.exitCode = EXIT.someUnreadable;
    if (!options.quiet) note(`${unreadable} of ${read + unreadable} images could not be read.`);
  }
}

function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Expected a number from 0 to 1.');
}
