/** What the server declares that it keeps: `GET /v1/ledger` (docs/keeps.md). */

export interface LedgerStored {
  readonly id: string;
  readonly title: string;
  readonly what: string;
  readonly why: string;
  readonly until: string;
  readonly tables: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Stored values with the ledger's word for each. */
export type LedgerColumns = readonly { readonly name: string; readonly word: string }[];

export interface Ledger {
  readonly words: Readonly<Record<string, string>>;
  readonly stored: readonly LedgerStored[];
  readonly files: readonly { readonly id: string; readonly paths: readonly string[]; readonly what: string; readonly until: string }[];
  readonly memory: readonly { readonly id: string; readonly what: string; readonly until: string }[];
  readonly taps: readonly { readonly id: string; readonly what: string }[];
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.slice(0, 100).map(fieldsOf) : []);
const textOf = (value: unknown): string => (typeof value === "string" ? value.slice(0, 1000) : "");

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fieldsOf(value)).slice(0, 200).map(([key, text]) => [key, textOf(text)]));
}

function storedOf(fields: Fields): LedgerStored {
  const tables = Object.fromEntries(Object.entries(fieldsOf(fields["tables"])).map(([table, columns]) => [table, textsOf(columns)]));
  return { id: textOf(fields["id"]), title: textOf(fields["title"]), what: textOf(fields["what"]), why: textOf(fields["why"]), until: textOf(fields["until"]), tables };
}

function lineOf(fields: Fields): { readonly id: string; readonly what: string; readonly until: string } {
  return { id: textOf(fields["id"]), what: textOf(fields["what"]), until: textOf(fields["until"]) };
}

/** Reads the answer; what does not have its shape counts as nothing said. */
export function readLedger(value: unknown): Ledger {
  const fields = fieldsOf(value);
  return {
    words: textsOf(fields["words"]),
    stored: listOf(fields["stored"]).map(storedOf),
    files: listOf(fields["files"]).map((each) => ({ ...lineOf(each), paths: Array.isArray(each["paths"]) ? each["paths"].map(textOf) : [] })),
    memory: listOf(fields["memory"]).map(lineOf),
    taps: listOf(fields["taps"]).map(lineOf),
  };
}

/** Asks once. Rejects where there is no answer. */
export async function askLedger(): Promise<Ledger> {
  const response = await fetch("/v1/ledger", { credentials: "omit", cache: "no-store" });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return readLedger(await response.json());
}
