/** What stands wrong in a file of ts-mls, and how it is right. */
export const REPAIRS: readonly { readonly file: string; readonly released: string; readonly wrong: string; readonly right: string }[];
