/** Which settings have another value, object by object, and what they are about. */
import type { Places, Snapshot, Source } from '../../config/snapshot.ts';
import { settingPlace } from '../../routing/setting-place.ts';
import type { Place, SettingChange, SettingSubject } from '../plan.ts';
import { parameterNames } from './parameter-names.ts';

interface Named {
  readonly name: string;
  readonly source: Source;
  readonly places: Places;
}

/** Object by its label, and of each the text of every setting. */
type Described = ReadonlyMap<
  string,
  { readonly object: Named; readonly settings: ReadonlyMap<string, string> }
>;

/** Rows of tables and prefixes of gateways are compared elsewhere. */
export function settingChanges(before: Snapshot, after: Snapshot): SettingChange[] {
  const old = describe(before);
  const now = describe(after);
  const changes: SettingChange[] = [];
  for (const label of new Set([...old.keys(), ...now.keys()])) {
    const was = old.get(label);
    const is = now.get(label);
    if (was === undefined || is === undefined) {
      changes.push({
        ...{ object: label, setting: '', about: 'other', needsRestart: false },
        before: was === undefined ? null : '"there"',
        after: is === undefined ? null : '"there"',
        placeBefore: was === undefined ? null : place(was.object.source),
        placeAfter: is === undefined ? null : place(is.object.source),
      });
      continue;
    }
    for (const setting of new Set([...was.settings.keys(), ...is.settings.keys()])) {
      const values = [was.settings.get(setting) ?? null, is.settings.get(setting) ?? null] as const;
      if (values[0] === values[1]) continue;
      changes.push({
        object: label,
        setting,
        before: values[0],
        after: values[1],
        placeBefore: placeOf(was.object, setting),
        placeAfter: placeOf(is.object, setting),
        about: subjectOf(setting),
        needsRestart: label === 'switch.yaml' && /^(sip|store)/.test(setting),
      });
    }
  }
  return changes.sort(byPlace);
}

function byPlace(a: SettingChange, b: SettingChange): number {
  const [one, other] = [a.placeAfter ?? a.placeBefore, b.placeAfter ?? b.placeBefore];
  const texts = [`${one?.file} ${a.object}`, `${other?.file} ${b.object}`] as const;
  if (texts[0] !== texts[1]) return texts[0] < texts[1] ? -1 : 1;
  return (one?.line ?? 0) - (other?.line ?? 0) || (a.setting < b.setting ? -1 : 1);
}

function describe(snapshot: Snapshot): Described {
  const described = new Map<string, { object: Named; settings: ReadonlyMap<string, string> }>();
  const add = (label: string, object: Named, settings: ReadonlyMap<string, string>) => {
    described.set(label, { object, settings });
  };
  const names = namesOf(snapshot);
  const top: Source = { file: 'switch.yaml', line: 1, column: 1 };
  const { places, ...parameters } = snapshot.parameters;
  const settings = flat({ ...snapshot.switch, parameters }, names);
  add('switch.yaml', { name: 'switch.yaml', source: top, places }, renamed(settings));
  const addresses = new Map<number, string[]>();
  for (const { mappingGateway, address, prefixBits, port } of snapshot.ingress.addresses) {
    const text = `${address.join(address.length === 4 ? '.' : ',')}/${prefixBits}${port === null ? '' : `:${port}`}`;
    addresses.set(mappingGateway, [...(addresses.get(mappingGateway) ?? []), text]);
  }
  for (const gateway of snapshot.mappingGateways) {
    const label = `gateways/mapping/${gateway.name}`;
    add(label, gateway, flat({ ...gateway, addresses: addresses.get(gateway.index) ?? [] }, names));
  }
  for (const gateway of snapshot.routingGateways) {
    add(`gateways/routing/${gateway.name}`, gateway, flat(gateway, names));
  }
  for (const account of snapshot.accounts) add(`accounts/${account.name}`, account, flat(account, names));
  for (const group of snapshot.gatewayGroups) add(`groups/${group.name}`, group, flat(group, names));
  const noPlaces: Places = { settings: [], at: [], inherited: {} };
  for (const calendar of snapshot.calendars) {
    add(`calendars/${calendar.name}`, { ...calendar, places: noPlaces }, flat(calendar, names));
  }
  for (const table of snapshot.rateTables) {
    const label = `rates/${table.name}`;
    add(label, { name: table.name, source: table.source, places: noPlaces }, new Map());
  }
  return described;
}

/** What indexes stand for, by the name of the field that holds them. */
type Names = Readonly<Record<string, readonly string[]>>;

function namesOf(snapshot: Snapshot): Names {
  const of = (objects: readonly { readonly name: string }[]) => objects.map(({ name }) => name);
  const tables = of(snapshot.rateTables);
  const lists = of(snapshot.numberLists);
  return {
    account: of(snapshot.accounts),
    clearingAccount: of(snapshot.accounts),
    rateTable: tables,
    privateRateTable: tables,
    calendar: of(snapshot.calendars),
    group: of(snapshot.gatewayGroups),
    lists,
    table: of(snapshot.lrnTables),
    mappingGateways: of(snapshot.mappingGateways),
    routingGateways: of(snapshot.routingGateways),
    mappingGatewayGroups: of(snapshot.gatewayGroups),
    routingGatewayGroups: of(snapshot.gatewayGroups),
  };
}

const withoutMeaning = new Set(['source', 'index', 'places', 'name']);
/** Fields that the files do not group. */
const ungrouped = new Set(['numbers', 'parameters']);

function flat(object: object, names: Names): Map<string, string> {
  const settings = new Map<string, string>();
  collect(object, '', names, settings);
  return settings;
}

function collect(object: object, prefix: string, names: Names, settings: Map<string, string>): void {
  for (const [key, value] of Object.entries(object)) {
    if (withoutMeaning.has(key)) continue;
    const path = `${prefix}${key}`;
    const isGroup =
      typeof value === 'object' && value !== null && !Array.isArray(value) && !('kind' in value);
    if (!isGroup || key in names) settings.set(shownPath(path), textOf(value, key, names));
    else collect(value, ungrouped.has(key) ? prefix : `${path}.`, names, settings);
  }
}

/** The files count in seconds. */
function shownPath(path: string): string {
  return path.replace(/Ms$/, 'Seconds');
}

function textOf(value: unknown, key: string, names: Names): string {
  if (
    typeof value === 'number' &&
    key.endsWith('Ms') &&
    key !== 'holdTimePrecisionMs' &&
    key !== 'validUntilMs'
  ) {
    return String(value / 1000);
  }
  return JSON.stringify(withNames(value, key, names)) ?? 'null';
}

function withNames(value: unknown, key: string, names: Names): unknown {
  const known = names[key];
  if (typeof value === 'number') return known === undefined ? value : (known[value] ?? value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(one => withNames(one, key, names));
  if (typeof value !== 'object' || value === null) return value;
  if ('rules' in value) return (value.rules as readonly { readonly text: string }[]).map(({ text }) => text);
  const entries = Object.entries(value).filter(([inner]) => !withoutMeaning.has(inner));
  return Object.fromEntries(
    entries.map(([inner, one]) => [inner, withNames(one, inner === 'indexes' ? key : inner, names)]),
  );
}

function renamed(settings: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...settings].map(([path, text]) => [parameterNames[path] ?? path, text]));
}

const subjects: readonly (readonly [RegExp, SettingSubject])[] = [
  [
    /^(timeouts|hunting|resendIntervals|stopCodes|protectRouteDelay|callProceeding|replaceFailedReason)|SWITCH|TIMEOUT|PROTECT_ROUTE|RESEND/,
    'hunting',
  ],
  [
    /^(lines|callRate|timedLines|maxCallDuration|overdraftLimit|noTimerCap|validUntil)|MAX_CPS|MAX_CALL_DURATION/,
    'limits',
  ],
  [/BILLING|^(currency|unrated)/, 'billing'],
  [/^(name|sip|store|addresses|address|authentication|optionsCheck|record|reply|SS_REPLY)/, 'other'],
];

function subjectOf(setting: string): SettingSubject {
  return subjects.find(([pattern]) => pattern.test(setting))?.[1] ?? 'routing';
}

/** The place of the setting, or of the nearest one around it that the file states; the object's without any. */
function placeOf(object: Named, setting: string): Place {
  for (let path = setting; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('.')))) {
    const found = settingPlace(object, path);
    if (found !== null) return place(found);
  }
  return place(object.source);
}

function place({ file, line }: Source): Place {
  return { file, line };
}
