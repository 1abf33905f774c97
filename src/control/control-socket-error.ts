/** The socket cannot be had. `running`: another switch serves this directory. */
export class ControlSocketError extends Error {
  readonly kind: 'running' | 'unusable';
  readonly hint: string;

  constructor(kind: ControlSocketError['kind'], message: string, hint: string) {
    super(message);
    this.name = 'ControlSocketError';
    this.kind = kind;
    this.hint = hint;
  }
}
