import { setTimeout as pause } from 'node:timers/promises';
import { GiemsaError } from '../../cells/errors.ts';
import type { PartFile } from './part-file.ts';
import { PassingFailure, passing, request } from './request.ts';

export interface DownloadOptions {
  readonly mostBytes: number;
  /** Bytes that have come, and of how many; null where the server does not say. */
  readonly onProgress: (received: number, total: number | null) => void;
  readonly signal?: AbortSignal | undefined;
  readonly timing?: DownloadTiming | undefined;
}

/** In milliseconds. */
export interface DownloadTiming {
  /** A connection on which nothing has come for so long is given up. */
  readonly silence: number;
  /** Before each further try. */
  readonly pauses: readonly number[];
}

const TIMING: DownloadTiming = { silence: 30_000, pauses: [1000, 4000, 10_000] };
/** With so many more bytes than the last time, a failure counts as the first one again. */
const HEADWAY = 1024 * 1024;

/**
 * Downloads a file, from where an earlier download from the same address stopped, as long as the server still has the
 * same file (its ETag or date); after a failure that may pass it goes on by itself.
 *
 * @throws GiemsaError `download-failed`, `download-too-large`, `cannot-write`; whatever `signal` was aborted with
 */
export async function download(address: string, part: PartFile, options: DownloadOptions): Promise<void> {
  const { pauses } = options.timing ?? TIMING;
  for (let failures = 0; ; ) {
    const before = part.size;
    try {
      return await attempt(address, part, options);
    } catch (error) {
      if (!(error instanceof PassingFailure)) throw error;
      failures = part.size - before >= HEADWAY ? 1 : failures + 1;
      if (failures > pauses.length) throw new GiemsaError('download-failed', error.message, { cause: error });
      await pause(pauses[failures - 1], undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}

async function attempt(address: string, part: PartFile, options: DownloadOptions): Promise<void> {
  const { mostBytes, onProgress, signal, timing = TIMING } = options;
  if (isWhole(part, address)) return;
  const watch = watchSilence(timing.silence, signal);
  try {
    const response = await request(address, resumeHeaders(part, address), watch.signal);
    await place(response, part, address);
    const total = part.source?.total ?? null;
    const refuseMore = (size: number) => {
      if (size <= mostBytes) return;
      throw new GiemsaError('download-too-large', `more than the limit of ${mostBytes} bytes`);
    };
    refuseMore(total ?? 0);
    for await (const chunk of response.body ?? []) {
      watch.alive();
      refuseMore(part.size + chunk.length);
      await part.append(chunk);
      onProgress(part.size, total);
    }
    if (total !== null && part.size !== total) {
      throw new PassingFailure(`the file was cut short: ${part.size} of ${total} bytes came`);
    }
  } catch (error) {
    throw signal?.aborted ? signal.reason : watch.signal.aborted ? watch.signal.reason : passing(error);
  } finally {
    watch.stop();
  }
}

/** It was downloaded to its end before, and not yet used. */
function isWhole({ source, size }: PartFile, address: string): boolean {
  return source?.address === address && size > 0 && size === source.total;
}

/** RFC 9110: with If-Range, a server whose file has changed sends the new one whole. */
function resumeHeaders({ source, size }: PartFile, address: string): Record<string, string> {
  if (source?.address !== address || !source.validator || size === 0) return {};
  return { range: `bytes=${size}-`, 'if-range': source.validator };
}

/** Makes the file ready for the bytes of this answer. */
async function place({ status, headers }: Response, part: PartFile, address: string): Promise<void> {
  if (status === 200) {
    const length = headers.get('content-length');
    return part.begin({
      address,
      validator: validatorOf(headers),
      total: length === null ? null : Number(length),
    });
  }
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
  const { source, size } = part;
  const fits =
    Number(start) === size && (source?.total == null || total === '*' || Number(total) === source.total);
  if (status === 206 && fits) return;
  await part.begin({ address, validator: null, total: null });
  throw new PassingFailure('the server does not go on where the file stopped');
}

/** A weak ETag may stand for other bytes, so it cannot be gone on with. */
function validatorOf(headers: Headers): string | null {
  const etag = headers.get('etag');
  return etag && !etag.startsWith('W/') ? etag : headers.get('last-modified');
}

/** A signal that is aborted when nothing was heard for a while, or with the given one. */
function watchSilence(milliseconds: number, outer: AbortSignal | undefined) {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new PassingFailure(`nothing came for ${milliseconds / 1000} s`)),
    milliseconds,
  );
  const onAbort = () => controller.abort(outer?.reason);
  outer?.addEventListener('abort', onAbort);
  if (outer?.aborted) onAbort();
  return {
    signal: controller.signal,
    alive: () => void timer.refresh(),
    stop() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onAbort);
      // Whatever was not read of an answer must not keep the connection.
      controller.abort();
    },
  };
}
