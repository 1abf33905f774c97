/** What other programs need to work at all, and how they reach the world. */
const passed = new Set(['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'TZ', 'SSL_CERT_FILE', 'SSL_CERT_DIR']);

/** The environment of the switch without its secrets, and without what would point git to another repository. */
export function plainEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const plain: Record<string, string> = { LC_ALL: 'C' };
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && (passed.has(name) || /^(?:https?|all|no)_proxy$/i.test(name)))
      plain[name] = value;
  }
  return plain;
}
