import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnose } from '../../src/diagnostics/collect.ts';
import { printMarkdown } from '../../src/diagnostics/print-markdown.ts';
import { duplicate, many, oldSpelling } from './findings.ts';

const test = suite('diagnostics/print-markdown');

test('lists all findings in a table, errors first', () => {
  assert.is(
    printMarkdown([oldSpelling, duplicate], 10_000, { pathPrefix: 'etc/' }),
    [
      '### class4: 1 error and 1 warning',
      '',
      '| | code | place | finding |',
      '|---|---|---|---|',
      '| error | C4303 | etc/gateways/routing/acme.yaml:6:5 | the prefix "44" stands twice<br>→ Remove one of the two. |',
      '| warning | C4205 | etc/switch.yaml:5:3 | an old spelling<br>→ Write the new one. |',
      '',
    ].join('\n'),
  );
});

test('says so when there is nothing to complain about', () => {
  assert.is(printMarkdown([], 10_000), '### class4: nothing to complain about\n');
});

test('takes nothing of the text for Markdown or HTML', () => {
  const hostile = diagnose(
    'C4201',
    { file: 'a|b.yaml', line: 1, column: 1 },
    '<img> | `x` **b** [l](u) @team',
  );
  const row = printMarkdown([hostile], 10_000).split('\n')[4]!;

  assert.not.match(row, /<img|`|\*\*|\[|@/);
  assert.is(row.split('|').length, 6);
});

test('keeps within the limit, whatever it is, and counts what it leaves out', () => {
  const findings = many(50, 200);
  const whole = printMarkdown(findings, 1_000_000);
  for (let limit = 0; limit <= Buffer.byteLength(whole) + 10; limit += 97) {
    const text = printMarkdown(findings, limit);
    const rows = text.split('\n').filter(line => /^\| (?:error|warning) /.test(line)).length;
    assert.ok(Buffer.byteLength(text) <= limit);
    if (text !== '' && text !== whole) assert.match(text, `… and ${250 - rows} more finding`);
  }
  assert.match(printMarkdown(findings, 4000), /error 9<br>/);
  assert.not.match(printMarkdown(findings, 4000), 'warning 1<br>');
});

test.run();
