import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import type { ShownConfiguration, ShownSetting } from '../../src/cli/config-show.ts';
import { type Files, withFilesAsync } from '../config/directories.ts';
import { projectDirectory, readSource } from '../support/source-files.ts';

const test = suite('cli/config-show');

const files: Files = {
  'switch.yaml': `name: shown
currency: USD
sip:
  listen:
    - { transport: udp, address: 127.0.0.1, port: 5060 }
parameters:
  SS_SIP_TIMEOUT_RINGING: 90
  SS_SIP_STOP_SWITCH_AFTER_SDP: Off
  SS_MAX_CALL_DURATION: None
`,
  'accounts/acme.yaml': 'kind: vendor\noverdraftLimit: 0.10\n',
  'gateways/routing/acme.yaml': `clearingAccount: acme
address: 192.0.2.1
prefixes: ["44", { prefix: "447", mode: expiration }]
timeouts:
  inviteSeconds: 2.5
`,
};

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function show(changes: Files, ...args: readonly string[]): Promise<Result> {
  return withFilesAsync({ ...files, ...changes }, async directory => {
    let out = '';
    let err = '';
    const code = await runCommandLine(['config', 'show', ...args], {
      out: text => {
        out += text;
      },
      err: text => {
        err += text;
      },
      colour: false,
      env: { SWITCH_SECRET: 'open sesame' },
      workingDirectory: directory,
    });
    return { code, out, err };
  });
}

async function showJson(changes: Files, ...args: readonly string[]): Promise<ShownConfiguration> {
  return JSON.parse((await show(changes, ...args, '--json')).out) as ShownConfiguration;
}

function settingOf(shown: ShownConfiguration, path: string): ShownSetting {
  const setting = shown.settings.find(one => one.path === path);
  assert.ok(setting, path);
  return setting!;
}

test('shows what the file of an object says, each value with its line', async () => {
  const { code, out, err } = await show({}, 'routing-gateway/acme');

  assert.is(code, 0);
  assert.is(err, '');
  assert.is(
    out,
    `routing gateway acme (gateways/routing/acme.yaml)

setting                 value                                      unit  stands at
clearingAccount         acme                                             gateways/routing/acme.yaml:1
address                 192.0.2.1                                        gateways/routing/acme.yaml:2
prefixes                "44", { prefix: "447", mode: expiration }        gateways/routing/acme.yaml:3
timeouts.inviteSeconds  2.5                                        s     gateways/routing/acme.yaml:5
`,
  );
});

test('shows also what is inherited and what is left to its default, and who says so', async () => {
  const { code, out } = await show({}, 'routing-gateway/acme', '--effective');

  assert.is(code, 0);
  assert.match(out, /^timeouts\.inviteSeconds +2\.5 +s +gateways\/routing\/acme\.yaml:5$/m);
  assert.match(out, /^timeouts\.ringingSeconds +90 +s +switch\.yaml:7 SS_SIP_TIMEOUT_RINGING$/m);
  assert.match(out, /^timeouts\.tryingSeconds +20 +s +default of SS_SIP_TIMEOUT_TRYING$/m);
  assert.match(out, /^hunting\.stopAfterSdp +false +switch\.yaml:8 SS_SIP_STOP_SWITCH_AFTER_SDP$/m);
  assert.match(out, /^priority +100 +default$/m);
  assert.match(out, /^lines +– +not set$/m);
});

test('prints what docs/configuration.md says that it prints', async () => {
  const { text } = readSource('docs/configuration.md');
  const example = text.slice(text.indexOf('## Settings inherit'));
  for (const file of ['switch.yaml', 'gateways/routing/acme.yaml']) {
    const written = String(files[file]).replace(/^[\s\S]*(?=parameters:)/, '');
    assert.ok(example.includes(`\`\`\`yaml\n${written}\`\`\``), `the example has another ${file}`);
  }
  const lines = /```text\n([\s\S]*?)```/.exec(example)![1]!.trimEnd().split('\n');
  const words = (line: string) => line.split(/\s+/).join(' ');
  const printed = (await show({}, 'routing-gateway/acme', '--effective')).out.split('\n').map(words);

  assert.ok(lines.length > 5);
  for (const line of lines) assert.ok(printed.includes(words(line)), line);
});

test('tells programs the same, with the setting that each value is inherited from', async () => {
  const shown = await showJson({}, 'routing-gateway/acme', '--effective');

  assert.equal(
    [shown.kind, shown.name, shown.file],
    ['routing-gateway', 'acme', 'gateways/routing/acme.yaml'],
  );
  assert.equal([shown.effective, shown.problems], [true, { errors: 0, warnings: 0 }]);
  assert.equal(settingOf(shown, 'timeouts.ringingSeconds'), {
    path: 'timeouts.ringingSeconds',
    value: 90,
    unit: 's',
    origin: 'switch',
    place: { file: 'switch.yaml', line: 7, column: 27 },
    inherits: 'switch.parameters.SS_SIP_TIMEOUT_RINGING',
  });
  assert.equal(settingOf(shown, 'timeouts.inviteSeconds').origin, 'own');
  assert.equal(settingOf(shown, 'hunting.stopOn6xx'), {
    path: 'hunting.stopOn6xx',
    value: true,
    unit: null,
    origin: 'default',
    place: null,
    inherits: 'switch.hunting.stopOn6xx',
  });
  assert.equal(settingOf(shown, 'lines').origin, 'unset');
});

test('shows values as they are meant: On and None by their meaning, decimals exactly', async () => {
  const shown = await showJson({}, 'switch');
  const account = await showJson({}, 'account/acme');

  assert.is(settingOf(shown, 'parameters.SS_SIP_STOP_SWITCH_AFTER_SDP').value, false);
  assert.is(settingOf(shown, 'parameters.SS_MAX_CALL_DURATION').value, null);
  assert.is(settingOf(account, 'overdraftLimit').value, '0.10');
  const { out } = await show({}, 'switch');
  assert.match(out, /SS_SIP_STOP_SWITCH_AFTER_SDP +Off /);
  assert.match(out, /SS_MAX_CALL_DURATION +None /);
});

test('without an object shows the switch and lists all objects with their kind and file', async () => {
  const { code, out } = await show({});
  const { objects } = await showJson({});

  assert.is(code, 0);
  assert.match(out, /^switch \(switch\.yaml\)$/m);
  assert.match(out, /^routing gateway {2}acme {2}gateways\/routing\/acme\.yaml$/m);
  assert.equal(objects, [
    { kind: 'routing-gateway', name: 'acme', file: 'gateways/routing/acme.yaml' },
    { kind: 'account', name: 'acme', file: 'accounts/acme.yaml' },
  ]);
});

test('an object is asked for by name, by kind and name, or by its file', async () => {
  const lone = { 'accounts/lone.yaml': 'kind: vendor\n' };
  for (const [wanted, title] of [
    ['lone', 'account lone'],
    ['account/acme', 'account acme'],
    ['gateways/routing/acme.yaml', 'routing gateway acme'],
    ['./accounts/acme.yaml', 'account acme'],
    ['switch', 'switch'],
    ['switch.yaml', 'switch'],
  ] as const) {
    const { code, out } = await show(lone, wanted);
    assert.is(code, 0, wanted);
    assert.ok(out.startsWith(`${title} (`), out);
  }
});

test('a name that is none, or of several objects, is told what was probably meant', async () => {
  for (const [wanted, expected] of [
    ['acme', /ask for routing-gateway\/acme or account\/acme/],
    ['acne', /no object "acne" \(did you mean "acme"\?\)/],
    ['account/acne', /did you mean "account\/acme"/],
    ['accounts/acne.yaml', /did you mean "accounts\/acme\.yaml"/],
  ] as const) {
    const { code, out, err } = await show({}, wanted);
    assert.is(code, 2, wanted);
    assert.is(out, '');
    assert.match(err, expected);
  }
});

test('errors in other files do not keep an object from being shown, and are counted', async () => {
  const { code, out, err } = await show(
    { 'accounts/broken.yaml': 'kind: [\n' },
    'account/acme',
    '--effective',
  );

  assert.is(code, 0);
  assert.match(out, /^kind +vendor/m);
  assert.match(err, /1 error in other files; see `class4 validate`/);
});

test('what is wrong in the file has no value, no default and no inherited one, and is told with exit code 2', async () => {
  const gateway = `address: 192.0.2.1\nprefixes: ["44", 33]\nlines: many\ntimeouts:\n  ringingSeconds: soon\n`;
  const changes = { 'gateways/routing/acme.yaml': gateway };
  const { code, out, err } = await show(changes, 'routing-gateway/acme', '--effective');
  const shown = await showJson(changes, 'routing-gateway/acme', '--effective');

  assert.is(code, 2);
  assert.match(out, /^clearingAccount +– +must be set$/m);
  assert.match(out, /^lines +wrong +gateways\/routing\/acme\.yaml:3$/m);
  assert.match(err, /gateways\/routing\/acme\.yaml:3:8 error/);
  for (const path of ['prefixes', 'lines', 'timeouts.ringingSeconds']) {
    const { value, origin } = settingOf(shown, path);
    assert.equal([path, value, origin], [path, null, 'wrong']);
  }
  assert.is(settingOf(shown, 'clearingAccount').origin, 'missing');
  assert.is(settingOf(shown, 'timeouts.tryingSeconds').value, 20);
});

test('a wrong parameter of switch.yaml is wrong in every gateway that inherits it', async () => {
  const wrong = String(files['switch.yaml']).replace('RINGING: 90', 'RINGING: soon');
  const shown = await showJson({ 'switch.yaml': wrong }, 'routing-gateway/acme', '--effective');
  const unreadable = await showJson({ 'switch.yaml': 'name: [\n' }, 'routing-gateway/acme', '--effective');

  const { value, origin, place } = settingOf(shown, 'timeouts.ringingSeconds');
  assert.equal([value, origin, place?.line], [null, 'wrong', 7]);
  assert.is(settingOf(unreadable, 'timeouts.tryingSeconds').origin, 'wrong');
  assert.is(settingOf(unreadable, 'timeouts.inviteSeconds').value, 2.5);
});

test('a secret is shown as where it is found, and one that stands in the file is not shown at all', async () => {
  const server = (secret: string): Files => ({
    'switch.yaml': `${files['switch.yaml']}`.replace(
      'parameters:',
      `  server: { host: 127.0.0.1, port: 9022, secret: ${secret} }\nparameters:`,
    ),
  });
  const referred = await show(server('{ env: SWITCH_SECRET }'), 'switch', '--effective');
  const literal = await show(server('swordfish'), 'switch', '--effective');
  const literalJson = await show(server('swordfish'), 'switch', '--effective', '--json');

  assert.match(referred.out, /^sip\.server\.secret\.env +SWITCH_SECRET /m);
  assert.is(literal.code, 2);
  for (const text of [referred.out, literal.out, literal.err, literalJson.out, literalJson.err]) {
    assert.not.match(text, /swordfish|open sesame/);
  }
});

test('long lists are cut in text, with the count of the rest, and whole in JSON', async () => {
  const prefixes = Array.from({ length: 300 }, (_, i) => String(44_000 + i));
  const gateway = `clearingAccount: acme\naddress: 192.0.2.1\nprefixes: ${JSON.stringify(prefixes)}\n`;
  const changes = { 'gateways/routing/acme.yaml': gateway };

  assert.match((await show(changes, 'routing-gateway/acme')).out, /"44000", "44001".* … and 29\d more /);
  const shown = await showJson(changes, 'routing-gateway/acme');
  assert.equal(settingOf(shown, 'prefixes').value, prefixes);
});

test('a directory that is no configuration is told so', async () => {
  const result = await withFilesAsync({ 'x.txt': '' }, async directory => {
    let err = '';
    const code = await runCommandLine(['config', 'show', '--config', join(directory, 'none')], {
      out: () => {},
      err: text => {
        err += text;
      },
      colour: false,
      env: {},
      workingDirectory: directory,
    });
    return { code, err };
  });

  assert.is(result.code, 2);
  assert.match(result.err, /C4001/);
});

test('every object of the example is shown without an unknown value', async () => {
  const ask = async (...args: readonly string[]) => {
    let out = '';
    const code = await runCommandLine(['config', 'show', ...args, '--effective', '--json'], {
      out: text => {
        out += text;
      },
      err: () => {},
      colour: false,
      env: {},
      workingDirectory: projectDirectory,
    });
    assert.is(code, 0);
    return JSON.parse(out) as ShownConfiguration;
  };
  const { objects = [] } = await ask();
  assert.ok(objects.length > 10);
  for (const { file } of objects) {
    const { settings } = await ask(file);
    assert.ok(settings.length > 0, file);
    assert.not.ok(
      settings.some(({ origin }) => origin === 'wrong' || origin === 'missing'),
      file,
    );
  }
});

test.run();
