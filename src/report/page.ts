import { fontFaces } from './fonts.ts';
import { type Html, html, trusted } from './html.ts';
import { STYLE } from './style.ts';

export interface Page {
  readonly title: string;
  /** What the figures are figures of, in the headline: split, labels, part, cells and patients. */
  readonly protocol?: string;
  readonly body: Html;
  /** What made the page, as `giemsa 0.1.0`, with the command. */
  readonly madeBy: string;
}

export const RESEARCH_USE_ONLY =
  'Research software, not a medical device: not for the diagnosis of patients.';

/**
 * A whole page that needs no other file, no script and no network: it may be copied to a USB stick or sent by mail. Its
 * policy forbids the browser to load anything, whatever names or texts it shows.
 */
export function page({ title, protocol, body, madeBy }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${title}</title>
<style>
${trusted(fontFaces())}
${trusted(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${protocol !== undefined && html`<p class="protocol">${protocol}</p>\n`}<p class="research">${RESEARCH_USE_ONLY}</p>
</header>
<main>
${body}
</main>
<footer>
<p>${madeBy}. ${RESEARCH_USE_ONLY}</p>
</footer>
</body>
</html>
`.html;
}
