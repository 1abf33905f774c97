/** Where the settings of each object stand, laid out so that thousands of objects cost little to hand to another thread. */
import type { Kind } from '../kinds.ts';
import { type Levels, Settings } from '../resolve/settings.ts';
import type { Stated } from '../resolve/stated.ts';
import type { Places } from '../snapshot.ts';

type Outline = Omit<Places, 'at'>;

/** Objects of one configuration that state the same settings share all but the numbers of their lines. */
export class SharedPlaces {
  readonly #levels: Levels;
  readonly #outlines = new Map<string, Outline>();

  constructor(levels: Levels) {
    this.#levels = levels;
  }

  of(kind: Kind, stated: Stated): Places {
    const { settings, inherited } = this.#outlineOf(kind, stated);
    const at: number[] = [];
    for (const { place } of stated.values()) at.push(place.line, place.column);
    return { settings, at, inherited };
  }

  #outlineOf(kind: Kind, stated: Stated): Outline {
    const settings = [...stated.keys()];
    const key = `${kind} ${settings.join(' ')}`;
    const known = this.#outlines.get(key);
    if (known !== undefined) return known;
    const outline = { settings, inherited: new Settings(kind, stated, this.#levels).inheritedPlaces() };
    this.#outlines.set(key, outline);
    return outline;
  }
}
