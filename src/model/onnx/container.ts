import { checksumLength, sha256 } from '../checksum.ts';
import { badModel, checksumKey } from '../metadata.ts';
import { elementType, type GraphBuilder } from './builder.ts';
import { ModelProto, type TensorProto, type ValueInfoProto } from './onnx_pb.ts';
import { structureBytes } from './scan.ts';

/** ONNX 1.12 (2022): old enough for any runtime in use, new enough for all operators here. */
const irVersion = 8;
const operatorSet = 17;

/** Largest file read, and the most of it that may be other than weights. */
const maximumBytes = 64 * 2 ** 20;
const maximumStructureBytes = 2 ** 20;

/** Names of the model's input and outputs; not every model gives scores beside the probability. */
export const inputName = 'image';
export const outputName = 'probability';
export const outlierName = 'outlier';
export const plateletName = 'platelet';

/**
 * The bytes of a model file. The same contents give the same bytes; the last 64 are the checksum of all before them,
 * as the metadata's last entry is the file's last field.
 */
export async function encodeModelFile(
  graph: GraphBuilder,
  outputs: readonly string[],
  version: string,
  entries: readonly (readonly [string, string])[],
): Promise<Uint8Array> {
  const model: ModelProto = {
    irVersion,
    opsetImport: [{ domain: '', version: operatorSet }],
    producerName: 'giemsa',
    producerVersion: version,
    graph: {
      name: 'giemsa',
      node: graph.nodes,
      initializer: graph.initializers,
      input: [tensorInfo(inputName, elementType.uint8, ['N', 'height', 'width', 3])],
      output: outputs.map((name) => tensorInfo(name, elementType.float, ['N'])),
    },
    metadataProps: [...entries, [checksumKey, '0'.repeat(checksumLength)] as const].map(([key, value]) => ({
      key,
      value,
    })),
  };
  const bytes = ModelProto.encode(model).finish();
  const end = bytes.length - checksumLength;
  bytes.set(new TextEncoder().encode(await sha256(bytes.subarray(0, end))), end);
  return bytes;
}

/** What a model file holds. */
export interface ModelFile {
  readonly initializers: readonly TensorProto[];
  /** Metadata entries without the checksum. */
  readonly entries: readonly (readonly [string, string])[];
}

/**
 * Reads a file of `encodeModelFile`. The checksum is compared first, then sizes, and only then is it decoded.
 * @throws GiemsaError `bad-model`
 */
export async function decodeModelFile(bytes: Uint8Array): Promise<ModelFile> {
  if (bytes.length > maximumBytes) {
    throw badModel(`it has ${bytes.length} bytes; at most ${maximumBytes} are read`);
  }
  const intact = await checksumHolds(bytes);
  const model = decode(bytes);
  if (model === undefined)
    throw badModel(intact ? 'it is not well-formed' : 'it is damaged, or not an ONNX file');
  const last = model.metadataProps.at(-1);
  if (last?.key !== checksumKey) throw badModel('it was not written by giemsa, or is cut off');
  if (!intact) throw badModel('it is damaged: its checksum does not agree with its contents');
  return {
    initializers: model.graph?.initializer ?? [],
    entries: model.metadataProps.slice(0, -1).map(({ key = '', value = '' }) => [key, value]),
  };
}

async function checksumHolds(bytes: Uint8Array): Promise<boolean> {
  const end = Math.max(0, bytes.length - checksumLength);
  const stored = new TextDecoder('latin1').decode(bytes.subarray(end));
  return stored === (await sha256(new Uint8Array(bytes.subarray(0, end))));
}

function decode(bytes: Uint8Array): ModelProto | undefined {
  try {
    const structure = structureBytes(bytes);
    if (structure <= maximumStructureBytes) return ModelProto.decode(bytes);
  } catch {
    return undefined;
  }
  throw badModel(`more than ${maximumStructureBytes} bytes of it are not weights`);
}

function tensorInfo(name: string, elemType: number, shape: readonly (number | string)[]): ValueInfoProto {
  const dim = shape.map((length) =>
    typeof length === 'number' ? { dimValue: length } : { dimParam: length },
  );
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}
