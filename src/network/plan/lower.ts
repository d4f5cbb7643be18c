import type { Graph } from '../graph.ts';
import { batchNormalization } from '../layers/batch-normalization.ts';
import { isLayer, sizeOf } from '../layers/definition.ts';
import type {
  BackwardContext,
  DeferredGradient,
  ForwardContext,
  PlanBuffer,
  RecordCall,
  StatisticsParts,
} from './context.ts';
import { GradientBook } from './gradients.ts';
import type { Operation } from './operation.ts';
import type { SymbolicCall } from './place.ts';

/** Where things lie that outlive a plan. */
export interface Surroundings {
  parameter(layer: string, name: string): number;
  gradient(layer: string, name: string): number;
  /** Address of one f64, the number of the step. */
  readonly step: number;
  readonly seed: number;
  /** See `ForwardContext.prepared`; `key` is unique in the network. */
  prepared(key: string, bytes: number, fill: (address: number, call: RecordCall) => void): number;
}

export interface Lowering {
  /** All calls recorded so far; more may be recorded with `record`. */
  readonly calls: SymbolicCall[];
  record(note: string): RecordCall;
  /** Records the forward pass and returns the last layer's output. */
  forward(): PlanBuffer;
  /** What lies behind a tensor's number after `forward`; it must be the output of an operation. */
  output(tensor: number): PlanBuffer;
  /** Records the backward pass from the gradient of the last layer's output. */
  backward(outputGradient: PlanBuffer): void;
  /** The gradient of one of the graph's inputs, after `backward`, where it was wanted. */
  inputGradient(input: number): PlanBuffer | undefined;
}

/** Lowers operations to kernel calls for a batch of a given size. */
export function lower(
  graph: Graph,
  operations: readonly Operation[],
  options: {
    readonly batch: number;
    readonly training: boolean;
    /** The graph's inputs, where they lie. */
    readonly inputs: readonly PlanBuffer[];
    /** Whether gradients of the graph's inputs are wanted too. */
    readonly inputGradients?: boolean;
    readonly surroundings: Surroundings;
  },
): Lowering {
  const { batch, training, inputs, surroundings } = options;
  const calls: SymbolicCall[] = [];
  const record =
    (note: string): RecordCall =>
    (kernel, args, chunks, scratch = 0) => {
      calls.push({ kernel, args, chunks, scratch, note });
    };
  const names = [...graph.inputs, ...graph.nodes].map(({ name }) => name);
  const shapes = [...graph.inputs, ...graph.nodes].map(({ shape }) => shape);
  const create = (tensor: number, what: string): PlanBuffer => ({
    name: `${names[tensor]} ${what}`,
    bytes: 4 * batch * sizeOf(shapes[tensor]),
  });
  const tensors: PlanBuffer[] = [...inputs];
  const readsLeft = countReads(operations, shapes.length);
  const wanted = wantedGradients(graph, options.inputGradients ?? false);
  const normalized = new Set(
    graph.nodes.filter((node) => isLayer(node, batchNormalization)).flatMap(({ inputs }) => inputs),
  );
  const own = new Map<Operation, Map<string, PlanBuffer>>();
  const statistics = new Map<number, StatisticsParts>();
  const deferred = new Map<number, DeferredGradient>();
  const makers = new Map(operations.map((operation) => [outputOf(operation), operation]));
  const gradients = new GradientBook((tensor) => create(tensor, 'gradient'), record('gradients'));

  const common = (operation: Operation, note: string) => ({
    batch,
    training,
    seed: surroundings.seed,
    input: (index: number) => tensors[operation.inputs[index]],
    output() {
      const tensor = outputOf(operation);
      tensors[tensor] ??= create(tensor, 'output');
      return tensors[tensor];
    },
    buffer(name: string, bytes: number) {
      const buffers = own.get(operation) ?? new Map<string, PlanBuffer>();
      own.set(operation, buffers);
      const buffer = buffers.get(name) ?? { name: `${note} ${name}`, bytes };
      buffers.set(name, buffer);
      return buffer;
    },
    parameter: (layer: { readonly name: string }, name: string) => surroundings.parameter(layer.name, name),
    stepNumber: () => surroundings.step,
    call: record(note),
  });

  function forwardContext(operation: Operation, name: string): ForwardContext {
    return {
      ...common(operation, `${name} forward`),
      shareOutput(buffer) {
        tensors[outputOf(operation)] = buffer;
      },
      mayOverwrite(index) {
        const buffer = tensors[operation.inputs[index]];
        if (training || buffer.address !== undefined) return false;
        const reads = tensors.reduce((sum, other, i) => sum + (other === buffer ? readsLeft[i] : 0), 0);
        return reads === 1;
      },
      prepared: (key, bytes, fill) => surroundings.prepared(`${name} ${key}`, bytes, fill),
      normalizesOutput: () => training && normalized.has(outputOf(operation)),
      provideStatistics(parts) {
        statistics.set(outputOf(operation), parts);
      },
      inputStatistics: (index) => statistics.get(operation.inputs[index]),
    };
  }

  function backwardContext(operation: Operation, name: string, outputGradient: PlanBuffer): BackwardContext {
    const output = outputOf(operation);
    return {
      ...common(operation, `${name} backward`),
      gradient: (layer, parameter) => surroundings.gradient(layer.name, parameter),
      outputGradient: () => outputGradient,
      ownsOutputGradient: () => gradients.isAlone(output),
      wantsInputGradient: (index) => wanted[operation.inputs[index]],
      inputGradient(index) {
        const tensor = operation.inputs[index];
        return wanted[tensor] ? gradients.target(tensor) : undefined;
      },
      passGradient: (index, buffer) => gradients.pass(operation.inputs[index], buffer),
      deferGradient(index, dy, rest) {
        const tensor = operation.inputs[index];
        const reads = operations.flatMap(({ inputs }) => inputs).filter((input) => input === tensor).length;
        if (!makers.get(tensor)?.takesDeferredGradient || reads > 1) return false;
        gradients.pass(tensor, dy);
        deferred.set(tensor, rest);
        return true;
      },
      deferredGradient: () => deferred.get(output),
    };
  }

  return {
    calls,
    record,
    forward() {
      for (const operation of operations) {
        operation.forward(forwardContext(operation, nameOf(operation)));
        for (const tensor of operation.inputs) readsLeft[tensor]--;
      }
      return tensors[shapes.length - 1];
    },
    output: (tensor) => tensors[tensor],
    backward(outputGradient) {
      gradients.pass(shapes.length - 1, outputGradient);
      for (const operation of operations.toReversed()) {
        const output = outputOf(operation);
        const gradient = gradients.get(output);
        if (!gradient || !wanted[output]) continue;
        operation.backward(backwardContext(operation, nameOf(operation), gradient));
        gradients.done(output);
      }
    },
    inputGradient: (input) => gradients.get(input),
  };
}

function outputOf({ nodes }: Operation): number {
  return nodes[nodes.length - 1].output;
}

function nameOf({ nodes }: Operation): string {
  return nodes.map(({ name }) => name).join('+');
}

/** How often each tensor is read; the network's output once more, by whoever asked for it. */
function countReads(operations: readonly Operation[], tensors: number): number[] {
  const reads = new Array<number>(tensors).fill(0);
  for (const tensor of operations.flatMap(({ inputs }) => inputs)) reads[tensor]++;
  reads[tensors - 1]++;
  return reads;
}

/** Gradients are wanted of whatever depends on a trainable parameter. */
function wantedGradients(graph: Graph, ofInputs: boolean): boolean[] {
  const wanted = graph.inputs.map(() => ofInputs);
  for (const { inputs, parameters } of graph.nodes) {
    wanted.push(parameters.some(({ trainable }) => trainable) || inputs.some((input) => wanted[input]));
  }
  return wanted;
}
