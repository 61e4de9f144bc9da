/**
 * All that the server receives, stores, logs and sends shows nothing of a meeting; on a build that
 * does not seal, the same questions must all be answered.
 */
import { attend } from "@segel/client/testing";
import type { Attendee } from "@segel/client/testing";
import { describe, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { Wiretap } from "../harness/wiretap.ts";
import { buildUnsealed } from "../unsealed/build.ts";

const NAMES = ["Ayu Kartika Lestari", "Budi Santoso Wijaya"] as const;
const TEXT = "the blue folder is under the stairs";
/** Bytes of a link's fragment before its secret: version and policy. */
const BEFORE_SECRET = 2;

/** What was recorded, and what the members know. */
interface Recording {
  readonly tap: Wiretap;
  readonly texts: readonly string[];
  readonly secret: Uint8Array;
  readonly keys: readonly Uint8Array[];
}

async function record(client: string | null): Promise<Recording> {
  const tap = await Wiretap.start(client);
  const browser = await launch("chromium", { picture: 180 });
  try {
    const [ayu, budi] = await Promise.all(NAMES.map(async (name) => Guest.arrive(browser, name)));
    if (ayu === undefined || budi === undefined) throw new Error("nobody came");
    const link = await ayu.start(tap.server.url);
    // A member without a page, who tells the test what members know; it cannot follow an unsealed group.
    const witness = client === null ? await attend(tap.server.url, link, "Witness") : null;
    await budi.join(link);
    await ayu.waitPeople(witness === null ? 2 : 3);
    await ayu.waitMoving(2);
    await budi.waitHearing(1);
    await ayu.write(TEXT);
    await budi.read(TEXT);
    await budi.waitFrames(60);
    const fragment = new URL(link).hash.slice(1);
    return {
      tap,
      texts: [...NAMES, TEXT, fragment],
      secret: Uint8Array.from(Buffer.from(fragment, "base64url").subarray(BEFORE_SECRET)),
      keys: witness === null ? [] : [baseKey(witness)],
    };
  } finally {
    await browser.close();
    await tap.server.halt();
  }
}

function baseKey(witness: Attendee): Uint8Array {
  const keys = witness.meeting.session.group?.keys;
  if (keys === undefined) throw new Error("the witness is not in the group");
  return keys.baseKey;
}

describe("a wiretap on the server", () => {
  test("shows nothing of a sealed meeting, and with its keys shows that it was there", async () => {
    const { tap, texts, secret, keys } = await record(null);
    const verdicts = await tap.check({ media: true, texts, secrets: [secret] });
    expect(verdicts.filter((verdict) => !verdict.sealed)).toEqual([]);
    expect(verdicts.map((verdict) => verdict.question)).toEqual([
      "pictures-in", "speech-in", "pictures-out", "speech-out", "markers",
    ]);

    const opened = await tap.check({ media: true, keys });
    expect(opened.filter((verdict) => verdict.sealed)).toEqual([]);
    await tap.forget();
  });

  test("shows everything of the build that does not seal: each question can be failed", async () => {
    const { tap, texts, secret } = await record(await buildUnsealed());
    const verdicts = await tap.check({ media: true });
    const marked = await Promise.all(texts.map(async (text) => tap.check({ texts: [text] })));
    const leaked = await tap.check({ secrets: [secret] });
    expect([...verdicts, ...marked.flat(), ...leaked].filter((verdict) => verdict.sealed)).toEqual([]);
    await tap.forget();
  });
});
