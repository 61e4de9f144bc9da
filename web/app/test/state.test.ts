/** The page's own logic: addresses, what a server says, what is announced, what failed. */

import { beforeAll, describe, expect, it } from "vitest";
import { MeetingError } from "@segel/client/api";
import { VERSION } from "@segel/wire";
import { meetingOf, person } from "../src/fixtures/meeting.js";
import { announcements } from "../src/state/announcements.js";
import { readAddress } from "../src/state/address.js";
import { failureOf } from "../src/state/failure.js";
import { lackOf } from "../src/state/browser.js";
import { PROTOCOL, readServerInfo } from "../src/state/server.js";
import { speak } from "../src/strings/index.js";

beforeAll(() => speak("en"));

function address(href: string) {
  return readAddress(new URL(href));
}

const open = Buffer.from([1, 1, ...Array<number>(16).fill(7)]).toString("base64url");
const hosted = Buffer.from([1, 0, ...Array<number>(48).fill(250)]).toString("base64url");

describe("readAddress", () => {
  it("reads a link with and without an opener, and with a date", () => {
    const dated = [22, 54].map((length) => Buffer.from([1, 4, ...Array<number>(length - 2).fill(9)]).toString("base64url"));
    for (const fragment of [open, hosted, ...dated]) {
      const link = `https://meet.example/m#${fragment}`;
      expect(address(link)).toEqual({ at: "door", link });
    }
  });

  it.each(["", "#", `#${open.slice(1)}`, `#${open}A`, `#B${open.slice(1)}`, "#<script>", `#${hosted.slice(0, -1)}`])("refuses the fragment %j", (fragment) => {
    expect(address(`https://meet.example/m${fragment}`)).toEqual({ at: "bad-link" });
  });

  it("brings an invitation to the start page", () => {
    expect(address("https://meet.example/#invite=abc")).toEqual({ at: "home", invitation: "abc" });
    expect(address("https://meet.example/")).toEqual({ at: "home", invitation: "" });
  });

  it.each(["/nope", "/m/", "/M", "/m/more", "/index.htm"])("finds nothing at %s", (path) => {
    expect(address(`https://meet.example${path}#${open}`)).toEqual({ at: "not-found" });
  });
});

describe("lackOf", () => {
  it("finds nothing missing here", async () => {
    expect(await lackOf({ isSecureContext: true, crypto })).toBe(null);
  });

  it("asks for https first, then for signatures", async () => {
    const old = { subtle: { generateKey: () => Promise.reject(new DOMException("", "NotSupportedError")) } } as unknown as Crypto;
    expect(await lackOf({ isSecureContext: false, crypto: {} as Crypto })).toBe("insecure");
    expect(await lackOf({ isSecureContext: true, crypto: old })).toBe("keys");
  });
});

describe("readServerInfo", () => {
  it("knows the protocol that the client speaks", () => {
    expect(PROTOCOL).toBe(VERSION);
  });

  it("reads what the server says", () => {
    const keeps = [{ what: "a", why: "b", until: "c" }];
    const info = readServerInfo({ operator: "O", location: "L", contact: "C", starters: "invited", protocol: 2, keeps, more: 1 });
    expect(info).toEqual({ operator: "O", location: "L", contact: "C", starters: "invited", protocol: 2, keeps });
  });

  it.each([null, 3, "x", [], {}, { operator: { toString: "x" }, keeps: "all" }, { keeps: [null, 3, {}, { what: 9 }], starters: 1 }])(
    "takes %j for nothing said, and never throws",
    (value) => {
      expect(readServerInfo(value)).toEqual({ operator: "", location: "", contact: "", starters: "anyone", protocol: VERSION, keeps: [] });
    },
  );

  it("cuts a flood", () => {
    const info = readServerInfo({ operator: "x".repeat(1e6), keeps: Array(1_000).fill({ what: "a" }) });
    expect(info.operator).toHaveLength(500);
    expect(info.keeps).toHaveLength(50);
  });
});

describe("announcements", () => {
  const two = meetingOf(2, { messages: [] });

  it("says who came and who left", () => {
    const three = meetingOf(3, { messages: [] });
    expect(announcements(two, three)).toEqual([`${person(2).name} came in`]);
    expect(announcements(three, two)).toEqual([`${person(2).name} left`]);
  });

  it("says new messages of others, once, and the connection", () => {
    const { messages } = meetingOf(3);
    const next = meetingOf(2, { messages: messages.slice(0, 1), connection: "away" });
    expect(announcements(two, next)).toEqual(["Connection lost, coming back", `${person(1).name} wrote: Good morning! Shall we begin?`]);
    expect(announcements(next, next)).toEqual([]);
  });

  it("says that others deleted a message, once", () => {
    const [message] = meetingOf(3).messages.filter((each) => !each.you);
    if (message === undefined) throw new Error("a message is missing");
    const before = meetingOf(2, { messages: [message] });
    const after = meetingOf(2, { messages: [{ ...message, deleted: true }] });
    expect(announcements(before, after)).toEqual([`${message.name} deleted a message`]);
    expect(announcements(after, after)).toEqual([]);
  });

  it("is silent outside the meeting", () => {
    expect(announcements(meetingOf(1, { phase: "waiting" }), meetingOf(3))).toEqual([]);
  });
});

describe("failureOf", () => {
  it("tells a person's failures from ours", () => {
    expect(failureOf(new MeetingError("bad_invitation", "No."))).toEqual({ kind: "invitation", detail: "No." });
    expect(failureOf(new MeetingError("never heard of", "Hm."))).toEqual({ kind: "internal", detail: "Hm." });
    expect(failureOf(new TypeError("x is undefined"))).toEqual({ kind: "internal", detail: "" });
    expect(failureOf("thrown")).toEqual({ kind: "internal", detail: "" });
  });
});
