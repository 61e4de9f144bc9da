/**
 * Repairs ts-mls 2.0.0-rc.10 after each install: it makes and takes a commit of a single Remove, or of other
 * GroupContext extensions, without a path, against RFC 9420 12.4. Who is removed by such a commit can follow it.
 *
 * Fails where the library is another than the one that was read.
 */
import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";

const FILE = new URL("../node_modules/ts-mls/dist/src/clientState.js", import.meta.url);
const RELEASED = "8c2a04e8a58d16bf52050bff30f977843e1b2af2f6eb3a674de32bd8299c437f";
const WRONG = `Object.values(grouped[defaultProposalTypes.update]).length > 1 ||
            Object.values(grouped[defaultProposalTypes.remove]).length > 1;`;
const RIGHT = `grouped[defaultProposalTypes.update].length > 0 ||
            grouped[defaultProposalTypes.remove].length > 0 ||
            grouped[defaultProposalTypes.group_context_extensions].length > 0;`;

const source = readFileSync(FILE, "utf8");
if (!source.includes(RIGHT)) {
  const found = createHash("sha256").update(source).digest("hex");
  if (found !== RELEASED) throw new Error(`ts-mls is another than expected (${found}): read it anew, then repair or drop web/patches`);
  const repaired = new URL("clientState.js.repaired", FILE);
  writeFileSync(repaired, source.replace(WRONG, RIGHT));
  renameSync(repaired, FILE);
}
