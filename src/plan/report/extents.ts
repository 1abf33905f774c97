/** What a change may touch much of. */
export const extents = ['routes', 'rates'] as const;
export type ExtentName = (typeof extents)[number];
