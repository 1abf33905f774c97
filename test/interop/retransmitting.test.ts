import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertBooksBalance } from './support/money.ts';
import { freeEndpoint } from './support/ports.ts';
import { okTo, RawCaller } from './support/raw-peers.ts';
import { until } from './support/until.ts';
import { interop } from './support/world.ts';

const test = suite('interop/retransmitting');

test(
  'an INVITE, an ACK and a BYE that come three times are handled once',
  interop(async world => {
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-answers');
    const socket = await world.datagrams(await freeEndpoint(world.network.callers.blue));
    const caller = new RawCaller(socket, world.network.sip, 'thrice');
    const thrice = async (message: string) => {
      for (let time = 0; time < 3; time += 1) await caller.send(message);
    };

    await thrice(caller.invite());
    const answer = await socket.hears('SIP/2.0 200');
    await thrice(caller.inDialog('ACK', answer));
    await world.switch.hasOpenCalls(1);
    const farewell = () => socket.received.filter(text => /^SIP\/2\.0 200[\s\S]*\r\nCSeq: 2 BYE/.test(text));
    await caller.send(caller.inDialog('BYE', answer));
    await until('the BYE is answered', () => farewell().length === 1 || undefined);
    await caller.send(caller.inDialog('BYE', answer));
    await caller.send(caller.inDialog('BYE', answer));
    await until('the repeated BYE is answered again', () => farewell().length === 3 || undefined);
    await vendor.succeeded();

    assert.equal(
      vendor.received().map(message => message.split(' ')[0]),
      ['INVITE', 'ACK', 'BYE'],
    );
    const cdrs = await world.switch.cdrs(1);
    assert.is(cdrs[0]!.endReason, 'CallerHangup');
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'the 200 is repeated until the caller acknowledges it',
  interop(async world => {
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-answers');
    const socket = await world.datagrams(await freeEndpoint(world.network.callers.blue));
    const caller = new RawCaller(socket, world.network.sip, 'unheard');

    await caller.send(caller.invite());
    const first = await socket.hears('SIP/2.0 200', 1);
    const second = await socket.hears('SIP/2.0 200', 2);
    assert.is(second, first);
    await caller.send(caller.inDialog('ACK', first));
    await caller.send(caller.inDialog('BYE', first));
    await vendor.succeeded();

    assert.is(vendor.heard('ACK ').length, 1);
    await assertBooksBalance(world, await world.switch.cdrs(1));
  }),
);

test(
  'a caller who hangs up without ever acknowledging the answer ends the call at once',
  interop(async world => {
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-answers');
    const socket = await world.datagrams(await freeEndpoint(world.network.callers.blue));
    const caller = new RawCaller(socket, world.network.sip, 'no-ack');

    await caller.send(caller.invite());
    await caller.send(caller.inDialog('BYE', await socket.hears('SIP/2.0 200')));
    await vendor.succeeded();

    const cdrs = await world.switch.cdrs(1);
    assert.is(cdrs[0]!.endReason, 'CallerHangup');
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'a vendor that repeats its 200 is acknowledged each time, and the call is one call',
  interop(async world => {
    await world.start();
    const { alpha } = world.network.vendors;
    const vendor = await world.datagrams(alpha);
    const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
    const answer = okTo(await vendor.hears('INVITE '), alpha);
    for (let acknowledged = 1; acknowledged <= 3; acknowledged += 1) {
      await vendor.send(answer, world.network.sip);
      await vendor.hears('ACK ', acknowledged);
    }
    await vendor.send(okTo(await vendor.hears('BYE '), alpha), world.network.sip);
    await caller.succeeded();

    assert.is(new Set(vendor.heard('ACK ')).size, 1, 'the same ACK each time');
    assert.is(caller.heard('SIP/2.0 200').length, 2, 'one for the INVITE and one for the BYE');
    await assertBooksBalance(world, await world.switch.cdrs(1));
  }),
);

test(
  'forty callers who lose every fifth message each get one call, one record and one charge',
  interop(async world => {
    const calls = 40;
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-answers', { calls });
    const caller = await world.caller('uac-calls-and-hangs-up', {
      calls,
      rate: 20,
      lossPercent: 20,
      pauseMs: 1200,
    });
    await caller.succeeded();
    await vendor.succeeded();

    const cdrs = await world.switch.cdrs(calls);
    assert.is(new Set(cdrs.map(({ sipCallId }) => sipCallId)).size, calls);
    assert.equal([...new Set(cdrs.map(({ endReason }) => endReason))], ['CallerHangup']);
    await assertBooksBalance(world, cdrs);
  }),
);

test.run();
