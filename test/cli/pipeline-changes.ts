/** What tests of pipelines change in a clone, so that a step finds it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { program } from './made-repository.ts';

/** A class4 without npx, which takes most of a step's time; one run with it is enough. */
export const direct = `${process.execPath} ${program}`;

export interface Change {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** A scenario that does not come true. */
export const wrongRoute: Change = {
  path: 'ci/scenarios/routes.yaml',
  from: '"442079460018": northlink',
  to: '"442079460018": meridian',
};

/** An error of the configuration. */
export const noSuchTable: Change = {
  path: 'accounts/meridian.yaml',
  from: 'rateTable: meridian',
  to: 'rateTable: meridien',
};

/** A warning that nothing silences any more. */
export const notSilenced: Change = {
  path: 'gateways/routing/northlink.yaml',
  from: '# class4-ignore C4510:',
  to: '# No backup:',
};

/** Another layout of what means the same. */
export const otherForm: Change = {
  path: 'accounts/northlink.yaml',
  from: 'kind: vendor',
  to: 'kind:   vendor',
};

/** Does something if a shell ever reads it. */
export const hostile = '$(touch pwned)`touch pwned`"; touch pwned; "';

export function textOf(repository: string, path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

/** Returns the line of what was changed. */
export function change(repository: string, { path, from, to }: Change): number {
  const text = textOf(repository, path);
  const at = text.indexOf(from);
  assert.ok(at >= 0, `${path} has no ${from}`);
  writeFileSync(
    join(repository, path),
    text.replace(from, () => to),
  );
  return text.slice(0, at).split('\n').length;
}

/** A class4 whose swarm finds something, which a real one cannot be asked to do. */
export function withBrokenSwarm(repository: string): string {
  const path = join(repository, 'node_modules/broken-swarm.sh');
  const script = `case " $* " in *" --swarm 500 "*) echo 'scenarios: []' > swarm-1.yaml; exit 3 ;; esac\nexec ${direct} "$@"\n`;
  writeFileSync(path, script);
  return `sh ${path}`;
}
