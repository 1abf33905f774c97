/** A side of a plan that cannot be had: nothing was compared. */
export class SideError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.name = 'SideError';
    this.hint = hint;
  }
}
