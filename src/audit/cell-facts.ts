import { createHash } from 'node:crypto';
import { GiemsaError } from '../cells/errors.ts';
import type { CellImage } from '../cells/image.ts';
import { imageColour } from '../cells/simple-features.ts';
import type { Cell } from '../dataset/cell.ts';
import { decodeAhead } from '../dataset/decode-ahead.ts';
import { type Thumbnail, thumbnailOf } from './thumbnail.ts';

/** What is kept of a cell: some kilobytes, never its pixels. */
export interface CellFacts {
  readonly cell: Cell;
  /** Within the data set. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Mean red, green and blue of the image, its black surroundings included. */
  readonly colour: readonly number[];
  readonly thumbnail: Thumbnail;
  /** SHA-256 of the file. */
  readonly bytes: string;
  /** SHA-256 of width, height and pixels. */
  readonly pixels: string;
}

export interface ReadCells {
  readonly facts: readonly CellFacts[];
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  /** Images of the cells asked for that could be read. */
  readonly kept: ReadonlyMap<Cell, CellImage>;
}

export interface ReadCellsOptions {
  /** The data set's path as given, which the paths of its cells begin with. */
  readonly root: string;
  /** Cells whose images are kept: few. */
  readonly keep: ReadonlySet<Cell>;
  readonly threads: number;
  readonly onRead: (done: number, total: number) => void;
}

/** Reads and decodes every cell once. */
export async function readCells(
  cells: readonly Cell[],
  { root, keep, threads, onRead }: ReadCellsOptions,
): Promise<ReadCells> {
  const facts: CellFacts[] = [];
  const unreadable: { path: string; reason: string }[] = [];
  const kept = new Map<Cell, CellImage>();
  let done = 0;
  for await (const { input, image } of decodeAhead(hashed(cells), threads)) {
    const { cell } = input;
    const path = cell.path.slice(root.replace(/[/\\]+$/, '').length + 1);
    if (image instanceof GiemsaError) unreadable.push({ path, reason: image.message });
    else {
      facts.push({ cell, path, bytes: input.bytes, ...factsOf(image) });
      if (keep.has(cell)) kept.set(cell, image);
    }
    onRead(++done, cells.length);
  }
  return { facts, unreadable, kept };
}

/** Each cell as an input whose file is hashed when it is read. */
async function* hashed(cells: readonly Cell[]) {
  for (const cell of cells) {
    const input = {
      cell,
      bytes: '',
      async read() {
        const file = await cell.read();
        input.bytes = createHash('sha256').update(file).digest('hex');
        return file;
      },
    };
    yield input;
  }
}

function factsOf(image: CellImage): Omit<CellFacts, 'cell' | 'path' | 'bytes'> {
  const { width, height, data } = image;
  const pixels = createHash('sha256').update(`${width}x${height} `).update(data).digest('hex');
  return { width, height, colour: imageColour(image), thumbnail: thumbnailOf(image), pixels };
}
