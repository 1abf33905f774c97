import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { playScenario } from '../../../src/sim/world/play.ts';
import { network } from '../../call/networks.ts';
import {
  answer,
  behaving,
  fail,
  names,
  onlyCall,
  provisional,
  type ScenarioDescription,
  scenario,
  startMs,
  story,
  tried,
} from './scenarios.ts';

const test = suite('sim/world/gateways');

const snapshot = network({ gateways: [{ name: 'one' }, { name: 'two' }] });

function play(description: ScenarioDescription) {
  const played = playScenario(snapshot, scenario(description), { trace: true });
  assert.equal(played.violations, []);
  return played;
}

test('a gateway that answers at once takes the call', () => {
  const call = onlyCall(play({}));
  assert.equal(tried(call), ['one']);
  assert.is(call.finalStatus, 200);
  assert.is(call.answeredAtMs, startMs);
  assert.is(call.endedAtMs, startMs + 10_000);
  assert.is(call.record?.endReason, 'CallerHangup');
  assert.is(call.record?.talkSeconds, 10);
});

test('steps come one after the other, each so long after the one before', () => {
  const steps = [provisional(100, 100), provisional(900, 183, true), provisional(1000, 180), answer(2000)];
  const played = play({ others: behaving({ steps }) });
  const call = onlyCall(played);
  assert.is(call.firstResponseAtMs, startMs + 1000);
  assert.is(call.answeredAtMs, startMs + 4000);
  assert.is(call.record?.postDialDelayMs, 1000);
  assert.equal(story(played).slice(0, 10), [
    '0 caller→switch INVITE 442079460000',
    '0 switch→one INVITE 442079460000',
    '0.1 one→switch 100 Trying',
    '1 one→switch 183 Session Progress (SDP)',
    '1 switch→caller 183 Session Progress (SDP)',
    '2 one→switch 180 Ringing',
    '2 switch→caller 180 Ringing',
    '4 one→switch 200 OK',
    '4 switch→one ACK',
    '4 switch→caller 200 OK',
  ]);
});

test('a gateway that refuses is left for the next one, with the words of its refusal on record', () => {
  const call = onlyCall(
    play({ gateways: { one: behaving({ steps: [fail(200, 503, { reason: 'Too busy' })] }) } }),
  );
  assert.equal(tried(call), ['one', 'two']);
  assert.is(call.record?.attempts[0]?.reason, 'Too busy');
  assert.is(call.record?.attempts[0]?.delayMs, 200);
  assert.is(call.answeredAtMs, startMs + 200);
});

test('a gateway that gives no reason gives the usual one of its status', () => {
  const call = onlyCall(play({ others: behaving({ steps: [fail(0, 404)] }) }));
  assert.is(call.finalStatus, 404);
  assert.is(call.finalReason, 'Not Found');
});

test('Retry-After of a 503 takes the gateway out for the calls that follow', () => {
  const busy = behaving({ steps: [fail(0, 503, { retryAfterSeconds: 120 })] });
  const calls = [{}, { atMs: 60_000 }, { atMs: 120_000 }];
  const played = play({ gateways: { one: busy }, calls });
  assert.equal(played.calls.map(tried), [['one', 'two'], ['two'], ['one', 'two']]);
});

test('Retry-After of anything but a 503 changes nothing', () => {
  const busy = behaving({ steps: [fail(0, 480, { retryAfterSeconds: 120 })] });
  const played = play({ gateways: { one: busy }, calls: [{}, { atMs: 60_000 }] });
  assert.equal(played.calls.map(tried), [
    ['one', 'two'],
    ['one', 'two'],
  ]);
});

test('a redirection is a failure like others', () => {
  const redirects = behaving({ steps: [fail(0, 302, { contact: 'sip:elsewhere.example' })] });
  const call = onlyCall(play({ others: redirects }));
  assert.equal(tried(call), ['one', 'two']);
  assert.is(call.finalStatus, 503);
});

test('a silent gateway is given up by the switch when its INVITE timeout is over', () => {
  const played = play({ gateways: { one: behaving({ reaction: 'silent', steps: [] }) } });
  const call = onlyCall(played);
  assert.equal(tried(call), ['one', 'two']);
  assert.is(call.answeredAtMs, startMs + 10_000);
  assert.ok(story(played).includes('10 switch→switch INVITE timeout'));
});

test('a silent gateway is given up by the SIP server when the waits for an answer are used up before that', () => {
  const impatient = network({
    parameters: { resendIntervalsMs: [500, 1000] },
    gateways: [{ name: 'one' }, { name: 'two' }],
  });
  const silent = behaving({ reaction: 'silent', steps: [] });
  const played = playScenario(impatient, scenario({ gateways: { one: silent } }));
  const call = onlyCall(played);
  assert.is(call.answeredAtMs, startMs + 2000);
  assert.is(call.record?.attempts[0]?.outcome, 'timeout');
});

test('a gateway that cannot be reached fails at once, and gives no code of its own', () => {
  const call = onlyCall(play({ others: behaving({ reaction: 'unreachable', steps: [] }) }));
  assert.equal(tried(call), ['one', 'two']);
  assert.is(call.record?.endReason, 'GatewayUnreachable');
  assert.is(call.endedAtMs, startMs);
});

test('a gateway that only rings is given up when ringing lasts too long', () => {
  const call = onlyCall(play({ others: behaving({ steps: [provisional(1000, 180)] }) }));
  assert.is(call.record?.endReason, 'GatewayTimeout');
  assert.is(call.endedAtMs, startMs + 121_000);
});

test('a gateway may hang up', () => {
  const call = onlyCall(play({ others: behaving({ hangUpAfterMs: 4000 }) }));
  assert.is(call.record?.endReason, 'CalleeHangup');
  assert.is(call.record?.talkSeconds, 4);
});

test('a caller who hangs up first ends the call before the gateway would', () => {
  const call = onlyCall(play({ others: behaving({ hangUpAfterMs: 11_000 }) }));
  assert.is(call.record?.endReason, 'CallerHangup');
});

test('a gateway that dies in the middle of a call hangs up no more and answers no BYE', () => {
  const played = play({ others: behaving({ diesAfterMs: 3000, hangUpAfterMs: 4000 }) });
  assert.is(onlyCall(played).record?.endReason, 'CallerHangup');
  const told = story(played);
  assert.ok(told.includes('10 switch→one BYE'));
  assert.not.ok(told.includes('10 one→switch 200 OK'));
});

test('a CANCEL ends an INVITE that was heard of', () => {
  const ringing = behaving({ steps: [provisional(100, 180), answer(60_000)] });
  const played = play({ others: ringing, calls: [{ cancelAfterMs: 5000 }] });
  const call = onlyCall(played);
  assert.is(call.finalStatus, 487);
  assert.is(call.record?.endReason, 'CallerCancel');
  assert.equal(story(played).slice(-5), [
    '5 caller→switch CANCEL',
    '5 switch→caller 487 Request Terminated',
    '5 switch→one CANCEL',
    '5 one→switch 487 Request Terminated',
    '5 switch→one ACK',
  ]);
});

test('an answer that crosses the CANCEL is acknowledged and ended, and nobody pays for it', () => {
  const ringing = behaving({ steps: [provisional(100, 180), answer(60_000)], onCancel: 'answers' });
  const played = play({ others: ringing, calls: [{ cancelAfterMs: 5000 }] });
  assert.is(onlyCall(played).record?.endReason, 'CallerCancel');
  assert.is(onlyCall(played).record?.customerCharge, null);
  assert.equal(story(played).slice(-5), [
    '5 switch→one CANCEL',
    '5 one→switch 200 OK',
    '5 switch→one ACK',
    '5 switch→one BYE',
    '5 one→switch 200 OK',
  ]);
});

test('a gateway that ignores a CANCEL goes on with its script, and its late answer is ended', () => {
  const steps = [provisional(100, 180), answer(9_900)];
  const played = play({ others: behaving({ steps, onCancel: 'ignores' }), calls: [{ cancelAfterMs: 5000 }] });
  assert.equal(story(played).slice(-5), [
    '5 switch→one CANCEL',
    '10 one→switch 200 OK',
    '10 switch→one ACK',
    '10 switch→one BYE',
    '10 one→switch 200 OK',
  ]);
  assert.is(played.endedAtMs, startMs + 5000);
});

test('a CANCEL waits until the gateway has said something', () => {
  const steps = [provisional(2000, 100), answer(60_000)];
  const played = play({ others: behaving({ steps }), calls: [{ cancelAfterMs: 1000 }] });
  assert.equal(story(played).slice(-4), [
    '2 one→switch 100 Trying',
    '2 switch→one CANCEL',
    '2 one→switch 487 Request Terminated',
    '2 switch→one ACK',
  ]);
});

test('a gateway that answers OPTIONS with 503 is left out, and comes back when it answers 200', () => {
  const asked = network({ gateways: [{ name: 'one', optionsCheck: true }, { name: 'two' }] });
  const away = behaving({}, 503);
  const calls = [{ atMs: 70_000 }, { atMs: 200_000 }];
  const back = {
    kind: 'behaviour',
    atMs: 100_000,
    place: scenario().place,
    gateway: 'one',
    behaviour: behaving(),
  } as const;
  const played = playScenario(asked, scenario({ gateways: { one: away }, calls, events: [back] }));
  assert.equal(played.calls.map(tried), [['two'], ['one']]);
  assert.equal(names(played), []);
});

test('a gateway that leaves OPTIONS without an answer is left out as well', () => {
  const asked = network({ gateways: [{ name: 'one', optionsCheck: true }, { name: 'two' }] });
  const mute = behaving({}, null);
  const played = playScenario(asked, scenario({ gateways: { one: mute }, calls: [{ atMs: 90_000 }] }));
  assert.equal(played.calls.map(tried), [['two']]);
});

test.run();
