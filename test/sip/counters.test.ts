import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SipAdapter } from '../../src/sip/adapter.ts';

const test = suite('sip/counters');

test('docs/sip.md names every counter, and none that is gone', () => {
  const adapter = new SipAdapter({
    server: { host: '127.0.0.1', port: 1, secret: 's' },
    embedded: false,
    newCallId: () => 'call',
    deliver: () => {},
  });
  const page = readFileSync(new URL('../../../docs/sip.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('## Counters'));

  const documented = [...table.matchAll(/`([a-z_]+)`/g)].map(found => found[1]!);

  assert.equal(documented.sort(), Object.keys(adapter.counters()).sort());
});

test.run();
