/** Scenario files that class4 writes itself, in the form that `class4 fmt` gives them. */
import { basename, dirname } from 'node:path';
import { formatYaml } from '../config/format/format-yaml.ts';
import { modelineFor } from '../config/format/modeline.ts';
import { defaultLimits } from '../config/limits.ts';

/** `path` is where the file comes to stand, absolute; null for the screen, which needs no schema. */
export function scenarioText(text: string, path: string | null): string {
  const modeline = path === null ? null : modelineFor(dirname(path), path, 'scenario', text);
  const file = path === null ? 'scenario.yaml' : basename(path);
  const formatted = formatYaml({ kind: 'scenario', file, text, modeline }, defaultLimits);
  if ('text' in formatted) return formatted.text;
  throw new Error(`a scenario was written that cannot be read: ${formatted.problems[0]?.message}`);
}
