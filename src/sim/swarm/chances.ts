/** Everything that chance decides in a round of the swarm. */
import { Draws } from '../../routing/draws.ts';

export class Chances {
  readonly #draws: Draws;

  /** Each `stream` of a seed draws numbers of its own. */
  constructor(seed: number, stream: number) {
    this.#draws = new Draws(seed, stream);
  }

  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number {
    return this.#draws.below(bound);
  }

  /** A whole number; both ends count. */
  between(least: number, most: number): number {
    return least + this.#draws.below(most - least + 1);
  }

  /** Whether something happens that does so `percent` times of a hundred. */
  happens(percent: number): boolean {
    return this.#draws.below(100) < percent;
  }

  /** @throws when there is nothing to pick from */
  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new RangeError('there is nothing to pick from');
    return from[this.#draws.below(from.length)]!;
  }

  /** So many of them at most, each once, in no particular order. */
  some<T>(from: readonly T[], most: number): readonly T[] {
    const left = [...from];
    const chosen: T[] = [];
    while (left.length > 0 && chosen.length < most) {
      const place = this.below(left.length);
      chosen.push(left[place]!);
      left[place] = left.at(-1)!;
      left.pop();
    }
    return chosen;
  }

  digits(count: number): string {
    let text = '';
    while (text.length < count) text += String(this.below(10));
    return text;
  }
}
