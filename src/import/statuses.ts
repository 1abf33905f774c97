/** What the status column of a row means for it. */
export type Status = 'offered' | 'locked' | 'withdrawn';

const words: Readonly<Record<Status, readonly string[]>> = {
  offered: [
    ...[
      '',
      '-',
      '=',
      '+',
      '0',
      'false',
      'no',
      'off',
      'n',
      'current',
      'active',
      'open',
      'valid',
      'enabled',
      'ok',
    ],
    ...[
      'unlocked',
      'unblocked',
      'available',
      'new',
      'new code',
      'new prefix',
      'new rate',
      'added',
      'add',
      'a',
    ],
    ...[
      'increase',
      'increased',
      'i',
      'up',
      'decrease',
      'decreased',
      'd',
      'down',
      'change',
      'changed',
      'modified',
    ],
    ...[
      'update',
      'updated',
      'same',
      'unchanged',
      'no change',
      'no changes',
      'nc',
      'not changed',
      'equal',
      'pending',
    ],
    ...[
      'increase pending',
      'decrease pending',
      'price increase',
      'price decrease',
      'rate increase',
      'rate decrease',
    ],
    ...[
      'future',
      'neu',
      'erhohung',
      'senkung',
      'unverandert',
      'nuevo',
      'aumento',
      'disminucion',
      'sin cambio',
    ],
  ],
  locked: [
    ...[
      '1',
      'true',
      'yes',
      'on',
      'y',
      'locked',
      'lock',
      'blocked',
      'block',
      'barred',
      'suspended',
      'disabled',
    ],
    ...[
      'inactive',
      'unavailable',
      'not available',
      'stopped',
      'gesperrt',
      'bloqueado',
      'bloque',
      'заблокирован',
    ],
    ...['锁定'],
  ],
  withdrawn: [
    ...[
      'deleted',
      'delete',
      'del',
      'removed',
      'remove',
      'withdrawn',
      'discontinued',
      'code removed',
      'obsolete',
    ],
    ...[
      'deleted code',
      'code deleted',
      'expired',
      'closed',
      'close',
      'entfallen',
      'geloscht',
      'eliminado',
      'удален',
    ],
  ],
};

const meanings: ReadonlyMap<string, Status> = new Map(
  (Object.entries(words) as [Status, readonly string[]][]).flatMap(([status, list]) =>
    list.map(word => [folded(word), status] as const),
  ),
);

/** null for a word that says nothing known. */
export function readStatus(text: string): Status | null {
  return meanings.get(folded(text)) ?? null;
}

function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s_]+/g, ' ')
    .trim();
}
