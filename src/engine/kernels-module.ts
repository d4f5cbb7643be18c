import plain from './kernels/build/plain.js';
import relaxed from './kernels/build/relaxed.js';

const compiled = new Map<boolean, Promise<WebAssembly.Module>>();

/**
 * The kernel module, compiled once.
 * @param wantRelaxed relaxed SIMD (fused multiply-add): faster, but its last bits depend on the processor.
 */
export function compileKernels(wantRelaxed: boolean): Promise<WebAssembly.Module> {
  let module = compiled.get(wantRelaxed);
  if (!module) {
    const text = atob(wantRelaxed ? relaxed : plain);
    module = WebAssembly.compile(Uint8Array.from(text, (character) => character.charCodeAt(0)));
    compiled.set(wantRelaxed, module);
  }
  return module;
}
