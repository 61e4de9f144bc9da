/** Hosts rule, on a real server: lobby, kick, lock, end, handing over, links with a date (docs/protocol/rule.md). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HostAct, LinkOptions } from "../src/api.js";
import type { LocalMeeting } from "../src/local.js";
import type { MeetingState } from "../src/state.js";
import { EQUALS, type Terms } from "../src/group/rule.js";
import type { Visitor } from "../src/meeting/knock.js";
import { Lobby, MOST_MEMBERS } from "../src/meeting/lobby.js";
import { count, inside, Someone, until } from "./meetings.js";
import { nodeSurroundings } from "../src/testing/node.js";
import { Server } from "./server.js";

let server: Server;
beforeAll(async () => {
  server = await Server.start();
}, 30_000);
afterAll(() => server.stop());

const everybody: Someone[] = [];
afterAll(() => everybody.forEach(({ client }) => client.close()));

async function someone(name: string): Promise<Someone> {
  const one = await Someone.at(server.origin, name);
  everybody.push(one);
  return one;
}

async function hosted(door: LinkOptions["door"]): Promise<{ host: Someone; atHost: LocalMeeting }> {
  const host = await someone("Host");
  const atHost = await host.client.startMeeting({ name: "Host", suite: "classic", ...(door === undefined ? {} : { door }) });
  await until(atHost, "started", inside);
  return { host, atHost };
}

/** At the door, not yet in. */
async function knock(link: string, name: string): Promise<LocalMeeting> {
  return (await someone(name)).client.joinMeeting(link, { name });
}

async function join(link: string, name: string): Promise<LocalMeeting> {
  return (await someone(name)).join(link);
}

const failed = (kind: string) => ({ error }: MeetingState): boolean => error?.kind === kind;
const waits = (name: string) => ({ lobby }: MeetingState): boolean => lobby.some((waiter) => waiter.name === name);
const phase = (wanted: MeetingState["phase"]) => (state: MeetingState): boolean => state.phase === wanted;

function accountOf(meeting: LocalMeeting, name: string): string {
  const { people, lobby } = meeting.state;
  return [...people, ...lobby].find((person) => person.name === name)?.account ?? expect.fail(`no ${name}`);
}

async function admit(atHost: LocalMeeting, name: string): Promise<void> {
  await until(atHost, `${name} at the door`, waits(name));
  await atHost.govern({ act: "admit", account: accountOf(atHost, name) });
}

describe("a lobby", () => {
  test("a host lets in one by one, or sends away; a guest does neither", async () => {
    const { atHost } = await hosted("lobby");
    const atBea = await knock(atHost.link, "Bea");
    expect(atBea.state.rules).toMatchObject({ hosted: true, lobby: true });
    await admit(atHost, "Bea");
    await until(atBea, "in", inside);
    expect(atBea.state.me.host).toBe(false);
    const atCid = await knock(atHost.link, "Cid");
    await until(atHost, "Cid waits", waits("Cid"));
    expect(atBea.state.lobby).toEqual([]);
    await expect(atBea.govern({ act: "admit", account: accountOf(atHost, "Cid") })).rejects.toMatchObject({ code: "not-host" });
    await atHost.govern({ act: "deny", account: accountOf(atHost, "Cid") });
    await until(atCid, "sent away", failed("refused"));
    expect(atHost.state.people.map(({ name, host }) => [name, host])).toEqual([["Host", true], ["Bea", false]]);
    expect(atHost.state.lobby).toEqual([]);
  }, 30_000);

  test("holds while no host is there, and a host comes back through it", async () => {
    const { host, atHost } = await hosted("lobby");
    const atBea = await knock(atHost.link, "Bea");
    await admit(atHost, "Bea");
    await until(atBea, "in", inside);
    await atHost.leave();
    await until(atBea, "alone", count(1));
    const atCid = await knock(atHost.link, "Cid");
    const again = await host.join(atHost.link);
    await until(again, "Cid waits", waits("Cid"));
    expect([again.state.me.host, atCid.state.phase, again.state.people.length]).toEqual([true, "waiting", 2]);
    await admit(again, "Cid");
    await until(atCid, "in", inside);
  }, 40_000);
});

describe("who is kicked", () => {
  test("is out for good: not by the same account, a new one, or a new generation", async () => {
    const { host, atHost } = await hosted("link");
    const bea = await someone("Bea");
    const atBea = await bea.join(atHost.link);
    const atCid = await join(atHost.link, "Cid");
    await until(atHost, "three", count(3));
    await atHost.govern({ act: "kick", account: accountOf(atHost, "Bea") });
    await until(atBea, "kicked", phase("kicked"));
    await until(atCid, "two", count(2));
    expect(atCid.state.rules.lobby).toBe(true);
    await until(await bea.client.joinMeeting(atHost.link, { name: "Bea" }), "known", failed("banned"));
    const anew = await knock(atHost.link, "Bea in another hat");
    await until(atHost, "waits like everybody", waits("Bea in another hat"));
    await atCid.leave();
    await atHost.leave();
    // Nobody is there: who has the link alone cannot open a generation.
    await until(anew, "nobody", ({ waiting }) => waiting === "nobody-there");
    const back = await host.join(atHost.link);
    await until(back, "still asked", waits("Bea in another hat"));
    expect([anew.state.phase, back.state.rules.lobby]).toEqual(["waiting", true]);
    await until(await bea.client.joinMeeting(atHost.link, { name: "Bea" }), "still known", failed("banned"));
  }, 60_000);
});

describe("a host", () => {
  test("locks and opens; who was in comes back all the same", async () => {
    const { atHost } = await hosted("link");
    const bea = await someone("Bea");
    const atBea = await bea.join(atHost.link);
    await atHost.govern({ act: "lock", on: true });
    await until(atBea, "told", ({ rules }) => rules.locked);
    await until(await knock(atHost.link, "Cid"), "locked out", failed("locked"));
    atBea.close();
    await bea.join(atHost.link);
    await atHost.govern({ act: "lock", on: false });
    await join(atHost.link, "Cid");
  }, 30_000);

  test("ends the meeting for all, and opens it again", async () => {
    const { atHost } = await hosted("link");
    const atBea = await join(atHost.link, "Bea");
    await atHost.govern({ act: "end" });
    await Promise.all([atHost, atBea].map((each) => until(each, "ended", phase("ended"))));
    atBea.rejoin();
    await until(atBea, "waiting", ({ waiting }) => waiting === "nobody-there");
    atHost.rejoin();
    await Promise.all([atHost, atBea].map((each) => until(each, "both again", count(2), 30_000)));
  }, 60_000);

  test("makes another host, who then rules, and opens the meeting alone", async () => {
    const { atHost } = await hosted("link");
    const bea = await someone("Bea");
    const atBea = await bea.join(atHost.link);
    const atCid = await join(atHost.link, "Cid");
    await until(atHost, "three", count(3));
    await expect(atHost.govern({ act: "step-down" })).rejects.toMatchObject({ code: "not-host" });
    await atHost.govern({ act: "promote", account: bea.client.account });
    await until(atBea, "host", ({ me }) => me.host);
    await atHost.govern({ act: "step-down" });
    await until(atBea, "the only one", ({ people }) => people.filter(({ host }) => host).length === 1);
    await expect(atHost.govern({ act: "lock", on: true })).rejects.toMatchObject({ code: "not-host" });
    await atBea.govern({ act: "kick", account: accountOf(atBea, "Cid") });
    await until(atCid, "kicked", phase("kicked"));
    for (const each of [atHost, atBea]) await each.leave();
    expect((await bea.join(atHost.link)).state.me.host).toBe(true);
    expect([atHost, atBea].flatMap((each) => each.state.seal.alarms)).toEqual([]);
  }, 60_000);

  test("asks to mute, and is heard; a guest is not", async () => {
    const { atHost } = await hosted("link");
    const atBea = await join(atHost.link, "Bea");
    await until(atHost, "two", count(2));
    const mute: HostAct = { act: "ask", what: "mute", account: null };
    await expect(atBea.govern(mute)).rejects.toMatchObject({ code: "not-host" });
    await atHost.govern(mute);
    await until(atBea, "asked", ({ asked }) => asked?.by === "Host" && asked.count === 1 && asked.what === "mute");
    expect(atHost.state.asked).toBeNull();
  }, 30_000);

  test("revokes the link: nobody new comes in, and who was in comes back", async () => {
    const { host, atHost } = await hosted("link");
    const bea = await someone("Bea");
    const atBea = await bea.join(atHost.link);
    await atHost.govern({ act: "revoke" });
    await until(await knock(atHost.link, "Cid"), "closed", failed("closed"));
    atBea.close();
    const back = await bea.join(atHost.link);
    await until(back, "two", count(2));
    for (const each of [back, atHost]) await each.leave();
    // With nobody there the link is of no use, to its own host as well: both are told so.
    for (const one of [host, bea]) await until(await one.client.joinMeeting(atHost.link, { name: one.name }), "closed", failed("closed"));
  }, 30_000);
});

test("a meeting that is full lets in only who belongs to it", () => {
  const members = Array.from({ length: MOST_MEMBERS }, (_, index) => `member ${index}`);
  const judge = (account: string, inside: readonly string[], rule: Terms): string => {
    const verdict = new Lobby().judge({ account, name: "Bea" } as Visitor, { ...rule, signature: new Uint8Array() }, inside, false, false, 0);
    return verdict.kind === "deny" ? verdict.reason : verdict.kind;
  };
  expect(judge("bea", members, EQUALS)).toBe("full");
  expect(judge("bea", members.slice(1), EQUALS)).toBe("admit");
  expect(judge("member 7", members, EQUALS)).toBe("admit");
  expect(judge("host", members, { ...EQUALS, hosts: ["host"] })).toBe("admit");
});

describe("a link with a date", () => {
  test("is made ahead; guests wait until its host comes, on any day", async () => {
    const host = await someone("Host");
    const link = await host.client.makeLink({ door: "lobby", until: Date.now() + 90 * 86_400_000 });
    const atBea = await knock(link, "Bea");
    await until(atBea, "nobody yet", ({ waiting }) => waiting === "nobody-there");
    expect(atBea.state.rules.until).toBeGreaterThan(Date.now());
    const atHost = await host.join(link);
    await admit(atHost, "Bea");
    await until(atBea, "in", inside);
  }, 30_000);

  test("lets nobody in after it, whatever their clock says", async () => {
    const clock = { ahead: 0 };
    const at = async (name: string, now: () => number): Promise<Someone> => {
      const one = await Someone.at(server.origin, name, undefined, { ...nodeSurroundings(), now });
      everybody.push(one);
      return one;
    };
    const host = await at("Host", () => Date.now() + clock.ahead);
    const link = await host.client.makeLink({ door: "equals", until: Date.now() + 60_000 });
    await host.join(link);
    clock.ahead = 120_000;
    await until(await knock(link, "Slow"), "closed", failed("closed"));
    await until(await (await at("Late", () => Date.now() + clock.ahead)).client.joinMeeting(link, { name: "Late" }), "expired", failed("expired"));
  }, 30_000);
});
