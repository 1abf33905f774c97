/**
 * What asking ten million records for the version that changed their quality costs, and how much memory it takes. One
 * JSON object a line. `node dist/bench/blame.js [records] [directory]`; a directory that has the database already is
 * asked only, and stays.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blameReport } from '../src/cli/blame.ts';
import { Database } from '../src/store/database.ts';
import { SqliteStore } from '../src/store/sqlite-store.ts';
import type { VersionQualityQuery } from '../src/store/version-quality.ts';

const records = Number(process.argv[2] ?? 10_000_000);
const given = process.argv[3] ?? null;
const directory = given ?? mkdtempSync(join(tmpdir(), 'class4-bench-blame-'));
const path = join(directory, 'class4.db');

const endMs = Date.UTC(2026, 5, 1);
const hourMs = 3_600_000;
const days = 30;
const beginMs = endMs - days * 24 * hourMs;
const hoursOfVersion = 6;
const versions = (days * 24) / hoursOfVersion;
const chunk = 250_000;

// With the hour of the day the ratio goes from 0.40 to 0.55 and back.
const insertSql = `
  WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2 - 1),
  call AS MATERIALIZED (
    SELECT i, CAST(?3 + i * ?4 AS INTEGER) AS at, abs(random()) % 1000 AS luck, abs(random()) % 10 AS route,
      CASE WHEN random() % 4 = 0 THEN '4477' ELSE '3361' END || printf('%08d', abs(random()) % 100000000) AS callee
    FROM n),
  decided AS MATERIALIZED (
    SELECT *, CAST((at - ?3) / ?5 AS INTEGER) AS version,
      luck < 400 + 12 * (12 - abs(12 - (at / 3600000) % 24)) - CASE
        WHEN callee LIKE '447%' AND (at - ?3) / ?5 >= ?6 THEN 200 ELSE 0 END AS answered
    FROM call)
  INSERT INTO cdr (call_id, snapshot_hash, mapping_gateway, customer_account, routing_gateway, vendor_account,
    source_address, caller, callee, billing_caller, billing_callee, sent_caller, sent_callee, sip_call_id,
    started_at_ms, post_dial_delay_ms, answered_at_ms, ended_at_ms, talk_seconds, ended_by, end_reason, status,
    attempts, customer_charge, vendor_charge, customer_amount, vendor_amount, profit)
  SELECT printf('%012d', i), printf('%064x', version), 'gw-' || (i % 100), 'customer-' || (i % 50),
    'vendor-' || route, 'vendor-account-' || route, '192.0.2.1:5060;udp', '442071838750', callee, '442071838750',
    callee, '442071838750', callee, printf('%012d@192.0.2.1', i), at, 900 + luck, iif(answered, at + 4000, NULL),
    at + 64000, iif(answered, 20 + luck % 300, 0), 'caller', iif(answered, 'CallerHangup', 'Rejected'),
    iif(answered, 200, 486), ?7, iif(answered, ?8, NULL), iif(answered, ?8, NULL), 1250000, 1000000, 250000
  FROM decided`;

try {
  if (!existsSync(path)) await generate();
  print({ bench: 'blame', records, versions, days, databaseMB: Math.round(statSync(path).size / 1e6) });
  const day = { sinceMs: endMs - 24 * hourMs, untilMs: endMs };
  const questions: readonly (readonly [string, VersionQualityQuery])[] = [
    ['--since 24h', day],
    ['--prefix 447 --since 24h', { ...day, prefix: '447' }],
    ['--gateway vendor-3 --since 24h', { ...day, gateway: 'vendor-3' }],
    ['--account customer-3 --since 24h', { ...day, account: 'customer-3' }],
    ['--prefix 447 --since 7d', { ...day, sinceMs: endMs - 7 * 24 * hourMs, prefix: '447' }],
    ['--since 30d', { ...day, sinceMs: beginMs }],
  ];
  for (const [what, query] of questions) await ask(what, query);
} finally {
  if (given === null) rmSync(directory, { recursive: true, force: true });
}

async function ask(what: string, query: VersionQualityQuery): Promise<void> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const report = await blameReport(path, query);
  const { user, system } = process.cpuUsage(cpu);
  print({
    bench: 'blame',
    what,
    calls: report.versions.reduce((sum, { calls }) => sum + calls, 0),
    versions: report.versions.length,
    changes: report.changes.length,
    wallMs: Math.round(performance.now() - began),
    cpuMs: Math.round((user + system) / 1000),
    maxResidentMB: Math.round(process.resourceUsage().maxRSS / 1024),
  });
}

/** A version each six hours; with the one before the last, calls to 447 go wrong. The hour of the day matters, too. */
async function generate(): Promise<void> {
  const store = await SqliteStore.open({ path });
  await store.close();
  const database = await Database.open(path, 'existing');
  await database.execute('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000;');
  const indexes = await database.all(
    "SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'cdr' AND type = 'index' AND sql IS NOT NULL",
  );
  for (const { name } of indexes) await database.execute(`DROP INDEX ${name}`);
  await database.run(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)
     INSERT INTO activation (hash, cause, by, share_percent, began_at_ms, ended_at_ms)
     SELECT printf('%064x', i), 'edit', 'class4', 100, ?2 + i * ?3, ?2 + (i + 1) * ?3 FROM n`,
    [versions, beginMs, hoursOfVersion * hourMs],
  );
  const attempt = { gateway: 'vendor-1', caller: '442071838750', address: '192.0.2.2:5060;udp', status: 200 };
  const attempts = JSON.stringify([{ ...attempt, reason: 'OK', outcome: 'answered', delayMs: 2000 }]);
  const charge = JSON.stringify({
    account: 'customer-1',
    amount: '1250000',
    rateSource: 'rates/retail.csv:1',
  });
  for (let first = 0; first < records; first += chunk) {
    await database.run(insertSql, [
      ...[first, Math.min(first + chunk, records), beginMs, (endMs - beginMs) / records],
      ...[hoursOfVersion * hourMs, versions - 2, attempts, charge],
    ]);
  }
  for (const { sql } of indexes) await database.execute(String(sql));
  await database.close();
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
