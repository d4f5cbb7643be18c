import { InvalidArgumentError, Option } from 'commander';
import { MOST_THREADS, threadCount } from '../engine/thread-count.ts';
import { FORMATS, type Format } from './output.ts';

/** Options that mean the same in every command. */

export function formatOption(formats: readonly Format[] = FORMATS): Option {
  return new Option('--format <format>', 'how the data is printed').choices([...formats]).default('table');
}

export function threadsOption(): Option {
  return new Option('--threads <n>', 'threads of the engine; the result does not depend on them')
    .argParser(wholeNumber(1, MOST_THREADS))
    .default(threadCount(0), 'the cores');
}

export function seedOption(defaultSeed = 1): Option {
  return new Option('--seed <n>', 'seed of everything random').argParser(wholeNumber(0)).default(defaultSeed);
}

export function quietOption(): Option {
  return new Option('--quiet', 'print nothing but data and errors');
}

export function labelFoldersOption(): Option {
  return new Option(
    '--label-folders <positive,negative>',
    'names of the folders of parasitized and uninfected cells',
  ).argParser(twoNames);
}

export function labelSetOption(): Option {
  return new Option('--label-set <set>', 'labels as published, or with a second opinion (--review)')
    .choices(['published', 'relabelled', 'dropped'])
    .default('published');
}

/** Parser of an option's value: a whole number from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const limits = most === Number.MAX_SAFE_INTEGER ? `of ${least} or above` : `from ${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number ${limits}.`);
  };
}

function twoNames(text: string): [string, string] {
  const [positive, negative, ...rest] = text.split(',').map((name) => name.trim());
  // Label folders are found in any case.
  const differ = positive?.toLowerCase() !== negative?.toLowerCase();
  if (positive && negative && rest.length === 0 && differ) return [positive, negative];
  throw new InvalidArgumentError('Expected two different names with a comma between them, case aside.');
}
