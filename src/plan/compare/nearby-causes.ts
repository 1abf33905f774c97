/** What stands in for causes where none were found. */
import type { MappingGateway } from '../../config/snapshot.ts';
import type { Cause, SettingChange } from '../plan.ts';

const settingsShown = 3;

/**
 * Where what was laid side by side names no line: the settings that changed of whoever has to do with the call, since
 * one of them did it. Tables and prefixes are not among them; they would have been named.
 */
export function changedNearby(
  settings: readonly SettingChange[],
  names: {
    readonly customer: MappingGateway;
    readonly account: string;
    readonly gateways: readonly string[];
  },
): Cause[] {
  const near = new Set([
    'switch.yaml',
    `gateways/mapping/${names.customer.name}`,
    `accounts/${names.account}`,
    ...names.gateways.map(name => `gateways/routing/${name}`),
  ]);
  const shared = /^(?:calendars|number-lists|lrn|gateways\/groups)\//;
  const isRouting = ({ about }: SettingChange): boolean => about === 'routing' || about === 'billing';
  const ranked = [
    settings.filter(change => near.has(change.object) && isRouting(change)),
    settings.filter(change => shared.test(change.object)),
    settings.filter(change => near.has(change.object)),
    settings,
  ];
  const found = ranked.find(list => list.length > 0) ?? [];
  return found.slice(0, settingsShown).map(({ object, setting, after, placeBefore, placeAfter }) => ({
    what:
      setting === ''
        ? `${object} is ${after === null ? 'gone' : 'new'}`
        : `${setting} of ${object} is another`,
    before: placeBefore,
    after: placeAfter,
  }));
}
