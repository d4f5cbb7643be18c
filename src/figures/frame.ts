import { escape as escaped } from 'html-escaper';
import { COLOURS, FIGURE_WIDTH, FONT_FAMILY, FONT_SIZE } from './theme.ts';

/** A finished drawing. The same data gives the same bytes. */
export interface Figure {
  /** Name of its files, without ending, as `roc-curve`; also the prefix of its ids, so one of a name a page. */
  readonly name: string;
  readonly title: string;
  /** What it shows, with the numbers, for those who cannot see it. It is in the drawing, too, as its description. */
  readonly text: string;
  /** A whole SVG file, that can also stand within an HTML page. */
  readonly svg: string;
}

export interface FrameOptions {
  readonly name: string;
  readonly title: string;
  /** Protocol and counts, in small print below the title. */
  readonly subtitle?: string;
  readonly text: string;
  readonly width?: number;
  /** Of the content. */
  readonly height: number;
  /** SVG elements in a box of `width` x `height`, escaped. */
  readonly content: string;
}

const MARGIN = 14;

/** Puts title, subtitle, description and a white background around a drawing. */
export function frame(options: FrameOptions): Figure {
  const { name, title, subtitle, text, width = FIGURE_WIDTH, height, content } = options;
  const lines = subtitle === undefined ? [] : wrap(subtitle, FONT_SIZE.small, width - 2 * MARGIN);
  const top = MARGIN + 24 + lines.length * LINE;
  const subtitles = lines.map(
    (line, i) =>
      `<text x="${MARGIN}" y="${MARGIN + 34 + i * LINE}" font-size="${FONT_SIZE.small}" fill="${COLOURS.muted}">${escaped(line)}</text>`,
  );
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top + height}" viewBox="0 0 ${width} ${top + height}" role="img" aria-labelledby="${name}-title" aria-describedby="${name}-text" font-family="${FONT_FAMILY}" font-size="${FONT_SIZE.text}" fill="${COLOURS.ink}">`,
    `<title id="${name}-title">${escaped(title)}</title>`,
    `<desc id="${name}-text">${escaped(text)}</desc>`,
    `<rect width="${width}" height="${top + height}" fill="${COLOURS.paper}"/>`,
    `<text x="${MARGIN}" y="${MARGIN + 14}" font-size="${FONT_SIZE.title}" font-weight="700">${escaped(title)}</text>`,
    ...subtitles,
    `<g transform="translate(0,${top})">${ownIds(content, name)}</g>`,
    '</svg>\n',
  ].join('\n');
  return { name, title, text, svg: svg.replace(NO_XML, '\ufffd') };
}

/** What XML has no place for, in a name that a user gave (https://www.w3.org/TR/xml/#charsets). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu;

const LINE = 18;

/** Plot numbers its clip paths from call to call; here they are numbered within the figure, and carry its name. */
function ownIds(content: string, name: string): string {
  const ids: string[] = [];
  return content.replace(/plot-clip-\d+/g, (id) => {
    if (!ids.includes(id)) ids.push(id);
    return `${name}-clip-${ids.indexOf(id) + 1}`;
  });
}

/** Drawings one below another. */
export function stack(parts: readonly { readonly content: string; readonly height: number }[]): {
  readonly content: string;
  readonly height: number;
} {
  let height = 0;
  const placed = parts.map((part) => {
    const at = height;
    height += part.height;
    return moved(part.content, 0, at);
  });
  return { content: placed.join('\n'), height };
}

export function moved(content: string, x: number, y: number): string {
  return `<g transform="translate(${x},${y})">${content}</g>`;
}

/** Breaks a text into lines by an estimate of its width: letters of this font are a little under half as wide as high. */
export function wrap(text: string, size: number, width: number): string[] {
  const most = Math.max(8, Math.floor(width / (size * 0.46)));
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
