/** docs/simulate.md: its files are written and its commands typed one after the other, as a reader would. */
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { projectDirectory, readSource } from '../support/source-files.ts';
import { exampleDirectory, typeIn } from './example-directory.ts';

const test = suite('cli/simulate-page');
const path = 'docs/simulate.md';

/** A file that the page names, with its text, or a command with what it printed. */
const step =
  /^`([\w./-]+\.yaml)`(, with one line more)?\n\n```yaml\n([\s\S]*?)^```$|^```\n\$ (class4 [^\n]*)\n[\s\S]*?^```$/gm;

test('every command of the page prints what the page shows', async () => {
  const { text } = readSource(path);
  const directory = exampleDirectory();
  let expected = '';
  let end = 0;
  let commands = 0;
  try {
    for (const match of text.matchAll(step)) {
      const [whole, file, isMore, content, command] = match;
      expected += text.slice(end, match.index);
      end = match.index + whole.length;
      if (command === undefined) {
        const target = join(directory.path, file!);
        mkdirSync(dirname(target), { recursive: true });
        (isMore === undefined ? writeFileSync : appendFileSync)(target, content!);
        expected += whole;
        continue;
      }
      const { code, out, err } = await typeIn(directory, command.split(' ').slice(1));
      assert.ok(code <= 2, command);
      expected += `\`\`\`\n$ ${command}\n${out}${err}\`\`\``;
      commands++;
    }
  } finally {
    rmSync(directory.path, { recursive: true, force: true });
  }
  expected += text.slice(end);
  assert.ok(commands >= 6, 'the page has its commands');
  const actual = join(projectDirectory, `${path}.ACTUAL`);
  if (text === expected) return rmSync(actual, { force: true });
  writeFileSync(actual, expected);
  assert.unreachable(`the command says something else now, see ${path}.ACTUAL`);
});

test('what the page shows fits 100 columns, but for names, findings and commands to copy', () => {
  const blocks = readSource(path).text.match(/^```\n\$ class4[\s\S]*?^```$/gm) ?? [];
  const wide = blocks
    .flatMap(block => block.split('\n').slice(2))
    .filter(line => [...line].length > 100 && !/^ *→ |^✗ |^[\w/.-]+:\d+:\d+ error /.test(line));

  assert.equal(wide, []);
});

test.run();
