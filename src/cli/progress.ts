import { SingleBar } from 'cli-progress';
import type { FoldEvent } from '../training/cross-validation.ts';
import type { ResultKind, StepEvent, TrainingEvent } from '../training/events.ts';
import { formatDuration, formatShare } from './numbers.ts';
import { note } from './output.ts';

/** Shows how a training goes on: a bar on a terminal, else plain lines. */
export interface TrainingProgress {
  readonly onEvent: (event: TrainingEvent) => void;
  /** Before anything else is printed. */
  end(): void;
}

/** Plain lines: at each tenth of an epoch of at least this many steps, else at its end only. */
const LONG_EPOCH = 100;
/** The ROC AUC so far has to sort all scores, so it is brought up to date this often. */
const AUC_MILLISECONDS = 2000;

export function trainingProgress(quiet: boolean): TrainingProgress {
  if (quiet) return { onEvent: (event) => event.type === 'note' && note(event.message), end: () => {} };
  const lines = process.stderr.isTTY ? terminalLines() : plainLines();
  let epochs = 0;
  return {
    onEvent(event) {
      if (event.type === 'reading') return lines.reading(event.done, event.total);
      if (event.type === 'results') return lines.results(event.of, event.done, event.total);
      if (event.type === 'step') {
        epochs = event.epochs;
        return lines.step(event);
      }
      lines.end();
      if (event.type === 'note') note(event.message);
      if (event.type === 'estimate') {
        note(
          `About ${formatDuration(event.seconds)} left for ${event.epochs} epochs of ${event.steps} steps and the results, if it does not stop early.`,
        );
      }
      if (event.type === 'epoch') note(epochLine(event, epochs));
    },
    end: lines.end,
  };
}

/** A training for each fold, each announced. */
export function crossValidationProgress(quiet: boolean) {
  const training = trainingProgress(quiet);
  const leftOut = new Set<string>();
  return {
    end: training.end,
    onEvent(event: TrainingEvent | FoldEvent) {
      if (event.type === 'fold') {
        training.end();
        if (!quiet) note(foldLine(event));
        return;
      }
      // Every fold reads all images, and says the same of those that cannot be read.
      if (event.type === 'note' && leftOut.has(event.message)) return;
      if (event.type === 'note') leftOut.add(event.message);
      training.onEvent(event);
    },
  };
}

function foldLine({ fold, number, of, finished, cells, secondsLeft }: FoldEvent): string {
  const head = `Fold ${fold} (${number} of ${of})`;
  if (finished) return `${head} is finished already.`;
  const left =
    secondsLeft === undefined ? '' : ` About ${formatDuration(secondsLeft)} left for this and the others.`;
  return `${head}: ${cells.train} cells to train on, ${cells.val} to validate, ${cells.test} to predict.${left}`;
}

interface Lines {
  reading(done: number, total: number): void;
  results(of: ResultKind, done: number, total: number): void;
  step(event: StepEvent): void;
  end(): void;
}

function terminalLines(): Lines {
  let bar: SingleBar | undefined;
  let rocAuc: number | null = null;
  let sorted = Number.NEGATIVE_INFINITY;
  const show = (format: string, total: number, value: number, fields: object) => {
    if (!bar) {
      bar = new SingleBar({ format, clearOnComplete: true, hideCursor: true });
      bar.start(total, value, fields);
    } else bar.update(value, fields);
  };
  const end = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    reading(done, total) {
      show('reading images {bar} {value}/{total}', total, done, {});
      if (done === total) end();
    },
    results(of, done, total) {
      if (done === 0) end();
      show(`${of} {bar} {value}/{total}`, total, done, {});
      if (done === total) end();
    },
    step(event) {
      const { epoch, epochs, step, steps } = event;
      if (performance.now() - sorted > AUC_MILLISECONDS) {
        rocAuc = event.rocAuc();
        sorted = performance.now();
      }
      show('epoch {epoch}/{epochs} {bar} {value}/{total} | {figures}', steps, step, {
        epoch,
        epochs,
        figures: figures(event, rocAuc),
      });
    },
    end,
  };
}

function plainLines(): Lines {
  return {
    reading(done, total) {
      if (done === total) note(`Read ${total} images.`);
    },
    results(of, done, total) {
      if (done === 0) note(`Results: ${of} of ${total} cells.`);
    },
    step(event) {
      const { epoch, epochs, step, steps } = event;
      const tenth = (of: number) => Math.floor((10 * of) / steps);
      if (steps < LONG_EPOCH || tenth(step) === tenth(step - 1)) return;
      note(`Epoch ${epoch}/${epochs}, step ${step}/${steps}: ${figures(event, event.rocAuc())}`);
    },
    end: () => {},
  };
}

function figures({ loss, cellsPerSecond, secondsLeft }: StepEvent, rocAuc: number | null): string {
  return `loss ${loss.toFixed(4)}, AUC ${formatShare(rocAuc)}, ${Math.round(cellsPerSecond)} cells/s, ${formatDuration(secondsLeft)} left`;
}

function epochLine({ row, kept }: Extract<TrainingEvent, { type: 'epoch' }>, epochs: number): string {
  const { epoch, train, val, seconds } = row;
  const validation = val
    ? `; validation loss ${val.loss.toFixed(4)}, AUC ${formatShare(val.rocAuc)}, sensitivity ${formatShare(val.sensitivity)}, specificity ${formatShare(val.specificity)}`
    : '';
  return `Epoch ${epoch}/${epochs}: loss ${train.loss.toFixed(4)}, AUC ${formatShare(train.rocAuc)}${validation}; ${formatDuration(seconds)}${kept ? ', kept' : ''}`;
}
