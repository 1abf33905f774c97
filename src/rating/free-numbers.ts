/**
 * Tells of numbers whether calls to them are never billed (SERVER_BILLING_FREE_E164S). An item is a whole number, or with an
 * asterisk at its end every number that begins so.
 */
export function freeNumberTest(items: readonly string[]): (callee: string) => boolean {
  if (items.length === 0) return () => false;
  const whole = new Set(items.filter(item => !item.endsWith('*')));
  const beginnings = items.filter(item => item.endsWith('*')).map(item => item.slice(0, -1));
  return callee => {
    for (const beginning of beginnings) if (callee.startsWith(beginning)) return true;
    return whole.size > 0 && whole.has(callee);
  };
}

/** As `freeNumberTest`, for a single number. */
export function isFreeNumber(items: readonly string[], callee: string): boolean {
  return freeNumberTest(items)(callee);
}
