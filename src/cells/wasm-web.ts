/** In a browser each codec fetches the file beside its own script, which bundlers understand. The other end of `#wasm`. */
export async function wasmModule(_file: string): Promise<WebAssembly.Module | undefined> {
  return undefined;
}
