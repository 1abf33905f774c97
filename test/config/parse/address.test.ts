import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  isHost,
  parseDestination,
  parseSourcePort,
  parseSourceRange,
} from '../../../src/config/parse/address.ts';

const test = suite('config/parse/address');

test('reads a destination with and without port, in every family', () => {
  assert.equal(parseDestination('192.0.2.1', 5060), { host: '192.0.2.1', port: 5060 });
  assert.equal(parseDestination('192.0.2.1:5080', 5060), { host: '192.0.2.1', port: 5080 });
  assert.equal(parseDestination('[2001:db8::1]:5080', 5060), { host: '2001:db8::1', port: 5080 });
  assert.equal(parseDestination('[2001:db8::1]', 5060), { host: '2001:db8::1', port: 5060 });
  assert.equal(parseDestination('2001:db8::1', 5060), { host: '2001:db8::1', port: 5060 });
  assert.equal(parseDestination('sip.example.net:5070', 5060), { host: 'sip.example.net', port: 5070 });
});

for (const text of [
  '',
  ':5060',
  'sip:192.0.2.1',
  '192.0.2.1:0',
  '192.0.2.1:65536',
  '192.0.2.1:',
  '192.0.2.256',
  '1.2.3',
  '[192.0.2.1]:5060',
  '[2001:db8::1',
  'a b',
  '-a.example',
  'a..example',
  `${'a'.repeat(64)}.example`,
  'user@example.net',
]) {
  test(`refuses "${text}" as a destination`, () => {
    assert.is(parseDestination(text, 5060), null);
  });
}

test('takes host names with a final dot and an underscore, and no digits alone', () => {
  assert.ok(isHost('sip.example.net.'));
  assert.ok(isHost('sip_1'));
  assert.not.ok(isHost('12345'));
});

test('wants a range to begin where it says', () => {
  assert.equal(parseSourceRange('192.0.2.0/24'), {
    address: Uint8Array.of(192, 0, 2, 0),
    prefixBits: 24,
    port: null,
  });
  assert.ok('expected' in parseSourceRange('192.0.2.1/24'));
  assert.ok('expected' in parseSourceRange('192.0.2.1:5060'));
});

test('reads an address with its port, and an IPv4 address in IPv6 clothes as itself', () => {
  assert.equal(parseSourcePort('[::ffff:192.0.2.1]:5060'), {
    address: Uint8Array.of(192, 0, 2, 1),
    prefixBits: 32,
    port: 5060,
  });
  assert.is(parseSourcePort('192.0.2.0/24:5060'), null);
  assert.is(parseSourcePort('sip.example.net:5060'), null);
});

test.run();
