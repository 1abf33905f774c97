import { equalsLower } from './text.ts';

/** Numbers for the header fields that the edge itself reads or writes; 0 is any other header. */
export const H = {
  other: 0,
  via: 1,
  from: 2,
  to: 3,
  callId: 4,
  cseq: 5,
  contact: 6,
  route: 7,
  recordRoute: 8,
  contentLength: 9,
  contentType: 10,
  maxForwards: 11,
  require: 12,
  supported: 13,
  rseq: 14,
  rack: 15,
  sessionExpires: 16,
  minSe: 17,
  expires: 18,
  authorization: 19,
  proxyAuthorization: 20,
  assertedIdentity: 21,
  subscriptionState: 22,
  event: 23,
  subject: 24,
  referTo: 25,
  referredBy: 26,
  allowEvents: 27,
  contentEncoding: 28,
  userAgent: 29,
  allow: 30,
  path: 31,
  /** Never on the wire: `X-Class4-...`, private between the edge and its client, and names with `%`. */
  privateToClient: 32,
} as const;

/** The spelling of each known header on the wire, by its number. */
const CANONICAL: readonly string[] = [
  '',
  'Via',
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Contact',
  'Route',
  'Record-Route',
  'Content-Length',
  'Content-Type',
  'Max-Forwards',
  'Require',
  'Supported',
  'RSeq',
  'RAck',
  'Session-Expires',
  'Min-SE',
  'Expires',
  'Authorization',
  'Proxy-Authorization',
  'P-Asserted-Identity',
  'Subscription-State',
  'Event',
  'Subject',
  'Refer-To',
  'Referred-By',
  'Allow-Events',
  'Content-Encoding',
  'User-Agent',
  'Allow',
  'Path',
];

/** Compact forms (RFC 3261 §7.3.3, RFC 4028, RFC 6665, RFC 3515, RFC 3892) by their character code. */
const COMPACT: ReadonlyMap<number, number> = new Map([
  [118, H.via],
  [102, H.from],
  [116, H.to],
  [105, H.callId],
  [109, H.contact],
  [108, H.contentLength],
  [99, H.contentType],
  [107, H.supported],
  [120, H.sessionExpires],
  [111, H.event],
  [115, H.subject],
  [114, H.referTo],
  [98, H.referredBy],
  [117, H.allowEvents],
  [101, H.contentEncoding],
]);

interface Candidate {
  readonly lower: string;
  readonly id: number;
}

const BY_LENGTH: readonly (readonly Candidate[])[] = indexByLength();

function indexByLength(): Candidate[][] {
  const table: Candidate[][] = [];
  for (let length = 0; length <= 20; length++) table.push([]);
  CANONICAL.forEach((name, id) => {
    if (id !== 0) table[name.length]?.push({ lower: name.toLowerCase(), id });
  });
  return table;
}

const PRIVATE_PREFIX = 'x-class4-';

/** The number of the header whose name is `text[start, end)`, in any case or compact form. */
export function headerId(text: string, start: number, end: number): number {
  const length = end - start;
  if (length === 1) return COMPACT.get(text.charCodeAt(start) | 32) ?? H.other;
  const first = text.charCodeAt(start) | 32;
  if (first === 120 && length > 9 && equalsLower(text, start, start + 9, PRIVATE_PREFIX))
    return H.privateToClient;
  // drachtio-srf undoes percent-encoding in names, so that `Call%2DID` would become a second Call-ID.
  const percent = text.indexOf('%', start);
  if (percent >= 0 && percent < end) return H.privateToClient;
  const candidates = BY_LENGTH[length];
  if (candidates === undefined) return H.other;
  for (const candidate of candidates) {
    if (candidate.lower.charCodeAt(0) === first && equalsLower(text, start, end, candidate.lower))
      return candidate.id;
  }
  return H.other;
}

/** The usual spelling of a known header. */
export function canonicalName(id: number): string {
  return CANONICAL[id] ?? '';
}

const titled = new Map<string, string>();

/**
 * The spelling for the wire of a header name a client wrote: drachtio-srf writes names in lower case, and some
 * carriers' equipment is known to look for the usual capitals. Names with any capital are left as they are.
 */
export function wireName(name: string): string {
  const known = titled.get(name);
  if (known !== undefined) return known;
  if (name !== name.toLowerCase()) return name;
  const spelled = name.replace(
    /(^|-)([a-z])/g,
    (_match, dash: string, letter: string) => dash + letter.toUpperCase(),
  );
  if (titled.size < 512) titled.set(name, spelled);
  return spelled;
}
