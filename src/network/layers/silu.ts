import { activation } from './activation.ts';

/** y = x sigmoid(x) (Elfwing et al. 2017, arXiv 1702.03118; Swish). */
export const silu = activation('silu', 'input');
