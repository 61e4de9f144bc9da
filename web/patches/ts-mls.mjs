/**
 * Repairs ts-mls 2.0.0-rc.10 after each install, where it is against RFC 9420 (7.4, 7.5, 12.4):
 * - it makes and takes a commit of a single Remove, or of other GroupContext extensions, without a path: who is removed by
 *   such a commit can follow it;
 * - it seals a path under the GroupContext of before the commit, also where the commit changes its extensions, and so
 *   makes commits that it does not take itself;
 * - it seals a path to the leaves that the commit adds, under the keys which stood there before: who was removed from such a
 *   leaf by the same commit can follow it;
 * - it seals a path to whom the commit updates under the key that was before;
 * - it derives one secret too many from a path that ends below the root, as where all in the other half have left, and so
 *   takes no commit there;
 * - it joins no group where a node over a leaf that is not merged, or one above that, lists other such leaves beside it.
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
      [
        `if (tree[nodeIndex]?.nodeType !== nodeTypes.leaf && !dp.includes(toNodeIndex(i)))`,
        `if (tree[nodeIndex]?.nodeType !== nodeTypes.leaf || !dp.includes(toNodeIndex(i)))`,
      ],
      ["for (const parentIdx of dp) {\n                    const dpNode", "for (const parentIdx of dp.slice(0, dp.indexOf(toNodeIndex(i)))) {\n                    const dpNode"],
      ["!arraysEqual(dpNode.parent.unmergedLeaves, n.parent.unmergedLeaves)", "!dpNode.parent.unmergedLeaves.includes(leafIndex)"],
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
      ["getHpkePublicKey(originalTree[nodeIndex])", "getHpkePublicKey(updatedTree[nodeIndex])"],
      ["pathSecret.sendTo.map(", "pathSecret.sendTo.filter((nodeIndex) => !added.includes(nodeIndex)).map("],
    ],
  },
  {
    file: "pathSecrets.js",
    released: "e794dfd389d3a23a9d95c5af8ada9e4e07ade94f5602a0c73a1959610988aee5",
    replace: [
      [
        'const nextSecret = await deriveSecret(pathSecrets[currentIndex], "path", kdf);',
        'const nextSecret = tree[nextIndex] === undefined ? pathSecrets[currentIndex] : await deriveSecret(pathSecrets[currentIndex], "path", kdf);',
      ],
    ],
  },
];

const SOURCES = new URL("../node_modules/ts-mls/dist/src/", import.meta.url);

function repair({ file, released, replace }) {
  const path = new URL(file, SOURCES);
  const source = readFileSync(path, "utf8");
  if (replace.every(([, right]) => source.includes(right))) return;
  const original = replace.reduce((text, [wrong, right]) => text.replace(right, wrong), source); // Repaired in part by an earlier version of this.
  const found = createHash("sha256").update(original).digest("hex");
  if (found !== released) throw new Error(`ts-mls's ${file} is another than expected (${found}): read it anew, then repair or drop web/patches`);
  const repaired = new URL(`${file}.repaired`, SOURCES);
  writeFileSync(repaired, replace.reduce((text, [wrong, right]) => text.replace(wrong, right), original));
  renameSync(repaired, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) REPAIRS.forEach(repair);
