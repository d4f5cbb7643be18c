import { counted } from '../figures/numbers.ts';
import { EXIT } from './exit.ts';
import { note } from './output.ts';

/** What became of the images. */
export interface Tally {
  read: number;
  unreadable: number;
  ignored: number;
}

/** Lines on stderr for what was passed over, and what could not be read. */
export function noteUnused({ read, unreadable, ignored }: Tally): void {
  const are = ignored === 1 ? 'is no image was' : 'are no images were';
  if (ignored > 0) note(`${counted(ignored, 'file')} that ${are} ignored.`);
  if (unreadable > 0) note(`${unreadable} of ${counted(read + unreadable, 'image')} could not be read.`);
}

/** `giemsa classify ... --report FILE | head` ends before the last image, and with it before the report. */
export function tellOfLostReport(): void {
  process.stdout.prependListener('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') return;
    note('The output was closed before the last image: no report was written. Send the rows to a file.');
    process.exitCode = EXIT.failed;
  });
}

/** How `classify` ends: exit status, and a few lines on stderr. @param labels images by label */
export function finishClassify(
  tally: Tally,
  labels: ReadonlyMap<string, number>,
  { quiet, report }: { readonly quiet?: boolean; readonly report?: string },
  { interrupted, list }: { interrupted: number | undefined; list: boolean },
): void {
  const images = tally.read + tally.unreadable;
  // An empty list may well be meant; an empty folder is a mistake.
  const isEmpty = images === 0 && interrupted === undefined;
  if (interrupted !== undefined) process.exitCode = interrupted;
  else if (tally.unreadable > 0) process.exitCode = EXIT.someUnreadable;
  else if (isEmpty && !list) process.exitCode = EXIT.failed;
  const noReport = report === undefined ? '' : ' No report was written.';
  if (isEmpty && !(list && quiet)) note(`No images found.${noReport}`);
  if (quiet) return;
  noteUnused(tally);
  if (interrupted !== undefined) note(`Stopped: ${images} images are done.${noReport}`);
  else if (report !== undefined && !isEmpty) {
    const calls = [...labels].sort(([, a], [, b]) => b - a).map(([label, count]) => `${count} ${label}`);
    note(`${calls.length > 0 ? `${calls.join(', ')}. ` : ''}The report is in ${report}.`);
  }
}
