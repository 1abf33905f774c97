import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  calleeNumber,
  escapeUser,
  parseNameAddress,
  parseUri,
  plainNumber,
  tagOf,
  uriHost,
} from '../../src/sip/address.ts';

const test = suite('sip/address');

const callees: readonly (readonly [string, string | null, string])[] = [
  ['sip:447700900123@host', '447700900123', 'digits are a number'],
  ['sip:+447700900123@host:5060;user=phone', '+447700900123', 'a plus sign is kept as written'],
  ['SIP:0044@host', '0044', 'the scheme may be in capitals'],
  ['sip:ab12#34@host', 'ab12#34', 'route tags of letters belong to the number'],
  ['sip:%2B4412@host', '+4412', 'percent-encoding is undone'],
  ['sip:1-800-555-0199@host', '18005550199', 'visual separators are left out'],
  ['tel:+1-201-555-0123;phone-context=x', '+12015550123', 'tel URIs name numbers'],
  ['sip:+12;npdi;rn=+1555@host', '+12', 'parameters of the user part are left out'],
  ['sip:12:secret@host', '12', 'a password is left out'],
  ['sip:user@with@host', null, 'only the last @ parts user and host'],
  ['sip:john.smith@host', null, 'a name is no number'],
  ['sip:host', null, 'no user part is no number'],
  ['sip:@host', null, 'an empty user part is no number'],
  ['sip:12%0d%0aVia@host', null, 'an encoded line break is never decoded'],
  ['sip:12%zz@host', null, 'a broken encoding is no number'],
  ['1234', null, 'no scheme is no number'],
  ['', null, 'nothing is no number'],
];

for (const [uri, expected, what] of callees) {
  test(`${what}: ${JSON.stringify(uri)}`, () => {
    assert.is(calleeNumber(parseUri(uri)), expected);
  });
}

test('From gives the user part, whatever the display name holds', () => {
  assert.is(parseNameAddress('"A <sip:evil@x>" <sip:12@host>;tag=1').user, '12');
  assert.is(parseNameAddress('"A \\" <b" <sip:13@host>;tag=1').user, '13');
  assert.is(parseNameAddress('sip:14@host;tag=1').user, '14');
  assert.is(parseNameAddress('Bob <tel:+15>;tag=1').user, '+15');
  assert.is(parseNameAddress('<sip:host>;tag=1').user, '');
});

test('the tag is a header parameter, never a URI parameter', () => {
  assert.is(tagOf('<sip:a@b;tag=uri>;tag=header'), 'header');
  assert.is(tagOf('<sip:a@b;tag=uri>'), '');
  assert.is(tagOf('sip:a@b;tag=plain'), 'plain');
  assert.is(tagOf('"x;tag=name" <sip:a@b>;x=1 ; TAG = last'), 'last');
});

test('a name keeps its dots, a number loses its separators', () => {
  assert.is(plainNumber('john.smith'), 'john.smith');
  assert.is(plainNumber('(0)20-7946'), '0207946');
  assert.is(plainNumber('anonymous'), 'anonymous');
});

test('an IPv6 host is written in brackets', () => {
  assert.is(uriHost('2001:db8::1'), '[2001:db8::1]');
  assert.is(uriHost('192.0.2.1'), '192.0.2.1');
});

test('what is written into a URI can be read back, and never breaks out of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), user => {
      const escaped = escapeUser(user);

      assert.match(escaped, /^[A-Za-z0-9\-_.!~*'()&=+$,/%]*$/);
      assert.is(decodeURIComponent(escaped), user);
    }),
  );
});

test('a number that was read is written back as itself', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\+?[0-9A-Z*#]{0,8}[0-9]{1,10}$/), number => {
      const uri = `sip:${escapeUser(number)}@host`;

      assert.is(calleeNumber(parseUri(uri)), number);
    }),
  );
});

test('reading never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      parseUri(text);
      parseNameAddress(text);
      tagOf(text);
      calleeNumber(parseUri(`sip:${text}`));
    }),
  );
});

test.run();
