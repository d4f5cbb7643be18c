import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** README.md and the pages of docs/, without the results, whose commands take hours and name their outcome. */
export function pages(): string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.startsWith('results'))
    .map((path) => `docs/${path}`);
  return ['README.md', ...docs.sort()];
}

export function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

export function blocksOf(page: string): Block[] {
  const text = readPage(page);
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1],
    text: match[2],
  }));
}

/** The lines of a block that call giemsa, continued ones joined, each as its words. */
export function giemsaCalls(text: string): string[][] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((line) => line.split(/&&|\||;/))
    .map((part) => part.replace(/#.*/, '').trim())
    .map((part) => /(?:^|\s)(?:npx )?giemsa (.*)$/.exec(part)?.[1])
    .filter((call) => call !== undefined)
    .map((call) => call.split(/\s+/).filter((word) => word !== ''));
}

/** A line that says so is not run, as it takes minutes or needs a network: its options are checked all the same. */
export const NOT_RUN = /#.*\b(minutes|hours|network)\b/;
