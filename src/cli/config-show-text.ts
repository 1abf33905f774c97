/** What is set, for people. */
import { wordsFor } from '../config/kinds.ts';
import { printable } from '../diagnostics/printable.ts';
import type { ShownConfiguration, ShownObject, ShownSetting } from './config-show.ts';
import { formatTable, paint } from './table.ts';

/** Longer lists are cut, with the count of what is left out; JSON has all of them. */
const longestValue = 72;

/** `pathPrefix` is put before every file, so that a terminal can open it. */
export function shownText(shown: ShownConfiguration, pathPrefix: string, colour: boolean): string {
  const title = shown.kind === 'switch' ? 'switch' : `${wordsFor(shown.kind)} ${shown.name}`;
  const head = `${paint(printable(title), 'bold', colour)} (${printable(`${pathPrefix}${shown.file}`)})\n`;
  const table = shown.settings.length === 0 ? 'says nothing\n' : settingsTable(shown, pathPrefix);
  const objects = shown.objects === undefined ? '' : `\n${objectsTable(shown.objects, pathPrefix)}`;
  return `${head}\n${table}${objects}`;
}

function settingsTable({ settings, effective }: ShownConfiguration, pathPrefix: string): string {
  return formatTable(
    [
      { title: 'setting' },
      { title: 'value' },
      { title: 'unit' },
      { title: effective ? 'comes from' : 'stands at' },
    ],
    settings.map(setting => [
      setting.path,
      valueText(setting),
      setting.value === null || setting.unit === null ? '' : setting.unit,
      originText(setting, pathPrefix),
    ]),
  );
}

function objectsTable(objects: readonly Omit<ShownObject, 'settings'>[], pathPrefix: string): string {
  if (objects.length === 0) return 'no objects yet\n';
  return formatTable(
    [{ title: 'kind' }, { title: 'name' }, { title: 'file' }],
    objects.map(({ kind, name, file }) => [wordsFor(kind), name, `${pathPrefix}${file}`]),
  );
}

function valueText({ path, value, origin }: ShownSetting): string {
  if (origin === 'wrong') return 'wrong';
  if (origin === 'unset' || origin === 'missing') return '–';
  if (value === null) return 'None';
  // As VOS3000 writes its parameters.
  if (typeof value === 'boolean' && path.startsWith('parameters.')) return value ? 'On' : 'Off';
  if (!Array.isArray(value)) return String(value);
  return listText(value);
}

function listText(items: readonly unknown[]): string {
  const texts = items.map(inline);
  let shown = texts.length;
  let length = texts.join(', ').length;
  while (shown > 1 && length > longestValue) length -= texts[--shown]!.length + 2;
  const left = texts.length - shown;
  const cut = texts.slice(0, shown).join(', ');
  return left === 0 ? cut : `${cut} … and ${left.toLocaleString('en-US')} more`;
}

/** One item as YAML would have it on a line: in quotes where it would be read as a number. */
function inline(value: unknown): string {
  if (typeof value === 'string') return isPlain(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const pairs = Object.entries(value).map(([key, item]) => `${key}: ${inline(item)}`);
  return `{ ${pairs.join(', ')} }`;
}

function isPlain(text: string): boolean {
  return /^\w[\w./:@-]*$/.test(text) && Number.isNaN(Number(text));
}

/** `gateways/routing/acme.yaml:7`, `switch.yaml:12 SS_SIP_TIMEOUT_RINGING`, `default`. */
function originText({ origin, place, inherits }: ShownSetting, pathPrefix: string): string {
  const setting =
    inherits === null ? '' : ` ${inherits.slice(inherits.indexOf('.') + 1).replace(/^parameters\./, '')}`;
  const at = place === null ? '' : `${pathPrefix}${place.file}:${place.line}`;
  switch (origin) {
    case 'own':
    case 'wrong':
      return at;
    case 'default':
      return setting === '' ? 'default' : `default of${setting}`;
    case 'unset':
      return 'not set';
    case 'missing':
      return 'must be set';
    default:
      return `${at}${setting}`;
  }
}
