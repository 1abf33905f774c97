/** One measurement of bench/validate.ts: `node validate-subject.js NAME DIRECTORY` prints its time and memory. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseDocument } from 'yaml';
import { runCommandLine } from '../../src/cli/cli.ts';
import { ConfigurationLoader } from '../../src/config/load.ts';

const [name, directory] = process.argv.slice(2) as [string, string];

const subjects: Readonly<Record<string, () => Promise<number>>> = {
  parse: () => timed(parse),
  validate: () => timed(() => validate([])),
  'reload after one edit': reloadAfterEdit,
};

const ms = await subjects[name]!();
// The unit of maxRSS is kilobytes.
process.stdout.write(`${JSON.stringify({ ms, peakMiB: process.resourceUsage().maxRSS / 1024 })}\n`);

async function timed(work: () => void | Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** What any program must do at least: each YAML file into a document, each deck into its fields. */
function parse(): void {
  let values = 0;
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.yaml')) {
      const document = parseDocument(readFileSync(join(directory, path), 'utf8'));
      values += Object.keys(document.toJS() as object).length;
    } else if (path.endsWith('.csv')) {
      for (const line of readFileSync(join(directory, path), 'utf8').split('\n')) {
        values += line.split(',').length;
      }
    }
  }
  if (values < 1_000_000) throw new Error(`only ${values} values`);
}

/** As the running switch does it: the loader remembers what it made of each file. The median of several edits. */
async function reloadAfterEdit(): Promise<number> {
  const loader = new ConfigurationLoader(directory);
  const first = loader.load({ forManyCalls: true }).snapshot!.hash;
  const account = join(directory, 'accounts', 'customer-1.yaml');
  const original = readFileSync(account, 'utf8');
  const times: number[] = [];
  let last = first;
  try {
    for (let edit = 1; edit <= 5; edit++) {
      writeFileSync(account, original.replace(/^overdraftLimit: .*$/m, `overdraftLimit: ${1000 + edit}`));
      // As long as the switch waits for files to be quiet.
      await setTimeout(250);
      times.push(
        await timed(() => {
          const { hash } = loader.load({ forManyCalls: true }).snapshot!;
          if (hash === last) throw new Error('the edit was overlooked');
          last = hash;
        }),
      );
    }
  } finally {
    writeFileSync(account, original);
  }
  return times.sort((a, b) => a - b)[2]!;
}

async function validate(more: readonly string[]): Promise<void> {
  let said = '';
  const write = (text: string) => {
    said += text;
  };
  const io = { out: write, err: write, colour: false, env: {}, workingDirectory: directory };
  const code = await runCommandLine(['validate', directory, ...more], io);
  if (code !== 0) throw new Error(said);
}
