import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decode } from '../../src/import/decode.ts';

const test = suite('import/decode');

function read(bytes: Buffer): string {
  const decoded = decode(bytes);
  return 'problem' in decoded ? decoded.problem : `${decoded.encoding}: ${decoded.text}`;
}

const text = 'Gültig;€\n44;1\n';

test('reads the encodings that spreadsheets write', () => {
  const little = Buffer.from(text, 'utf16le');
  assert.is(read(Buffer.from(text)), `UTF-8: ${text}`);
  assert.is(read(Buffer.from(`\ufeff${text}`)), `UTF-8: ${text}`);
  assert.is(read(Buffer.concat([Buffer.from([0xff, 0xfe]), little])), `UTF-16: ${text}`);
  assert.is(
    read(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little).swap16()])),
    `UTF-16: ${text}`,
  );
  assert.is(read(little), `UTF-16: ${text}`);
  assert.is(read(Buffer.from([0x47, 0xfc, 0x3b, 0x80])), 'Windows-1252: Gü;€');
});

test('reads the line ends of the classic Macintosh', () => {
  assert.is(read(Buffer.from('a\rb\r')), 'UTF-8: a\nb\n');
});

test('says what a file is that is no CSV', () => {
  assert.match(read(Buffer.from([0x50, 0x4b, 3, 4, 0])), /Excel workbook/);
  assert.match(read(Buffer.from([0x1f, 0x8b, 8])), /gzip/);
  assert.match(read(Buffer.from('ab\0\0\0cd')), /not text/);
});

test.run();
