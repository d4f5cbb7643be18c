/** As published; parasitized is the positive class, 1. */
export type Label = 'parasitized' | 'uninfected';

/** One labelled image. */
export interface Cell {
  /** File name without folder. */
  readonly name: string;
  /** The data set's path as given, and the path within. */
  readonly path: string;
  readonly label: Label;
  /** Empty if not known. */
  readonly patient: string;
  /** Empty if not known. */
  readonly slide: string;
  read(): Promise<Uint8Array>;
}
