/** Where the value of a setting stands. */
import type { Parameters, Places, Source } from '../config/snapshot.ts';

interface Placed {
  /** The top of the object's file. */
  readonly source: Source;
  readonly places: Places;
}

/**
 * Where the value of one of the object's settings stands, be it in its own file or where it is inherited from; null
 * when it is left to its default. `path` is that of the file: `timeouts.ringingSeconds`.
 */
export function settingPlace({ source, places }: Placed, path: string): Source | null {
  const index = places.settings.indexOf(path);
  if (index < 0) return places.inherited[path] ?? null;
  return { file: source.file, line: places.at[2 * index]!, column: places.at[2 * index + 1]! };
}

/** As `settingPlace`, and the object itself when the setting is left to its default. */
export function decidingPlace(object: Placed, path: string): Source {
  return settingPlace(object, path) ?? object.source;
}

/** Where a parameter of switch.yaml stands, by its name; the top of the file when it is left to its default. */
export function parameterPlace({ places }: Parameters, name: string): Source {
  return decidingPlace({ source: { file: 'switch.yaml', line: 1, column: 1 }, places }, name);
}
