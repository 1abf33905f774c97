const syntax =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads a date (`2030-01-31`, the midnight UTC that begins it) or a time with its zone (`2030-01-31T12:00:00Z`,
 * `2030-01-31 13:00+01:00`; ISO 8601). Returns ms since 1970 UTC, or null for anything else. A time without a
 * zone would mean something else on every machine, so it is refused.
 */
export function parseTime(text: string): number | null {
  const match = syntax.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone = 'Z'] = match;
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]);
  const read = new Date(ms);
  // Date.UTC turns 31 February into March and years below 100 into the 1900s.
  const kept =
    read.getUTCFullYear() === parts[0] &&
    read.getUTCMonth() === parts[1] - 1 &&
    read.getUTCDate() === parts[2] &&
    parts[3] < 24 &&
    parts[4] < 60 &&
    parts[5] < 60;
  const offsetMs = zoneOffsetMs(zone);
  if (!kept || offsetMs === null) return null;
  return ms + Number(fraction.padEnd(3, '0')) - offsetMs;
}

function zoneOffsetMs(zone: string): number | null {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
