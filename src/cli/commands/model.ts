import type { Command } from 'commander';
import type { LayerNode } from '../../network/layers/definition.ts';
import type { Network } from '../../network/network.ts';
import { formatOption } from '../options.ts';
import { type Format, formatJson, formatTable, writeData } from '../output.ts';

/** `giemsa model`: what is in a model file or a recipe. */
export function register(program: Command): void {
  const model = program.command('model').description('look at models and recipes');
  model
    .command('show')
    .description('layers, shapes, parameters, multiply-adds; of a model file its metadata too')
    .argument('<recipe|file>', 'name of a recipe (seed, default), a recipe file, or a model file (.onnx)')
    .addOption(formatOption(['table', 'json']))
    .addHelpText(
      'after',
      `
Examples:
  $ giemsa model show seed
  $ giemsa model show run/model.onnx --format json`,
    )
    .action(show);
}

async function show(nameOrPath: string, { format }: { format: Format }): Promise<void> {
  const { network, ...others } = await read(nameOrPath);
  const table = await describeNetwork(network);
  if (format === 'json') return writeData(formatJson({ ...table, ...others }));

  const { input, layers, parameters, multiplyAdds } = table;
  const columns = ['name', 'type', 'from', 'shape', 'trainable', 'other', 'multiplyAdds'];
  const rows = layers.map(({ from, shape, parameters: own, ...layer }) => ({
    ...layer,
    ...own,
    from: from.join(', '),
    shape: shape.join('x'),
  }));
  await writeData(formatTable(rows, columns));
  const facts = [
    { name: 'input', value: `${input.height}x${input.width}x${input.channels}` },
    { name: 'parameters', value: `${parameters.trainable} trainable, ${parameters.other} other` },
    { name: 'multiplyAdds', value: String(multiplyAdds) },
    ...Object.entries(others).flatMap(([name, value]) => flat(name, value)),
  ];
  await writeData(`\n${formatTable(facts, ['name', 'value'])}`);
}

/** A recipe; or a model file's network, preprocessing and metadata. */
async function read(nameOrPath: string): Promise<{ network: Network } & Record<string, unknown>> {
  if (nameOrPath.toLowerCase().endsWith('.onnx')) {
    const { readModelFile } = await import('../../load-classifier.ts');
    const { readModel } = await import('../../model/file.ts');
    const { network, preprocessing, metadata } = await readModel(await readModelFile(nameOrPath));
    return { network, preprocessing, metadata };
  }
  const { loadRecipe } = await import('../../training/load-recipe.ts');
  return { ...(await loadRecipe(nameOrPath)) };
}

async function describeNetwork(network: Network) {
  const { countMultiplyAdds, countParameters, resolve } = await import('../../network/graph.ts');
  const graph = resolve(network);
  const names = [...graph.inputs, ...graph.nodes].map(({ name }) => name);
  const layers = graph.nodes.map((layer: LayerNode) => ({
    name: layer.name,
    type: layer.type,
    from: layer.inputs.map((tensor) => names[tensor]),
    shape: layer.shape,
    parameters: countParameters({ inputs: [], nodes: [layer] }),
    multiplyAdds: layer.multiplyAdds,
  }));
  return {
    input: network.input,
    layers,
    parameters: countParameters(graph),
    multiplyAdds: countMultiplyAdds(graph),
  };
}

/** A nested value as lines `a.b.c`; a list of layers, of which JSON has all, as their number. */
function flat(name: string, value: unknown): { name: string; value: string }[] {
  if (ArrayBuffer.isView(value)) return [{ name, value: `${(value as Float32Array).length} numbers` }];
  if (Array.isArray(value) && typeof value[0] === 'object')
    return [{ name, value: `${value.length} layers` }];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ name, value: typeof value === 'string' ? value : JSON.stringify(value) }];
  }
  return Object.entries(value).flatMap(([key, inner]) => flat(`${name}.${key}`, inner));
}
