import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import { projectDirectory } from '../support/source-files.ts';

const test = suite('import/decks');

const decks = join(projectDirectory, 'test/import/decks');

/** What each price list leaves open is said here, as somebody would on the command line. */
const commands: readonly (readonly string[])[] = [
  ['letterhead-german.csv', '--exchange-rate', '1.0837'],
  ['letterhead-german.csv'],
  ['wholesale-excerpt.csv', '--skip-bad-rows'],
  ['country-and-area.csv'],
  ['unicode-text.txt', '--table', 'vendor-x'],
  ['american.csv', '--overlaps', 'end-earlier', '--withdrawn', 'lock'],
  ['american.csv'],
  ['many-mistakes.csv'],
  [
    'many-mistakes.csv',
    '--skip-bad-rows',
    '--duplicates',
    'highest',
    '--overlaps',
    'end-earlier',
    '--table',
    'rest',
  ],
  ['open-quote.csv', '--skip-bad-rows'],
  ['trailing-delimiters.csv'],
  ['vos3000.csv'],
  ['per-second.csv'],
];

const switchYaml = `# yaml-language-server: $schema=./schemas/switch.schema.json
name: test
currency: USD
sip: { listen: [{ transport: udp, address: 127.0.0.1, port: 5060 }] }
`;

/** The command, everything it says, and the files it makes. */
async function transcript(args: readonly string[]): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'class4-import-'));
  try {
    mkdirSync(join(directory, 'rates'));
    writeFileSync(join(directory, 'switch.yaml'), switchYaml);
    writeFileSync(join(directory, args[0]!), readFileSync(join(decks, args[0]!)));
    let text = `$ class4 import rates ${args.join(' ')}\n`;
    const say = (said: string) => {
      text += said;
    };
    const io = { out: say, err: say, colour: false, env: {}, workingDirectory: directory };
    const code = await runCommandLine(['import', 'rates', ...args], io);
    text += `exit code ${code}\n`;
    for (const path of /^wrote (.*)$/m.exec(text)?.[1]?.split(', ') ?? []) {
      text += `\n== ${path}\n${readFileSync(join(directory, path), 'utf8')}`;
    }
    return text;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

for (const name of new Set(commands.map(([file]) => file!))) {
  test(`imports ${name} as its .out says`, async () => {
    const texts: string[] = [];
    for (const args of commands.filter(([file]) => file === name)) texts.push(await transcript(args));
    const actual = texts.join('\n');
    const path = join(decks, name.replace(/\.\w+$/, '.out'));
    const expected = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (actual !== expected) writeFileSync(`${path}.ACTUAL`, actual);
    assert.fixture(actual, expected);
  });
}

test.run();
