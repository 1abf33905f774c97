/** Holds the schemas against the YAML language server of VS Code, Neovim, Helix and others. */
import { join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompletionItem, MarkupContent } from 'yaml-language-server';
import { folders, kindsWithSchema, scenarioFolder } from '../../../src/config/kinds.ts';
import { readSchema } from '../../../src/config/schema/read.ts';
import { projectDirectory, readSource } from '../../support/source-files.ts';
import { everything } from '../example-networks.ts';
import { Editor } from './editor-service.ts';
import { mistakesAt } from './mistakes.ts';
import { placeIn } from './place-in.ts';
import { firstUsesIn, type Use, usesIn } from './uses.ts';

const test = suite('config/schema/editor');

const kinds = kindsWithSchema;
const editor = new Editor(projectDirectory);

const uses = firstUsesIn(everything);

function pathOf({ directory, file }: Use): string {
  return relative(projectDirectory, join(directory, file));
}

test('an editor has nothing to say about any file of the examples', async () => {
  const files = [projectDirectory, ...everything].flatMap(usesIn).filter(({ around }) => around === null);
  for (const use of files) {
    assert.equal(await editor.remarks(pathOf(use), use.text), [], pathOf(use));
  }
});

for (const kind of kinds) {
  test(`an editor sees every mistake against the schema in a ${kind} file where we do`, async () => {
    const wrong: string[] = [];
    for (const use of uses.filter(({ path }) => path.split('.')[0] === kind)) {
      for (const { name, text, codes, at } of mistakesAt(use).filter(({ bySchema }) => bySchema)) {
        const { line, column } = placeIn(text, at);
        const remarks = await editor.remarks(pathOf(use), text);
        // A missing key is shown at the key of the mapping that lacks it, and elsewhere at the mapping's first key.
        const isSame = codes.includes('C4202')
          ? remarks.some(remark => isAt(remark, placeIn(text, use.around?.key?.from ?? at)))
          : remarks.some(remark => isAt(remark, { line, column }));
        if (isSame) continue;
        const said = remarks.map(remark => `${remark.line}:${remark.column} ${remark.message}`);
        wrong.push(`${name}: not at ${line}:${column} but ${said.join(', ') || 'nothing'}`);
      }
    }
    assert.is(wrong.join('\n'), '');
  });
}

function isAt(remark: { line: number; column: number }, place: { line: number; column: number }): boolean {
  return remark.line === place.line && remark.column === place.column;
}

test('an editor offers every key of a file that is begun, with its description', async () => {
  for (const kind of kinds) {
    const { properties = {} } = readSchema(kind);
    const begun = `# yaml-language-server: $schema=./schemas/${kind}.schema.json\n\n`;
    const offered = await editor.completions(`begun-${kind}.yaml`, begun, begun.length - 1);
    for (const [key, { description = '' }] of Object.entries(properties)) {
      const item = offered.find(({ label }) => label === key);
      assert.ok(item !== undefined, `${kind}: ${key}`);
      assert.ok(documentationOf(item).includes(description), `${kind}: ${key}`);
    }
  }
});

function documentationOf({ documentation }: CompletionItem): string {
  return MarkupContent.is(documentation) ? documentation.value : (documentation ?? '');
}

test('an editor offers the keys within a mapping, the choices of a value, and nothing that stands there already', async () => {
  const head = '# yaml-language-server: $schema=./schemas/routing-gateway.schema.json\n';
  const labels = async (text: string) =>
    (await editor.completions('begun.yaml', text, text.length)).map(({ label }) => label);

  assert.equal(await labels(`${head}timeouts:\n  inviteSeconds: 3\n  `), [
    'tryingSeconds',
    'progressSeconds',
    'progressSdpSeconds',
    'ringingSeconds',
  ]);
  const modes = await labels(`${head}prefixMode: `);
  assert.ok(modes.includes('expiration') && modes.includes('extension'));
});

test('an editor shows the description of a key and its examples', async () => {
  for (const use of uses) {
    if (use.key === null || use.around?.flow === true) continue;
    const shown = await editor.hover(pathOf(use), use.text, use.key.from + 1);
    const [{ description = '' } = {}] = use.schemas;
    assert.ok(plain(shown).includes(plain(description)), `${use.path}: ${shown}`);
    assert.match(shown, /Examples?:/, use.path);
  }
});

/** Hovers are Markdown, in which some characters need a backslash. */
function plain(text: string): string {
  return text.replace(/[\\\s]/g, '');
}

/** The settings of VS Code that we give away: in the manual, and to each new configuration repository. */
const settings: Readonly<Record<string, string>> = {
  'docs/editors.md': /```json\n([^`]+)```/.exec(readSource('docs/editors.md').text)![1]!,
  'templates/init': readSource('templates/init/dot-vscode/settings.json').text,
};

for (const [name, text] of Object.entries(settings)) {
  test(`the settings of ${name} give every file of a configuration its schema`, async () => {
    const { 'yaml.schemas': associations } = JSON.parse(text) as {
      'yaml.schemas': Readonly<Record<string, string | string[]>>;
    };
    const schemas = Object.entries(associations).map(([path, fileMatch]) => {
      const own = path.replace('./node_modules/class4/', '');
      return { uri: new URL(own, `file://${projectDirectory}/`).href, fileMatch: [fileMatch].flat() };
    });
    const associated = new Editor(projectDirectory, schemas);

    const inFolders = [...folders.map(({ folder }) => folder), scenarioFolder, `${scenarioFolder}/uk`];
    for (const path of ['switch.yaml', ...inFolders.map(folder => `${folder}/x.yaml`)]) {
      const remarks = await associated.remarks(path, 'noSuchKey: 1\n');
      assert.ok(
        remarks.some(({ message }) => /noSuchKey is not allowed/.test(message)),
        path,
      );
    }
  });
}

test.run();
