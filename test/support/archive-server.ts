import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server does with a request, by its path. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface ArchiveServer {
  url(path: string): string;
  /** Method, path and range of every request, in order. */
  readonly requests: string[];
  /** Cuts all connections: what a client has not read by then may be lost to it. */
  cut(): void;
  close(): Promise<void>;
}

/** A real server on the loopback address with the answers of a test. */
export async function serveAnswers(answers: Readonly<Record<string, Answer>>): Promise<ArchiveServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push(`${path} ${request.headers.range ?? 'whole'}`);
    const answer = answers[path];
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    requests,
    cut: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface FileOptions {
  /** Asked at each request: the connection is cut before this byte of the file. */
  readonly cutAt?: () => number | undefined;
  /** In place of being cut there, it stays open and silent. */
  readonly hold?: boolean;
  /** Bytes sent at a time, a turn of the event loop each. */
  readonly chunk?: number;
  readonly etag?: string;
  /** As a server that knows no ranges. */
  readonly noRanges?: boolean;
  /** Given in place of the true length. */
  readonly length?: number;
}

/** Serves bytes as web servers do, with Range and If-Range. */
export function file(bytes: Uint8Array, options: FileOptions = {}): Answer {
  const { cutAt, hold = false, chunk = 4096, noRanges = false } = options;
  const etag = options.etag ?? `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`;
  return (request, response) => {
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const resumes = from !== undefined && !noRanges && request.headers['if-range'] === etag;
    const start = resumes ? Number(from) : 0;
    if (start >= bytes.length && resumes) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    response.writeHead(resumes ? 206 : 200, {
      'content-type': 'application/zip',
      'content-length': options.length ?? bytes.length - start,
      etag,
      ...(resumes ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    const end = Math.min(bytes.length, cutAt?.() ?? bytes.length);
    const send = (at: number): void => {
      if (at >= end) {
        if (end === bytes.length) response.end();
        else if (!hold) response.destroy();
        return;
      }
      const next = Math.min(end, at + chunk);
      response.write(bytes.subarray(at, next), () => setImmediate(send, next));
    };
    send(start);
  };
}

export function status(code: number): Answer {
  return (_, response) => void response.writeHead(code).end();
}

export function redirect(to: string): Answer {
  return (_, response) => void response.writeHead(302, { location: to }).end();
}
