#!/usr/bin/env node
/** The `class4` command. */
import { runCommandLine } from './cli/cli.ts';

// Whoever reads our output may go away (`class4 cdr list | head`); that is no error.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const code = await runCommandLine(process.argv.slice(2), {
  out: text => process.stdout.write(text),
  err: text => process.stderr.write(text),
  input: async () => {
    const pieces: Buffer[] = [];
    for await (const piece of process.stdin) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  },
  colour: process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '',
  env: process.env,
  workingDirectory: process.cwd(),
});
// What was printed has to leave first; a pipe takes it in pieces.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
