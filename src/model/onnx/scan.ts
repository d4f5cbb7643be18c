import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Field numbers of onnx.proto: ModelProto.graph, GraphProto.initializer, TensorProto.raw_data. */
const weightsPath = [7, 5, 9];

/**
 * Bytes of an ONNX file that are not raw tensor data: names, nodes, metadata. Decoding makes objects of these, up to a
 * hundred times their size, so a reader that trusts nobody looks here first. Nothing is decoded.
 * @throws Error where the bytes are not well-formed
 */
export function structureBytes(bytes: Uint8Array): number {
  return bytes.length - nestedBytes(bytes, weightsPath);
}

/** Total length of the fields found by following field numbers down through nested messages. */
function nestedBytes(bytes: Uint8Array, [number, ...below]: readonly number[]): number {
  const reader = new BinaryReader(bytes);
  let total = 0;
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === number && wireType === WireType.LengthDelimited) {
      const content = reader.bytes();
      total += below.length === 0 ? content.length : nestedBytes(content, below);
    } else {
      reader.skip(wireType, field);
    }
  }
  return total;
}
