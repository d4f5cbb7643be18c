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

/** Does some work on a file; an error that the user can act on then begins with the file's name. */
export async function inFile<Result>(file: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GiemsaError) || error.message.includes(file)) throw error;
    throw new GiemsaError(error.code, `${file}: ${error.message}`, { cause: error });
  }
}
