/** Files of ts-mls, and which texts in them become which. */
export const REPAIRS: readonly { readonly file: string; readonly released: string; readonly replace: readonly (readonly [string, string])[] }[];
