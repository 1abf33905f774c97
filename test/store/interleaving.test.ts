import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { money } from '../../src/rating/money.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { cdr, openCall, temporaryDirectory } from './records.ts';

const test = suite('store/interleaving');

const accounts = ['northwind', 'harbour', 'acme-telecom'];
const account = fc.constantFrom(...accounts);
const amount = fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n });

type Step =
  | { readonly kind: 'pay'; readonly account: string; readonly amount: bigint }
  | { readonly kind: 'journal'; readonly call: number }
  | {
      readonly kind: 'finish';
      readonly call: number;
      readonly charges: readonly { readonly account: string; readonly amount: bigint }[];
    }
  | { readonly kind: 'settle' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('pay' as const), account, amount }),
  fc.record({ kind: fc.constant('journal' as const), call: fc.nat(5) }),
  fc.record({
    kind: fc.constant('finish' as const),
    call: fc.nat(5),
    charges: fc.uniqueArray(fc.record({ account, amount }), { selector: ({ account: name }) => name }),
  }),
  fc.record({ kind: fc.constant('settle' as const) }),
);

/** The same history by the simplest means: sums in a map, the first end of a call counts. */
function expectedBalances(steps: readonly Step[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  const ended = new Set<number>();
  function add(name: string, units: bigint): void {
    sums.set(name, (sums.get(name) ?? 0n) + units);
  }
  for (const each of steps) {
    if (each.kind === 'pay') add(each.account, each.amount);
    if (each.kind !== 'finish' || ended.has(each.call)) continue;
    ended.add(each.call);
    for (const charge of each.charges) add(charge.account, charge.amount);
  }
  return sums;
}

async function play(store: SqliteStore, steps: readonly Step[]): Promise<void> {
  const writes: Promise<unknown>[] = [];
  for (const [index, each] of steps.entries()) {
    switch (each.kind) {
      case 'pay': {
        writes.push(store.pay(each.account, money(each.amount), index, ''));
        break;
      }
      case 'journal': {
        writes.push(store.journal(openCall(`call-${each.call}`)));
        break;
      }
      case 'finish': {
        const ledger = each.charges.map(charge => ({ ...charge, amount: money(charge.amount) }));
        writes.push(store.finishCall(cdr(`call-${each.call}`), ledger));
        break;
      }
      case 'settle': {
        await Promise.all(writes);
        break;
      }
    }
  }
  await Promise.all(writes);
}

test('after any interleaving of calls and payments each balance is the sum of its ledger', async () => {
  const steps = fc.array(step, { maxLength: 30 }).filter(list => {
    // Balances stay within 64 bits.
    const total = list.flatMap(each => {
      if (each.kind === 'pay') return [each.amount];
      return each.kind === 'finish' ? each.charges.map(charge => charge.amount) : [];
    });
    return total.reduce((sum, units) => sum + (units < 0n ? -units : units), 0n) < 2n ** 63n;
  });
  await fc.assert(
    fc.asyncProperty(steps, async list => {
      const directory = temporaryDirectory();
      const store = await SqliteStore.open({ path: join(directory.path, 'class4.db') });
      try {
        await play(store, list);
        const ended = new Set(list.flatMap(each => (each.kind === 'finish' ? [`call-${each.call}`] : [])));
        const { calls } = await store.interruptedCalls();

        assert.equal([...(await store.balances())].sort(), [...expectedBalances(list)].sort());
        assert.equal(await store.wrongBalances(), []);
        assert.is((await store.cdrs({})).length, ended.size);
        assert.not(calls.some(({ callId }) => ended.has(callId)));
      } finally {
        await store.close();
        directory.remove();
      }
    }),
    { numRuns: 40 },
  );
});

test.run();
