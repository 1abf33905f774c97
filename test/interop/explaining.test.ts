import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Explanation } from '../../src/explain/explanation.ts';
import { interop } from './support/world.ts';

const test = suite('interop/explaining');

test(
  'during a call the running switch explains with the line that it uses, and changes nothing',
  interop(async world => {
    await world.start({ vendors: { alpha: { lines: 1 } } });
    const explain = async (...options: readonly string[]) =>
      (await world.switch.json(
        'explain',
        '442079460000',
        '--via',
        'blue-pbx',
        '--live',
        ...options,
      )) as Explanation;
    const before = await explain();
    assert.is(before.attempts[0]!.gateway, 'alpha');
    assert.is(before.attempts[0]!.activeLines, 0);

    await world.vendor('alpha', 'uas-answers', { pauseMs: 12_000 });
    const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 12_000 });
    await world.switch.hasOpenCalls(1);
    const during = await explain();
    const again = await explain();
    const text = await world.switch.command('explain', '442079460000', '--via', 'blue-pbx', '--live');

    assert.is(during.ingress!.activeLines, 1);
    assert.is(during.customer!.activeLines, 1);
    assert.is.not(during.customer!.held, '0.00');
    assert.equal(
      during.excluded.map(({ gateway, reason }) => `${gateway} ${reason}`),
      ['alpha linesFull'],
    );
    assert.is(during.attempts[0]!.gateway, 'beta');
    assert.equal({ ...again, at: during.at }, { ...during, customer: again.customer });
    assert.match(text.stdout, /blue-pbx has 1 line in use/);
    assert.match(text.stdout, /alpha +44 +linesFull: its only line is in use/);
    await caller.succeeded();
    await world.switch.cdrs(1);
    const after = await explain();
    assert.is(after.ingress!.activeLines, 0);
    assert.is(after.attempts[0]!.carried, 1);
  }),
);

test.run();
