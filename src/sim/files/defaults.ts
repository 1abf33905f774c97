/** What the schema says counts where nobody says anything. */
import { parseTime } from '../../config/parse/time.ts';
import { readSchema } from '../../config/schema/read.ts';
import type { Schema } from '../../config/schema/types.ts';

export interface SchemaDefaults {
  readonly startMs: number;
  readonly caller: string;
  readonly timers: boolean;
  readonly hangUp: string;
}

let known: SchemaDefaults | null = null;

export function schemaDefaults(): SchemaDefaults {
  if (known !== null) return known;
  const scenario = readSchema('scenario').properties!['scenarios']!.items!;
  const call = scenario.properties!['call']!;
  known = {
    startMs: parseTime(defaultOf<string>(scenario, 'at'))!,
    caller: defaultOf<string>(call, 'caller'),
    timers: defaultOf<boolean>(call, 'timers'),
    hangUp: defaultOf<string>(call, 'hangUp'),
  };
  return known;
}

function defaultOf<T>(schema: Schema, key: string): T {
  const value = schema.properties?.[key]?.default;
  if (value === undefined) throw new Error(`the schema has no default of ${key}`);
  return value as T;
}
