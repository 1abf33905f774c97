import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { element, escapeXml, escapeXmlText, textElement } from '../../src/diagnostics/xml.ts';

const test = suite('diagnostics/xml');

/** What an XML parser makes of references, after it has refused what XML 1.0 does not allow. */
function parse(text: string): string {
  assert.not.match(text, /[<>\u0000-\u0009\u000b-\u001f\ufffe\uffff]/);
  assert.not.match(text, /\p{Surrogate}/u);
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+);|(\w+);)?/g, (reference: string, digits?: string, name?: string) => {
    if (digits !== undefined) return String.fromCharCode(Number(digits));
    const character = names[name ?? ''];
    if (character === undefined) throw new Error(`${reference} in ${text}`);
    return character;
  });
}

test('whatever XML can hold arrives as it was', () => {
  const possible = fc
    .string({ unit: 'binary' })
    .map(text => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '&'));

  fc.assert(
    fc.property(possible, text => {
      assert.is(parse(escapeXml(text)), text);
      assert.is(parse(escapeXmlText(text)), text);
      assert.not.match(escapeXml(text), /["'\n]/);
    }),
  );
});

test('what XML cannot hold is written out and not left out', () => {
  assert.is(escapeXml('a\u0000b\u001bc\uffff'), 'a\\u0000b\\u001bc\\uffff');
  assert.is(escapeXml('\ud83d'), '\\ud83d');
  assert.is(escapeXml('\ude42x'), '\\ude42x');
  assert.is(escapeXml('🙂'), '🙂');

  fc.assert(
    fc.property(fc.string({ unit: fc.nat(0xffff).map(code => String.fromCharCode(code)) }), text => {
      parse(escapeXml(text));
      parse(escapeXmlText(text));
    }),
  );
});

test('writes elements with attributes, and closes empty ones', () => {
  assert.is(element('a', { b: 1, c: '<"&' }), '<a b="1" c="&lt;&quot;&amp;"/>');
  assert.is(element('a', {}, ['<b/>', '<c/>']), '<a>\n<b/>\n<c/>\n</a>');
  assert.is(textElement('a', { b: 'x\ny' }, ']]>'), '<a b="x&#10;y">]]&gt;</a>');
});

test.run();
