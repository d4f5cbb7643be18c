import { counted } from '../figures/numbers.ts';
import { EXIT } from './exit.ts';
import { note } from './output.ts';

/** What became of the images. */
export interface Tally {
  read: number;
  unreadable: number;
  ignored: number;
  readonly labels: Map<string, number>;
}

/** `giemsa classify ... --report FILE | head` ends before the last image, and with it before the report. */
export function tellOfLostReport(): void {
  process.stdout.prependListener('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') return;
    note('The output was closed before the last image: no report was written. Send the rows to a file.');
    process.exitCode = EXIT.failed;
  });
}

/** Exit status, and a few lines on stderr. */
export function finish(
  { read, unreadable, ignored, labels }: Tally,
  { quiet, report }: { readonly quiet?: boolean; readonly report?: string },
  { interrupted, list }: { interrupted: number | undefined; list: boolean },
): void {
  const images = read + unreadable;
  // An empty list may well be meant; an empty folder is a mistake.
  const isEmpty = images === 0 && interrupted === undefined;
  if (interrupted !== undefined) process.exitCode = interrupted;
  else if (unreadable > 0) process.exitCode = EXIT.someUnreadable;
  else if (isEmpty && !list) process.exitCode = EXIT.failed;
  if (isEmpty && !(list && quiet))
    note(`No images found.${report === undefined ? '' : ' No report was written.'}`);
  if (quiet) return;
  if (ignored > 0)
    note(
      `${counted(ignored, 'file')} that ${ignored === 1 ? 'is no image was' : 'are no images were'} ignored.`,
    );
  if (unreadable > 0) note(`${unreadable} of ${counted(images, 'image')} could not be read.`);
  if (interrupted !== undefined) {
    const without = report === undefined ? '' : ' No report was written.';
    note(`Stopped: ${images} images are done.${without}`);
  } else if (report !== undefined && !isEmpty) {
    const calls = [...labels].sort(([, a], [, b]) => b - a).map(([label, count]) => `${count} ${label}`);
    note(`${calls.length > 0 ? `${calls.join(', ')}. ` : ''}The report is in ${report}.`);
  }
}
