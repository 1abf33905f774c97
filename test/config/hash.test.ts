import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isMap, isPair, isScalar, isSeq, parseDocument, type Scalar, visit } from 'yaml';
import { canonicalText } from '../../src/config/compile/canonical.ts';
import { type Files, snapshotOf } from './directories.ts';
import { goldenDirectory } from './golden-files.ts';

const test = suite('config/hash');

const everything = filesOfGolden();
const yamlFiles = Object.keys(everything).filter(file => file.endsWith('.yaml'));
const hash = snapshotOf(everything).hash;

/** The golden that has every setting in it, so that none is forgotten here. */
function filesOfGolden(): Record<string, string> {
  const text = readFileSync(`${goldenDirectory}/snapshot_everything.golden`, 'utf8').split(
    '----------\n',
  )[0]!;
  const files: Record<string, string> = {};
  for (const part of text.split(/^=== /m).slice(1)) {
    const end = part.indexOf('\n');
    const [path = '', how] = part.slice(0, end).split(' | text ');
    files[path] = how === undefined ? part.slice(end + 1) : (JSON.parse(how) as string);
  }
  return files;
}

/** The same meaning, written differently: keys in another order, comments, blank lines, other indentation. */
function rewritten(text: string, order: (length: number) => readonly number[], indent: number): string {
  const document = parseDocument(text);
  visit(document, {
    Map(_, map) {
      const items = [...map.items];
      map.items = order(items.length).map(i => items[i]!);
      map.flow = false;
    },
    Seq(_, list) {
      list.flow = false;
    },
  });
  document.commentBefore = ' changed by nobody';
  return `\n# a comment\n${document.toString({ indent, lineWidth: 0 })}\n# the end\n`;
}

test('order of keys, comments and layout change no hash', () => {
  const property = fc.property(fc.nat(), fc.integer({ min: 1, max: 6 }), (seed, indent) => {
    let state = seed;
    const next = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    };
    const order = (length: number) =>
      Array.from({ length }, (_, i) => ({ i, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ i }) => i);
    const files: Record<string, string> = { ...everything };
    for (const file of yamlFiles) files[file] = rewritten(everything[file]!, order, indent);

    assert.is(snapshotOf(files).hash, hash);
  });
  fc.assert(property, { numRuns: 20, includeErrorInReport: true });
});

test('the same value in another spelling changes no hash', () => {
  const change = (file: string, from: string, to: string): Files => {
    assert.ok(everything[file]!.includes(from), `${file} has no ${from}`);
    return { ...everything, [file]: everything[file]!.replace(from, to) };
  };

  assert.is(
    snapshotOf(change('accounts/acme.yaml', 'overdraftLimit: 0.1', 'overdraftLimit: "0.10"')).hash,
    hash,
  );
  assert.is(snapshotOf(change('switch.yaml', 'UNTIL_CONNECT: On', 'UNTIL_CONNECT: true')).hash, hash);
  assert.is(snapshotOf(change('switch.yaml', 'SS_MAX_CALL', 'SS_MAXCALL')).hash, hash);
  assert.is(snapshotOf(change('accounts/acme.yaml', '2031-06-30', '2031-06-30T00:00Z')).hash, hash);
});

/** Another value of the same kind which is allowed in the same place, or null when there is none to be had. */
function otherValue(key: string, scalar: Scalar): unknown {
  const value = scalar.value;
  if (typeof value === 'boolean') return !value;
  if (value === 'On' || value === 'Off') return value === 'On' ? 'Off' : 'On';
  if (value === 63) return 62;
  if (typeof value === 'number') return value + 1;
  // The header of a column: the deck has no other.
  if (/^[A-Z][a-z]+$/.test(String(value))) return null;
  const others: Readonly<Record<string, string>> = {
    'off-net': 'on-net',
    domestic: 'local',
    rate: 'none',
    asr: 'none',
    reject: 'continue',
    rotating: 'random',
    '7-15': '7-16',
    '5-31': '5-30',
    a: 'x',
    'a, b': 'a, c',
    '*:44*': '*:45*',
    '0:44;45': '0:45;44',
    '?1*:9': '?1*:8',
    '0:46': '0:47',
    '44:0': '44:1',
    '900:800-899': '900:801-899',
    uk1: 'uk2',
    UTC: 'Europe/Rome',
    '06:00': '06:01',
    EUR: 'USD',
    udp: 'tcp',
    tcp: 'udp',
    extension: 'expiration',
    expiration: 'extension',
    '5xx': '6xx',
    'Europe/London': 'Europe/Paris',
    'mon-fri': 'mon-thu',
    sun: 'wed',
    'sat-sun': 'tue',
    '18:00': '18:01',
    '08:00': '08:01',
    '10:00': '10:01',
    '14:00': '14:01',
    '20:30': '20:31',
    '2030-12-24': '2030-12-23',
    '2030-12-26': '2030-12-27',
  };
  if (others[String(value)] !== undefined) return others[String(value)];
  if (key === 'validUntil' || key === 'effectiveFrom' || key === 'effectiveUntil') {
    return String(value).replace(/^20(3\d)/, (_, year: string) => `20${year === '30' ? '29' : '33'}`);
  }
  if (key === 'increments') return '7/7';
  if (key === 'SS_SIP_RESEND_INTERVAL') return '9';
  if (['overdraftLimit', 'rate', 'connectFee', 'fee'].includes(key)) return '0.7';
  if (key === 'date') return '2030-01-02';
  if (['caller', 'callee', 'tag'].includes(key)) return `${String(value)}9`;
  if (key === 'SERVER_BILLING_FREE_E164S') return `9${String(value)}`;
  const isPrefix =
    /^(prefix|prefixes|numbers|\w+Prefix)$/.test(key) ||
    (/^(allow|deny)$/.test(key) && /\d$/.test(String(value)));
  if (isPrefix) return `${String(value)}8`;
  if (['name', 'path', 'env'].includes(key)) return `${String(value)}X`;
  if (key === 'host') return 'other.example.net';
  if (key === 'address') return String(value).includes('.example') ? 'other.example.net' : '192.0.2.55';
  return null;
}

/** What the hash must not see, and what cannot be changed alone without an error. */
const left = new Set([
  'destination',
  'kind',
  'authentication',
  'account',
  'clearingAccount',
  'rateTable',
  'privateRateTable',
  'calendar',
  'closed',
  'file',
  'checkRate',
  'share',
  'groups',
  'group',
  'lists',
  'table',
  'onNetNumbers',
]);

test('a change of any value in any file changes the hash', () => {
  const hashes = new Set([hash]);
  const unchanged: string[] = [];
  for (const file of yamlFiles) {
    const count = scalarsOf(everything[file]!).length;
    for (let i = 0; i < count; i++) {
      const document = parseDocument(everything[file]!);
      const { key, scalar } = scalarsIn(document)[i]!;
      const other = left.has(key) ? null : otherValue(key, scalar);
      if (other === null) {
        if (!left.has(key)) unchanged.push(`${file} ${key}`);
        continue;
      }
      scalar.value = other;
      delete scalar.source;
      const changed = snapshotOf({ ...everything, [file]: document.toString({ lineWidth: 0 }) }).hash;
      assert.not.ok(hashes.has(changed), `${file}: ${key} = ${String(other)} left the hash as it was`);
      hashes.add(changed);
    }
  }

  // These have tests of their own below, or name something that would have to change as well.
  const expected =
    /^(gateways\/mapping\/\S+ (addresses|allow|deny)|gateways\/routing\/\S+ (allow|deny)|rates\/acme.yaml (delimiter|prefix|rate|unit|firstIncrement|nextIncrement|connectFee|stages|freeSeconds|locked|effective\w+))$/;
  assert.equal(
    unchanged.filter(entry => !expected.test(entry)),
    [],
  );
  assert.ok(hashes.size > 70);
});

test('another address, another name in a list, another way to read a deck, another value in it: another hash', () => {
  const changes: readonly (readonly [string, string, string])[] = [
    ['gateways/mapping/bell-ip.yaml', '192.0.2.0/28', '192.0.2.0/29'],
    ['gateways/mapping/bell-ip.yaml', 'allow: [north, acme]', 'allow: [north]'],
    ['gateways/mapping/bell-ip.yaml', 'allow: [north, acme]', 'deny: [north, acme]'],
    ['gateways/mapping/bell-port.yaml', '192.0.2.99:5080', '192.0.2.99:5081'],
    ['gateways/routing/acme.yaml', 'deny: [bell-port]', 'deny: [bell-port-two]'],
    ['rates/acme.yaml', '    locked: Lock\n', ''],
    ['rates/acme.yaml', '    connectFee: Fee\n', ''],
    ['rates/decks/acme.csv', '0.0103', '0.0104'],
    ['rates/decks/acme.csv', 'yes;2030-01-01', 'yes;2030-01-02'],
  ];
  for (const [file, from, to] of changes) {
    assert.ok(everything[file]!.includes(from), `${file} has no ${from}`);
    const files = { ...everything, [file]: everything[file]!.replace(from, to) };

    assert.is.not(snapshotOf(files).hash, hash, `${file}: ${to}`);
  }
});

test('order, layout and unread columns of a deck change no hash', () => {
  const deck = everything['rates/decks/acme.csv']!;
  const [header = '', ...rows] = deck.split('\r\n').filter(line => line !== '');
  const turned = [header, ...rows.reverse()].join('\n').replace('later', 'Later');

  assert.is.not(turned, deck);
  assert.is(snapshotOf({ ...everything, 'rates/decks/acme.csv': turned }).hash, hash);
});

test('one more object changes the hash', () => {
  assert.is.not(snapshotOf({ ...everything, 'accounts/new.yaml': 'kind: vendor\n' }).hash, hash);
});

test('canonical text tells apart what looks alike', () => {
  const values = [
    1,
    '1',
    1n,
    true,
    'true',
    null,
    'null',
    [],
    {},
    [1],
    { a: 1 },
    Uint8Array.of(1),
    Infinity,
    'Infinity',
  ];

  assert.is(new Set(values.map(canonicalText)).size, values.length);
});

function scalarsOf(text: string): readonly KeyedScalar[] {
  return scalarsIn(parseDocument(text));
}

interface KeyedScalar {
  readonly key: string;
  readonly scalar: Scalar;
}

function scalarsIn(document: ReturnType<typeof parseDocument>): readonly KeyedScalar[] {
  const found: KeyedScalar[] = [];
  const walk = (node: unknown, key: string): void => {
    if (isScalar(node)) found.push({ key, scalar: node });
    else if (isSeq(node)) for (const item of node.items) walk(item, key);
    else if (isMap(node)) for (const pair of node.items) if (isPair(pair)) walk(pair.value, String(pair.key));
  };
  walk(document.contents, '');
  return found;
}

test.run();
