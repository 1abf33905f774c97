import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnose } from '../../src/diagnostics/collect.ts';
import { printDiagnostics } from '../../src/diagnostics/print.ts';
import { aboutAll, duplicate, oldSpelling } from './findings.ts';

const test = suite('diagnostics/print-junit');

const files = [
  'switch.yaml',
  'gateways/routing/acme.yaml',
  'gateways/routing/bell.yaml',
  'accounts/acme.yaml',
];

test('a file is a test case, which its errors fail and its warnings only comment', () => {
  assert.is(
    printDiagnostics([duplicate, { ...duplicate, message: 'again' }, oldSpelling], 'junit', { files }),
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="class4" tests="4" failures="1" errors="0" skipped="0" time="0">',
      '<testsuite name="configuration" tests="1" failures="0" errors="0" skipped="0" time="0">',
      '<testcase name="switch.yaml" classname="class4.configuration" file="switch.yaml" time="0">',
      '<system-out>switch.yaml:5:3 warning C4205 an old spelling\n  → Write the new one.\n</system-out>',
      '</testcase>',
      '</testsuite>',
      '<testsuite name="gateways/routing" tests="2" failures="1" errors="0" skipped="0" time="0">',
      '<testcase name="gateways/routing/acme.yaml" classname="class4.gateways.routing" file="gateways/routing/acme.yaml" time="0">',
      `<failure message="the prefix &quot;44&quot; stands twice (and 1 more)" type="C4303">${said('the prefix "44" stands twice')}${said('again')}</failure>`,
      '</testcase>',
      '<testcase name="gateways/routing/bell.yaml" classname="class4.gateways.routing" file="gateways/routing/bell.yaml" time="0"/>',
      '</testsuite>',
      '<testsuite name="accounts" tests="1" failures="0" errors="0" skipped="0" time="0">',
      '<testcase name="accounts/acme.yaml" classname="class4.accounts" file="accounts/acme.yaml" time="0"/>',
      '</testsuite>',
      '</testsuites>',
      '',
    ].join('\n'),
  );
});

function said(message: string): string {
  return [
    `gateways/routing/acme.yaml:6:5 error C4303 ${message}`,
    '  gateways/routing/acme.yaml:4:5 it stands here already',
    '  → Remove one of the two.',
    '',
  ].join('\n');
}

test('a finding about something that is no file of the list has a test case all the same', () => {
  const text = printDiagnostics([aboutAll], 'junit', { pathPrefix: '/etc/class4/' });

  assert.match(text, '<testsuites name="class4" tests="1" failures="1"');
  assert.match(text, '<testcase name="/etc/class4" ');
});

test('control characters and tags of a file break nothing, and colour stays out', () => {
  const hostile = diagnose('C4201', { file: 'a.yaml', line: 1, column: 1 }, '</failure>\u0000\u001b[2J');
  const text = printDiagnostics([hostile], 'junit', { colour: true });

  assert.match(text, 'message="&lt;/failure&gt;\\u0000\\u001b[2J"');
  assert.not.match(text, /[\u0000-\u0009\u000b-\u001f]/);
});

test.run();
