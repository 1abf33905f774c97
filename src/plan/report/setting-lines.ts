/** Settings that have another value, in words. */
import type { Place, Plan, SettingChange, SettingSubject } from '../plan.ts';
import { at } from './cause-lines.ts';

const longestValue = 60;

/** Above the lines of `settingLines`. */
export const settingsTitle = 'What else is different in the files';

/** What calls do not show comes with a reason to look at it. */
const subjects: Readonly<Record<SettingSubject, string>> = {
  routing: '',
  hunting: 'what happens from attempt to attempt',
  billing: 'what is charged',
  limits: 'how many calls there may be',
  other: '',
};

/** Of those that no difference names as what made it. */
export function settingLines({ settings, differences }: Plan): readonly string[] {
  const told = new Set<string>();
  for (const cause of new Set(differences.flatMap(({ causes }) => causes))) {
    told.add(placeText(cause.before)).add(placeText(cause.after));
  }
  const isTold = ({ placeBefore, placeAfter }: SettingChange): boolean =>
    [placeBefore, placeAfter].some(place => place !== null && told.has(at(place)));
  return settings
    .filter(
      change =>
        (change.about !== 'routing' && change.setting !== '') || !isTold(change) || countOf(change) > 1,
    )
    .map(settingText);
}

function placeText(place: Place | null): string {
  return place === null ? '' : at(place);
}

export function settingText(change: SettingChange): string {
  const { object, setting, before, after, placeBefore, placeAfter, about, needsRestart } = change;
  const place =
    placeAfter === null
      ? placeBefore === null
        ? ''
        : `${at(placeBefore)} (as it was) `
      : `${at(placeAfter)} `;
  if (setting === '') return `${place}${object} is ${after === null ? 'gone' : 'new'}`;
  const contents = contentsOf(change);
  if (contents !== null) return `${place}${contentsText(object, setting, contents)}`;
  const what = object === 'switch.yaml' ? setting : `${setting} of ${object}`;
  const notes = [subjects[about], needsRestart ? 'counts only after a restart' : ''].filter(
    text => text !== '',
  );
  return `${place}${what}: ${valueText(before)} → ${valueText(after)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

/** What a table or a list holds, or a gateway's prefixes. */
interface Contents {
  readonly before: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly examples: readonly string[];
}

function contentsOf({ setting, before, after }: SettingChange): Contents | null {
  if (before === null || after === null || !['rows', 'entries', 'prefixes'].includes(setting)) return null;
  const now = JSON.parse(after) as Omit<Contents, 'before'>;
  return { ...now, before: (JSON.parse(before) as Record<string, number>)[setting]! };
}

function countOf(change: SettingChange): number {
  const contents = contentsOf(change);
  return contents === null ? 0 : contents.added + contents.removed + contents.changed;
}

function contentsText(object: string, setting: string, contents: Contents): string {
  const { before, added, removed, changed, examples } = contents;
  const counts = [
    [added, 'new'],
    [removed, 'gone'],
    [changed, 'changed'],
  ] as const;
  const texts = counts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count.toLocaleString('en-US')} ${word}`);
  const more = added + removed + changed > examples.length ? ', …' : '';
  return `${setting} of ${object}: ${texts.join(', ')} of ${before.toLocaleString('en-US')} (${examples.join(', ')}${more})`;
}

function valueText(value: string | null): string {
  const text = value === null ? 'none' : wordsOf(JSON.parse(value), false);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`;
}

/** As YAML writes it on one line; nothing is said of what is not set. */
function wordsOf(value: unknown, isWithin: boolean): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) {
    const items = value.map(item => wordsOf(item, true)).join(', ');
    return isWithin || value.length === 0 ? `[${items}]` : items;
  }
  if (typeof value !== 'object') return value === '' ? '""' : String(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  const text = entries.map(([key, inner]) => `${key}: ${wordsOf(inner, true)}`).join(', ');
  return isWithin ? `{ ${text} }` : text;
}
