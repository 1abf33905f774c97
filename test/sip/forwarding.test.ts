import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SipMessage } from '../../src/sip/drachtio-srf.ts';
import { diversionLine, forwardingNumber } from '../../src/sip/forwarding.ts';
import { growsWithLength } from '../support/growth.ts';

const test = suite('sip/forwarding');

function forwarded(headers: Readonly<Record<string, string>>): string | null {
  return forwardingNumber({ headers } as unknown as SipMessage);
}

const diversions: readonly (readonly [header: string, number: string | null])[] = [
  ['<sip:+4930123@example.net>;reason=unconditional', '+4930123'],
  ['sip:4930123@example.net;reason=no-answer', '4930123'],
  ['"Last, first" <sip:1@a;user=phone>;reason=user-busy, <sip:2@b>', '1'],
  ['"a\\"b, <sip:9@x>" <tel:+49-30-123>;counter=1', '+4930123'],
  ['<sip:%2B4930%31@example.net>', '+49301'],
  ['<sip:anonymous@anonymous.invalid>, <sip:4930@b>', '4930'],
  ['<sip:alice@example.net>', null],
  ['<sip:example.net>', null],
  ['', null],
  [',,,', null],
  ['<<<<', null],
  ['"never closed <sip:1@a>', null],
  ['<sip:12%0d%0aVia: x@a>', null],
  [`<sip:${'1'.repeat(9000)}@a>`, null],
  [`<sip:${'1'.repeat(32)}@a>`, '1'.repeat(32)],
  [`<sip:${'1'.repeat(33)}@a>, <sip:4930@b>`, '4930'],
];

for (const [header, number] of diversions) {
  test(`Diversion ${header.slice(0, 60)} is forwarded by ${number ?? 'nobody'}`, () => {
    assert.is(forwarded({ diversion: header }), number);
  });
}

const histories: readonly (readonly [header: string, number: string | null])[] = [
  ['<sip:100@a>;index=1, <sip:200@b;cause=302>;index=1.1', '100'],
  ['<sip:100@a>;index=1,<sip:200@b>;index=1.1;mp=1', '100'],
  ['<sip:1@a>;index=1,<sip:2@b>;index=1.1;mp=1,<sip:3@c>;index=1.2;mp=1.1', '2'],
  ['<sip:1@a>;index=1,<sip:2@b;cause=486>;index=1.1,<sip:2@c>;index=1.1.1;rc=1.1', '1'],
  ['<sip:100@a>;index=1,<sip:200@b>;index=1.1;mp=7', '100'],
  ['<sip:100@a>;index=1,<sip:100@b>;index=1.1;rc=1', null],
  ['<sip:100@a>;index=1', null],
  ['<sip:200@b;cause=302>;index=1.1', null],
  ['<sip:alice@a>;index=1,<sip:200@b;cause=302>;index=1.1', null],
  [';;;,=;mp', null],
];

for (const [header, number] of histories) {
  test(`History-Info ${header} is forwarded by ${number ?? 'nobody'}`, () => {
    assert.is(forwarded({ 'history-info': header }), number);
  });
}

test('the name of the header counts in any case, also in two of them', () => {
  assert.is(forwarded({ Diversion: '<sip:300@c>' }), '300');
  assert.is(forwarded({ DIVERSION: '<sip:bob@c>', diversion: '<sip:300@c>' }), '300');
  assert.is(forwarded({ 'History-Info': '<sip:100@a>;index=1,<sip:200@b;cause=302>;index=1.1' }), '100');
});

test('Diversion comes before History-Info, which counts where Diversion names no number', () => {
  const history = '<sip:100@a>;index=1,<sip:200@b;cause=302>;index=1.1';
  assert.is(forwarded({ diversion: '<sip:300@c>', 'history-info': history }), '300');
  assert.is(forwarded({ diversion: '<sip:bob@c>', 'history-info': history }), '100');
  assert.is(forwarded({}), null);
});

test('an index that several entries have means the first of them', () => {
  const history = '<sip:1@a>;index=1,<sip:2@b>;index=1,<sip:3@c>;index=1.1;mp=1';
  assert.is(forwarded({ 'history-info': history }), '1');
});

test('the time that a header takes grows with its length, not with its square', () => {
  for (const entry of [';mp=1,', ';mp=,', 'a;cause=302,', ';index=1;mp=1,', '<>;mp=1,']) {
    growsWithLength(entry, 512, length => {
      const header = entry.repeat(Math.floor(length / entry.length));
      assert.is(forwarded({ 'history-info': header }), null);
    });
  }
});

test('whatever stands there, nothing throws and only a number comes out', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'<>",;=@:%?\\1a sipmpindexcause') }),
  );
  fc.assert(
    fc.property(hostile, hostile, (diversion, history) => {
      const number = forwarded({ diversion, 'history-info': history });
      if (number !== null) assert.match(number, /^\+?[0-9A-Za-z*#]+$/);
    }),
  );
});

test('a number is written back as Diversion, escaped where SIP demands it, and none as nothing', () => {
  assert.is(diversionLine('+49*30', '192.0.2.9'), 'Diversion: <sip:+49*30@192.0.2.9>\r\n');
  assert.is(diversionLine('49#30', '2001:db8::9'), 'Diversion: <sip:49%2330@[2001:db8::9]>\r\n');
  assert.is(diversionLine(null, '192.0.2.9'), '');
});

test.run();
