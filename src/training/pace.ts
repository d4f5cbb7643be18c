/** How fast training goes and how long it will take, from the times of the batches so far. */
export interface Pace {
  trained(cells: number, seconds: number): void;
  validated(seconds: number): void;
  /** Of late, while training. */
  cellsPerSecond(): number;
  /** Until the results are there, after `step` steps of `epoch` (from 1); early stopping can only make it less. */
  secondsLeft(epoch: number, step: number): number;
}

export interface PacePlan {
  readonly epochs: number;
  readonly steps: number;
  readonly valBatches: number;
  /** After the last epoch, each as long as one of validation. */
  readonly resultBatches: number;
}

/** Weight of the newest batch in the running means. */
const NEWEST = 0.1;
/** A batch costs about a third as much without its gradient; used until one has been validated. */
export const FORWARD_SHARE = 1 / 3;

export function createPace({ epochs, steps, valBatches, resultBatches }: PacePlan): Pace {
  // The first step also compiles and fills caches, so the second one replaces it.
  let stepCount = 0;
  let stepSeconds = 0;
  let cellSeconds = 0;
  let valSeconds: number | undefined;
  const mean = (old: number, value: number) => old + NEWEST * (value - old);
  return {
    trained(cells, seconds) {
      stepCount++;
      stepSeconds = stepCount <= 2 ? seconds : mean(stepSeconds, seconds);
      cellSeconds = stepCount <= 2 ? seconds / cells : mean(cellSeconds, seconds / cells);
    },
    validated(seconds) {
      valSeconds = valSeconds === undefined ? seconds : mean(valSeconds, seconds);
    },
    cellsPerSecond: () => (cellSeconds > 0 ? 1 / cellSeconds : 0),
    secondsLeft(epoch, step) {
      const stepsLeft = (epochs - epoch) * steps + (steps - step);
      const forwardLeft = (epochs - epoch + 1) * valBatches + resultBatches;
      return stepsLeft * stepSeconds + forwardLeft * (valSeconds ?? FORWARD_SHARE * stepSeconds);
    },
  };
}
