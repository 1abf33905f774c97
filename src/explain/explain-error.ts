/** What was asked about is not there, or is no number. */
export class ExplainError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.name = 'ExplainError';
    this.hint = hint;
  }
}
