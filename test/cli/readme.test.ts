/** What README.md shows of the example network is what its reader sees. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import { projectDirectory, readSource } from '../support/source-files.ts';

const test = suite('cli/readme');

/** Commands that need no running switch, each with what stands below it. */
function shownRuns(): readonly (readonly [command: string, output: string])[] {
  const runs: [string, string][] = [];
  for (const block of readSource('README.md').text.matchAll(/^```\n(\$ .*?)^```$/gms)) {
    for (const shown of block[1]!
      .split(/^\$ /m)
      .filter(text => /^npx class4 (?:validate|explain) ?/.test(text))) {
      const end = shown.indexOf('\n');
      runs.push([shown.slice(0, end), shown.slice(end + 1).trim()]);
    }
  }
  return runs;
}

test('shows what validate and explain print', async () => {
  const runs = shownRuns();

  assert.ok(runs.length >= 2);
  for (const [command, shown] of runs) {
    let out = '';
    const write = (text: string) => {
      out += text;
    };
    const io = { out: write, err: write, colour: false, env: {}, workingDirectory: projectDirectory };
    await runCommandLine(command.split(' ').slice(2), io);
    assert.is(out.trim(), shown, command);
  }
});

test.run();
