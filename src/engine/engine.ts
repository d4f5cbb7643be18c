import { allowRelaxed, startThread, type Thread } from '#threads';
import { EngineError } from './errors.ts';
import { control, instantiateKernels, type Kernels, runAlone } from './kernel-loop.ts';
import { compileKernels } from './kernels-module.ts';
import type { Plan } from './plan.ts';
import { threadCount } from './thread-count.ts';

const PAGE = 65536;
/** 4 GiB, the most 32-bit addresses reach. Only reserved: pages cost nothing until written. */
const MAXIMUM_PAGES = 65536;
/** Behind every allocation, so that vector loads may run over an array's end. */
const SLACK = 64;

/** Software functions in double precision: the same bits in every engine, which JavaScript's Math does not promise. */
export interface EngineMath {
  exp(x: number): number;
  log(x: number): number;
  cos(x: number): number;
}

/** Runs plans over one memory, with one thread or many. */
export interface Engine {
  readonly threads: number;
  readonly relaxed: boolean;
  /** One for all threads; growing replaces its buffer. */
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly math: EngineMath;
  /** Reserves zeroed memory, aligned to 64 bytes, for as long as the engine lives. Views taken before may be stale. */
  allocate(bytes: number): number;
  f32(address: number, length: number): Float32Array<ArrayBuffer>;
  i32(address: number, length: number): Int32Array<ArrayBuffer>;
  u8(address: number, length: number): Uint8Array<ArrayBuffer>;
  /**
   * Runs wait for one another, in the order of the calls.
   * @throws EngineError `thread-failed`, from then on by every run; `closed`
   */
  run(plan: Plan): Promise<void>;
  /** Ends the threads, after the runs asked for so far. */
  close(): Promise<void>;
}

export interface EngineOptions {
  /** 1 (default) runs in the calling thread; more, up to 256, starts that many threads. 0: as many as there are cores. */
  readonly threads?: number;
  /** Relaxed SIMD: faster, but its last bits depend on the processor. */
  readonly relaxed?: boolean;
}

/**
 * Starts an engine: a memory, the kernels that work in it, and the threads that run them.
 * @throws EngineError `bad-threads`; `kernels-unsupported` where the runtime lacks SIMD, or the relaxed one that is asked for; `out-of-memory` where memory cannot
 *   be reserved; `thread-failed` where one cannot be started
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const wanted = threadCount(options.threads ?? 1);
  // A page that is not cross-origin isolated lacks this name. It has such memory, but may not hand it to a thread.
  const threads = typeof SharedArrayBuffer === 'undefined' ? 1 : wanted;
  const relaxed = options.relaxed ?? false;
  if (relaxed) allowRelaxed();
  const module = await compileKernels(relaxed).catch((error) => {
    const why = `this runtime cannot compile the kernels: ${error.message}`;
    throw new EngineError('kernels-unsupported', why, { cause: error });
  });
  const memory = reserveMemory();
  const kernels = instantiateKernels(module, memory);

  // Address 0 means "none" to kernels, so the first line is left out.
  let top = 64;
  function allocate(bytes: number): number {
    const address = top;
    const end = Math.ceil((address + bytes + SLACK) / 64) * 64;
    const pages = Math.ceil(end / PAGE) - memory.buffer.byteLength / PAGE;
    if (pages > 0) {
      try {
        memory.grow(pages);
      } catch {
        throw new EngineError(
          'out-of-memory',
          `${Math.round(end / 2 ** 20)} MB of memory cannot be had; use a smaller batch`,
        );
      }
    }
    top = end;
    return address;
  }

  const pool = threads > 1 ? await startPool(threads, module, memory, kernels) : undefined;
  let scratch = 0;
  let scratchBytes = -1;
  // Plans share scratch and arena, and threads count the chunks of one plan at a time.
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function runNow(plan: Plan): Promise<void> {
    if (closed) throw new EngineError('closed', 'this engine is closed; create another');
    const need = plan.reduce((most, call) => Math.max(most, call.scratch ?? 0), 0);
    if (need > scratchBytes) {
      scratchBytes = Math.ceil((need + SLACK) / 64) * 64;
      scratch = allocate(scratchBytes * threads);
    }
    if (pool) await pool.run(plan, scratch, scratchBytes);
    else runAlone(kernels, plan, scratch);
  }

  return {
    threads,
    relaxed,
    memory,
    math: { exp: kernels.exp, log: kernels.log, cos: kernels.cos } as unknown as EngineMath,
    allocate,
    // The views are over shared memory; DOM types (TextDecoder, WebGL) refuse such views, our code never hands them there.
    f32: (address, length) =>
      new Float32Array(memory.buffer, address, length) as unknown as Float32Array<ArrayBuffer>,
    i32: (address, length) =>
      new Int32Array(memory.buffer, address, length) as unknown as Int32Array<ArrayBuffer>,
    u8: (address, length) =>
      new Uint8Array(memory.buffer, address, length) as unknown as Uint8Array<ArrayBuffer>,
    run(plan) {
      const result = last.then(() => runNow(plan));
      // Whoever awaits a run reads its results before the next run begins: that takes a turn more of the microtasks.
      last = result.catch(() => undefined);
      return result;
    },
    async close() {
      await last;
      closed = true;
      await pool?.close();
    },
  };
}

/** @throws EngineError where the address space cannot be had (a limit on virtual memory) */
function reserveMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: true });
  } catch {
    throw new EngineError(
      'out-of-memory',
      'the engine cannot reserve 4 GiB of addresses; raise the limit on virtual memory',
    );
  }
}

interface Pool {
  /** One at a time. */
  run(plan: Plan, scratch: number, scratchBytes: number): Promise<void>;
  close(): Promise<void>;
}

async function startPool(
  count: number,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  kernels: Kernels,
): Promise<Pool> {
  let shared = new SharedArrayBuffer(4 * (control.counters + 4096));
  const threads: Thread[] = [];
  const known = new Map<Plan, number>();
  let pending = count;
  let settle: { resolve(): void; reject(error: Error): void } | undefined;
  let failure: EngineError | undefined;
  const wait = () =>
    new Promise<void>((resolve, reject) => {
      pending = count;
      settle = { resolve, reject };
    });
  const close = async () => {
    await Promise.all(threads.map((thread) => thread.close()));
  };
  const add = () => {
    const thread = startThread();
    threads.push(thread);
    thread.onAnswer((answer) => {
      if (answer.type === 'failed') {
        failure ??= new EngineError(
          'thread-failed',
          `a thread of the engine failed (${answer.message}), and the engine with it; ` +
            'start again, with a smaller batch if memory ran out',
        );
        settle?.reject(failure);
        // The others may be asleep, waiting for this one.
        void close();
      } else if (--pending === 0) settle?.resolve();
    });
  };
  const start = async () => {
    const ready = wait();
    for (const thread of threads)
      thread.post({ type: 'start', module, memory, control: shared, threads: count });
    await ready;
  };
  try {
    while (threads.length < count) add();
    await start();
  } catch (error) {
    // Those that run would keep the process alive.
    await close();
    if (error instanceof EngineError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new EngineError('thread-failed', `${count} threads cannot be started (${why}): ask for fewer`, {
      cause: error,
    });
  }
  return {
    async run(plan, scratch, scratchBytes) {
      if (failure) throw failure;
      for (const call of plan) {
        if (!kernels[call.kernel]) throw new EngineError('no-kernel', `there is no kernel ${call.kernel}`);
      }
      if (shared.byteLength < 4 * (control.counters + plan.length)) {
        shared = new SharedArrayBuffer(4 * (control.counters + plan.length));
        await start();
      }
      let id = known.get(plan);
      const isNew = id === undefined;
      if (id === undefined) {
        id = known.size;
        known.set(plan, id);
      }
      const done = wait();
      threads.forEach((thread, index) => {
        thread.post({
          type: 'run',
          plan: id,
          calls: isNew ? plan : undefined,
          scratch: scratch + index * scratchBytes,
        });
      });
      await done;
    },
    close,
  };
}
