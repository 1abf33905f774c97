/** Changes of settings that cannot change alone, by property. */
import { type Change, handMade, type Route } from './changes.ts';
import type { NetworkFile, Plain } from './network.ts';

type Values = readonly (readonly [Route, Plain | undefined])[];

const made: Readonly<Record<string, readonly [path: string, values: Values]>> = {
  'mapping-gateway authentication': [
    'gateways/mapping/by-port.yaml',
    [
      [['authentication'], 'ip'],
      [['addresses'], ['127.0.1.3']],
    ],
  ],
  'mapping-gateway routeShares[].share': [
    'gateways/mapping/shares.yaml',
    [
      [['routeShares', 0, 'share'], 70],
      [['routeShares', 1, 'share'], 30],
    ],
  ],
  'account unrated': [
    'accounts/friends.yaml',
    [
      [['unrated'], undefined],
      [['rateTable'], 'retail'],
    ],
  ],
  'calendar exceptions[].closed': [
    'calendars/office.yaml',
    [
      [['exceptions', 0, 'closed'], undefined],
      [['exceptions', 0, 'periods'], [{ from: '00:00', to: '24:00' }]],
    ],
  ],
};

/** The change that is made by hand for the property, where there is one. */
export function handMadeChanges(files: readonly NetworkFile[], name: string): readonly Change[] {
  const [path, values] = made[name] ?? [];
  if (path === undefined || values === undefined) return [];
  const file = files.find(one => one.path === path);
  if (file === undefined) throw new Error(`there is no ${path} to change`);
  return [handMade(file, values)];
}
