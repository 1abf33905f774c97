/** Settings that have another value, in words. */
import type { Place, Plan, SettingChange, SettingSubject } from '../plan.ts';
import { at } from './groups.ts';

const longestValue = 60;

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
  const told = new Set(
    differences.flatMap(({ causes }) =>
      causes.flatMap(({ before, after }) => [before, after].map(placeText)),
    ),
  );
  return settings
    .filter(
      ({ about, placeBefore, placeAfter }) =>
        about !== 'routing' ||
        ![placeBefore, placeAfter].some(place => place !== null && told.has(at(place))),
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
  const what = `${setting} of ${object}`;
  const notes = [subjects[about], needsRestart ? 'counts only after a restart' : ''].filter(
    text => text !== '',
  );
  return `${place}${what}: ${valueText(before)} → ${valueText(after)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

function valueText(value: string | null): string {
  if (value === null) return 'not there';
  return value.length <= longestValue ? value : `${value.slice(0, longestValue)}…`;
}
