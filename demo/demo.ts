/**
 * The switch in half a minute: real calls over UDP between scripted peers, told as they happen. Exits with 0 only
 * when every call went as told.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { CdrReport } from '../src/live/operations.ts';
import { cdrTable, currency, describeCall, heading, table } from './report.ts';
import { editAndReload, type Stage, withStage } from './stage.ts';

const talkMs = 1200;
const london = '442079460018';
const paris = '33153675000';

interface Expectation {
  readonly attempts: readonly string[];
  readonly endReason: string;
}

class Story {
  readonly #stage: Stage;
  #steps = 0;
  readonly #shown = new Set<string>();
  readonly surprises: string[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  begin(title: string): void {
    this.#steps += 1;
    say(heading(this.#steps, title));
  }

  /** Shows the record of the call that has just ended, and compares it with what was to happen. */
  async ended({ attempts, endReason }: Expectation): Promise<CdrReport> {
    const cdr = await this.#stage.switch.newCdr(this.#shown);
    this.#shown.add(cdr.callId);
    say(describeCall(cdr));
    const happened = cdr.attempts.map(({ gateway, status }) => `${gateway} ${status}`);
    this.expect('attempts', happened.join(', '), attempts.join(', '));
    this.expect('end reason', cdr.endReason, endReason);
    return cdr;
  }

  expect(what: string, found: string, expected: string): void {
    if (found === expected) return;
    const surprise = `call ${this.#shown.size}: ${what} should be "${expected}" and is "${found}"`;
    this.surprises.push(surprise);
    say(`   UNEXPECTED ${surprise}\n`);
  }
}

function say(text: string): void {
  process.stdout.write(text);
}

async function showHunting(stage: Stage, story: Story): Promise<void> {
  const { acme, borealis, castor } = stage.vendors;
  async function talk(callee: string, expectation: Expectation): Promise<void> {
    const call = await stage.northwind.call(callee);
    await wait(talkMs);
    call.hangUp();
    await story.ended(expectation);
  }

  story.begin('A call goes to the cheapest vendor');
  await talk(london, { attempts: ['acme 200'], endReason: 'CallerHangup' });

  story.begin('acme is out of service: the next vendor takes the call');
  acme.behaviour = { does: 'refuse', status: '503 Service Unavailable' };
  await talk(london, { attempts: ['acme 503', 'borealis 200'], endReason: 'CallerHangup' });

  story.begin('acme does not even answer; this time the callee hangs up');
  acme.behaviour = { does: 'stay silent' };
  const call = await stage.northwind.call(paris);
  await wait(talkMs);
  borealis.hangUp();
  await call.hungUp;
  await story.ended({ attempts: ['acme 408', 'borealis 200'], endReason: 'CalleeHangup' });

  story.begin('Both fail: castor, the protect route, takes over');
  acme.behaviour = { does: 'refuse', status: '503 Service Unavailable' };
  borealis.behaviour = { does: 'refuse', status: '500 Server Internal Error' };
  castor.behaviour = { does: 'answer' };
  await talk(london, {
    attempts: ['acme 503', 'borealis 500', 'castor 200'],
    endReason: 'CallerHangup',
  });
  acme.behaviour = { does: 'answer' };
  borealis.behaviour = { does: 'answer' };
}

async function showReload(stage: Stage, story: Story): Promise<void> {
  story.begin('A hot reload: while a call is up on acme, its operator prefers borealis and doubles a price');
  const first = await stage.northwind.call(london);
  await editAndReload(stage, 'gateways/routing/borealis.yaml', 'priority: 20', 'priority: 5');
  say('   gateways/routing/borealis.yaml: priority 20 → 5, in force\n');
  await editAndReload(stage, 'rates/retail.yaml', 'rate: 0.0180', 'rate: 0.0360');
  say('   rates/retail.yaml: 44 costs 0.0180 → 0.0360, in force\n   the next call:\n');
  const second = await stage.northwind.call(london);
  await wait(talkMs);
  second.hangUp();
  const after = await story.ended({ attempts: ['borealis 200'], endReason: 'CallerHangup' });
  say('   the call that was up all the time, at the price it began with:\n');
  first.hangUp();
  const before = await story.ended({ attempts: ['acme 200'], endReason: 'CallerHangup' });
  story.expect('price', `${before.customerCharge?.rate} ${after.customerCharge?.rate}`, '0.018 0.036');
  story.expect('snapshots differ', String(before.snapshotHash !== after.snapshotHash), 'true');
}

async function showRefusals(stage: Stage, story: Story): Promise<void> {
  story.begin('Somebody unknown tries to call');
  const stranger = await stage.stranger.call(london);
  story.expect('answer to a stranger', String(stranger.status), '403');
  await story.ended({ attempts: [], endReason: 'IllegalCall' });

  story.begin('tinytel is prepaid and has no money');
  const poor = await stage.tinytel.call(london);
  story.expect('answer without credit', String(poor.status), '503');
  await story.ended({ attempts: [], endReason: 'AccountBalanceNotEnough' });

  story.begin('tinytel pays, and its next call goes through');
  await stage.switch.pay('tinytel', '5');
  say(`   class4 account pay tinytel 5   balance ${await stage.switch.balance('tinytel')} ${currency}\n`);
  const rich = await stage.tinytel.call(paris);
  await wait(talkMs);
  rich.hangUp();
  await story.ended({ attempts: ['borealis 200'], endReason: 'CallerHangup' });
}

async function showBooks(stage: Stage): Promise<void> {
  say('\nThe records\n');
  say(cdrTable((await stage.switch.cdrs()).toReversed()));
  const accounts = ['northwind', 'tinytel', 'acme', 'borealis', 'castor'];
  const balances = await Promise.all(accounts.map(account => stage.switch.balance(account)));
  say('\nThe balances\n');
  say(
    table(
      ['account', `balance ${currency}`],
      accounts.map((account, index) => [account, balances[index]!]),
    ),
  );
}

async function tell(): Promise<number> {
  let surprises: readonly string[] = ['the story was not told to its end'];
  await withStage(async stage => {
    say(
      'class4 on loopback: customers northwind and tinytel; vendors acme, borealis and castor (protect route)\n',
    );
    const story = new Story(stage);
    await showHunting(stage, story);
    await showReload(stage, story);
    await showRefusals(stage, story);
    await showBooks(stage);
    const exitCode = await stage.switch.stop();
    say(`\nSIGTERM: the switch drained and ended with ${exitCode}\n`);
    story.expect('exit code of the switch', String(exitCode), '0');
    surprises = story.surprises;
    if (surprises.length > 0) say(`\nThe log of the switch\n${stage.switch.log}`);
  });
  say(surprises.length === 0 ? '\nEverything went as told.\n' : `\n${surprises.length} surprises.\n`);
  return surprises.length === 0 ? 0 : 1;
}

process.exitCode = await tell().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
});
