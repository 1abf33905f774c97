/** docs/routing.md: its commands are run, and its table has every reason there is. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { exclusions, unavailabilities } from '../../src/routing/route-reasons.ts';
import { projectDirectory, readSource } from '../support/source-files.ts';

const test = suite('cli/routing-page');
const path = 'docs/routing.md';
const example = join(projectDirectory, 'docs/routing-example');

/** What a terminal shows of the command. */
async function typed(command: string): Promise<string> {
  let shown = '';
  const show = (text: string): void => {
    shown += text;
  };
  const args = command.split(' ').slice(1);
  const io = { out: show, err: show, colour: false, env: {}, workingDirectory: example };
  assert.is(await runCommandLine(args, io), 0, `${command}\n${shown}`);
  return shown;
}

test('every command of the page prints what the page shows', async () => {
  const { text } = readSource(path);
  const parts = text.split(/^```\n(\$ class4 [^\n]*)\n[^`]*^```$/m);
  let expected = parts[0]!;
  for (let at = 1; at < parts.length; at += 2) {
    const command = parts[at]!;
    expected += `\`\`\`\n${command}\n${await typed(command.slice(2))}\`\`\`${parts[at + 1]!}`;
  }
  assert.ok(parts.length > 7, 'the page has its commands');
  const actual = join(projectDirectory, `${path}.ACTUAL`);
  if (text === expected) return rmSync(actual, { force: true });
  writeFileSync(actual, expected);
  assert.unreachable(`the switch says something else now, see ${path}.ACTUAL`);
});

test('what the page shows fits 100 columns', () => {
  const blocks = readSource(path).text.match(/^```\n\$ class4[^`]*^```$/gm) ?? [];
  const wide = blocks.flatMap(block => block.split('\n').slice(2)).filter(line => [...line].length > 100);

  assert.equal(wide, []);
});

test('the page has every reason, with its sentence, in the order of the checks', () => {
  const { text } = readSource(path);
  const rows = [...text.matchAll(/^\| `(\w+)` \| ([^|]*) \| [^|]+ \|$/gm)].map(([, name, says]) => [
    name,
    says,
  ]);
  const walk = rows.slice(-2).map(([name]) => name);

  assert.equal(rows.slice(0, -2), [...Object.entries(exclusions), ...Object.entries(unavailabilities)]);
  assert.equal(walk, ['stoppedByExpiration', 'numberToSendInvalid']);
});

test('the example is a good configuration', () => {
  const { diagnostics } = loadConfiguration(example);

  assert.equal(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
});

test.run();
