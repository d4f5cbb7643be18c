/** Scores or labels that cannot be evaluated. `code` is kebab-case and stable; `message` says which one and why. */
export class EvaluationError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'EvaluationError';
    this.code = code;
  }
}
