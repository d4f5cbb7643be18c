/** The image of one cell: RGB, interleaved, 8 bits a channel, rows from the top. */
export interface CellImage {
  readonly width: number;
  readonly height: number;
  /** `3 * width * height` bytes. */
  readonly data: Uint8Array;
}
