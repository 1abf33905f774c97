/** What git, ssh and curl say when they are not let in → one line that a person can act on. */

/** The first one that fits counts: what is said later is only what followed from it. */
const known: readonly (readonly [said: RegExp, meaning: string])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    'ssh: the server has another key than the one in knownHostsFile',
  ],
  [
    /^No \S+ host key is known for|^Host key verification failed/m,
    'ssh: knownHostsFile does not know the server',
  ],
  [/UNPROTECTED PRIVATE KEY FILE|bad permissions/, 'ssh: sshKeyFile may be read by others, and is not used'],
  [
    /^Load key .*(?:libcrypto|invalid format)|incorrect passphrase/m,
    'ssh: sshKeyFile is no private key without a passphrase',
  ],
  [/^Load key .*|^no such identity: .*/m, 'ssh: sshKeyFile cannot be read'],
  [/^\S*: Permission denied \([^)]*\)/m, 'ssh: the server does not let the key in'],
  [/^.*certificate.*$/im, 'the certificate of the server is not trusted'],
  [
    /could not read Username|Authentication failed|returned error: 40[13]/,
    'the server does not take the token, or wants one',
  ],
  [/^.*(?:redirect|returned error: 30\d).*$/im, 'the server sends us elsewhere, where we do not go'],
];

/** `said` has no secrets in it. */
export function gitFailureText(said: string, exitCode: number): string {
  const lines = said
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !/^(?:hint:|@)/.test(line));
  // Git puts what is fatal last, and what a server or ssh says before it.
  const telling = lines.filter(line =>
    /^(?:fatal|error|ssh|remote|Host key|Permission|\S+: Permission|Load key|No \S+ host key|ERROR)/.test(
      line,
    ),
  );
  const words = (telling.length > 0 ? telling : lines).slice(0, 3).join('; ');
  const text = words === '' ? `git ended with exit code ${exitCode}` : words;
  const meaning = known.find(([pattern]) => pattern.test(said))?.[1];
  return (meaning === undefined ? text : `${meaning} (${text})`).slice(0, 500);
}
