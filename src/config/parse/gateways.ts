/** The files in gateways/, read but not yet connected with accounts and each other. */
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { Findings } from '../findings.ts';
import type { ParsedMappingGateway, ParsedPrefix, ParsedRoutingGateway, ParsedSource } from '../parsed.ts';
import { shortened } from '../schema/findings.ts';
import type { AttemptTimeouts, HuntingRules, Transport } from '../snapshot.ts';
import { parseDestination, parseSourcePort, parseSourceRange } from './address.ts';
import { Fields } from './fields.ts';
import { parseNames, parsePrefixes } from './values.ts';

const defaultSipPort = 5060;
const defaultPriority = 100;

export function parseMappingGateway(name: string, fields: Fields, findings: Findings): ParsedMappingGateway {
  const authentication = fields.text('authentication') as 'ip' | 'ip-port' | null;
  return {
    name,
    place: fields.place(),
    account: fields.textAt('account'),
    authentication: authentication ?? 'ip',
    addresses: authentication === null ? [] : parseSources(fields, authentication, findings),
    locked: fields.boolean('locked', false),
    lines: fields.number('lines'),
    callerPrefixes: parsePrefixes(fields, 'callerPrefixes'),
    calleePrefixes: parsePrefixes(fields, 'calleePrefixes'),
    routingGateways: parseNames(fields, 'routingGateways'),
    protectRouteDelayMs: milliseconds(fields.number('protectRouteDelaySeconds')),
    maxCallDurationSeconds: fields.number('maxCallDurationSeconds'),
  };
}

function parseSources(fields: Fields, authentication: 'ip' | 'ip-port', findings: Findings): ParsedSource[] {
  const sources: ParsedSource[] = [];
  for (const { text, place } of fields.texts('addresses')) {
    const expectedPort = { expected: 'an address with its port, such as 192.0.2.1:5060' };
    const source = authentication === 'ip' ? parseSourceRange(text) : (parseSourcePort(text) ?? expectedPort);
    if ('expected' in source) {
      findings.add('C4308', place, `"${shortened(text)}" must be ${source.expected}`);
      continue;
    }
    sources.push({ ...source, text, place });
  }
  return sources;
}

export function parseRoutingGateway(name: string, fields: Fields, findings: Findings): ParsedRoutingGateway {
  const prefixMode = (fields.text('prefixMode') ?? 'extension') as 'extension' | 'expiration';
  return {
    name,
    place: fields.place(),
    clearingAccount: fields.textAt('clearingAccount'),
    address: parseAddressOf(fields, findings),
    prefixes: parseRoutes(fields, prefixMode, findings),
    prefixMode,
    priority: fields.number('priority') ?? defaultPriority,
    protectRoute: fields.boolean('protectRoute', false),
    locked: fields.boolean('locked', false),
    lines: fields.number('lines'),
    mappingGateways: parseNames(fields, 'mappingGateways'),
    checkRate: fields.boolean('checkRate', false),
    checkRatePlace: fields.place('checkRate'),
    timeouts: parseTimeouts(fields.within('timeouts')),
    hunting: parseHunting(fields.within('hunting')),
    stopCodes: fields
      .within('hunting')
      .items('stopCodes')
      .map(item => stopCodes(item.value as number | string)),
    maxCallDurationSeconds: fields.number('maxCallDurationSeconds'),
  };
}

function parseAddressOf(fields: Fields, findings: Findings): ParsedRoutingGateway['address'] {
  const written = fields.textAt('address');
  if (written === null) return null;
  const destination = parseDestination(written.text, defaultSipPort);
  if (destination === null) {
    const expected = 'an address or host name, with a port from 1 to 65535 if any, such as 192.0.2.1:5060';
    findings.add('C4308', written.place, `address must be ${expected}, not "${shortened(written.text)}"`);
    return null;
  }
  return { ...destination, transport: (fields.text('transport') ?? 'udp') as Transport };
}

function parseRoutes(
  fields: Fields,
  prefixMode: 'extension' | 'expiration',
  findings: Findings,
): ParsedPrefix[] {
  const known = new Map<string, Place>();
  const routes: ParsedPrefix[] = [];
  for (const item of fields.items('prefixes')) {
    const entry = new Fields(item);
    const own = item.children === null ? null : entry;
    const prefix = own === null ? (item.value as string) : own.text('prefix');
    if (prefix === null) continue;
    const first = known.get(prefix);
    if (first !== undefined) {
      const related = [{ ...first, message: 'it stands here already' }];
      findings.add('C4303', item.place, `the prefix "${prefix}" stands twice`, { related });
      continue;
    }
    known.set(prefix, item.place);
    const mode = own?.text('mode') ?? prefixMode;
    routes.push({ prefix, expiration: mode === 'expiration', place: item.place });
  }
  return routes;
}

function parseTimeouts(fields: Fields): Partial<AttemptTimeouts> {
  return present({
    inviteMs: milliseconds(fields.number('inviteSeconds')),
    tryingMs: milliseconds(fields.number('tryingSeconds')),
    progressMs: milliseconds(fields.number('progressSeconds')),
    progressSdpMs: milliseconds(fields.number('progressSdpSeconds')),
    ringingMs: milliseconds(fields.number('ringingSeconds')),
  });
}

function parseHunting(fields: Fields): Partial<HuntingRules> {
  const rule = (key: string) => (fields.has(key) ? fields.boolean(key, false) : null);
  return present({
    stopAfterInviteTimeout: rule('stopAfterInviteTimeout'),
    stopAfterUserBusy: rule('stopAfterUserBusy'),
    stopAfterSdp: rule('stopAfterSdp'),
    stopAfterRinging: rule('stopAfterRinging'),
    stopOn6xx: rule('stopOn6xx'),
    untilConnect: rule('untilConnect'),
  });
}

/** Only the entries that are not null, so that they can be laid over what is inherited. */
function present<T extends object>(values: { readonly [K in keyof T]: T[K] | null }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Partial<T>;
}

function stopCodes(value: number | string): { from: number; to: number } {
  if (typeof value === 'number') return { from: value, to: value };
  const from = Number(value[0]) * 100;
  return { from, to: from + 99 };
}

function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1000);
}
