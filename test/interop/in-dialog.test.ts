import { suite } from 'uvu';
import { assertBooksBalance } from './support/money.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/in-dialog');

/** The scenarios themselves check that each side is sent what the other side said. */
async function connect(world: World, callerScenario: string, vendorScenario: string): Promise<void> {
  await world.start();
  const vendor = await world.vendor('alpha', vendorScenario);
  const caller = await world.caller(callerScenario, { pauseMs: 1200 });
  await caller.succeeded();
  await vendor.succeeded();
  await assertBooksBalance(world, await world.switch.cdrs(1));
}

test(
  'a re-INVITE of the caller reaches the callee, and its answer the caller',
  interop(world => connect(world, 'uac-reinvites', 'uas-is-reinvited')),
);

test(
  'a re-INVITE of the callee reaches the caller, and its answer the callee',
  interop(world => connect(world, 'uac-is-reinvited', 'uas-reinvites')),
);

test(
  'UPDATE and INFO of the caller reach the callee',
  interop(world => connect(world, 'uac-sends-update-and-info', 'uas-takes-update-and-info')),
);

test.run();
