/** Who is in a group, read from its ratchet tree. */
import { nodeTypes, type ClientState, type LeafNode } from "ts-mls";
import { readName } from "./context.js";
import { accountOf } from "./credentials.js";
import { checkCapabilities } from "./key-package.js";

/** A member: the account that its leaf proves, and the name that it claims. */
export interface Member {
  readonly leaf: number;
  readonly account: string;
  readonly name: string;
  /** The leaf's signature key, which is the account's device key. */
  readonly deviceKey: Uint8Array;
  /** The leaf's HPKE key in this epoch. */
  readonly encryptionKey: Uint8Array;
}

/** The members in the order of their leaves. Throws Malformed or BadSignature where one is not valid. */
export async function readMembers(state: ClientState): Promise<readonly Member[]> {
  const members: Member[] = [];
  for (const [index, node] of state.ratchetTree.entries()) {
    if (node?.nodeType === nodeTypes.leaf) members.push(await readMember(state, index / 2, node.leaf));
  }
  return members;
}

async function readMember(state: ClientState, leaf: number, node: LeafNode): Promise<Member> {
  checkCapabilities(state.groupContext.cipherSuite, node.capabilities);
  const account = await accountOf(node.credential, node.signaturePublicKey);
  return { leaf, account, name: readName(node.extensions), deviceKey: node.signaturePublicKey, encryptionKey: node.hpkePublicKey };
}
