import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { networkOf, parseAddress, parseCidr } from '../../src/routing/ip-address.ts';

const test = suite('routing/ip-address');

function hex(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('hex');
}

test('reads IPv4 and IPv6 literals', () => {
  assert.is(hex(parseAddress('127.0.0.1')), '7f000001');
  assert.is(hex(parseAddress('255.255.255.255')), 'ffffffff');
  assert.is(hex(parseAddress('::')), '0'.repeat(32));
  assert.is(hex(parseAddress('::1')), `${'0'.repeat(31)}1`);
  assert.is(hex(parseAddress('2001:DB8::8:800:200c:417a')), '20010db80000000000080800200c417a');
  assert.is(hex(parseAddress('1:2:3:4:5:6:7:8')), '00010002000300040005000600070008');
  assert.is(hex(parseAddress('1:2:3:4:5:6:7::')), '00010002000300040005000600070000');
  assert.is(hex(parseAddress('64:ff9b::192.0.2.33')), '0064ff9b0000000000000000c0000221');
});

test('an IPv4-mapped IPv6 address is the IPv4 address', () => {
  assert.is(hex(parseAddress('::ffff:192.0.2.33')), 'c0000221');
  assert.is(hex(parseAddress('::FFFF:c000:221')), 'c0000221');
  assert.equal(parseCidr('::ffff:192.0.2.0/120'), { address: parseAddress('192.0.2.0')!, prefixBits: 24 });
  assert.is(parseCidr('::ffff:0:0/90')?.prefixBits, 90);
});

test('refuses everything else', () => {
  const texts = [
    ...[
      '',
      '1',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.256',
      '01.2.3.4',
      '1.2.3.',
      '.1.2.3',
      '1..2.3',
      ' 1.2.3.4',
      '1.2.3.4 ',
    ],
    ...[
      '0x1.2.3.4',
      '1.2.3.-4',
      '1.2.3.1000',
      ':',
      ':::',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '12345::',
    ],
    ...[
      '1:2:3:4:5:6:7:8::',
      '::1:2:3:4:5:6:7:8',
      'g::',
      '::1.2.3',
      '1.2.3.4::',
      '::1.2.3.4:5',
      '[::1]',
      'fe80::1%eth0',
    ],
    ...['::ffff:1.2.3.256', 'localhost', '1:', ':1', '::1/64'],
  ];
  for (const text of texts) assert.is(parseAddress(text), null, text);
});

test('reads the same texts as the platform does', () => {
  const group = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEFg'), maxLength: 5 });
  const byte = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 4 });
  const text = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.array(byte, { minLength: 3, maxLength: 5 }).map(parts => parts.join('.')),
    fc.array(group, { maxLength: 9 }).map(parts => parts.join(':')),
    fc.tuple(fc.array(group, { maxLength: 8 }), fc.ipV4()).map(([parts, v4]) => [...parts, v4].join(':')),
  );
  fc.assert(
    fc.property(text, one => {
      const bytes = parseAddress(one);
      assert.is(bytes !== null, isIPv4(one) || isIPv6(one), one);
      if (bytes === null) return;
      const family = isIPv4(one) ? 'ipv4' : 'ipv6';
      const canonical = new SocketAddress({ address: one, family }).address;
      assert.equal(parseAddress(canonical), bytes);
    }),
    { numRuns: 2000 },
  );
});

test('reads networks, a bare address being a network of one', () => {
  assert.equal(parseCidr('10.1.2.3'), { address: Uint8Array.of(10, 1, 2, 3), prefixBits: 32 });
  assert.equal(parseCidr('10.1.2.3/8'), { address: Uint8Array.of(10, 1, 2, 3), prefixBits: 8 });
  assert.equal(parseCidr('0.0.0.0/0'), { address: Uint8Array.of(0, 0, 0, 0), prefixBits: 0 });
  assert.is(parseCidr('::1')?.prefixBits, 128);
  assert.is(parseCidr('2001:db8::/32')?.prefixBits, 32);
  for (const text of [
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '/8',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
  ]) {
    assert.is(parseCidr(text), null, text);
  }
});

test('the network of an address is its first bits', () => {
  const address = Uint8Array.of(255, 255, 255, 255);
  assert.equal([...networkOf(address, 0)], [0, 0, 0, 0]);
  assert.equal([...networkOf(address, 9)], [255, 128, 0, 0]);
  assert.equal([...networkOf(address, 24)], [255, 255, 255, 0]);
  assert.equal([...networkOf(address, 31)], [255, 255, 255, 254]);
  assert.equal([...networkOf(address, 32)], [255, 255, 255, 255]);
});

test.run();
