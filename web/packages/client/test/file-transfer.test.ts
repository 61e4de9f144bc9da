/** Files between two people over a real server: up, down, paused, cancelled, deleted, and through kill -9. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LocalMeeting } from "../src/local.js";
import type { Message, MeetingState, Transfer } from "../src/state.js";
import { receiveFile, sendFile } from "../src/testing/headless.js";
import { count, inside, Someone, until } from "./meetings.js";
import { Server } from "./server.js";

let server: Server;
let ada: LocalMeeting;
let budi: LocalMeeting;
const people: Someone[] = [];

beforeAll(async () => {
  server = await Server.start();
  for (const name of ["Ada", "Budi"]) people.push(await Someone.at(server.origin, name));
  ada = await people[0]!.start();
  budi = await people[1]!.join(ada.link);
  await until(ada, "two", count(2));
}, 30_000);

afterAll(async () => {
  for (const { client } of people) client.close();
  await server.stop();
});

/** `size` bytes that do not repeat at the chunks' lengths. */
function content(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >>> 13)) & 0xff);
}

const named = (name: string) => ({ messages }: MeetingState): boolean => messages.some(({ file }) => file?.name === name);
const messageOf = ({ state }: LocalMeeting, name: string): Message => state.messages.find(({ file }) => file?.name === name)!;
const transferOf = ({ state }: LocalMeeting, name: string): Transfer | undefined => state.transfers.find((each) => each.name === name);

test.each([0, 1, 1_048_560, 9_000_001])("a file of %d bytes is the same at the other end", async (size) => {
  const bytes = content(size);
  const name = `file-${size}.bin`;
  await sendFile(ada, new Blob([bytes]), `../${name}`);
  await until(budi, "the file", named(`_${name}`));
  const { id, file } = messageOf(budi, `_${name}`);
  expect(file).toMatchObject({ name: `_${name}`, size });
  expect(file!.expires - Date.now()).toBeGreaterThan(86_400_000);
  expect(Buffer.compare(await receiveFile(budi, id), bytes)).toBe(0);
  expect(ada.state.transfers).toEqual([]);
});

test("a server killed in an upload and in a download costs nobody a byte", async () => {
  const bytes = content(24_000_000);
  const sending = sendFile(ada, new Blob([bytes]), "killed.bin");
  await until(ada, "some of it is there", (state) => (state.transfers[0]?.done ?? 0) > 0);
  await server.kill();
  await until(ada, "it waits", (state) => state.transfers[0]?.state === "waiting");
  await server.up();
  await sending;
  await until(budi, "the file", named("killed.bin"));

  const receiving = receiveFile(budi, messageOf(budi, "killed.bin").id);
  await until(budi, "some of it came", (state) => (state.transfers[0]?.done ?? 0) > 0);
  await server.kill();
  await server.up();
  expect(Buffer.compare(await receiving, bytes)).toBe(0);
}, 40_000);

test("an upload that is paused stands still and goes on; one that is cancelled leaves no message", async () => {
  await until(ada, "inside", inside);
  const big = new File([content(30_000_000)], "paused.bin");
  const id = await ada.files.send(big);
  await until(ada, "it runs", (state) => (state.transfers[0]?.done ?? 0) > 0);
  await ada.files.pause(id);
  await until(ada, "it is paused", () => transferOf(ada, "paused.bin")?.state === "paused");
  await ada.files.resume(id);
  const other = await ada.files.send(new File([content(30_000_000)], "cancelled.bin"));
  await until(ada, "the other runs", () => (transferOf(ada, "cancelled.bin")?.done ?? 0) > 0);
  await ada.files.cancel(other);
  await until(budi, "the paused file", named("paused.bin"), 20_000);
  expect(named("cancelled.bin")(budi.state)).toBe(false);
  expect(Buffer.compare(await receiveFile(budi, messageOf(budi, "paused.bin").id), content(30_000_000))).toBe(0);
}, 40_000);

test("what its sender deletes is gone from the server, and says so", async () => {
  await sendFile(ada, new Blob(["secret"]), "gone.txt");
  await until(budi, "the file", named("gone.txt"));
  const { id } = messageOf(budi, "gone.txt");
  const reference = budi.session.chat.file(id)!;
  await ada.delete(id);
  await until(budi, "deleted", ({ messages }) => messages.some((message) => message.id === id && message.deleted && message.file === null));
  await expect(receiveFile(budi, id)).rejects.toMatchObject({ code: "gone" });
  // Somebody who kept the reference finds nothing either.
  const kept = await budi.session.chat.share(reference);
  await expect(receiveFile(budi, kept)).rejects.toMatchObject({ code: "gone" });
});

test("a message with the capability of another file, another size or another hash gives nothing", async () => {
  await sendFile(ada, new Blob([content(2_000_000)]), "one.bin");
  await sendFile(ada, new Blob([content(2_000_001)]), "two.bin");
  await until(budi, "both", named("two.bin"));
  const [one, two] = ["one.bin", "two.bin"].map((name) => ada.session.chat.file(messageOf(ada, name).id)!);
  const lies = [
    { ...one!, capability: two!.capability },
    { ...one!, key: two!.key, prefix: two!.prefix, capability: two!.capability },
    { ...one!, size: 100 },
    { ...one!, size: 20_000_000 },
    { ...one!, hash: two!.hash },
  ];
  for (const lie of lies) {
    const message = await ada.session.chat.share(lie);
    await until(budi, "the lie", ({ messages }) => messages.some(({ id }) => id === message));
    await expect(receiveFile(budi, message)).rejects.toMatchObject({ code: "bad" });
  }
});

test("a file that is larger than the server takes is refused with that reason", async () => {
  const empty = { arrayBuffer: (): Promise<ArrayBuffer> => Promise.resolve(new ArrayBuffer(0)) };
  const id = await ada.files.send({ name: "huge.bin", type: "", size: 2 ** 45, slice: () => empty });
  await until(ada, "refused", ({ transfers }) => transfers.some((each) => each.id === id && each.state === "failed"));
  expect(transferOf(ada, "huge.bin")?.problem).toMatch(/too_large|storage_full|quota/);
  await ada.files.cancel(id);
});
