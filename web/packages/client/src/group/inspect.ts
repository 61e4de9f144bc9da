/**
 * What a member may not give to ts-mls (2.0.0-rc.10): it acts on a commit's proposals before it asks whether they are
 * allowed, and for a leaf that is not in the tree, also of a tree in a Welcome, it looks for its way to the root without an end.
 */
import {
  contentTypes,
  decode,
  defaultExtensionTypes,
  defaultProposalTypes,
  mlsMessageDecoder,
  proposalOrRefTypes,
  senderTypes,
  wireformats,
  type CiphersuiteImpl,
  type Commit,
  type MlsMessage,
  type Proposal,
} from "ts-mls";
import { concat } from "../bytes.js";
import { Malformed } from "../cbor.js";
import { checkUnmerged } from "./tree.js";

/**
 * MLSMessage, PublicMessage, FramedContent of a new member (RFC 9420 6): what stands in a PrivateMessage can be read after it.
 * Such a message ends with its signature and tag, so that nothing of the padding is looked at.
 */
const PUBLIC = Uint8Array.of(0, 1, 0, wireformats.mls_public_message, 0, 0, 0, 0, 0, 0, 0, 0, 0, senderTypes.new_member_commit, 0, contentTypes.commit);

/** The bytes of a message's sender data (RFC 9420 6.3.2), which is unsealed before its content. */
const SENDER_DATA = 12;

/** The first bytes of an MLSMessage that is a GroupInfo. */
const GROUP_INFO = Uint8Array.of(0, 1, 0, wireformats.mls_group_info);

/**
 * The suite, refusing a commit that this protocol does not allow as soon as it is unsealed; `inTree` says which leaves are.
 * For messages whose content type is a commit alone: other plaintexts can look like one.
 */
export function inspectingCommits<T extends CiphersuiteImpl>(suite: T, inTree: (leaf: number) => boolean): T {
  return inspecting(suite, (plain) => {
    const commit = plain.length === SENDER_DATA ? null : commitOf(plain);
    if (commit === null) return;
    const proposals = proposalsOf(commit);
    if (!proposals.every((proposal) => allowed(proposal, inTree))) throw new Malformed("not a commit that this protocol allows");
    if (commit.path === undefined && needsPath(proposals)) throw new Malformed("a commit without a path, which whom it removes could follow");
  });
}

/** RFC 9420 12.4: a commit without fresh secrets may only add. */
function needsPath(proposals: readonly (Proposal | null)[]): boolean {
  return proposals.length === 0 || proposals.some((proposal) => proposal?.proposalType !== defaultProposalTypes.add);
}

/**
 * The suite, refusing a tree that names leaves which it has not as soon as its GroupInfo is unsealed.
 * `signed` is told which leaf says that it signed the GroupInfo; that it did, ts-mls checks.
 */
export function inspectingTrees<T extends CiphersuiteImpl>(suite: T, signed: (leaf: number) => void): T {
  return inspecting(suite, (plain) => {
    const message = tryDecode(concat(GROUP_INFO, plain));
    if (message?.wireformat !== wireformats.mls_group_info) return;
    signed(message.groupInfo.signer);
    for (const { extensionType, extensionData } of message.groupInfo.extensions) {
      if (extensionType === defaultExtensionTypes.ratchet_tree) checkUnmerged(extensionData);
    }
  });
}

function inspecting<T extends CiphersuiteImpl>(suite: T, inspect: (plain: Uint8Array) => void): T {
  const { hpke } = suite;
  return {
    ...suite,
    hpke: {
      ...hpke,
      decryptAead: async (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array | undefined, sealed: Uint8Array) => {
        const plain = await hpke.decryptAead(key, nonce, aad, sealed);
        inspect(plain);
        return plain;
      },
    },
  };
}

/** The commit in a plaintext; null where it is another plaintext. */
function commitOf(plain: Uint8Array): Commit | null {
  const message = tryDecode(concat(PUBLIC, plain));
  if (message?.wireformat !== wireformats.mls_public_message) return null;
  const { content } = message.publicMessage;
  return content.contentType === contentTypes.commit ? content.commit : null;
}

/** A commit's proposals, null for each that is a reference. */
function proposalsOf(commit: Commit): readonly (Proposal | null)[] {
  return commit.proposals.map((each) => (each.proposalOrRefType === proposalOrRefTypes.proposal ? each.proposal : null));
}

function tryDecode(bytes: Uint8Array): MlsMessage | undefined {
  try {
    return decode(mlsMessageDecoder, bytes);
  } catch {
    return undefined; // ts-mls will find the same, and say so.
  }
}

function allowed(proposal: Proposal | null, inTree: (leaf: number) => boolean): boolean {
  if (proposal === null) return false;
  if (proposal.proposalType === defaultProposalTypes.remove && "remove" in proposal) return inTree(proposal.remove.removed);
  return proposal.proposalType === defaultProposalTypes.add || proposal.proposalType === defaultProposalTypes.group_context_extensions;
}
