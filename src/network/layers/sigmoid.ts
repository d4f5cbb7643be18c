import { activation } from './activation.ts';

/** y = 1 / (1 + exp(-x)) */
export const sigmoid = activation('sigmoid', 'output');
