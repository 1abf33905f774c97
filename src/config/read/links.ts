/** Whether a path stays within a directory when its symbolic links are followed. */
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';

/**
 * False when `path` is, through links of its own or of a folder, a file outside of `directory`. Links that stay inside
 * are fine: Kubernetes mounts a ConfigMap as links into a folder of the day. True for a path that leads nowhere: what
 * is wrong with it shows when it is read.
 */
export function isWithin(directory: string, path: string): boolean {
  const real = realPath(path);
  // Nothing on the way is a link, as with almost every file.
  if (real === path) return true;
  const top = realPath(directory);
  if (real === null || top === null) return true;
  return real === top || real.startsWith(top.endsWith(sep) ? top : top + sep);
}

function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}
