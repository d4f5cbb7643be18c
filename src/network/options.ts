import { NetworkError } from './errors.ts';
import type { LayerSpec } from './network.ts';

export interface NumberLimits {
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/** Reads the options of one layer; every error names the layer and the field. */
export interface OptionReader {
  number(field: string, limits: NumberLimits): number;
  boolean(field: string, otherwise: boolean): boolean;
  choice<Choice extends string>(field: string, choices: readonly Choice[], otherwise: Choice): Choice;
  /** A number for both directions or `[rows, columns]`; positive integers. */
  pair(field: string, otherwise?: readonly [number, number]): readonly [number, number];
  /** The value as it was given, for options of a form of their own. */
  raw(field: string): unknown;
  fail(field: string, expected: string): never;
}

/** Fields that belong to every layer and are read elsewhere. */
const COMMON = ['type', 'name', 'from'];

/**
 * Runs `read` over the options of `spec`, then refuses options that nobody read.
 * @param layer how to name the layer in errors
 */
export function readOptions<Options>(
  spec: LayerSpec,
  layer: string,
  read: (reader: OptionReader) => Options,
): Options {
  const known = new Set(COMMON);
  const fail = (field: string, expected: string): never => {
    throw new NetworkError(
      'invalid-option',
      `Layer ${layer} (${spec.type}): '${field}' must be ${expected}; it is ${describe(spec[field])}.`,
    );
  };
  const options = read({
    number(field, limits) {
      known.add(field);
      const value = spec[field] ?? limits.default;
      return inLimits(value, limits) ? value : fail(field, describeLimits(limits));
    },
    boolean(field, otherwise) {
      known.add(field);
      const value = spec[field] ?? otherwise;
      return typeof value === 'boolean' ? value : fail(field, 'true or false');
    },
    choice(field, choices, otherwise) {
      known.add(field);
      const value = spec[field] ?? otherwise;
      return (
        choices.find((choice) => choice === value) ??
        fail(field, `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`)
      );
    },
    pair(field, otherwise) {
      known.add(field);
      const value = spec[field] ?? otherwise;
      const [rows, columns, ...rest] = Array.isArray(value) ? value : [value, value];
      const limits = { min: 1, max: 1 << 15, integer: true };
      if (rest.length > 0 || !inLimits(rows, limits) || !inLimits(columns, limits)) {
        return fail(field, 'a positive integer or [rows, columns]');
      }
      return [rows, columns];
    },
    raw(field) {
      known.add(field);
      return spec[field];
    },
    fail,
  });
  const unknown = Object.keys(spec).find((field) => !known.has(field));
  if (unknown !== undefined) {
    const own = [...known].filter((field) => !COMMON.includes(field));
    throw new NetworkError(
      'unknown-option',
      `Layer ${layer} (${spec.type}): there is no option '${unknown}'. ` +
        (own.length > 0 ? `Options are ${own.join(', ')}.` : 'It has no options.'),
    );
  }
  return options;
}

/** A value as JSON for an error message, cut at 80 characters; a program may give what has none. */
export function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'function') return 'a function';
  const text = asJson(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function asJson(value: unknown): string | undefined {
  if (typeof value === 'number') return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return 'what is no JSON';
  }
}

function inLimits(value: unknown, limits: NumberLimits): value is number {
  return (
    typeof value === 'number' &&
    Number.isFinite(value) &&
    value >= (limits.min ?? Number.NEGATIVE_INFINITY) &&
    value <= (limits.max ?? Number.POSITIVE_INFINITY) &&
    (!limits.integer || Number.isInteger(value))
  );
}

function describeLimits({ min, max, integer }: NumberLimits): string {
  const kind = integer ? 'an integer' : 'a number';
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind} of at least ${min}`;
  return kind;
}
