/** Something about the history that an operator can do something about. */
export class HistoryError extends Error {
  /** What to do about it; null when the message says all. */
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HistoryError';
    this.hint = hint;
  }
}
