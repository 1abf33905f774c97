/** What was opened is closed in the opposite order, each thing once, and one failure keeps nothing else open. */
export class Releasers {
  readonly #open: { readonly name: string; readonly release: () => void | Promise<void> }[] = [];

  add(name: string, release: () => void | Promise<void>): void {
    this.#open.push({ name, release });
  }

  /** Returns what could not be released, by name. */
  async releaseAll(): Promise<readonly { readonly name: string; readonly error: unknown }[]> {
    const failures: { readonly name: string; readonly error: unknown }[] = [];
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) {
      try {
        await next.release();
      } catch (error) {
        failures.push({ name: next.name, error });
      }
    }
    return failures;
  }
}
