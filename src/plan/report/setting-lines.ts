/** Settings that have another value, in words. */
import type { Plan, SettingChange, SettingSubject } from '../plan.ts';
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

/** Of those that differences do not tell of already. */
export function settingLines({ settings }: Plan): readonly string[] {
  return settings.filter(({ about }) => about !== 'routing').map(settingText);
}

export function settingText(change: SettingChange): string {
  const { object, setting, before, after, placeBefore, placeAfter, about, needsRestart } = change;
  const place =
    placeAfter === null
      ? placeBefore === null
        ? ''
        : `${at(placeBefore)} (as it was) `
      : `${at(placeAfter)} `;
  const what = setting === '' ? object : `${setting} of ${object}`;
  const notes = [subjects[about], needsRestart ? 'counts only after a restart' : ''].filter(
    text => text !== '',
  );
  return `${place}${what}: ${valueText(before)} → ${valueText(after)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

function valueText(value: string | null): string {
  if (value === null) return 'not there';
  return value.length <= longestValue ? value : `${value.slice(0, longestValue)}…`;
}
