/** A difference that a comparison made: what it says of both sides is put into words each time that somebody asks. */
import type { KnownFacts } from '../known-facts.ts';
import type { Cause, ChangeKind, Difference, Outcome, Scope } from '../plan.ts';
import { severityOf } from './kinds.ts';
import { type Told, ToldByNumbers } from './told.ts';

type Own = Pick<Difference, 'scopes' | 'prefix' | 'except' | 'lengths' | 'causes' | 'example'>;

export class ComparedDifference implements Difference {
  readonly scopes: readonly Scope[];
  readonly prefix: string;
  readonly except: readonly string[];
  readonly lengths: Difference['lengths'];
  readonly causes: readonly Cause[];
  readonly example: string;
  readonly #told: Told;

  constructor({ scopes, prefix, except, lengths, causes, example }: Own, told: Told) {
    this.scopes = scopes;
    this.prefix = prefix;
    this.except = except;
    this.lengths = lengths;
    this.causes = causes;
    this.example = example;
    this.#told = told;
  }

  get before(): readonly Outcome[] {
    return this.#told.before;
  }

  get after(): readonly Outcome[] {
    return this.#told.after;
  }

  get kinds(): readonly ChangeKind[] {
    return this.#told.kinds;
  }

  get knownFacts(): KnownFacts | null {
    return this.#told instanceof ToldByNumbers ? this.#told : null;
  }

  withScopes(scopes: readonly Scope[]): Difference {
    const { prefix, except, lengths, causes, example } = this;
    return new ComparedDifference({ scopes, prefix, except, lengths, causes, example }, this.#told);
  }

  toJSON(): Difference {
    const { scopes, prefix, except, lengths, before, after, kinds, causes, example } = this;
    return { scopes, prefix, except, lengths, before, after, kinds, causes, example };
  }
}

/** By customer, the worst first, then by prefix. */
export function inOrder(differences: readonly Difference[]): Difference[] {
  return differences
    .map(difference => ({
      difference,
      customer: difference.scopes[0]!.customer,
      severity: severityOf(difference.kinds),
    }))
    .sort(
      (a, b) =>
        a.customer - b.customer ||
        a.severity - b.severity ||
        compareTexts(a.difference.prefix, b.difference.prefix) ||
        compareTexts(JSON.stringify(a.difference.scopes), JSON.stringify(b.difference.scopes)) ||
        compareTexts(JSON.stringify(a.difference.lengths), JSON.stringify(b.difference.lengths)),
    )
    .map(({ difference }) => difference);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
