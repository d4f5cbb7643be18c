/**
 * A mistake in a network that its author can mend: the message says what was wrong, in which layer and field, and
 * what is allowed.
 */
export class NetworkError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'NetworkError';
    this.code = code;
  }
}
