/** The files of a new configuration repository: what teams need around it, and the example network of this package. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folders } from '../config/kinds.ts';

export interface InitFile {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly contents: Buffer;
  readonly executable: boolean;
}

export interface InitValues {
  /** Name of the switch. */
  readonly name: string;
  /** What package.json depends on: a version, or where npm finds the package. */
  readonly class4: string;
}

const project = new URL('../../../', import.meta.url);
const executables = ['.githooks/pre-commit'];
/** GitLab includes only files of the repository itself; the action for GitHub is taken from the installed package. */
const gitlabTemplate = 'ci/gitlab/class4.gitlab-ci.yml';

/** In the order of their paths. */
export function initFiles(values: InitValues): readonly InitFile[] {
  const template = readFileSync(new URL(gitlabTemplate, project));
  const files = [
    ...teamFiles(values),
    { path: gitlabTemplate, contents: template, executable: false },
    ...exampleNetwork(values),
  ];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function teamFiles(values: InitValues): readonly InitFile[] {
  const folder = new URL('templates/init/', project);
  return filesBelow(folder).map(name => {
    // npm leaves out or renames files such as .gitignore, so no template begins with a dot.
    const path = name.replace(/(^|\/)dot-/g, '$1.');
    const text = readFileSync(new URL(name, folder), 'utf8')
      .replaceAll('{{name}}', () => values.name)
      .replaceAll('{{package}}', () => packageName(values.name))
      .replaceAll('{{class4}}', () => values.class4);
    return { path, contents: Buffer.from(text), executable: executables.includes(path) };
  });
}

/** The network that this package runs itself, with what refers to the package's own folders bent to where they will be. */
function exampleNetwork({ name }: InitValues): readonly InitFile[] {
  const tops = [...new Set(folders.map(({ folder }) => folder.split('/')[0]!))];
  const paths = [
    'switch.yaml',
    ...tops.flatMap(top => filesBelow(new URL(`${top}/`, project)).map(path => `${top}/${path}`)),
  ];
  return paths.map(path => {
    const contents = readFileSync(new URL(path, project));
    if (!path.endsWith('.yaml')) return { path, contents, executable: false };
    const text = contents
      .toString('utf8')
      .replace(/^(# yaml-language-server: \$schema=(?:\.\.?\/)+)schemas\//m, '$1node_modules/class4/schemas/')
      .replaceAll(' docs/', ' node_modules/class4/docs/');
    const own = path === 'switch.yaml' ? text.replace(/^name: .*$/m, `name: ${name}`) : text;
    return { path, contents: Buffer.from(own), executable: false };
  });
}

/** Ordinary files, relative with forward slashes; none when there is no such folder. */
function filesBelow(folder: URL): readonly string[] {
  const directory = fileURLToPath(folder);
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(directory.length).replaceAll('\\', '/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** npm allows small letters only. */
function packageName(name: string): string {
  return `${name.toLowerCase()}-switch`;
}
