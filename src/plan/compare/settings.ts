/** Which settings have another value, object by object, and what they are about. */
import { restartKeys } from '../../config/restart-keys.ts';
import type { Places, Snapshot, Source } from '../../config/snapshot.ts';
import { settingPlace } from '../../routing/setting-place.ts';
import type { Place, SettingChange, SettingSubject } from '../plan.ts';
import { changedContents } from './changed-contents.ts';
import { type Written, writtenMappingGateway, writtenRoutingGateway } from './written-gateways.ts';
import { writtenAccount, writtenCalendar, writtenGroup, writtenSwitch } from './written-settings.ts';

interface Named {
  readonly source: Source;
  readonly places: Places;
}

/** Object by its label, and of each the JSON text of every setting. */
type Described = ReadonlyMap<
  string,
  { readonly object: Named; readonly settings: ReadonlyMap<string, string> }
>;

/** What nobody writes has no place of its own. */
const noPlaces: Places = { settings: [], at: [], inherited: {} };

/** Everything that files say and that means something else than before, in the order of the files. */
export function settingChanges(before: Snapshot, after: Snapshot): SettingChange[] {
  const old = describe(before);
  const now = describe(after);
  const restart = restartKeys(before.switch, after.switch);
  const changes: SettingChange[] = [];
  const inherited = new Set<SettingChange>();
  for (const label of new Set([...old.keys(), ...now.keys()])) {
    const was = old.get(label);
    const is = now.get(label);
    if (was === undefined || is === undefined) {
      changes.push(existence(label, was?.object ?? null, is?.object ?? null));
      continue;
    }
    for (const setting of new Set([...was.settings.keys(), ...is.settings.keys()])) {
      const values = [was.settings.get(setting) ?? null, is.settings.get(setting) ?? null] as const;
      if (values[0] === values[1]) continue;
      const change: SettingChange = {
        object: label,
        setting,
        before: values[0],
        after: values[1],
        placeBefore: placeOf(was.object, setting),
        placeAfter: placeOf(is.object, setting),
        about: subjectOf(setting),
        needsRestart: label === switchLabel && restart.includes(setting),
      };
      changes.push(change);
      if (label !== switchLabel && !isWritten(was.object, setting) && !isWritten(is.object, setting)) {
        inherited.add(change);
      }
    }
  }
  const own = new Set(changes.filter(change => !inherited.has(change)).flatMap(placesText));
  // What is inherited is told where it is written, once.
  const told = changes.filter(
    change => !inherited.has(change) || !placesText(change).some(at => own.has(at)),
  );
  return [...told, ...changedContents(before, after)].sort(byPlace);
}

function existence(object: string, was: Named | null, is: Named | null): SettingChange {
  return {
    ...{ object, setting: '', about: 'other', needsRestart: false },
    before: was === null ? null : '"there"',
    after: is === null ? null : '"there"',
    placeBefore: was === null ? null : place(was.source),
    placeAfter: is === null ? null : place(is.source),
  };
}

/** In the object's own file: else it comes from the level above, or is left to its default. */
function isWritten({ places }: Named, setting: string): boolean {
  return places.settings.some(path => path === setting || path.startsWith(`${setting}.`));
}

function placesText({ placeBefore, placeAfter }: SettingChange): readonly string[] {
  return [placeBefore, placeAfter].flatMap(at => (at === null ? [] : [`${at.file}:${at.line}`]));
}

function byPlace(a: SettingChange, b: SettingChange): number {
  const [one, other] = [a.placeAfter ?? a.placeBefore, b.placeAfter ?? b.placeBefore];
  const texts = [`${one?.file} ${a.object}`, `${other?.file} ${b.object}`] as const;
  if (texts[0] !== texts[1]) return texts[0] < texts[1] ? -1 : 1;
  return (one?.line ?? 0) - (other?.line ?? 0) || (a.setting < b.setting ? -1 : 1);
}

const switchLabel = 'switch.yaml';

function describe(snapshot: Snapshot): Described {
  const described = new Map<string, { object: Named; settings: ReadonlyMap<string, string> }>();
  const add = <T>(label: string, object: Named, written: Written<T>, of: T, more: object = {}) => {
    const own = Object.entries(written).map(([path, read]) => [path, read(of, snapshot)] as const);
    const settings = new Map([...own, ...Object.entries(more)].map(([path, value]) => [path, jsonOf(value)]));
    described.set(label, { object, settings });
  };
  const top: Source = { file: 'switch.yaml', line: 1, column: 1 };
  add(switchLabel, { source: top, places: snapshot.parameters.places }, writtenSwitch, null);
  const addresses = addressesOf(snapshot);
  for (const gateway of snapshot.mappingGateways) {
    const more = { addresses: addresses.get(gateway.index) ?? [] };
    add(`gateways/mapping/${gateway.name}`, gateway, writtenMappingGateway, gateway, more);
  }
  for (const gateway of snapshot.routingGateways) {
    add(`gateways/routing/${gateway.name}`, gateway, writtenRoutingGateway, gateway);
  }
  for (const account of snapshot.accounts) add(`accounts/${account.name}`, account, writtenAccount, account);
  for (const group of snapshot.gatewayGroups) {
    add(`gateways/groups/${group.name}`, group, writtenGroup, group);
  }
  for (const calendar of snapshot.calendars) {
    const object = { source: calendar.source, places: noPlaces };
    add(`calendars/${calendar.name}`, object, writtenCalendar, calendar);
  }
  for (const [folder, objects] of [
    ['rates', snapshot.rateTables],
    ['number-lists', snapshot.numberLists],
    ['lrn', snapshot.lrnTables],
  ] as const) {
    for (const { name, source } of objects) add(`${folder}/${name}`, { source, places: noPlaces }, {}, null);
  }
  return described;
}

/** Paths of the settings that are compared of each kind of file; the tables' contents are counted elsewhere. */
export const comparedSettings: Readonly<Record<string, readonly string[]>> = {
  switch: Object.keys(writtenSwitch),
  'mapping-gateway': [...Object.keys(writtenMappingGateway), 'addresses'],
  'routing-gateway': [...Object.keys(writtenRoutingGateway), 'prefixes'],
  account: Object.keys(writtenAccount),
  'gateway-group': Object.keys(writtenGroup),
  calendar: Object.keys(writtenCalendar),
};

/** By index of the mapping gateway: `192.0.2.1`, `192.0.2.0/24`, with `:5060` where the port counts. */
function addressesOf({ ingress }: Snapshot): ReadonlyMap<number, readonly string[]> {
  const addresses = new Map<number, string[]>();
  for (const { mappingGateway, address, prefixBits, port } of ingress.addresses) {
    const isFour = address.length === 4;
    const text = isFour ? address.join('.') : colonText(address);
    const range = prefixBits === address.length * 8 ? '' : `/${prefixBits}`;
    const host = isFour || port === null ? `${text}${range}` : `[${text}]${range}`;
    const known = addresses.get(mappingGateway) ?? [];
    known.push(port === null ? host : `${host}:${port}`);
    addresses.set(mappingGateway, known);
  }
  return addresses;
}

function colonText(address: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => (address[2 * i]! << 8) | address[2 * i + 1]!);
  return groups.map(group => group.toString(16)).join(':');
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
}

const subjects: readonly (readonly [RegExp, SettingSubject])[] = [
  [
    /^(timeouts|hunting|protectRouteDelay|callProceeding|replaceFailedReason)|SWITCH|TIMEOUT|PROTECT_ROUTE|RESEND/,
    'hunting',
  ],
  [
    /^(lines|callRate|timedLines|maxCallDuration|overdraftLimit|validUntil)|MAX_CPS|MAX_CALL_DURATION|NO_TIMER|REMAIN_MONEY/,
    'limits',
  ],
  [/BILLING|^(currency|unrated)/, 'billing'],
  [
    /^(name|sip|store|history|rollout|plan|addresses|address|transport|authentication|optionsCheck)|REPLY|OPTIONS/,
    'other',
  ],
];

function subjectOf(setting: string): SettingSubject {
  return subjects.find(([pattern]) => pattern.test(setting))?.[1] ?? 'routing';
}

/** The place of the setting, of the first thing within it, or of the nearest around it that the file states. */
function placeOf(object: Named, setting: string): Place {
  const within = object.places.settings.find(path => path.startsWith(`${setting}.`));
  const first = settingPlace(object, setting) ?? (within === undefined ? null : settingPlace(object, within));
  if (first !== null) return place(first);
  for (let path = setting; path.includes('.'); ) {
    path = path.slice(0, path.lastIndexOf('.'));
    const found = settingPlace(object, path);
    if (found !== null) return place(found);
  }
  return place(object.source);
}

function place({ file, line }: Source): Place {
  return { file, line };
}
