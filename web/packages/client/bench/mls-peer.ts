/**
 * ts-mls as bench.mls measures it: one of its two versions joins a group that another implementation made, and follows a commit.
 *
 * `node mls-peer.mjs 1|2 SUITE` prints a KeyPackage in hex, reads a line with {welcome, commit, rounds} and prints
 * {join, process}: the median CPU milliseconds of each.
 */
import * as readline from "node:readline";
import * as second from "ts-mls";
import * as first from "ts-mls-1";
import { CLASSIC, HYBRID } from "../src/suites/suite.js";

const [version, suiteName] = process.argv.slice(2);
const identity = new TextEncoder().encode("peer");
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

/** What differs between the versions: a KeyPackage to be added, and joining and processing as one call each. */
interface Peer<State> {
  readonly keyPackage: Uint8Array;
  join(welcome: Uint8Array): Promise<State>;
  process(state: State, commit: Uint8Array): Promise<void>;
}

async function peerOfFirst(): Promise<Peer<first.ClientState>> {
  const suite = await first.getCiphersuiteImpl(first.getCiphersuiteFromName("MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519"));
  const own = await first.generateKeyPackage({ credentialType: "basic", identity }, first.defaultCapabilities(), first.defaultLifetime, [], suite);
  return {
    keyPackage: first.encodeMlsMessage({ version: "mls10", wireformat: "mls_key_package", keyPackage: own.publicPackage }),
    join: async (bytes) => {
      const message = first.decodeMlsMessage(bytes, 0)?.[0];
      if (message?.wireformat !== "mls_welcome") throw new Error("not a Welcome");
      return first.joinGroup(message.welcome, own.publicPackage, own.privatePackage, first.emptyPskIndex, suite);
    },
    process: async (state, bytes) => {
      const message = first.decodeMlsMessage(bytes, 0)?.[0];
      if (message?.wireformat !== "mls_private_message") throw new Error("not a PrivateMessage");
      await first.processPrivateMessage(state, message.privateMessage, first.emptyPskIndex, suite);
    },
  };
}

async function peerOfSecond(): Promise<Peer<second.ClientState>> {
  const suite = suiteName === "hybrid" ? HYBRID : CLASSIC;
  const context = { cipherSuite: suite, authService: second.unsafeTestingAuthenticationService };
  const credential = { credentialType: second.defaultCredentialTypes.basic, identity };
  const capabilities = { ...second.defaultCapabilities(), ciphersuites: [suite.id] };
  const own = await second.generateKeyPackage({ credential, capabilities, cipherSuite: suite });
  return {
    keyPackage: second.encode(second.mlsMessageEncoder, {
      version: second.protocolVersions.mls10,
      wireformat: second.wireformats.mls_key_package,
      keyPackage: own.publicPackage,
    }),
    join: async (bytes) => {
      const message = second.decode(second.mlsMessageDecoder, bytes);
      if (message?.wireformat !== second.wireformats.mls_welcome) throw new Error("not a Welcome");
      return second.joinGroup({ context, welcome: message.welcome, keyPackage: own.publicPackage, privateKeys: own.privatePackage });
    },
    process: async (state, bytes) => {
      const message = second.decode(second.mlsMessageDecoder, bytes);
      if (message?.wireformat !== second.wireformats.mls_private_message) throw new Error("not a PrivateMessage");
      await second.processPrivateMessage({ context, state, privateMessage: message.privateMessage });
    },
  };
}

async function median(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

async function measure<State>(peer: Peer<State>): Promise<void> {
  process.stdout.write(`${hex(peer.keyPackage)}\n`);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line) as { welcome: string; commit: string; rounds: number };
    const [welcome, commit] = [unhex(asked.welcome), unhex(asked.commit)];
    const state = await peer.join(welcome);
    const join = await median(asked.rounds, () => peer.join(welcome));
    const followed = await median(asked.rounds, () => peer.process(state, commit));
    process.stdout.write(`${JSON.stringify({ join, process: followed })}\n`);
  }
}

if (version === "1") await measure(await peerOfFirst());
else await measure(await peerOfSecond());
