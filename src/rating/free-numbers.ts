/**
 * Whether calls to the number are never billed (SERVER_BILLING_FREE_E164S). An item is a whole number, or with an
 * asterisk at its end every number that begins so.
 */
export function isFreeNumber(items: readonly string[], callee: string): boolean {
  for (const item of items) {
    if (item.endsWith('*') ? callee.startsWith(item.slice(0, -1)) : callee === item) return true;
  }
  return false;
}
