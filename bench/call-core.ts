/**
 * How many whole calls a second the call core carries: INVITE, 100, 180, answer, hang-up, record and ledger, with
 * 10,000 calls in progress all the time and five of fifty gateways to choose from for each, whose quality is
 * measured. Prints one JSON object. CPU time is given beside the elapsed time because a busy machine only changes the
 * latter.
 *
 *   node dist/bench/call-core.js [calls]
 */
import type { SwitchInput } from '../src/call/inputs.ts';
import { Switch } from '../src/call/switch.ts';
import { parseMoney } from '../src/rating/money.ts';
import { buildSnapshot } from '../test/support/snapshot-builder.ts';

const calls = Number(process.argv[2] ?? 200_000);
const concurrent = 10_000;
const gateways = 50;
const callsPerSecond = 1_500;

const snapshot = buildSnapshot({
  mappingGateways: [{ name: 'in', account: 'customer', addresses: ['192.0.2.0/24'] }],
  routingGateways: Array.from({ length: gateways }, (_, i) => ({
    name: `out-${i}`,
    clearingAccount: 'vendor',
    prefixes: [`44${i % 10}`],
    lines: 10_000,
    priority: i,
    checkRate: true,
    calculateQuality: true,
  })),
  accounts: [
    { name: 'customer', rateTable: 'retail', overdraftLimit: '100000000' },
    { name: 'vendor', rateTable: 'wholesale', overdraftLimit: '100000000' },
  ],
  rates: [
    { name: 'retail', rows: [{ prefix: '44', rate: '0.0123', increments: '1/1' }] },
    { name: 'wholesale', rows: [{ prefix: '44', rate: '0.0101', increments: '1/1' }] },
  ],
});

let core: Switch;
let outputs = 0;
let atMs = 0;
let fastest = Number.POSITIVE_INFINITY;
let leastCpuMicroseconds = Number.POSITIVE_INFINITY;

function give(input: SwitchInput): void {
  outputs += core.handle(input).length;
}

function begin(index: number): void {
  const callId = `call-${index}`;
  give({
    type: 'invite',
    atMs,
    callId,
    source: { address: '192.0.2.7', port: 5060, transport: 'udp' },
    caller: '12025550100',
    callee: `44${index % 10}79460${(index % 1000).toString().padStart(3, '0')}`,
    forwarding: null,
    seed: index,
    sipCallId: callId,
    timerCapable: true,
  });
  give({ type: 'legTrying', atMs, callId, leg: 0 });
  give({ type: 'legProvisional', atMs, callId, leg: 0, status: 180, reason: 'Ringing', hasSdp: false });
  give({ type: 'legAnswered', atMs, callId, leg: 0 });
}

function end(index: number): void {
  give({ type: 'hangup', atMs, callId: `call-${index}`, by: 'caller' });
}

function tickIfDue(): void {
  const dueMs = core.nextDeadlineMs();
  if (dueMs !== null && dueMs <= atMs) give({ type: 'tick', atMs });
}

for (let round = 0; round < 3; round++) {
  core = new Switch({ snapshot, balances: new Map([['customer', parseMoney('0')!]]) });
  atMs = 1_700_000_000_000;
  outputs = 0;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (let index = 0; index < calls + concurrent; index++) {
    atMs += index % 3 === 0 ? Math.ceil(3000 / callsPerSecond) : 0;
    tickIfDue();
    if (index < calls) begin(index);
    if (index >= concurrent) end(index - concurrent);
  }
  const elapsedMs = performance.now() - startedAt;
  if (core.calls().length > 0) throw new Error('calls are left over');
  const cpu = process.cpuUsage(cpuBefore);
  fastest = Math.min(fastest, elapsedMs);
  leastCpuMicroseconds = Math.min(leastCpuMicroseconds, cpu.user + cpu.system);
}

const line = {
  bench: 'call-core',
  calls,
  concurrent,
  gateways,
  outputs,
  callsPerSecond: Math.round((calls / fastest) * 1000),
  microsecondsPerCall: Number(((fastest * 1000) / calls).toFixed(2)),
  cpuMicrosecondsPerCall: Number((leastCpuMicroseconds / calls).toFixed(2)),
  heapMb: Math.round(process.memoryUsage().heapUsed / 1e6),
  node: process.version,
};
process.stdout.write(`${JSON.stringify(line)}\n`);
