import { formatDuration } from './numbers.ts';
import { type Format, note, TABLE_ROWS } from './output.ts';

/** Shows how far a command is with its images. */
export interface ImageProgress {
  step(): void;
  /** Before anything else is printed. */
  end(): void;
}

export interface ImageProgressOptions {
  /** What is done with them, as `classifying`. */
  readonly verb: string;
  readonly format: Format;
  readonly quiet: boolean;
}

/** Without a terminal: a line each time as many are done. */
const LINE_EVERY = 5000;
/** The first images wait for the start: before as many, their rate tells nothing of the time left. */
const SETTLED = 128;

/**
 * A bar with the time left on a terminal, plain lines elsewhere. Rows that come one by one on the same terminal would tear a
 * bar apart, and show how far it is themselves.
 *
 * @param paths undefined where they come in a list, so that their number is not known
 */
export async function imageProgress(
  paths: readonly string[] | undefined,
  { verb, format, quiet }: ImageProgressOptions,
): Promise<ImageProgress> {
  if (quiet) return NONE;
  if (!process.stderr.isTTY) return plainLines(verb);
  if (process.stdout.isTTY && format !== 'table') return NONE;
  const total = paths && (await countImages(paths));
  if (process.stdout.isTTY && (total === undefined || total >= TABLE_ROWS)) return NONE;
  return bar(verb, total);
}

const NONE: ImageProgress = { step: () => {}, end: () => {} };

async function bar(verb: string, total: number | undefined): Promise<ImageProgress> {
  // Loaded only where there is a bar: a command for one image should start at once.
  const { SingleBar } = await import('cli-progress');
  const rate = rateSinceNow();
  const format =
    total === undefined
      ? `${verb} images: {value} | {rate}/s`
      : `${verb} images {bar} {value}/{total} | {rate}/s | {left} left`;
  const shown = new SingleBar({ format, clearOnComplete: true, hideCursor: true });
  let done = 0;
  shown.start(total ?? 0, 0, { rate: '-', left: '-' });
  return {
    step() {
      done++;
      const perSecond = rate(done);
      const left = total === undefined || done < SETTLED ? '-' : formatDuration((total - done) / perSecond);
      shown.update(done, { rate: perSecond.toFixed(perSecond < 10 ? 1 : 0), left });
    },
    end: () => shown.stop(),
  };
}

function plainLines(verb: string): ImageProgress {
  const rate = rateSinceNow();
  let done = 0;
  return {
    step() {
      done++;
      if (done % LINE_EVERY === 0) note(`${verb} images: ${done} done, ${Math.round(rate(done))}/s`);
    },
    end: () => {},
  };
}

function rateSinceNow(): (done: number) => number {
  const start = performance.now();
  return (done) => (1000 * done) / Math.max(1, performance.now() - start);
}

async function countImages(paths: readonly string[]): Promise<number> {
  const { readInputs } = await import('../dataset/inputs.ts');
  let total = 0;
  for await (const input of readInputs(paths)) if (!('ignored' in input)) total++;
  return total;
}
