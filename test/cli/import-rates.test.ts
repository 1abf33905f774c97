import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import { columnOptions } from '../../src/import/options.ts';

const test = suite('cli/import-rates');

const switchYaml = `name: test
currency: USD
sip: { listen: [{ transport: udp, address: 127.0.0.1, port: 5060 }] }
`;

let directory = '';

test.before.each(() => {
  directory = mkdtempSync(join(tmpdir(), 'class4-import-'));
  writeFileSync(join(directory, 'switch.yaml'), switchYaml);
  writeFileSync(join(directory, 'Acme (June).csv'), 'Code,Rate\n44,0.01\n33,0.02\n');
});

test.after.each(() => rmSync(directory, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    colour: false,
    env: {},
    workingDirectory: directory,
  };
  return { code: await runCommandLine(['import', 'rates', ...args], io), out, err };
}

test('names the table after the file, and leaves nothing else behind', async () => {
  const { code, out } = await run('Acme (June).csv');

  assert.is(code, 0);
  assert.match(out, 'wrote rates/Acme-June.csv, rates/Acme-June.yaml\n');
  assert.equal(readdirSync(join(directory, 'rates')).sort(), ['Acme-June.csv', 'Acme-June.yaml']);
});

test('what it wrote loads, and stands as fmt would put it', async () => {
  writeFileSync(
    join(directory, 'all.csv'),
    'Until,Code,Setup fee,Rate per second,Increments,From,Locked\n2027-01-01,44,0.1,0.01,30/6,2026-01-01,yes\n,33,,0.02,,,\n',
  );
  assert.is((await run('all.csv')).code, 0);
  let said = '';
  const say = (text: string) => {
    said += text;
  };
  const io = { out: say, err: say, colour: false, env: {}, workingDirectory: directory };
  await runCommandLine(['validate'], io);
  await runCommandLine(['fmt', '--check', 'rates/all.yaml', 'rates/all.csv'], io);

  assert.match(said, /1 rate table with 2 rows/);
  assert.match(said, /0 would change/);
});

test('a dry run reports the same and writes nothing', async () => {
  const { code, out } = await run('Acme (June).csv', '--dry-run');

  assert.is(code, 0);
  assert.match(out, 'would write rates/Acme-June.csv, rates/Acme-June.yaml\n');
  assert.not.ok(existsSync(join(directory, 'rates')));
});

test('reports as JSON', async () => {
  writeFileSync(join(directory, 'bad.csv'), 'Code,Rate\n44,0.01\nx1,0.02\n');
  const { code, out } = await run('bad.csv', '--report', 'json');
  const report = JSON.parse(out) as {
    refused: boolean;
    rows: unknown;
    problems: readonly { kind: string; line: number }[];
    source: { columns: unknown };
    written: readonly string[];
  };

  assert.is(code, 2);
  assert.ok(report.refused);
  assert.equal(report.rows, { read: 2, skipped: 1, inDeck: 0 });
  assert.equal(
    report.problems.map(({ kind, line }) => [kind, line]),
    [['prefix', 3]],
  );
  assert.equal(report.source.columns, { prefix: 'Code', rate: 'Rate' });
  assert.equal(report.written, []);
});

test('writes nothing where a link leads out of the configuration', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'class4-outside-'));
  try {
    writeFileSync(join(outside, 'precious'), 'precious');
    mkdirSync(join(directory, 'rates'));
    symlinkSync(join(outside, 'precious'), join(directory, 'rates', 'acme.csv'));
    const byFile = await run('Acme (June).csv', '--table', 'acme');
    assert.is(byFile.code, 2);
    assert.match(byFile.err, 'rates/acme.csv leads out of the configuration directory by a link');
    assert.is(readFileSync(join(outside, 'precious'), 'utf8'), 'precious');
    assert.not.ok(existsSync(join(directory, 'rates', 'acme.yaml')));

    rmSync(join(directory, 'rates'), { recursive: true });
    symlinkSync(outside, join(directory, 'rates'));
    assert.is((await run('Acme (June).csv', '--table', 'acme')).code, 2);
    assert.equal(readdirSync(outside), ['precious']);
  } finally {
    rmSync(outside, { recursive: true, force: true });
  }
});

test('writes through a link that stays within the configuration', async () => {
  mkdirSync(join(directory, '..data'));
  symlinkSync('..data', join(directory, 'rates'));

  assert.is((await run('Acme (June).csv', '--table', 'acme')).code, 0);
  assert.equal(readdirSync(join(directory, '..data')).sort(), ['acme.csv', 'acme.yaml']);
});

test('leaves a deck that is there its permissions', async () => {
  await run('Acme (June).csv', '--table', 'acme');
  const deck = join(directory, 'rates', 'acme.csv');
  chmodSync(deck, 0o664);
  writeFileSync(join(directory, 'July.csv'), 'Code,Rate\n44,0.011\n33,0.02\n');

  assert.is((await run('July.csv', '--table', 'acme')).code, 0);
  assert.match(readFileSync(deck, 'utf8'), '0.011');
  assert.is(statSync(deck).mode & 0o777, 0o664);
});

test('works in the directory that --config names', async () => {
  mkdirSync(join(directory, 'etc'));
  writeFileSync(join(directory, 'etc/switch.yaml'), switchYaml);
  const { out } = await run('Acme (June).csv', '--config', 'etc', '--table', 'acme');

  assert.match(out, 'wrote etc/rates/acme.csv, etc/rates/acme.yaml\n');
  assert.match((await run('Acme (June).csv', '--config', 'nowhere')).out, 'there is no switch.yaml in ');
});

test('refuses a command line that says nothing sensible', async () => {
  const wrong: readonly (readonly string[])[] = [
    ['missing.csv'],
    ['.'],
    ['Acme (June).csv', '--decimal', 'dot'],
    ['Acme (June).csv', '--date-format', 'dym'],
    ['Acme (June).csv', '--exchange-rate', '0'],
    ['Acme (June).csv', '--exchange-rate', '0,92'],
    ['Acme (June).csv', '--currency', 'dollars'],
    ['Acme (June).csv', '--jump', 'much'],
    ['Acme (June).csv', '--round', '11'],
    ['Acme (June).csv', '--time-zone', 'Berlin'],
    ['Acme (June).csv', '--increments', '0/6'],
    ['Acme (June).csv', '--delimiter', '""'],
    ['Acme (June).csv', '--report', 'pdf'],
    ['Acme (June).csv', '--table', '../etc/passwd'],
  ];
  for (const args of wrong) assert.is((await run(...args)).code, 2, args.join(' '));
  assert.equal(readdirSync(directory).sort(), ['Acme (June).csv', 'switch.yaml']);
});

test('takes patterns for the order of dates', async () => {
  writeFileSync(join(directory, 'dates.csv'), 'Code,Rate,From\n44,0.01,01/02/2026\n');

  assert.is((await run('dates.csv')).code, 2);
  await run('dates.csv', '--date-format', 'DD/MM/YYYY');
  assert.match(readFileSync(join(directory, 'rates/dates.csv'), 'utf8'), '44,0.01,2026-02-01\n');
});

test('tells every option in its help', async () => {
  const { out } = await run('--help');

  for (const option of Object.values(columnOptions)) assert.match(out, `--${option}`);
});

test.run();
