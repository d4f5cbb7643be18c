import * as v from 'valibot';
import { GiemsaError } from '../cells/errors.ts';
import { MEASURES, type UsualAppearance } from '../cells/unusual.ts';
import type { IndeterminateBand } from '../evaluation/indeterminate-band.ts';
import { LABEL_SETS, type LabelSet } from '../evaluation/prediction.ts';
import type { Network } from '../network/network.ts';
import type { Preprocessing } from '../recipes/preprocessing.ts';

/** What a model knows of itself beside its network and weights. */
export interface ModelMetadata {
  /** Parasitized means probability >= threshold. */
  readonly threshold: number;
  /** What the threshold was chosen on, e.g. `validation, specificity 0.973`, or `nothing` for the default 0.5. */
  readonly chosenOn: string;
  readonly recipe: {
    readonly name: string;
    /** Augmentation and training settings, as plain data. */
    readonly settings: Readonly<Record<string, unknown>>;
  };
  readonly seed: number;
  /** The labels it was trained on. */
  readonly labelSet: LabelSet;
  readonly dataFingerprint: string;
  readonly splitFingerprint: string;
  /** Share of parasitized cells among those it was trained on. */
  readonly prior: number;
  /** Version and commit of the giemsa that wrote the file; the commit is null outside a checkout. */
  readonly version: string;
  readonly commit: string | null;
  /** The share that the colours of the cell have in its log-odds, where the recipe asks for it; it is in the weights already. */
  readonly colours?:
    | { readonly method: 'logistic'; readonly share: number }
    | { readonly method: 'none'; readonly reason: string };
  /** How the probability was calibrated, where the recipe asks for it; the temperature is in the weights already. */
  readonly calibration?:
    | {
        readonly method: 'temperature';
        readonly temperature: number;
        readonly chosenOn: string;
      }
    | { readonly method: 'none'; readonly reason: string };
  /** When the label is indeterminate, where the recipe asks for it. */
  readonly abstention?: {
    /** Mahalanobis distance of the last layer's input to the training cells; above the threshold, an image is unlike them. */
    readonly outlier: { readonly method: 'mahalanobis'; readonly threshold: 1; readonly scaledOn: string };
    /** The logit of a network of its own; above the threshold, what is called parasitized may be a platelet. */
    readonly platelet?: {
      readonly method: 'network';
      readonly network: Network;
      readonly threshold: 0;
      readonly scaledOn: string;
    };
    /** How the images of training cells look. */
    readonly appearance: UsualAppearance;
    /** Probabilities too near to the threshold to call, both ends included; null where there are none. */
    readonly band: IndeterminateBand | null;
    readonly chosenOn: string;
  };
}

/** The description of a model in its file: everything but the weights. */
export interface Description {
  readonly network: Network;
  readonly preprocessing: Preprocessing;
  readonly metadata: ModelMetadata;
}

const prefix = 'giemsa.';
const formatVersion = 1;
const labels = { parasitized: 1, uninfected: 0 } as const;

/** The key of the last entry, whose value is the sha256 of all bytes before it. */
export const checksumKey = `${prefix}sha256`;

const text = v.pipe(v.string(), v.maxLength(1000));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1024));
const finite = v.pipe(v.number(), v.finite());

const pixelValues = {
  height: side,
  width: side,
  scale: finite,
  offset: v.union([v.literal(0), v.tuple([finite, finite, finite])]),
};

const preprocessingSchema = v.variant('fit', [
  v.strictObject({ fit: v.literal('stretch'), ...pixelValues }),
  v.strictObject({
    fit: v.literal('keep-scale'),
    ...pixelValues,
    pixelScale: v.pipe(finite, v.minValue(1 / 1024), v.maxValue(1024)),
  }),
]);

/** Only the outline: the options of each layer are checked when the network is resolved. */
const networkSchema = v.strictObject({
  input: v.strictObject({ height: side, width: side, channels: v.literal(3) }),
  layers: v.pipe(
    v.array(
      v.looseObject({
        type: text,
        name: v.exactOptional(text),
        from: v.exactOptional(v.union([text, v.pipe(v.array(text), v.maxLength(100))])),
      }),
    ),
    v.minLength(1),
    v.maxLength(1000),
  ),
});

/** One entry of the file's metadata each, under these names. Every value is JSON. */
const entriesSchema = v.strictObject({
  format: v.literal(formatVersion),
  network: networkSchema,
  preprocessing: preprocessingSchema,
  labels: v.strictObject({ parasitized: v.literal(1), uninfected: v.literal(0) }),
  positive: v.literal('parasitized'),
  threshold: share,
  chosenOn: text,
  recipe: v.strictObject({ name: text, settings: v.record(v.string(), v.unknown()) }),
  seed: v.pipe(v.number(), v.safeInteger()),
  labelSet: v.picklist(LABEL_SETS),
  dataFingerprint: text,
  splitFingerprint: text,
  prior: share,
  version: text,
  commit: v.nullable(text),
  colours: v.exactOptional(
    v.variant('method', [
      v.strictObject({ method: v.literal('logistic'), share }),
      v.strictObject({ method: v.literal('none'), reason: text }),
    ]),
  ),
  calibration: v.exactOptional(
    v.variant('method', [
      v.strictObject({ method: v.literal('temperature'), temperature: finite, chosenOn: text }),
      v.strictObject({ method: v.literal('none'), reason: text }),
    ]),
  ),
  abstention: v.exactOptional(
    v.strictObject({
      outlier: v.strictObject({
        method: v.literal('mahalanobis'),
        threshold: v.literal(1),
        scaledOn: text,
      }),
      platelet: v.exactOptional(
        v.strictObject({
          method: v.literal('network'),
          network: networkSchema,
          threshold: v.literal(0),
          scaledOn: text,
        }),
      ),
      appearance: v.strictObject(v.entriesFromList(MEASURES, v.tuple([finite, finite]))),
      band: v.nullable(v.strictObject({ low: share, high: share })),
      chosenOn: text,
    }),
  ),
});

/** `[key, value]` pairs for the file, in a fixed order. */
export function metadataEntries({ network, preprocessing, metadata }: Description): [string, string][] {
  const { colours, calibration, abstention } = metadata;
  const entries: v.InferInput<typeof entriesSchema> = checked({
    format: formatVersion,
    network,
    preprocessing,
    labels,
    positive: 'parasitized',
    threshold: metadata.threshold,
    chosenOn: metadata.chosenOn,
    recipe: metadata.recipe,
    seed: metadata.seed,
    labelSet: metadata.labelSet,
    dataFingerprint: metadata.dataFingerprint,
    splitFingerprint: metadata.splitFingerprint,
    prior: metadata.prior,
    version: metadata.version,
    commit: metadata.commit,
    ...(colours ? { colours } : {}),
    ...(calibration ? { calibration } : {}),
    ...(abstention ? { abstention } : {}),
  });
  return Object.entries(entries).map(([key, value]) => [prefix + key, JSON.stringify(value)]);
}

/**
 * The inverse of `metadataEntries`; any key not known is an error.
 * @throws GiemsaError `bad-model` naming the entry
 */
export function parseMetadata(pairs: Iterable<readonly [string, string]>): Description {
  const entries = new Map<string, unknown>();
  for (const [key, value] of pairs) {
    const name = JSON.stringify(key.slice(0, 100));
    if (!key.startsWith(prefix)) throw badModel(`its entry ${name} is not one of giemsa's`);
    if (entries.has(key)) throw badModel(`it has the entry ${name} twice`);
    entries.set(key, parseJson(name, value));
  }
  const format = entries.get(`${prefix}format`);
  if (typeof format === 'number' && format !== formatVersion) {
    throw badModel(`its format is ${format}, and this giemsa reads format ${formatVersion}`);
  }
  const { network, preprocessing, ...rest } = checked(
    Object.fromEntries([...entries].map(([key, value]) => [key.slice(prefix.length), value])),
  );
  const { format: _format, labels: _labels, positive: _positive, ...metadata } = rest;
  for (const { input } of [network, metadata.abstention?.platelet?.network ?? network]) {
    if (input.height === preprocessing.height && input.width === preprocessing.width) continue;
    throw badModel(
      `its preprocessing gives ${preprocessing.height}x${preprocessing.width}, and its network takes ${input.height}x${input.width}`,
    );
  }
  return { network, preprocessing, metadata };
}

function checked(entries: unknown): v.InferOutput<typeof entriesSchema> {
  const result = v.safeParse(entriesSchema, entries);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw badModel(`${v.getDotPath(issue) ?? 'its metadata'}: ${issue.message}${writtenBy(entries)}`);
}

/** What a file of another version lacks or has too much of reads like damage. */
function writtenBy(entries: unknown): string {
  const { version } = Object(entries) as { version?: unknown };
  return typeof version === 'string' && version.length < 40
    ? ` (written by giemsa ${version}: if that was an earlier state of it, train the model again)`
    : '';
}

/** Levels of lists and objects within one another: ours have five. */
const DEEPEST = 32;

function parseJson(name: string, value: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw badModel(`its entry ${name} is not JSON`);
  }
  // Whoever goes through it, to write it for instance, may do so by recursion.
  let level = [parsed];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw badModel(`its entry ${name} has more than ${DEEPEST} levels`);
    level = level.flatMap((inner) =>
      typeof inner === 'object' && inner !== null ? Object.values(inner) : [],
    );
  }
  return parsed;
}

/** The error of a model that cannot be used, e.g. "the model cannot be used: it is damaged". */
export function badModel(reason: string): GiemsaError {
  return new GiemsaError('bad-model', `the model cannot be used: ${reason}`);
}
