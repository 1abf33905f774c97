import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gitFailureText } from '../../../src/live/sources/git-words.ts';

const test = suite('live/sources/git-words');

test('what ssh, curl and git say is told as what it means, with their own words behind it', () => {
  const denied = 'root@git.example.net: Permission denied (publickey).\nfatal: Could not read from remote.';
  assert.is(
    gitFailureText(denied, 128),
    'ssh: the server does not let the key in (root@git.example.net: Permission denied (publickey).; fatal: Could not read from remote.)',
  );
  const changed = `${'@'.repeat(60)}\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n${'@'.repeat(60)}\nHost key verification failed.\n`;
  assert.is(
    gitFailureText(changed, 128),
    'ssh: the server has another key than the one in knownHostsFile (Host key verification failed.)',
  );
  const expired = 'fatal: unable to access: server certificate verification failed. CAfile: none';
  assert.is(gitFailureText(expired, 128), `the certificate of the server is not trusted (${expired})`);
});

test('what has no meaning of its own is told as it was said, the telling lines first', () => {
  const said = "warning: redundant\nhint: try again\nfatal: couldn't find remote ref refs/heads/main\n";
  assert.is(gitFailureText(said, 128), "fatal: couldn't find remote ref refs/heads/main");
  assert.is(gitFailureText('', 3), 'git ended with exit code 3');
  assert.is(gitFailureText(`fatal: ${'x'.repeat(1000)}`, 128).length, 500);
});

test.run();
