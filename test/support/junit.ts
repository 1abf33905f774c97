/** A JUnit file as its readers take it: well-formed, and with totals that are true. */
import * as assert from 'uvu/assert';

export interface JunitTotals {
  readonly tests: number;
  readonly failures: number;
}

/** Fails on what an XML parser would refuse, and when a total is not that of the cases. */
export function readJunit(text: string): JunitTotals {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  assert.ok(text.startsWith(declaration), text.slice(0, 100));
  const open: string[] = [];
  const seen = { testcase: 0, failure: 0 };
  const tag = /<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/gy;
  let totals: JunitTotals | null = null;
  for (let at = declaration.length; at < text.length; ) {
    const next = text.indexOf('<', at);
    const words = text.slice(at, next === -1 ? text.length : next);
    assert.not.match(words, /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i);
    if (next === -1) break;
    tag.lastIndex = next;
    const match = tag.exec(text);
    assert.ok(match !== null, `no tag: ${text.slice(next, next + 80)}`);
    const [whole, closes, name, attributes, isEmpty] = match;
    at = next + whole.length;
    if (closes === '/') assert.is(name, open.pop());
    else if (isEmpty === '') open.push(name!);
    if (closes === '' && (name === 'testcase' || name === 'failure')) seen[name]++;
    if (closes === '' && name === 'testsuites') {
      const number = (key: string) => Number(new RegExp(` ${key}="(\\d+)"`).exec(attributes!)?.[1]);
      totals = { tests: number('tests'), failures: number('failures') };
    }
  }
  assert.equal(open, []);
  assert.equal(totals, { tests: seen.testcase, failures: seen.failure });
  return totals!;
}
