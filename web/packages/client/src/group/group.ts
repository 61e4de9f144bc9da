/**
 * An MLS group (RFC 9420) as a value: every step gives the next group and leaves this one as it was.
 *
 * All handshakes are PrivateMessages with proposals by value, Add, Remove and the rule's next form alone, and every commit
 * is what the rule allows; no key of a past epoch is kept.
 */
import {
  contentTypes,
  createApplicationMessage,
  createCommit,
  createGroup,
  defaultKeyPackageEqualityConfig,
  defaultKeyRetentionConfig,
  defaultProposalTypes,
  encode,
  joinGroup,
  mlsMessageEncoder,
  processPrivateMessage,
  protocolVersions,
  wireformats,
  type ClientConfig,
  type ClientState,
  type GroupContextExtension,
  type IncomingMessageCallback,
  type KeyPackage,
  type MlsContext,
  type PrivateMessage,
  type ProcessMessageResult,
  type Proposal,
  type Welcome,
} from "ts-mls";
import { equalBytes, utf8 } from "../bytes.js";
import { Malformed } from "../cbor.js";
import type { Suite } from "../suites/suite.js";
import { contextExtensions, encodeContext, readContext, type MeetingContext } from "./context.js";
import { accountOf, authService } from "./credentials.js";
import { exportEpochKey, exportKeys, type EpochKeys } from "./exports.js";
import { erase, withoutPastEpochs } from "./forget.js";
import { inspectingCommits, inspectingTrees } from "./inspect.js";
import { decodeMessage, type OwnKeyPackage } from "./key-package.js";
import { readMembers, type Member } from "./members.js";
import { withPadding } from "./padding.js";
import { Refused } from "./refused.js";
import { checkRule, judge, type Rule } from "./rule.js";
import { senderLeaf } from "./sender-data.js";

const CONFIG: ClientConfig = {
  keyRetentionConfig: { ...defaultKeyRetentionConfig, retainKeysForGenerations: 64, maximumForwardRatchetSteps: 2000 },
  lifetimeConfig: { maximumTotalLifetime: 31n * 86_400n, validateLifetimeOnReceive: false },
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: { kind: "alwaysPad", paddingLength: 0 },
};

/** A commit of our own that the server has yet to take: `next` is the group if it does. */
export interface Staged {
  readonly commit: Uint8Array;
  readonly next: Group;
  /** The Welcome with the secrets of the joiner of the added KeyPackage at this index alone. */
  readonly welcomes: readonly Uint8Array[];
  /** The leaves whose members it takes out. */
  readonly removed: readonly number[];
  /** Secrets to erase once `next` is the group. */
  readonly spent: readonly Uint8Array[];
}

/** What a commit of our own is to do. */
export interface Intent {
  /** Leaves. */
  readonly removed: readonly number[];
  readonly added: readonly KeyPackage[];
  /** The next rule, signed; the present one stays where there is none. */
  readonly rule?: Rule | undefined;
}

/** What another's commit did. `next` is null when it removed us. */
export interface Processed {
  readonly next: Group | null;
  readonly committer: number;
  readonly removed: readonly number[];
  /** Our own account came in by another leaf: it is in the meeting from elsewhere. */
  readonly replaced: boolean;
  /** The rule from then on: what a member who is removed learns as well. */
  readonly rule: Rule;
  readonly aad: Uint8Array;
}

/** An application message that was opened: MLS proves that the leaf sent it. */
export interface Opened {
  readonly next: Group;
  readonly content: Uint8Array;
  readonly aad: Uint8Array;
  readonly sender: number;
}

export class Group {
  readonly suite: Suite;
  readonly members: readonly Member[];
  readonly keys: EpochKeys;
  readonly meeting: MeetingContext;
  readonly rule: Rule;
  /** The meeting's opener key, under which rules are signed. */
  readonly opener: Uint8Array;
  readonly #state: ClientState;
  readonly #context: MlsContext;

  private constructor(suite: Suite, opener: Uint8Array, state: ClientState, members: readonly Member[], keys: EpochKeys) {
    this.suite = suite;
    this.opener = opener;
    this.members = members;
    this.keys = keys;
    const { meeting, rule } = readContext(state.groupContext.extensions);
    this.meeting = meeting;
    this.rule = rule;
    this.#state = state;
    this.#context = mlsContext(suite);
  }

  /**
   * A group of one. `describe` is given the root epoch's public key and says what the group is.
   *
   * Nothing of epoch 0's key schedule depends on the GroupContext (RFC 9420 11), so that its extensions can name
   * the root epoch's own key.
   */
  static async create(
    suite: Suite,
    groupId: Uint8Array,
    own: OwnKeyPackage,
    opener: Uint8Array,
    describe: (rootKey: Uint8Array) => Promise<{ readonly meeting: MeetingContext; readonly rule: Rule }>,
  ): Promise<Group> {
    const founded = await createGroup({ context: mlsContext(suite), groupId, keyPackage: own.publicPart, privateKeyPackage: own.privatePart });
    const { publicKey } = await exportEpochKey(suite, founded);
    const { meeting, rule } = await describe(publicKey);
    return Group.#of(suite, opener, { ...founded, groupContext: { ...founded.groupContext, extensions: contextExtensions(meeting, rule) } });
  }

  /**
   * The group of a Welcome for the KeyPackage. Throws Malformed, Refused, BadSignature.
   *
   * Behind a lobby only a host's Welcome counts, but for a host, and for who `wasIn` the group before: a server and a member
   * who is no host cannot make up a group for newcomers.
   */
  static async join(
    suite: Suite,
    welcome: Uint8Array,
    own: OwnKeyPackage,
    opener: Uint8Array,
    wasIn: (groupId: Uint8Array) => boolean = () => false,
  ): Promise<Group> {
    const message = decodeMessage(welcome);
    if (message.wireformat !== wireformats.mls_welcome) throw new Malformed("not a Welcome");
    if (message.welcome.cipherSuite !== suite.id) throw new Malformed("a Welcome of another suite");
    let signer = -1;
    const context = { ...mlsContext(suite), cipherSuite: inspectingTrees(suite, (leaf) => (signer = leaf)) };
    const state = await refusing(
      joinGroup({ context, welcome: message.welcome, keyPackage: own.publicPart, privateKeys: own.privatePart }),
    );
    const group = await Group.#of(suite, opener, state);
    await checkRule(opener, group.meeting.alias, group.rule);
    group.#checkDoor(signer, wasIn(group.groupId));
    return group;
  }

  static async #of(suite: Suite, opener: Uint8Array, state: ClientState): Promise<Group> {
    return new Group(suite, opener, state, await readMembers(state), await exportKeys(suite, state));
  }

  #checkDoor(signer: number, returning: boolean): void {
    const { lobby, ended, bans } = this.rule;
    if (ended) throw new Refused("a meeting that was ended");
    if (this.members.some(({ account }) => bans.includes(account))) throw new Refused("a meeting with somebody who is banned");
    const trusted = !lobby || returning || this.isHost(this.leaf) || this.isHost(signer);
    if (!trusted) throw new Refused("let in by somebody who is no host");
  }

  get groupId(): Uint8Array {
    return this.#state.groupContext.groupId;
  }

  get epoch(): bigint {
    return this.#state.groupContext.epoch;
  }

  /** Our own leaf. */
  get leaf(): number {
    return this.#state.privatePath.leafIndex;
  }

  /** The member at a leaf, or null where there is none. */
  member(leaf: number): Member | null {
    return this.members.find((member) => member.leaf === leaf) ?? null;
  }

  /** Whether the member at the leaf is a host. */
  isHost(leaf: number): boolean {
    const member = this.member(leaf);
    return member !== null && this.rule.hosts.includes(member.account);
  }

  /** Whether the account's leaf holds this encryption key. */
  leafKey(account: string, key: Uint8Array): boolean {
    const member = this.members.find((each) => each.account === account);
    return member !== undefined && equalBytes(member.encryptionKey, key);
  }

  /** A commit of our own; one that does nothing renews the keys. Throws Refused, Malformed. */
  async stage({ removed, added, rule }: Intent, aad: Uint8Array): Promise<Staged> {
    await this.#judge(this.leaf, removed, added, rule ?? this.rule);
    const extraProposals: Proposal[] = [
      ...removed.map((leaf) => ({ proposalType: defaultProposalTypes.remove, remove: { removed: leaf } })),
      ...added.map((keyPackage) => ({ proposalType: defaultProposalTypes.add, add: { keyPackage } })),
      ...(rule === undefined ? [] : [extensionsProposal(contextExtensions(this.meeting, rule))]),
    ];
    const result = await refusing(
      createCommit({ context: this.#context, state: this.#state, extraProposals, ratchetTreeExtension: true, authenticatedData: aad }),
    );
    const next = await this.#next(withoutPastEpochs(result.newState));
    const renewed = !equalBytes(next.member(this.leaf)?.encryptionKey ?? new Uint8Array(), this.member(this.leaf)?.encryptionKey ?? new Uint8Array());
    if (removed.length > 0 && !renewed) throw new Error("ts-mls is without its repair: whom this commit removes could follow it");
    return {
      commit: encode(mlsMessageEncoder, result.commit),
      next,
      removed,
      welcomes: result.welcome === undefined ? [] : trimmed(result.welcome.welcome),
      spent: result.consumed,
    };
  }

  /** Another's commit. Throws Malformed, Refused. */
  async process(commit: Uint8Array): Promise<Processed> {
    const seen = { committer: -1, removed: [] as number[], replaced: false, proposals: [] as Proposal[] };
    const { result } = await this.#unprotect(commit, (incoming) => {
      if (incoming.kind !== "commit" || incoming.senderLeafIndex === undefined) return "reject";
      seen.committer = incoming.senderLeafIndex;
      seen.proposals = incoming.proposals.map(({ proposal }) => proposal);
      seen.removed = seen.proposals.flatMap(removedLeaf);
      seen.replaced = seen.proposals.some((proposal) => this.#addsUs(proposal));
      // Who is removed has no secret of the next epoch, and cannot go on: ts-mls would miss it where the leaf is used again.
      return seen.removed.includes(this.leaf) ? "reject" : "accept";
    });
    if (result.kind !== "newState" || seen.committer < 0) throw new Refused("not a commit");
    const { committer, removed, replaced, proposals } = seen;
    const rule = this.#ruleAfter(proposals);
    await this.#judge(committer, removed, proposals.flatMap(addedPackage), rule);
    const next = removed.includes(this.leaf) ? null : await this.#follow(result.newState, removed);
    erase(result.consumed);
    return { next, committer, removed, replaced, rule, aad: result.aad };
  }

  /** The rule that the proposals bring. Throws Malformed where they bring more than that. */
  #ruleAfter(proposals: readonly Proposal[]): Rule {
    const brought = proposals.flatMap(broughtExtensions);
    if (brought.length === 0) return this.rule;
    const { meeting, rule } = readContext(brought);
    if (!equalBytes(encodeContext(meeting), encodeContext(this.meeting))) throw new Malformed("a commit that makes another meeting of it");
    return rule;
  }

  /** Throws BadSignature where the rule does not allow a commit. */
  async #judge(committer: number, removed: readonly number[], added: readonly KeyPackage[], after: Rule): Promise<void> {
    await checkRule(this.opener, this.meeting.alias, after);
    const accountAt = (leaf: number): string => this.member(leaf)?.account ?? "";
    const accounts = await Promise.all(added.map(({ leafNode }) => accountOf(leafNode.credential, leafNode.signaturePublicKey)));
    const members = this.members.map(({ account }) => account);
    judge({ before: this.rule, after, committer: accountAt(committer), members, removed: removed.map(accountAt), added: accounts });
  }

  #addsUs(proposal: Proposal): boolean {
    if (proposal.proposalType !== defaultProposalTypes.add || !("add" in proposal)) return false;
    const own = this.member(this.leaf);
    return own !== null && equalBytes(proposal.add.keyPackage.leafNode.signaturePublicKey, own.deviceKey);
  }

  async #follow(state: ClientState, removed: readonly number[]): Promise<Group> {
    const next = await this.#next(withoutPastEpochs(state));
    for (const member of this.members) {
      const after = removed.includes(member.leaf) ? member : next.member(member.leaf);
      if (after?.account !== member.account) throw new Refused("a commit that gives a leaf to another account");
    }
    return next;
  }

  /** An application message. */
  async seal(content: Uint8Array, aad: Uint8Array): Promise<{ next: Group; message: Uint8Array }> {
    const result = await createApplicationMessage({ context: this.#context, state: this.#state, message: content, authenticatedData: aad });
    erase(result.consumed);
    return { next: this.#with(result.newState), message: encode(mlsMessageEncoder, result.message) };
  }

  /** Another's application message. Throws Malformed, Refused. */
  async open(message: Uint8Array): Promise<Opened> {
    const { sender, result } = await this.#unprotect(message, () => "reject");
    if (result.kind !== "applicationMessage") throw new Refused("not an application message");
    erase(result.consumed);
    return { next: this.#with(result.newState), content: result.message, aad: result.aad, sender };
  }

  /** Seal to a member's leaf key of this epoch; HPKE's [enc, ciphertext]. */
  async sealToLeaf(leaf: number, info: string, plain: Uint8Array): Promise<readonly [Uint8Array, Uint8Array]> {
    const member = this.member(leaf);
    if (member === null) throw new Refused("no such member");
    const { hpke } = this.suite;
    const { enc, ct } = await hpke.seal(await hpke.importPublicKey(member.encryptionKey), plain, utf8(info));
    return [enc, ct];
  }

  /** What was sealed to our own leaf key of this epoch. Throws NotOpened. */
  async openAtLeaf(info: string, enc: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
    const own = this.#state.privatePath.privateKeys[2 * this.leaf];
    if (own === undefined) throw new Refused("our leaf has no key");
    const { hpke } = this.suite;
    return hpke.open(await hpke.importPrivateKey(own), enc, sealed, utf8(info));
  }

  async #unprotect(bytes: Uint8Array, callback: IncomingMessageCallback): Promise<{ sender: number; result: ProcessMessageResult }> {
    const privateMessage = privateMessageOf(bytes);
    if (!equalBytes(privateMessage.groupId, this.groupId)) throw new Refused("of another group");
    const sender = await refusing(senderLeaf(this.suite, this.#state, privateMessage));
    if (this.member(sender) === null) throw new Refused("sent by no member");
    const inTree = (leaf: number): boolean => this.member(leaf) !== null;
    const { cipherSuite: plain } = this.#context;
    const cipherSuite = privateMessage.contentType === contentTypes.commit ? inspectingCommits(plain, inTree) : plain;
    const context = { ...this.#context, cipherSuite };
    return { sender, result: await refusing(processPrivateMessage({ context, state: this.#state, privateMessage, callback })) };
  }

  #next(state: ClientState): Promise<Group> {
    return Group.#of(this.suite, this.opener, state);
  }

  #with(state: ClientState): Group {
    return new Group(this.suite, this.opener, state, this.members, this.keys);
  }
}

function mlsContext(suite: Suite): MlsContext {
  return { cipherSuite: withPadding(suite), authService, clientConfig: CONFIG };
}

function privateMessageOf(bytes: Uint8Array): PrivateMessage {
  const message = decodeMessage(bytes);
  if (message.wireformat !== wireformats.mls_private_message) throw new Malformed("not a PrivateMessage");
  return message.privateMessage;
}

function removedLeaf(proposal: Proposal): number[] {
  return proposal.proposalType === defaultProposalTypes.remove && "remove" in proposal ? [proposal.remove.removed] : [];
}

function addedPackage(proposal: Proposal): KeyPackage[] {
  return proposal.proposalType === defaultProposalTypes.add && "add" in proposal ? [proposal.add.keyPackage] : [];
}

function extensionsProposal(extensions: GroupContextExtension[]): Proposal {
  return { proposalType: defaultProposalTypes.group_context_extensions, groupContextExtensions: { extensions } };
}

function broughtExtensions(proposal: Proposal): GroupContextExtension[] {
  return proposal.proposalType === defaultProposalTypes.group_context_extensions && "groupContextExtensions" in proposal
    ? proposal.groupContextExtensions.extensions
    : [];
}

/** One Welcome for each joiner, with that one's secrets alone. */
function trimmed(welcome: Welcome): Uint8Array[] {
  return welcome.secrets.map((secret) =>
    encode(mlsMessageEncoder, {
      version: protocolVersions.mls10,
      wireformat: wireformats.mls_welcome,
      welcome: { ...welcome, secrets: [secret] },
    }),
  );
}

/** ts-mls throws errors of its own and TypeErrors on hostile input: to us all mean that it does not hold. */
async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : "refused");
  }
}
