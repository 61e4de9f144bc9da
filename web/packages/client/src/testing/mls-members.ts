/**
 * Members of MLS groups as ts-mls has them, driven by another implementation's tests: a request a line, an answer a line,
 * bytes in hex. A request that fails is answered by its error, and changes nothing.
 *
 * Of ts-mls alone: nothing of the meeting's own rules is asked.
 */
import { createInterface } from "node:readline";
import {
  bytesToBase64,
  createApplicationMessage,
  createCommit,
  createGroup,
  createGroupInfoWithExternalPubAndRatchetTree,
  createProposal,
  decode,
  defaultCredentialTypes,
  defaultKeyPackageEqualityConfig,
  defaultKeyRetentionConfig,
  defaultPaddingConfig,
  defaultProposalTypes,
  encode,
  generateKeyPackageWithKey,
  joinGroup,
  joinGroupExternal,
  makeCustomExtension,
  mlsExporter,
  mlsMessageDecoder,
  mlsMessageEncoder,
  processPrivateMessage,
  processPublicMessage,
  protocolVersions,
  pskTypes,
  unsafeTestingAuthenticationService,
  wireformats,
  type CiphersuiteImpl,
  type ClientConfig,
  type ClientState,
  type GroupContextExtension,
  type IncomingMessageCallback,
  type KeyPackage,
  type MlsContext,
  type MlsMessage,
  type PrivateKeyPackage,
  type Proposal,
} from "ts-mls";
import { concat, fromHex, toHex, utf8 } from "../bytes.js";
import { withoutPastEpochs } from "../group/forget.js";
import { suiteById } from "../suites/suite.js";

/** A member: its KeyPackage, and the group once it is in it. */
interface Member {
  readonly context: MlsContext;
  readonly own: { readonly publicPackage: KeyPackage; readonly privatePackage: PrivateKeyPackage };
  state: ClientState | null;
}

type ExtensionRequest = readonly [type: number, data: string];

/** A proposal by its name and what it needs. */
type ProposalRequest =
  | readonly ["add", string]
  | readonly ["remove", number]
  | readonly ["psk", id: string, nonce: string]
  | readonly ["extensions", readonly ExtensionRequest[]];

/** What is asked of a member. `bytes` is the message, the group's id or what is to be said. */
interface Request {
  readonly do: keyof typeof DEEDS;
  readonly member: string;
  readonly suite: number;
  readonly bytes: string;
  readonly extensions: readonly ExtensionRequest[];
  readonly proposals: readonly ProposalRequest[];
  readonly resync: boolean;
  readonly open: boolean;
}

/** Extensions of these types every member knows, beside the default ones. */
const EXTENSIONS = [0xf0b0, 0xf0b1, 0xf0b2];
/** Of every KeyPackage: whatever time the driver says that it is. */
const LIFETIME = { notBefore: 0n, notAfter: 2n ** 40n };
const CLIENT: ClientConfig = {
  keyRetentionConfig: defaultKeyRetentionConfig,
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: defaultPaddingConfig,
  lifetimeConfig: { maximumTotalLifetime: 2n ** 40n, validateLifetimeOnReceive: false },
};
/** Bytes of an HPKE public key: classic and hybrid. A vector's head is shorter than 32. */
const KEY_SIZES = [32, 1216];
const members = new Map<string, Member>();
const externalPsks: Record<string, Uint8Array> = {};

/** A fresh KeyPackage, of a new member or under the key that the member has. */
async function makePackage({ member, suite }: Request): Promise<object> {
  const cipherSuite = suiteById(suite);
  if (cipherSuite === null) throw new Error("no such suite");
  const own = await generateKeyPackageWithKey({
    credential: { credentialType: defaultCredentialTypes.basic, identity: utf8(member) },
    capabilities: { versions: [protocolVersions.mls10], ciphersuites: [suite], extensions: EXTENSIONS, proposals: [], credentials: [1] },
    lifetime: LIFETIME,
    signatureKeyPair: signatureKeys(members.get(member)) ?? (await cipherSuite.signature.keygen()),
    cipherSuite,
  });
  const context = { cipherSuite, authService: unsafeTestingAuthenticationService, externalPsks, clientConfig: CLIENT };
  members.set(member, { context, own, state: null });
  return message({ version: protocolVersions.mls10, wireformat: wireformats.mls_key_package, keyPackage: own.publicPackage });
}

function signatureKeys(member: Member | undefined): { signKey: Uint8Array; publicKey: Uint8Array } | null {
  if (member === undefined) return null;
  const { publicPackage, privatePackage } = member.own;
  return { signKey: privatePackage.signaturePrivateKey, publicKey: publicPackage.leafNode.signaturePublicKey };
}

async function create(request: Request): Promise<object> {
  const { context, own } = memberOf(request);
  return moved(
    request,
    await createGroup({
      context,
      groupId: fromHex(request.bytes),
      keyPackage: own.publicPackage,
      privateKeyPackage: own.privatePackage,
      extensions: extensionsOf(request.extensions),
    }),
  );
}

async function join(request: Request): Promise<object> {
  const { context, own } = memberOf(request);
  const parsed = parse(request.bytes);
  if (parsed.wireformat !== wireformats.mls_welcome) throw new Error("not a Welcome");
  return moved(request, await joinGroup({ context, welcome: parsed.welcome, keyPackage: own.publicPackage, privateKeys: own.privatePackage }));
}

async function joinFromOutside(request: Request): Promise<object> {
  const { context, own } = memberOf(request);
  const parsed = parse(request.bytes);
  if (parsed.wireformat !== wireformats.mls_group_info) throw new Error("not a GroupInfo");
  const { resync } = request;
  const joined = await joinGroupExternal({ context: { ...context, cipherSuite: readingExternalKeys(context.cipherSuite) }, groupInfo: parsed.groupInfo, keyPackage: own.publicPackage, privateKeys: own.privatePackage, resync });
  const sent = message({ version: protocolVersions.mls10, wireformat: wireformats.mls_public_message, publicMessage: joined.publicMessage });
  return { ...sent, ...(await moved(request, joined.newState)) };
}

/*
 * The suite for the two functions that write and read external_pub: ts-mls (2.0.0-rc.10) has the bare key there, where
 * RFC 9420 12.4.3.2 has a struct of a vector, with its length before it.
 */
function writingExternalKeys(suite: CiphersuiteImpl): CiphersuiteImpl {
  const { hpke } = suite;
  return { ...suite, hpke: { ...hpke, exportPublicKey: async (key) => vector(await hpke.exportPublicKey(key)) } };
}

function readingExternalKeys(suite: CiphersuiteImpl): CiphersuiteImpl {
  const { hpke } = suite;
  const bare = (bytes: Uint8Array): Uint8Array => (KEY_SIZES.includes(bytes.length) ? bytes : bytes.slice(bytes.length % 32));
  return { ...suite, hpke: { ...hpke, importPublicKey: (bytes) => hpke.importPublicKey(bare(bytes)) } };
}

function vector(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  return concat(length < 64 ? Uint8Array.of(length) : Uint8Array.of(0x40 | (length >> 8), length & 0xff), bytes);
}

async function groupInfo(request: Request): Promise<object> {
  const { state, context } = insider(request);
  const info = await createGroupInfoWithExternalPubAndRatchetTree(state, [], writingExternalKeys(context.cipherSuite));
  return message({ version: protocolVersions.mls10, wireformat: wireformats.mls_group_info, groupInfo: info });
}

/** A commit, which counts at once: whoever drives has it taken. */
async function commit(request: Request): Promise<object> {
  const made = await createCommit({
    ...insider(request),
    wireAsPublicMessage: request.open,
    extraProposals: request.proposals.map(proposalOf),
    ratchetTreeExtension: true,
  });
  const welcome = made.welcome === undefined ? null : message(made.welcome).message;
  return { ...message(made.commit), welcome, ...(await moved(request, made.newState)) };
}

async function propose(request: Request): Promise<object> {
  const [asked] = request.proposals;
  if (asked === undefined) throw new Error("no proposal");
  const made = await createProposal({ ...insider(request), wireAsPublicMessage: request.open, proposal: proposalOf(asked) });
  return { ...message(made.message), ...(await moved(request, made.newState)) };
}

async function seal(request: Request): Promise<object> {
  const made = await createApplicationMessage({ ...insider(request), message: fromHex(request.bytes) });
  return { ...message(made.message), ...(await moved(request, made.newState)) };
}

/** Whatever the group says. A commit that removes the member is looked at alone: ts-mls would seek the leaf's way in a smaller tree for ever. */
async function receive(request: Request): Promise<object> {
  const parsed = parse(request.bytes);
  const { context, state } = insider(request);
  let removed = false;
  const callback: IncomingMessageCallback = (incoming) => {
    removed = incoming.kind === "commit" && incoming.proposals.some(({ proposal }) => removes(proposal, state.privatePath.leafIndex));
    return removed ? "reject" : "accept";
  };
  if (parsed.wireformat === wireformats.mls_public_message) {
    const { newState } = await processPublicMessage({ context, state, publicMessage: parsed.publicMessage, callback });
    return { data: null, ...(await moved(request, newState)), removed };
  }
  if (parsed.wireformat !== wireformats.mls_private_message) throw new Error("not a message of a group");
  const result = await processPrivateMessage({ context, state, privateMessage: parsed.privateMessage, callback });
  return { data: result.kind === "applicationMessage" ? toHex(result.message) : null, ...(await moved(request, result.newState)), removed };
}

function removes(proposal: Proposal, leaf: number): boolean {
  return proposal.proposalType === defaultProposalTypes.remove && "remove" in proposal && proposal.remove.removed === leaf;
}

/** A PSK for everybody here: `member` is its id, and `bytes` its secret. */
function keepPsk({ bytes, member }: Request): Promise<object> {
  externalPsks[bytesToBase64(fromHex(member))] = fromHex(bytes);
  return Promise.resolve({});
}

function forget({ member }: Request): Promise<object> {
  members.delete(member);
  return Promise.resolve({});
}

const DEEDS = { package: makePackage, create, join, joinFromOutside, groupInfo, commit, propose, seal, receive, keepPsk, forget };

/** Keeps a member's next state, and tells what all members must agree on. */
async function moved(request: Request, next: ClientState): Promise<object> {
  const member = memberOf(request);
  member.state = withoutPastEpochs(next);
  const { keySchedule, groupContext, privatePath } = member.state;
  const exported = await mlsExporter(keySchedule.exporterSecret, "interop", utf8("context"), 32, member.context.cipherSuite);
  return {
    epoch: Number(groupContext.epoch),
    leaf: privatePath.leafIndex,
    removed: false,
    authenticator: toHex(keySchedule.epochAuthenticator),
    exported: toHex(exported),
  };
}

function memberOf({ member }: Request): Member {
  const found = members.get(member);
  if (found === undefined) throw new Error("no such member");
  return found;
}

function insider(request: Request): { context: MlsContext; state: ClientState } {
  const { context, state } = memberOf(request);
  if (state === null) throw new Error("in no group");
  return { context, state };
}

function message(said: MlsMessage): { message: string } {
  return { message: toHex(encode(mlsMessageEncoder, said)) };
}

function parse(bytes: string): MlsMessage {
  const parsed = decode(mlsMessageDecoder, fromHex(bytes));
  if (parsed === undefined) throw new Error("no MLS message");
  return parsed;
}

function extensionsOf(asked: readonly ExtensionRequest[]): GroupContextExtension[] {
  return asked.map(([extensionType, data]) => makeCustomExtension({ extensionType, extensionData: fromHex(data) }));
}

function proposalOf(asked: ProposalRequest): Proposal {
  switch (asked[0]) {
    case "add": {
      const parsed = parse(asked[1]);
      if (parsed.wireformat !== wireformats.mls_key_package) throw new Error("not a KeyPackage");
      return { proposalType: defaultProposalTypes.add, add: { keyPackage: parsed.keyPackage } };
    }
    case "remove":
      return { proposalType: defaultProposalTypes.remove, remove: { removed: asked[1] } };
    case "psk": {
      const preSharedKeyId = { psktype: pskTypes.external, pskId: fromHex(asked[1]), pskNonce: fromHex(asked[2]) };
      return { proposalType: defaultProposalTypes.psk, psk: { preSharedKeyId } };
    }
    case "extensions":
      return { proposalType: defaultProposalTypes.group_context_extensions, groupContextExtensions: { extensions: extensionsOf(asked[1]) } };
  }
}

/** Answers requests until there are no more. */
export async function serve(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<void> {
  for await (const line of createInterface({ input })) {
    const request = JSON.parse(line) as Request;
    let answer: object;
    try {
      answer = await DEEDS[request.do](request);
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    output.write(`${JSON.stringify(answer)}\n`);
  }
}
