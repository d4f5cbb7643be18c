import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** A codec's WebAssembly module, compiled from the installed package's file. Node's end of `#wasm`. */
export async function wasmModule(file: string): Promise<WebAssembly.Module | undefined> {
  return WebAssembly.compile(await readFile(createRequire(import.meta.url).resolve(file)));
}
