import { activation } from './activation.ts';

/** y = max(x, 0) */
export const relu = activation('relu', 'output');
