import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { usualCauses } from '../../src/call/end-cause.ts';
import { endReasons } from '../../src/cdr/record.ts';

const test = suite('cdr/end-reasons');

interface Row {
  readonly reason: string;
  readonly by: string;
  readonly status: string;
  readonly texts: readonly string[];
}

/** Compiled tests stand two folders below the compiled root, which stands beside docs/. */
const document = readFileSync(new URL('../../../docs/end-reasons.md', import.meta.url), 'utf8');

const rows: readonly Row[] = [...document.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, reason, rest]) => {
  const [by, status, ...texts] = rest!.split(' | ');
  return { reason: reason!, by: by!, status: status!, texts };
});

test('every end reason is documented once, in the order of the code', () => {
  assert.equal(
    rows.map(({ reason }) => reason),
    [...endReasons],
  );
});

test('the documented SIP codes and sides are those of the code', () => {
  for (const { reason, by, status } of rows) {
    const usual = usualCauses[reason as keyof typeof usualCauses];
    assert.is(by, usual.by, reason);
    assert.is(status.split(' ')[0], String(usual.status), reason);
  }
});

test('every end reason says what it means and what to do', () => {
  for (const { reason, texts } of rows) {
    assert.is(texts.length, 2, reason);
    for (const text of texts) assert.ok(text.length > 8, reason);
  }
});

test.run();
