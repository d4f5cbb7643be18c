/**
 * An error the user can expect and act on: a wrong option, an unreadable file. `code` is kebab-case and stable, for
 * programs; `message` is one plain sentence that says what was wrong, where, and what to do.
 */
export class GiemsaError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GiemsaError';
    this.code = code;
  }
}
