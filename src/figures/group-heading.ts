import { moved } from './frame.ts';
import { FONT_SIZE } from './theme.ts';

/** A line above one of several groups in a figure. */
export function groupHeading(text: string): { readonly content: string; readonly height: number } {
  return {
    content: moved(`<text font-size="${FONT_SIZE.text}" font-weight="700">${text}</text>`, 14, 22),
    height: 30,
  };
}
