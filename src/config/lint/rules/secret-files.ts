/** C4532: files with secrets that more than the switch can read. */
import type { SecretFile } from '../../read/secret-file.ts';
import { type LintFinding, single } from '../finding.ts';

export function exposedSecrets(files: readonly SecretFile[]): LintFinding[] {
  return files.flatMap(({ place, path, mode, committed }) => {
    if (committed) {
      const hint =
        'Change the secret, since it stays in the history of the repository; keep the new one elsewhere.';
      return [single('C4532', place, `the secret in ${path} is committed to git`, { hint })];
    }
    if (mode === null || (mode & 0o077) === 0) return [];
    const hint = `Run chmod 600 on it, as the user of the switch.`;
    const shown = (mode & 0o777).toString(8);
    return [
      single('C4532', place, `others than its owner can get at the secret in ${path}: its mode is ${shown}`, {
        hint,
      }),
    ];
  });
}
