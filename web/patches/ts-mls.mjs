/**
 * Repairs ts-mls 2.0.0-rc.10 after each install, where it is against RFC 9420 12.4:
 * - it makes and takes a commit of a single Remove, or of other GroupContext extensions, without a path: who is removed by
 *   such a commit can follow it;
 * - it seals a path under the GroupContext of before the commit, also where the commit changes its extensions, and so
 *   makes commits that it does not take itself;
 * - it seals a path to the leaves that the commit adds, under the keys which stood there before: who was removed from such a
 *   leaf by the same commit can follow it.
 *
 * Fails where the library is another than the one that was read.
 */
import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** `released` is the SHA-256 of the file as it is published; in it each first text becomes the second. */
export const REPAIRS = [
  {
    file: "clientState.js",
    released: "8c2a04e8a58d16bf52050bff30f977843e1b2af2f6eb3a674de32bd8299c437f",
    replace: [
      [
        `Object.values(grouped[defaultProposalTypes.update]).length > 1 ||
            Object.values(grouped[defaultProposalTypes.remove]).length > 1;`,
        `grouped[defaultProposalTypes.update].length > 0 ||
            grouped[defaultProposalTypes.remove].length > 0 ||
            grouped[defaultProposalTypes.group_context_extensions].length > 0;`,
      ],
    ],
  },
  {
    file: "createCommit.js",
    released: "d1ad924e97cdc50cbef99595f8b70ae4bcb301a76eace0026659ace593f6e8e8",
    replace: [
      [
        "toLeafIndex(state.privatePath.leafIndex), state.groupContext, state.signaturePrivateKey, cipherSuite)\n        :",
        `toLeafIndex(state.privatePath.leafIndex), res.additionalResult.kind === "memberCommit" && res.additionalResult.extensions.length > 0
            ? { ...state.groupContext, extensions: res.additionalResult.extensions }
            : state.groupContext, state.signaturePrivateKey, cipherSuite, res.additionalResult.kind === "memberCommit"
            ? res.additionalResult.addedLeafNodes.map(([leafIndex]) => 2 * leafIndex)
            : [])
        :`,
      ],
    ],
  },
  {
    file: "updatePath.js",
    released: "9b272c9a8a9efb758d0a1fd038e2b7d5b59e587fa4da76031041ae5d5a89bb2b",
    replace: [
      [
        "createUpdatePath(originalTree, mutableTree, senderLeafIndex, groupContext, signaturePrivateKey, cs) {",
        "createUpdatePath(originalTree, mutableTree, senderLeafIndex, groupContext, signaturePrivateKey, cs, added = []) {",
      ],
      ["encryptSecretsForPath(originalTree, mutableTree, updatedGroupContext, cs)))", "encryptSecretsForPath(originalTree, mutableTree, updatedGroupContext, cs, added)))"],
      ["function encryptSecretsForPath(originalTree, updatedTree, updatedGroupContext, cs) {", "function encryptSecretsForPath(originalTree, updatedTree, updatedGroupContext, cs, added) {"],
      ["pathSecret.sendTo.map(", "pathSecret.sendTo.filter((nodeIndex) => !added.includes(nodeIndex)).map("],
    ],
  },
];

const SOURCES = new URL("../node_modules/ts-mls/dist/src/", import.meta.url);

function repair({ file, released, replace }) {
  const path = new URL(file, SOURCES);
  const source = readFileSync(path, "utf8");
  if (replace.every(([, right]) => source.includes(right))) return;
  const found = createHash("sha256").update(source).digest("hex");
  if (found !== released) throw new Error(`ts-mls's ${file} is another than expected (${found}): read it anew, then repair or drop web/patches`);
  const repaired = new URL(`${file}.repaired`, SOURCES);
  writeFileSync(repaired, replace.reduce((text, [wrong, right]) => text.replace(wrong, right), source));
  renameSync(repaired, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) REPAIRS.forEach(repair);
