/** What entries with calendars must have, wherever such entries stand. */
import type { ParsedDirectory } from '../directory.ts';
import type { Findings } from '../findings.ts';
import type { TextAt } from '../parse/fields.ts';
import { named } from './dangling.ts';

/** `what` is decided by such an entry: a rate table. */
export function checkCalendars(
  entries: readonly { readonly calendar: TextAt }[],
  what: string,
  directory: ParsedDirectory,
  findings: Findings,
): void {
  const known = new Map<string, TextAt>();
  for (const { calendar } of entries) {
    if (named(calendar, 'calendar', directory.calendars, findings) === null) continue;
    const first = known.get(calendar.text);
    if (first === undefined) {
      known.set(calendar.text, calendar);
      continue;
    }
    const related = [{ ...first.place, message: 'the one that counts' }];
    const message = `the calendar "${calendar.text}" stands here already, so this ${what} never counts`;
    findings.add('C4312', calendar.place, message, { related });
  }
}
