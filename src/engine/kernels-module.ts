const compiled = new Map<boolean, Promise<WebAssembly.Module>>();

/**
 * The kernel module, compiled once.
 * @param wantRelaxed relaxed SIMD (fused multiply-add): faster, but its last bits depend on the processor.
 */
export function compileKernels(wantRelaxed: boolean): Promise<WebAssembly.Module> {
  let module = compiled.get(wantRelaxed);
  if (!module) {
    module = readKernels(wantRelaxed).then((bytes) => WebAssembly.compile(bytes));
    compiled.set(wantRelaxed, module);
    // What failed once, as for lack of memory, may do the next time.
    module.catch(() => compiled.delete(wantRelaxed));
  }
  return module;
}

async function readKernels(wantRelaxed: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const build = await (wantRelaxed
    ? import('./kernels/build/relaxed.js')
    : import('./kernels/build/plain.js'));
  const text = atob(build.default);
  const bytes = new Uint8Array(text.length);
  // A loop: a callback a byte is a tenth of what one image costs from a cold start.
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
