import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { GiemsaError } from '../cells/errors.ts';
import { readFileBounded } from '../dataset/stored-file.ts';
import { writeFileWhole } from '../dataset/write-file.ts';
import type { HistoryRow } from './history.ts';

/**
 * Everything a run needs to go on bit for bit. Random numbers are functions of seed, epoch and step, so there is no
 * generator to keep.
 */
export interface Checkpoint {
  /** Digest of what must not change between the two halves of a run: recipe, seed, data, split. */
  readonly settings: string;
  /** The epoch the next step belongs to, from 1, and the steps already done in it. */
  readonly epoch: number;
  readonly step: number;
  readonly history: readonly HistoryRow[];
  /** Seconds trained so far, in all calls together. */
  readonly seconds: number;
  /** Sums over the steps already done in this epoch. */
  readonly epochLoss: number;
  readonly epochSeconds: number;
  /** Epoch kept so far and its value of the recipe's metric. */
  readonly best: { readonly epoch: number; readonly value: number | null } | undefined;
  /** Early stopping: the best value so far of its own metric, and epochs since. */
  readonly patience: { readonly value: number | null; readonly epochsSince: number } | undefined;
  /** The learner's state as `learner/...`, the kept weights as `best/...`, this epoch's probabilities as `epoch/probabilities`. */
  readonly arrays: ReadonlyMap<string, Float32Array>;
}

const MAGIC = 'giemsa-checkpoint-1\n';
const DIGEST_BYTES = 32;
/** Node reads no larger file at once. */
const mostBytes = 2 ** 31 - 1;

/**
 * File: magic, length of the header (uint32), header (JSON with the names and lengths of the arrays), the arrays
 * (float32, little endian), SHA-256 of all that. It is written whole or not at all.
 * @throws GiemsaError `cannot-write`, e.g. where the disk is full
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { arrays, ...rest } = checkpoint;
  const index = [...arrays].map(([name, data]) => ({ name, length: data.length }));
  const header = new TextEncoder().encode(JSON.stringify({ ...rest, arrays: index }));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length, true);
  const parts: Uint8Array[] = [new TextEncoder().encode(MAGIC), length, header];
  for (const data of arrays.values())
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  await writeFileWhole(path, Buffer.concat([...parts, digest.digest()]));
}

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const figure = v.nullable(v.number());
const figures = v.object({
  loss: v.number(),
  accuracy: v.number(),
  rocAuc: figure,
  sensitivity: figure,
  specificity: figure,
});

const headerSchema = v.object({
  settings: v.string(),
  epoch: v.pipe(whole, v.minValue(1)),
  step: whole,
  history: v.array(
    v.object({
      epoch: whole,
      learningRate: v.number(),
      train: figures,
      val: v.optional(figures),
      seconds: v.number(),
    }),
  ),
  seconds: v.number(),
  epochLoss: v.number(),
  epochSeconds: v.number(),
  best: v.optional(v.object({ epoch: whole, value: figure })),
  patience: v.optional(v.object({ value: figure, epochsSince: whole })),
  arrays: v.array(v.object({ name: v.string(), length: whole })),
});

/** @throws GiemsaError `checkpoint-missing`, `unreadable-file` or `checkpoint-damaged` */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  let bytes: Buffer;
  try {
    const { buffer, byteOffset, byteLength } = await readFileBounded(path, path, mostBytes);
    bytes = Buffer.from(buffer, byteOffset, byteLength);
  } catch (error) {
    if (!(error instanceof GiemsaError) || !isMissing(error.cause)) throw error;
    throw new GiemsaError(
      'checkpoint-missing',
      `${error.message}. So there is nothing to resume: start the run anew in another folder.`,
      { cause: error },
    );
  }
  const damaged = (why: string) =>
    new GiemsaError(
      'checkpoint-damaged',
      `${path} is not a whole checkpoint of this version of giemsa (${why}). Start the run anew in another folder.`,
    );
  const body = bytes.subarray(0, Math.max(0, bytes.length - DIGEST_BYTES));
  const digest = createHash('sha256').update(body).digest();
  if (body.length < MAGIC.length + 4 || !digest.equals(bytes.subarray(body.length)))
    throw damaged('its checksum is wrong');
  if (body.toString('latin1', 0, MAGIC.length) !== MAGIC) throw damaged('it begins as none');

  const headerLength = body.readUInt32LE(MAGIC.length);
  let at = MAGIC.length + 4;
  const header = parseHeader(body.toString('utf8', at, at + headerLength));
  if (header === undefined) throw damaged('its header is wrong');
  at += headerLength;
  const arrays = new Map<string, Float32Array>();
  for (const { name, length } of header.arrays) {
    if (at + 4 * length > body.length) throw damaged('it ends too early');
    // Copied, because a Float32Array must start at a multiple of four bytes.
    arrays.set(name, new Float32Array(new Uint8Array(body.subarray(at, at + 4 * length)).buffer));
    at += 4 * length;
  }
  const { history, best, patience, ...numbers } = header;
  return { ...numbers, history: history.map((row) => ({ ...row, val: row.val })), best, patience, arrays };
}

function parseHeader(text: string): v.InferOutput<typeof headerSchema> | undefined {
  try {
    return v.parse(headerSchema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
}
