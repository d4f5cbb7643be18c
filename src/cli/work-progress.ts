import { SingleBar } from 'cli-progress';
import { formatDuration } from './numbers.ts';
import { note } from './output.ts';

/** Shows how far long work is, step by step: a bar with the time left on a terminal, else a line at each quarter. */
export interface WorkProgress {
  /** @param total null where it is not known */
  show(step: string, done: number, total: number | null): void;
  /** Before anything else is printed. */
  end(): void;
}

const QUARTERS = 4;

export function workProgress(quiet: boolean): WorkProgress {
  if (quiet) return { show: () => {}, end: () => {} };
  return process.stderr.isTTY ? bars() : lines();
}

function bars(): WorkProgress {
  let bar: SingleBar | undefined;
  let current: string | undefined;
  let started = { at: 0, done: 0 };
  const end = () => {
    bar?.stop();
    bar = undefined;
    current = undefined;
  };
  return {
    show(step, done, total) {
      if (step !== current) {
        end();
        current = step;
        started = { at: performance.now(), done };
        bar = new SingleBar({
          format: total === null ? `${step} {value}` : `${step} {bar} {percentage} % | {left}`,
          clearOnComplete: true,
          hideCursor: true,
        });
        bar.start(total ?? done, done, { left: '' });
      }
      bar?.update(done, { left: timeLeft(started, done, total) });
      if (done === total) end();
    },
    end,
  };
}

function timeLeft(
  { at, done: before }: { at: number; done: number },
  done: number,
  total: number | null,
): string {
  const seconds = (performance.now() - at) / 1000;
  // Of less than a second nothing can be told.
  if (total === null || done <= before || seconds < 1) return '';
  return `${formatDuration((seconds * (total - done)) / (done - before))} left`;
}

function lines(): WorkProgress {
  let current: string | undefined;
  let quarter = 0;
  return {
    show(step, done, total) {
      if (step !== current) {
        current = step;
        quarter = 0;
      }
      const reached = total ? Math.floor((QUARTERS * done) / total) : 0;
      if (reached === quarter) return;
      quarter = reached;
      note(`${step}: ${(100 * reached) / QUARTERS} %`);
    },
    end: () => {},
  };
}
