import { GiemsaError } from '../../cells/errors.ts';

/** A failure that may pass, such as a cut connection: worth another try. */
export class PassingFailure extends Error {}

const MOST_REDIRECTS = 5;

/**
 * Asks for a file; redirects are followed here, at most five, so that none leads from https to http or to a file.
 *
 * @returns an answer with the status 200, 206 or 416
 * @throws PassingFailure for what may go better next time
 * @throws GiemsaError `download-failed` for what will not
 */
export async function request(
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    // Packed on the way, a byte of the answer would not be a byte of the file.
    const response = await fetch(url, {
      headers: { 'accept-encoding': 'identity', ...headers },
      redirect: 'manual',
      signal,
    });
    const to = response.status >= 300 && response.status < 400 && response.headers.get('location');
    if (!to) return checked(response);
    await response.body?.cancel();
    url = redirected(url, to);
  }
  throw failed(`more than ${MOST_REDIRECTS} redirects`);
}

function redirected(from: URL, to: string): URL {
  const url = URL.canParse(to, from.href) ? new URL(to, from) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && from.protocol === 'http:')) return url;
  throw failed(`it redirects to ${to.slice(0, 100)}, which is not followed`);
}

async function checked(response: Response): Promise<Response> {
  const { status, headers } = response;
  const problem = problemOf(status, headers);
  if (problem === undefined) return response;
  await response.body?.cancel();
  throw problem;
}

function problemOf(status: number, headers: Headers): Error | undefined {
  if (status >= 500 || status === 408 || status === 429) {
    return new PassingFailure(`the server answers with status ${status}`);
  }
  if (![200, 206, 416].includes(status)) return failed(`the server answers with status ${status}`);
  // Networks that ask for a log-in first answer so.
  if (headers.get('content-type')?.startsWith('text/html') && status !== 416) {
    return failed('the answer is a web page, not an archive');
  }
  if (!['identity', null].includes(headers.get('content-encoding'))) {
    return failed('the answer is packed in a way that was not asked for');
  }
  return undefined;
}

function failed(reason: string): GiemsaError {
  return new GiemsaError('download-failed', reason);
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the server refuses the connection',
  ECONNRESET: 'the connection was cut',
  ENETUNREACH: 'there is no network',
  ENOTFOUND: 'no server of that name is found, or there is no network',
  EAI_AGAIN: 'no server of that name is found, or there is no network',
  ETIMEDOUT: 'the server does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the server does not answer',
  UND_ERR_SOCKET: 'the connection was cut',
};

/** What `fetch` threw, as a failure that may pass; any other error as it is. */
export function passing(error: unknown): unknown {
  // All of its failures are TypeErrors with the true one as their cause.
  if (!(error instanceof TypeError && error.cause instanceof Error)) return error;
  const { code, message } = error.cause as NodeJS.ErrnoException;
  return new PassingFailure(REASONS[code ?? ''] ?? message, { cause: error });
}
