import { GiemsaError } from './errors.ts';

/** A decoder in WebAssembly, loaded when it is first asked for. */
export interface Codec<Module> {
  /** @throws GiemsaError `codec-unavailable`; the next call tries again */
  get(): Promise<Module>;
  /** The next call gets a fresh one. */
  forget(): void;
}

/** @param format as it is told, e.g. `JPEG` */
export function codecOf<Module>(format: string, load: () => Promise<Module>): Codec<Module> {
  let loading: Promise<Module> | undefined;
  return {
    async get() {
      loading ??= load();
      try {
        return await loading;
      } catch (error) {
        loading = undefined;
        throw codecUnavailable(format, error);
      }
    },
    forget() {
      loading = undefined;
    },
  };
}

/** Without the reason, which may name files of this machine. */
export function codecUnavailable(format: string, cause: unknown): GiemsaError {
  return new GiemsaError(
    'codec-unavailable',
    `the decoder of ${format} images cannot be loaded: are its files where they were installed, or can the page fetch them?`,
    { cause },
  );
}
