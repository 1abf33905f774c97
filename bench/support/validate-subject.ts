/** One measurement of bench/validate.ts: `node validate-subject.js NAME DIRECTORY` prints its time and memory. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { runCommandLine } from '../../src/cli/cli.ts';

const [name, directory] = process.argv.slice(2) as [string, string];

const subjects: Readonly<Record<string, () => Promise<number>>> = {
  parse: () => timed(parse),
  validate: () => timed(() => validate([])),
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

async function validate(more: readonly string[]): Promise<void> {
  let said = '';
  const write = (text: string) => {
    said += text;
  };
  const io = { out: write, err: write, colour: false, env: {}, workingDirectory: directory };
  const code = await runCommandLine(['validate', directory, ...more], io);
  if (code !== 0) throw new Error(said);
}
