import { afterAll, beforeAll, expect, test } from "vitest";
import { toHex } from "../src/bytes.js";
import type { Socket } from "../src/runtime/surroundings.js";
import type { LocalMeeting } from "../src/local.js";
import { authenticator, gather } from "../src/testing/headless.js";
import { count, hurried, inside, sent, Someone, until } from "./meetings.js";
import { Server } from "./server.js";

let server: Server;
beforeAll(async () => {
  server = await Server.start();
}, 30_000);
afterAll(() => server.stop());

test("two people meet, agree on the code, and read each other", async () => {
  const [ada, bea] = [await Someone.at(server.origin, "Ada"), await Someone.at(server.origin, "Bea")];
  const atAda = await ada.start("hybrid");
  const atBea = await bea.join(atAda.link);
  await until(atAda, "two people", count(2));
  await atAda.send("good morning");
  await until(atBea, "Ada's message", sent("good morning"));
  await atBea.send("and to you");
  await until(atAda, "Bea's message", sent("and to you"));
  expect(await atAda.computeCode()).toEqual(await atBea.computeCode());
  expect(atAda.state.seal).toMatchObject({ suite: "hybrid", alarms: [] });
  ada.client.close();
  bea.client.close();
}, 30_000);

/** A socket that falls silent for good with the n-th message of this type: who sent it has died. */
function muteAt(socket: Socket, type: string, nth: number): Socket {
  const send = socket.send.bind(socket);
  let left = nth;
  socket.send = (data) => {
    if (new TextDecoder("latin1").decode(data.subarray(0, 200)).includes(type)) left--;
    if (left > 0) send(data);
  };
  return socket;
}

function epochKey(meeting: LocalMeeting): string {
  return toHex(meeting.session.group?.keys.epochKey.publicKey ?? new Uint8Array());
}

test("eight who knock at once are let in by at most four commits", async () => {
  const host = await Someone.at(server.origin, "Host");
  const atHost = await host.start();
  const guests = await Promise.all(Array.from({ length: 8 }, (_, i) => Someone.at(server.origin, `Guest ${i}`)));
  const meetings = await Promise.all(guests.map((guest) => guest.join(atHost.link)));
  await Promise.all([atHost, ...meetings].map((meeting) => until(meeting, "nine people", count(9))));
  expect(atHost.state.seal.epoch).toBeLessThanOrEqual(4);
  expect(new Set([atHost, ...meetings].map(authenticator)).size).toBe(1);
  for (const { client } of [host, ...guests]) client.close();
}, 40_000);

test("who leaves has left within moments, though the server does not answer", async () => {
  const ada = await Someone.at(server.origin, "Ada");
  const atAda = await ada.start();
  server.freeze(true);
  try {
    const began = performance.now();
    await atAda.leave();
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(atAda.state.phase).toBe("left");
  } finally {
    server.freeze(false);
  }
}, 20_000);

test("who leaves is out of the group, and a new key is in use, within two seconds", async () => {
  const [ada, bea, cid] = await Promise.all(["Ada", "Bea", "Cid"].map((name) => Someone.at(server.origin, name)));
  if (!ada || !bea || !cid) throw new Error("nobody");
  const atAda = await ada.start();
  const atBea = await bea.join(atAda.link);
  const atCid = await cid.join(atAda.link);
  await Promise.all([atAda, atBea].map((meeting) => until(meeting, "three people", count(3))));
  const before = epochKey(atBea);
  const began = performance.now();
  await atAda.leave();
  await Promise.all([atBea, atCid].map((meeting) => until(meeting, "two people", count(2))));
  expect(performance.now() - began).toBeLessThan(2000);
  expect(epochKey(atBea)).not.toBe(before);
  expect(epochKey(atBea)).toBe(epochKey(atCid));
  expect(atAda.state.phase).toBe("left");
  for (const { client } of [ada, bea, cid]) client.close();
}, 30_000);

test("who leaves right after somebody else did is not let in again", async () => {
  const [ada, bea, cid] = await Promise.all(["Ada", "Bea", "Cid"].map((name) => Someone.at(server.origin, name)));
  if (!ada || !bea || !cid) throw new Error("nobody");
  const atAda = await ada.start();
  const atBea = await bea.join(atAda.link);
  const atCid = await cid.join(atAda.link);
  await Promise.all([atAda, atBea, atCid].map((meeting) => until(meeting, "three people", count(3))));
  await atCid.leave();
  await until(atBea, "two people", count(2));
  // Each says goodbye twice after a change of epoch, and may be removed between the two.
  const began = performance.now();
  await atBea.leave();
  await until(atAda, "one person", count(1));
  expect(performance.now() - began).toBeLessThan(2000);
  expect(atBea.state.phase).toBe("left");
  for (const { client } of [ada, bea, cid]) client.close();
}, 60_000);

test("who vanishes is removed once it could have been heard for 45 seconds", async () => {
  const factor = 10;
  const ada = await Someone.at(server.origin, "Ada", undefined, hurried(factor));
  const bea = await Someone.at(server.origin, "Bea", undefined, hurried(factor));
  const atAda = await ada.start();
  const atBea = await bea.join(atAda.link);
  await until(atAda, "two people", count(2));
  const began = performance.now();
  atBea.close();
  await until(atAda, "Bea is not present", ({ people }) => people.some(({ you, present }) => !you && !present));
  await until(atAda, "Ada alone", count(1));
  expect((performance.now() - began) * factor).toBeGreaterThan(35_000);
  ada.client.close();
}, 30_000);

test("who was added by somebody that died before the Welcome is let in anew, long before their leaf vanishes", async () => {
  const factor = 4;
  const around = hurried(factor);
  const ada = await Someone.at(server.origin, "Ada", undefined, { ...around, connect: (url) => muteAt(around.connect(url), "deliver", 2) });
  const [bea, cem] = [await Someone.at(server.origin, "Bea", undefined, hurried(factor)), await Someone.at(server.origin, "Cem", undefined, hurried(factor))];
  const atAda = await ada.start();
  const atBea = await bea.join(atAda.link);
  await until(atBea, "Ada and Bea", count(2));
  const began = performance.now();
  const atCem = await cem.join(atAda.link);
  expect((performance.now() - began) * factor).toBeLessThan(20_000);
  await until(atBea, "each once", count(3));
  expect(await atBea.computeCode()).toEqual(await atCem.computeCode());
  for (const { client } of [ada, bea, cem]) client.close();
}, 30_000);

test("who comes back after a reload is the same person, with the messages of before", async () => {
  const [ada, bea] = [await Someone.at(server.origin, "Ada"), await Someone.at(server.origin, "Bea")];
  const atAda = await ada.start();
  const atBea = await bea.join(atAda.link);
  await atAda.send("before the reload");
  await until(atBea, "the message", sent("before the reload"));
  await atBea.send("mine");
  await until(atAda, "the answer", sent("mine"));
  const account = atBea.state.me.account;
  atBea.close();
  const again = await Someone.at(server.origin, "Bea", bea.store);
  const atAgain = await again.join(atAda.link);
  expect(atAgain.state.me.account).toBe(account);
  expect(atAgain.state.messages.map(({ text, you }) => [text, you])).toEqual([["before the reload", false], ["mine", true]]);
  await until(atAda, "the same two people", ({ people }) => people.length === 2 && people.some((person) => person.account === account));
  await atAda.send("after");
  await until(atAgain, "the next message", sent("after"));
  for (const { client } of [ada, bea, again]) client.close();
}, 30_000);

test("when everybody is gone, one of those who come opens the next generation and the others knock", async () => {
  const host = await Someone.at(server.origin, "Host");
  const atHost = await host.start();
  const { link } = atHost;
  await atHost.leave();
  const guests = await Promise.all(["Ada", "Bea", "Cid"].map((name) => Someone.at(server.origin, name)));
  const meetings = await Promise.all(guests.map((guest) => guest.join(link)));
  await Promise.all(meetings.map((meeting) => until(meeting, "three people", count(3), 20_000)));
  expect(new Set(meetings.map(authenticator)).size).toBe(1);
  expect(meetings[0]?.session.group?.meeting.generation).toBe(2);
  for (const { client } of guests) client.close();
}, 60_000);

test("edits, deletions and reactions are shown to all, and only one's own can be changed", async () => {
  const [ada, bea] = [await Someone.at(server.origin, "Ada"), await Someone.at(server.origin, "Bea")];
  const atAda = await ada.start();
  const atBea = await bea.join(atAda.link);
  await atAda.send("helo");
  const { id } = (await until(atBea, "the message", sent("helo"))).messages[0] ?? { id: "" };
  await atAda.edit(id, "hello");
  await until(atBea, "the edit", ({ messages }) => messages[0]?.text === "hello" && messages[0].edited);
  await atBea.edit(id, "forged");
  await atBea.delete(id);
  await atBea.react(id, "👍");
  await until(atAda, "the reaction", ({ messages }) => messages[0]?.reactions.length === 1);
  const own = (meeting: LocalMeeting): string => meeting.state.people.find(({ you }) => you)?.account ?? "";
  const reaction = { sign: "👍", accounts: [own(atBea)] };
  expect(atAda.state.messages[0]?.reactions).toEqual([{ ...reaction, others: ["Bea"], you: false }]);
  expect(atBea.state.messages[0]?.reactions).toEqual([{ ...reaction, others: [], you: true }]);
  expect(atAda.state.messages[0]).toMatchObject({ text: "hello", deleted: false });
  await atBea.react(id, "👍", false);
  await until(atAda, "no reaction", ({ messages }) => messages[0]?.reactions.length === 0);
  await atBea.send("yes?", { replyTo: id });
  await until(atAda, "the reply", ({ messages }) => messages[1]?.replyTo === id);
  await atAda.delete(id);
  await until(atBea, "the deletion", ({ messages }) => messages[0]?.deleted === true && messages[0].text === "");
  for (const { client } of [ada, bea]) client.close();
}, 30_000);

test("a server that is killed in the middle of a chat loses nothing that it acknowledged, and nobody is removed", async () => {
  const own = await Server.start();
  const [ada, bea] = [await Someone.at(own.origin, "Ada"), await Someone.at(own.origin, "Bea")];
  const atAda = await ada.start();
  const atBea = await bea.join(atAda.link);
  await until(atAda, "two people", count(2));
  const epoch = atAda.state.seal.epoch;
  const texts = Array.from({ length: 40 }, (_, i) => `message ${i}`);
  for (const text of texts.slice(0, 20)) await atAda.send(text);
  await until(atAda, "some are stored", ({ messages }) => messages.filter(({ delivery }) => delivery === "sent").length >= 5);
  await own.kill();
  for (const text of texts.slice(20)) await atAda.send(text);
  await until(atAda, "away", ({ connection }) => connection === "away");
  await own.up();
  await until(atBea, "every message", ({ messages }) => messages.length === 40, 25_000);
  await until(atAda, "all stored", ({ messages }) => messages.every(({ delivery }) => delivery === "sent"), 25_000);
  expect(atBea.state.messages.map(({ text }) => text).sort()).toEqual([...texts].sort());
  expect([atAda.state.seal.epoch, atAda.state.people.length]).toEqual([epoch, 2]);
  expect([...atAda.state.seal.alarms, ...atBea.state.seal.alarms]).toEqual([]);
  const cid = await Someone.at(own.origin, "Cid");
  const atCid = await cid.join(atAda.link);
  await until(atCid, "three people", count(3));
  for (const { client } of [ada, bea, cid]) client.close();
  await own.stop();
}, 60_000);

test("a second tab of one account takes the place of the first, which does not fight for it", async () => {
  const [ada, bea] = [await Someone.at(server.origin, "Ada"), await Someone.at(server.origin, "Bea")];
  const atAda = await ada.start();
  const first = await bea.join(atAda.link);
  const second = await (await Someone.at(server.origin, "Bea", bea.store)).join(atAda.link);
  await until(first, "replaced", ({ phase }) => phase === "replaced");
  await until(atAda, "two people", count(2));
  expect(inside(second.state)).toBe(true);
  for (const each of [atAda, first, second]) each.close();
}, 30_000);

test("fifty people who come at once are in one epoch within thirty seconds, hybrid suite", async () => {
  const { attendees, milliseconds, epochs, agree } = await gather(server.origin, 50, "hybrid");
  expect(agree).toBe(true);
  expect(epochs).toBeLessThanOrEqual(4);
  expect(milliseconds).toBeLessThan(30_000);
  expect(attendees.flatMap(({ meeting }) => meeting.state.seal.alarms)).toEqual([]);
  for (const { client } of attendees) client.close();
}, 60_000);

test("who finds no server is told so, and comes in when it is there", async () => {
  const other = await Server.start();
  const ada = await Someone.at(other.origin, "Ada");
  const atAda = await ada.start();
  const bea = await Someone.at(other.origin, "Bea");
  await other.kill();
  const atBea = await bea.client.joinMeeting(atAda.link, { name: "Bea" });
  await until(atBea, "told", ({ connection }) => connection === "away");
  const cid = await Someone.at(other.origin, "Cid");
  const atCid = await cid.client.startMeeting({ name: "Cid", suite: "classic" });
  expect(atCid.state).toMatchObject({ phase: "connecting", connection: "away" });
  await other.up();
  await Promise.all([atBea, atCid].map((each) => until(each, "in", inside, 20_000)));
  for (const { client } of [ada, bea, cid]) client.close();
  await other.stop();
}, 40_000);
