import { GiemsaError } from '../cells/errors.ts';

/** @param what is no longer a number, and where */
export function diverged(what: string): GiemsaError {
  return new GiemsaError(
    'training-diverged',
    `${what}. Lower the recipe's learning rate or clip its gradient.`,
  );
}
