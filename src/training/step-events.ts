import { scoreCurve } from '../evaluation/curve.ts';
import { rocAuc } from '../evaluation/metrics.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { epochOrder, stepsPerEpoch } from './batches.ts';
import type { TrainingEvent } from './events.ts';
import type { Pace } from './pace.ts';
import type { RunParts } from './parts.ts';
import type { LoopState } from './state.ts';

/** Steps whose times are enough for a first estimate; the very first one also compiles. */
const STEPS_TO_ESTIMATE = 8;

/** Turns what the loop knows after each step into events: the estimate once, then every step. */
export function reportSteps(
  recipe: Recipe,
  seed: number,
  { train, targets }: RunParts,
  emit: (event: TrainingEvent) => void,
): (state: LoopState, pace: Pace) => void {
  const { epochs, batch } = recipe.training;
  const steps = stepsPerEpoch(train.length, batch);
  let stepsSeen = 0;
  return (state, pace) => {
    const { epoch, step } = state;
    const cells = Math.min(step * batch, train.length);
    const secondsLeft = pace.secondsLeft(epoch, step);
    stepsSeen++;
    if (stepsSeen === Math.min(STEPS_TO_ESTIMATE, steps)) {
      emit({ type: 'estimate', seconds: secondsLeft, epochs, steps });
    }
    emit({
      type: 'step',
      epoch,
      epochs,
      step,
      steps,
      loss: state.epochLoss / cells,
      rocAuc() {
        const order = epochOrder(train.length, seed, epoch).subarray(0, cells);
        const labels = Uint8Array.from(order, (position) => targets[train[position]]);
        return rocAuc(scoreCurve(state.epochProbabilities.subarray(0, cells), labels));
      },
      cellsPerSecond: pace.cellsPerSecond(),
      secondsLeft,
    });
  };
}
