import { escape as escaped } from 'html-escaper';

/** A piece of HTML, as opposed to text that has to be escaped. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

/**
 * HTML as a template: html`<p>${name}</p>`. Whatever is put in is escaped, unless it is Html itself; lists are put in one
 * after another, and null, undefined and false leave nothing.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings.map((string, i) => string + (i < parts.length ? render(parts[i]) : ''));
  return { html: text.join('') };
}

/** Text that is HTML already, such as a drawing. Never for anything that was read from a file. */
export function trusted(text: string): Html {
  return { html: text };
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'html' in part ? part.html : part.map(render).join('');
}
