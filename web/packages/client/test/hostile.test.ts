import { afterEach, expect, test, vi } from "vitest";
import { utf8 } from "../src/bytes.js";
import { Group } from "../src/group/group.js";
import { Membership } from "../src/meeting/membership.js";
import { encodePlace } from "../src/meeting/place.js";
import type * as Place from "../src/meeting/place.js";
import { victim, type Modules, type Victim } from "./hostile.js";
import { bytes } from "./people.js";

const HONEST: Modules = { Kind: Group, Member: Membership };

afterEach(() => {
  vi.doUnmock("../src/meeting/place.js");
  vi.doUnmock("../src/group/forget.js");
  vi.resetModules();
});

/** The client's modules with some of them replaced. */
async function without(mocks: Readonly<Record<string, () => Record<string, unknown>>>): Promise<Modules> {
  vi.resetModules();
  for (const [path, mock] of Object.entries(mocks)) vi.doMock(path, mock);
  const { Group: Kind } = await import("../src/group/group.js");
  const { Membership: Member } = await import("../src/meeting/membership.js");
  return { Kind: Kind, Member: Member };
}

/** The server holds a message back until its epoch is over, and shows it then. */
async function late({ server, member, founder, node, alarms, heard }: Victim): Promise<{ alarms: string[]; heard: string[] }> {
  const place = encodePlace({ node, head: server.head, position: server.position });
  const { next, message } = await founder.seal(utf8("late"), place);
  const { commit, next: after } = await next.stage({ removed: [], added: [] }, place);
  const { groupId: group } = founder;
  const child = await server.child(node, commit, after.keys.epochKey.publicKey);
  member.event({ type: "child", group, parent: node, child });
  await member.settled();
  member.event({ type: "row", group, node, row: await server.row(node, message) });
  await member.settled();
  member.stop();
  return { alarms: alarms.map(({ kind }) => kind), heard };
}

test("a message of an old epoch that stands after the commit is refused", async () => {
  expect(await late(await victim(HONEST))).toEqual({ alarms: ["bad-message"], heard: [] });
});

test("guard: without the check of the epoch and the erasing of its keys the late message is taken", async () => {
  const place = await vi.importActual<typeof Place>("../src/meeting/place.js");
  const modules = await without({
    "../src/meeting/place.js": () => ({ ...place, checkEpoch: () => undefined, checkPlace: () => undefined }),
    "../src/group/forget.js": () => ({ withoutPastEpochs: (state: unknown) => state, erase: () => undefined }),
  });
  expect(await late(await victim(modules))).toEqual({ alarms: [], heard: ["late"] });
});

/** The server showed the sender another history than the victim: the sender's head says so. */
async function forked({ server, member, founder, node, alarms, heard }: Victim): Promise<{ alarms: string[]; heard: string[] }> {
  const { groupId: group } = founder;
  const { next, message } = await founder.seal(utf8("first"), encodePlace({ node, head: server.head, position: server.position }));
  member.event({ type: "row", group, node, row: await server.row(node, message) });
  const other = await next.seal(utf8("second"), encodePlace({ node, head: bytes(32, 66), position: server.position }));
  member.event({ type: "row", group, node, row: await server.row(node, other.message) });
  await member.settled();
  member.stop();
  return { alarms: alarms.map(({ kind }) => kind), heard };
}

test("a server that shows two histories is found out by the next message of a member who saw the other", async () => {
  expect((await forked(await victim(HONEST))).alarms).toEqual(["forked"]);
});

test("guard: without the check of the sender's place the fork goes unnoticed", async () => {
  const place = await vi.importActual<typeof Place>("../src/meeting/place.js");
  const modules = await without({ "../src/meeting/place.js": () => ({ ...place, checkPlace: () => undefined }) });
  expect(await forked(await victim(modules))).toEqual({ alarms: [], heard: ["first", "second"] });
});

test("a row whose head is not the chain's, and two heads for one position, are alarms", async () => {
  const { server, member, founder, node, alarms } = await victim(HONEST);
  const { groupId: group } = founder;
  const { message } = await founder.seal(utf8("one"), encodePlace({ node, head: server.head, position: 0 }));
  const row = await server.row(node, message);
  member.event({ type: "row", group, node, row: { body: utf8("other"), receipt: row.receipt } });
  await member.settled();
  expect(alarms.map(({ kind }) => kind)).toEqual(["forked"]);
  member.event({ type: "row", group, node, row });
  member.event({ type: "row", group, node, row: { ...row, receipt: await server.receipt(1, bytes(32, 3)) } });
  await member.settled();
  member.stop();
  expect(alarms.map(({ detail }) => detail)).toHaveLength(2);
});

test("a next epoch whose key on the wire is not the group's is not followed", async () => {
  const { server, member, founder, node, alarms } = await victim(HONEST);
  const { commit } = await founder.stage({ removed: [], added: [] }, encodePlace({ node, head: server.head, position: 0 }));
  member.event({ type: "child", group: founder.groupId, parent: node, child: await server.child(node, commit, bytes(32, 8)) });
  await member.settled();
  expect(alarms.map(({ kind }) => kind)).toEqual(["bad-commit"]);
});

test("a receipt that another key signed is an alarm", async () => {
  const { server, member, founder, node, alarms, heard } = await victim(HONEST);
  const { message } = await founder.seal(utf8("one"), encodePlace({ node, head: server.head, position: 0 }));
  const row = await server.row(node, message);
  member.event({ type: "row", group: founder.groupId, node, row: { ...row, receipt: { ...row.receipt, signature: bytes(64, 1) } } });
  await member.settled();
  member.stop();
  expect([alarms.map(({ kind }) => kind), heard]).toEqual([["forked"], []]);
});
