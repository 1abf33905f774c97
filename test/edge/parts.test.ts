import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contactFor, replaceLocalhost, withTag } from '../../src/edge/message/compose.ts';
import { parseCSeq, parseVia, tagOf, uriOf } from '../../src/edge/message/fields.ts';
import { canonicalName, H, headerId, wireName } from '../../src/edge/message/header-names.ts';
import { parseUri } from '../../src/edge/message/uri.ts';
import { Sources } from '../../src/edge/user-agent/sources.ts';
import { TCP, UDP } from './world.ts';

const test = suite('edge/parts');

test('header names are known in any case and in their compact forms', () => {
  for (const name of ['Call-ID', 'call-id', 'CALL-ID', 'i', 'I'])
    assert.is(headerId(name, 0, name.length), H.callId);
  for (const name of ['x', 'Session-Expires']) assert.is(headerId(name, 0, name.length), H.sessionExpires);
  for (const name of ['X-Class4-Silent', 'x-class4-y'])
    assert.is(headerId(name, 0, name.length), H.privateToClient);
  for (const name of ['X-Class4', 'X-Class4-', 'Call-IDs', '', 'Z', 'X-Class41-a']) {
    assert.is(headerId(name, 0, name.length), H.other, name);
  }
  assert.is(canonicalName(H.cseq), 'CSeq');
});

test('names in lower case get their capitals, others stay', () => {
  assert.is(wireName('p-charge-info'), 'P-Charge-Info');
  assert.is(wireName('X-my-Header'), 'X-my-Header');
});

test('tags and URIs are found outside quoted names and URI parameters', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['<sip:a@b;tag=no>;tag=yes', 'yes', 'sip:a@b;tag=no'],
    ['"x;tag=no <y>" <sip:a@b> ; TAG = yes', 'yes', 'sip:a@b'],
    ['sip:a@b;tag=yes;x', 'yes', 'sip:a@b'],
    ['"esc\\"aped <" <sip:c>;x=";tag=no";tag=z', 'z', 'sip:c'],
    ['<sip:a>', '', 'sip:a'],
    ['<sip:unclosed;tag=x', '', 'sip:unclosed;tag=x'],
  ];
  for (const [value, tag, uri] of cases) {
    assert.is(tagOf(value), tag, value);
    assert.is(uriOf(value), uri, value);
  }
});

test('Via values are read with their blanks, IPv6 and parameters', () => {
  const via = parseVia('SIP / 2.0 / UDP [2001:db8::7]:5070 ;rport; branch=z9hG4bKx , SIP/2.0/TCP other');
  assert.is(via?.host, '[2001:db8::7]');
  assert.is(via?.port, 5070);
  assert.is(via?.branch, 'z9hG4bKx');
  assert.ok(via?.wantsPort);
  assert.is(parseVia('nonsense'), null);
  assert.is(parseVia('SIP/2.0/UDP host:0'), null);
});

test('a CSeq is a number below 2^31 and a method', () => {
  assert.equal(parseCSeq('0009 \tINVITE'), { number: 9, method: 'INVITE' });
  for (const bad of ['', 'INVITE', '1', '2147483648 BYE', '-1 BYE', '1BYE'])
    assert.is(parseCSeq(bad), null, bad);
});

test('SIP URIs are taken apart; the last @ ends the user part', () => {
  assert.equal(parseUri('sips:a;b=c:pw@[::1]:5061;transport=TCP;lr?x=y'), {
    secure: true,
    user: 'a;b=c:pw',
    host: '[::1]',
    port: 5061,
    transport: 'tcp',
    looseRouting: true,
  });
  assert.is(parseUri('sip:host')?.host, 'host');
  assert.is(parseUri('sip:a?b@host')?.user, 'a?b');
  for (const bad of ['tel:1', 'sip:', 'sip:a@', 'sip:a@h:x', 'sip:a@h:70000', 'sip:[::1'])
    assert.is(parseUri(bad), null, bad);
});

test('@localhost becomes the address of the server, longer names do not', () => {
  assert.is(replaceLocalhost('<sip:1@localhost>', 'h:1'), '<sip:1@h:1>');
  assert.is(replaceLocalhost('sip:1@localhost:5060;x', 'h'), 'sip:1@h;x');
  assert.is(replaceLocalhost('<sip:1@localhost.example>', 'h'), '<sip:1@localhost.example>');
  assert.is(replaceLocalhost('<sip:1@localhosts>', 'h'), '<sip:1@localhosts>');
  assert.is(contactFor('sip:1@localhost', TCP), '<sip:1@10.0.0.1:5060;transport=tcp>');
  assert.is(contactFor('', UDP), '<sip:10.0.0.1:5060>');
  assert.is(contactFor('<sip:me@elsewhere>', UDP), '<sip:me@elsewhere>');
});

test('a tag is added once, and never to the parameters of a bare URI', () => {
  assert.is(withTag('<sip:a>', 't'), '<sip:a>;tag=t');
  assert.is(withTag('<sip:a>;tag=x', 't'), '<sip:a>;tag=x');
  assert.is(withTag('sip:a;user=phone', 't'), '<sip:a;user=phone>;tag=t');
});

test('known sources are addresses and blocks of both families', () => {
  const sources = new Sources();
  assert.ok(sources.isKnown('203.0.113.1'));
  sources.set(['192.0.2.0/25', '2001:db8:1::/48', '198.51.100.7', 'nonsense', '10.0.0.0/33']);
  const verdicts = [
    '192.0.2.127',
    '192.0.2.128',
    '2001:db8:1:2::3',
    '2001:DB8:2::',
    '198.51.100.7',
    '10.0.0.1',
  ].map(address => sources.isKnown(address));
  assert.equal(verdicts, [true, false, true, false, true, false]);
  sources.set([]);
  assert.not(sources.isKnown('192.0.2.1'));
  sources.set(null);
  assert.ok(sources.isKnown('192.0.2.1'));
});

test('the allowance of an unknown source refills with time, and the table of sources is bounded', () => {
  const sources = new Sources();
  let admitted = 0;
  for (let i = 0; i < 30; i++) if (sources.admit('a', 0)) admitted++;
  assert.is(admitted, 20);
  assert.ok(sources.admit('a', 200));
  for (let i = 0; i < 10_000; i++) sources.admit(`s${i}`, 1_000_000);
  assert.ok(sources.admit('fresh', 2_000_000));
});

test.run();
