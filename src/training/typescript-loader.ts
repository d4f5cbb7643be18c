import { readFile } from 'node:fs/promises';
import type { LoadHook } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * A module loader that strips the types from TypeScript files, for Node versions that do not (before 22.18). Node runs
 * it in a thread of its own, once `load-recipe.ts` has registered it.
 */
export const load: LoadHook = async (url, context, nextLoad) => {
  if (!/^file:.*\.m?ts$/.test(url)) return nextLoad(url, context);
  const { transformSync } = await import('@swc/wasm-typescript');
  const path = fileURLToPath(url);
  const source = await readFile(path, 'utf8');
  try {
    const { code } = transformSync(source, { mode: 'strip-only', module: true, filename: path });
    return { format: 'module', source: code, shortCircuit: true };
  } catch (error) {
    const { message, startLine } = error as { message?: string; startLine?: number };
    throw new SyntaxError(startLine === undefined ? `${message}` : `line ${startLine}: ${message}`);
  }
};
