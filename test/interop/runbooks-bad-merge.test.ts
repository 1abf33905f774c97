/** The runbook "A merge broke something" of docs/operations.md, played against a switch with calls. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertBooksBalance } from './support/money.ts';
import { hostPort } from './support/ports.ts';
import { beginRepository, commitAll, git } from './support/repository.ts';
import { decisionsAreDurable, Runbook } from './support/runbook.ts';
import { interop } from './support/world.ts';

const test = suite('interop/runbooks-bad-merge');
const mobile = { callee: '447700900123' } as const;
/** Enough for `class4 blame` to be sure. */
const callsOfEach = 50;
const calls = { ...mobile, calls: callsOfEach, rate: 25 } as const;

test(
  'a merge that sends UK mobile nowhere is found, taken out of service, reverted, and the hold is ended',
  interop(async world => {
    await world.prepare();
    beginRepository(world);
    await world.switch.start();
    const good = await decisionsAreDurable(world);
    const answering = await world.vendor('alpha', 'uas-answers', { calls: callsOfEach });
    const answered = await world.caller('uac-calls-and-hangs-up', { ...calls, pauseMs: 1200 });
    await answered.succeeded();
    await answering.succeeded();
    await world.switch.cdrs(callsOfEach);
    writeFileSync(
      join(world.network.directory, 'gateways/routing/alpha-mobile.yaml'),
      `clearingAccount: alpha\naddress: ${hostPort(world.network.vendors.alpha)}\nprefixes: ["447"]\nprefixMode: expiration\n`,
    );
    commitAll(world, "Merge branch 'uk-mobile-direct'");
    const bad = await world.switch.reloadedFrom(good);
    await decisionsAreDurable(world);
    const refusing = await world.vendor('alpha', 'uas-rejects', {
      calls: callsOfEach,
      values: { STATUS: '404 Not Found' },
    });
    const refused = await world.caller('uac-is-refused', { ...calls, values: { STATUS: '404' } });
    await refused.succeeded();
    await refusing.succeeded();
    await world.switch.cdrs(2 * callsOfEach);
    const runbook = Runbook.open(world, 'runbooks-bad-merge');

    await runbook.plays();
    await runbook.plays();
    const [rolledBack] = await runbook.plays();
    assert.is(rolledBack!.code, 0);
    const vendor = await world.vendor('alpha', 'uas-answers');
    const caller = await world.caller('uac-calls-and-hangs-up', { ...mobile, pauseMs: 1200 });
    await caller.succeeded();
    await vendor.succeeded();
    const cdrs = await world.switch.cdrs(2 * callsOfEach + 1);
    assert.equal([cdrs.at(-2)!.snapshotHash, cdrs.at(-1)!.snapshotHash], [bad, good]);
    await runbook.plays();
    await runbook.plays();

    assert.is(git(world, 'diff', 'HEAD~2', 'HEAD'), '', 'the files are those of before the merge');
    const { hold, snapshot } = await world.switch.status();
    assert.equal([hold, snapshot.hash], [null, good]);
    await assertBooksBalance(world, cdrs);
    runbook.finished();
  }),
);

test.run();
