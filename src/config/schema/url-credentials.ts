/** The text with what stands in URLs for a password or a token left out: user, password, and query. */
export function withoutCredentials(text: string): string {
  if (!text.includes('://')) return text;
  return text.replaceAll(/:\/\/[^/@\s]*@/g, '://…@').replaceAll(/(:\/\/[^\s?]*\?)[^\s"']*/g, '$1…');
}
