/** The files in gateways/, read but not yet connected with accounts and each other. */
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { Findings } from '../findings.ts';
import type { ParsedMappingGateway, ParsedPrefix, ParsedRoutingGateway, ParsedSource } from '../parsed.ts';
import { statedIn } from '../resolve/stated.ts';
import { shortened } from '../schema/findings.ts';
import type { Transport } from '../snapshot.ts';
import { parseDestination, parseSourcePort, parseSourceRange } from './address.ts';
import { parseCustomerRouting } from './customer-routing.ts';
import type { Fields } from './fields.ts';
import { parseCallerPool, parseGateway } from './gateway-parts.ts';
import { parseReplacements } from './replacements.ts';
import { parseCallRate, parseMilliseconds, parseNames } from './values.ts';

const defaultSipPort = 5060;

/** `incomplete`: the schema has taken something out, so what is absent may be there and wrong. */
export function parseMappingGateway(
  name: string,
  fields: Fields,
  incomplete: boolean,
  findings: Findings,
): ParsedMappingGateway {
  const authentication = fields.text('authentication') as 'ip' | 'ip-port' | null;
  return {
    ...parseGateway(name, fields, incomplete, findings),
    ...parseCustomerRouting(fields, incomplete, findings),
    account: fields.textAt('account'),
    authentication: authentication ?? 'ip',
    addresses: authentication === null ? [] : parseSources(fields, authentication, findings),
    callRate: parseCallRate(fields),
    callProceedingTimeoutMs: parseMilliseconds(fields, 'callProceedingTimeoutSeconds'),
    replaceFailedReason: parseReplacements(fields, findings),
    routingGateways: parseNames(fields, 'routingGateways'),
    routingGatewayGroups: parseNames(fields, 'routingGatewayGroups'),
    maxCallDurationSeconds: fields.number('maxCallDurationSeconds'),
    stated: statedIn(fields.node, fields.shape),
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

/** `incomplete`: the schema has taken something out, so what is absent may be there and wrong. */
export function parseRoutingGateway(
  name: string,
  fields: Fields,
  incomplete: boolean,
  findings: Findings,
): ParsedRoutingGateway {
  const prefixMode = fields.text('prefixMode') as 'extension' | 'expiration';
  return {
    ...parseGateway(name, fields, incomplete, findings),
    clearingAccount: fields.textAt('clearingAccount'),
    address: parseAddressOf(fields, findings),
    prefixes: parseRoutes(fields, prefixMode, findings),
    prefixMode,
    priority: fields.number('priority')!,
    protectRoute: fields.boolean('protectRoute'),
    callRate: parseCallRate(fields),
    mappingGateways: parseNames(fields, 'mappingGateways'),
    mappingGatewayGroups: parseNames(fields, 'mappingGatewayGroups'),
    leastCostRouting: fields.boolean('leastCostRouting'),
    rateByNumberSent: fields.boolean('rateByNumberSent'),
    callerPool: parseCallerPool(fields),
    optionsCheck: fields.boolean('optionsCheck'),
    checkRate: fields.boolean('checkRate'),
    checkRatePlace: fields.place('checkRate'),
    stopCodes: fields
      .within('hunting')
      .items('stopCodes')
      .map(item => stopCodes(item.value as number | string)),
    maxCallDurationSeconds: fields.number('maxCallDurationSeconds'),
    stated: statedIn(fields.node, fields.shape),
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
  return { ...destination, transport: fields.text('transport') as Transport };
}

function parseRoutes(
  fields: Fields,
  prefixMode: 'extension' | 'expiration',
  findings: Findings,
): ParsedPrefix[] {
  const known = new Map<string, Place>();
  const routes: ParsedPrefix[] = [];
  for (const entry of fields.entries('prefixes')) {
    const item = entry.node;
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

function stopCodes(value: number | string): { from: number; to: number } {
  if (typeof value === 'number') return { from: value, to: value };
  const from = Number(value[0]) * 100;
  return { from, to: from + 99 };
}
