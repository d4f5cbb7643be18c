import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const WEIGHTS = [400, 700] as const;

/** The shipped font, regular and bold, as WOFF2. */
export function fontFiles(): Buffer[] {
  const { resolve } = createRequire(import.meta.url);
  return WEIGHTS.map((weight) =>
    readFileSync(resolve(`@fontsource/arimo/files/arimo-latin-${weight}-normal.woff2`)),
  );
}

/** The same as CSS, within the page: a report has no other files. */
export function fontFaces(): string {
  return fontFiles()
    .map(
      (file, i) =>
        `@font-face{font-family:Arimo;font-weight:${WEIGHTS[i]};src:url(data:font/woff2;base64,${file.toString('base64')}) format("woff2")}`,
    )
    .join('\n');
}
