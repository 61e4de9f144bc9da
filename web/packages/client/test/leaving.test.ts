/**
 * Who leaves is gone within two seconds, whatever else happens in the group (docs/protocol/meeting.md 8).
 *
 * `SEGEL_LEAVES=40` has so many rounds of people who go while others do, each hearing of it late.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LocalMeeting } from "../src/local.js";
import { gated, Gate, lagging } from "./lines.js";
import { count, Someone, until } from "./meetings.js";
import { Server } from "./server.js";

const LEAVES = Number(process.env["SEGEL_LEAVES"] ?? "0");
/** Milliseconds by which what the server says is late at most. */
const LAG = 200;
/** Milliseconds: a busy machine is given more than two seconds, and a silent member has 45. */
const GONE = 5_000;

let server: Server;

beforeAll(async () => {
  server = await Server.start();
}, 30_000);

afterAll(() => server.stop());

function without(name: string): (meeting: LocalMeeting) => Promise<unknown> {
  return (meeting) => until(meeting, `${name} is gone`, ({ people }) => people.every((person) => person.name !== name), GONE);
}

test("who says goodbye in an epoch that is over, of which they have not heard, is gone", async () => {
  const heard = new Gate();
  let ahead = 0;
  const around = { ...gated(heard, new Gate()), now: () => Date.now() + ahead };
  const [ada, bea, cid] = [await Someone.at(server.origin, "Ada"), await Someone.at(server.origin, "Bea", undefined, around), await Someone.at(server.origin, "Cid")];
  const atAda = await ada.start();
  const atBea = await bea.join(atAda.link);
  const atCid = await cid.join(atAda.link);
  await until(atBea, "three people", count(3));
  // Long enough for everybody to have entered that epoch.
  ahead = 5_000;
  heard.hold();
  await atCid.leave();
  await without("Cid")(atAda);
  // The server's answer to the goodbye, behind the word of the new epoch.
  const answered = heard.next();
  const left = atBea.leave();
  await answered;
  heard.release();
  await without("Bea")(atAda);
  await left;
  expect(atBea.state.phase).toBe("left");
  ada.client.close();
}, 30_000);

test("a closed page's goodbye is not forgotten where the next epoch was on its way without it", async () => {
  const said = new Gate();
  const [ada, bea, cid] = [await Someone.at(server.origin, "Ada", undefined, gated(new Gate(), said)), await Someone.at(server.origin, "Bea"), await Someone.at(server.origin, "Cid")];
  const atAda = await ada.start();
  const atBea = await bea.join(atAda.link);
  await until(atBea, "Ada is there", ({ people }) => people.some(({ you, present }) => !you && present));
  const farewell = (await atBea.session.farewell()) ?? expect.fail();
  said.hold();
  // Ada's commit, that lets Cid in.
  const commit = said.next();
  const joining = cid.join(atAda.link);
  await commit;
  atBea.close();
  await fetch(`${server.origin}/v1/call`, { method: "POST", body: Uint8Array.from(farewell) });
  await until(atAda, "Bea said goodbye", ({ people }) => people.some(({ name, present }) => name === "Bea" && !present));
  said.release();
  await Promise.all([atAda, await joining].map(without("Bea")));
  for (const { client } of [ada, cid]) client.close();
}, 30_000);

test.runIf(LEAVES > 0)("people come, and go at once or one after the other, each hearing of it late", { timeout: LEAVES * 30_000 }, async () => {
  const someone = (name: string): Promise<Someone> => Someone.at(server.origin, name, undefined, lagging(LAG));
  const [ada, bea] = [await someone("Ada"), await someone("Bea")];
  const atAda = await ada.start();
  const atBea = await bea.join(atAda.link);
  for (let round = 0; round < LEAVES; round++) {
    const names = [`Cid ${round}`, `Dan ${round}`];
    const guests = await Promise.all(names.map(async (name) => (await someone(name)).join(atAda.link)));
    await until(atAda, "four people", count(4));
    await Promise.all(guests.map(async (guest, at) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_500));
      void guest.leave();
      await Promise.all([atAda, atBea].map(without(names[at] ?? "")));
    }));
  }
  for (const { client } of [ada, bea]) client.close();
});
