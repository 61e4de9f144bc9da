/** Many people without pages: what tests and measurements drive (`node headless.mjs --help`). */
import { toHex } from "../bytes.js";
import type { LocalMeeting} from "../local.js";
import { openLocal, type LocalClient } from "../local.js";
import type { MeetingState, SuiteName } from "../state.js";
import { nodeSurroundings } from "./node.js";

/** One person in one meeting. */
export interface Attendee {
  readonly client: LocalClient;
  readonly meeting: LocalMeeting;
}

/** What a crowd's coming together took. */
export interface Gathering {
  readonly attendees: readonly Attendee[];
  /** Milliseconds from the first knock until everybody saw everybody in one epoch. */
  readonly milliseconds: number;
  /** How many commits it took. */
  readonly epochs: number;
  /** Whether all epoch authenticators are equal. */
  readonly agree: boolean;
}

/** A person with a new account, at the door. */
export async function attend(origin: string, link: string, name: string): Promise<Attendee> {
  const client = await openLocal({ origin, around: nodeSurroundings(), tier: "A" });
  return { client, meeting: await client.joinMeeting(link, { name }) };
}

/** A person with a new account, who starts a meeting. */
export async function host(origin: string, suite: SuiteName): Promise<Attendee> {
  const client = await openLocal({ origin, around: nodeSurroundings(), tier: "A" });
  return { client, meeting: await client.startMeeting({ name: "Host", suite }) };
}

/** Resolves with the first state that is so. */
export function reaches(meeting: LocalMeeting, so: (state: MeetingState) => boolean): Promise<MeetingState> {
  return new Promise((resolve) => {
    let end: () => void = () => undefined;
    const look = (state: MeetingState): void => {
      if (!so(state)) return;
      end();
      resolve(state);
    };
    end = meeting.subscribe(look);
    look(meeting.state);
  });
}

/** `size` people in one new meeting, of whom all but the host come at once. */
export async function gather(origin: string, size: number, suite: SuiteName): Promise<Gathering> {
  const first = await host(origin, suite);
  const began = performance.now();
  const others = await Promise.all(Array.from({ length: size - 1 }, (_, i) => attend(origin, first.meeting.link, `Guest ${i + 1}`)));
  const attendees = [first, ...others];
  await Promise.all(attendees.map(({ meeting }) => reaches(meeting, ({ people }) => people.length === size)));
  const milliseconds = performance.now() - began;
  const authenticators = new Set(attendees.map(({ meeting }) => authenticator(meeting)));
  return { attendees, milliseconds, epochs: first.meeting.state.seal.epoch ?? 0, agree: authenticators.size === 1 };
}

/** Upload a file and send its message; resolves with the state that has the message, stored. */
export async function sendFile(meeting: LocalMeeting, file: Blob, name: string): Promise<MeetingState> {
  const before = meeting.state.messages.length;
  const { size, type } = file;
  await meeting.files.send({ name, type, size, slice: (start, end) => file.slice(start, end) });
  return reaches(meeting, ({ messages }) => messages.slice(before).some((message) => message.you && message.file !== null && message.delivery === "sent"));
}

/** The file of a message, whole and authentic. Rejects with MeetingError. */
export async function receiveFile(meeting: LocalMeeting, message: string): Promise<Uint8Array> {
  const file = await meeting.files.save(message, null);
  return new Uint8Array(await (file ?? new Blob()).arrayBuffer());
}

/** The epoch authenticator in hex; empty outside. */
export function authenticator(meeting: LocalMeeting): string {
  const group = meeting.session.group;
  return group === null ? "" : toHex(group.keys.authenticator);
}

const HELP = `start ORIGIN COUNT [hybrid|classic]   COUNT people meet in a new meeting
join LINK COUNT                       COUNT people come to a meeting

Prints one line of JSON when all of them are inside: {"link", "people", "milliseconds", "epochs", "agree"}.
They stay until standard input ends, and then leave without a word, as closed browsers do.
`;

/** The command line of `headless.mjs`. Resolves with the exit code. */
export async function main(args: readonly string[], input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<number> {
  const [verb, where, count, suite] = args;
  const size = Number(count);
  if (where === undefined || !Number.isInteger(size) || size < 1 || (verb !== "start" && verb !== "join")) {
    output.write(HELP);
    return 2;
  }
  const began = performance.now();
  const crowd = verb === "start" ? (await gather(where, size, suite === "classic" ? "classic" : "hybrid")).attendees : await come(where, size);
  const meetings = crowd.map(({ meeting }) => meeting);
  const first = meetings[0];
  const report = {
    link: first?.link,
    people: first?.state.people.length,
    milliseconds: Math.round(performance.now() - began),
    epochs: first?.state.seal.epoch,
    agree: new Set(meetings.map(authenticator)).size === 1,
  };
  output.write(`${JSON.stringify(report)}\n`);
  await new Promise((resolve) => input.once("end", resolve).resume());
  for (const { client } of crowd) client.close();
  return 0;
}

/** People with new accounts who come to a meeting at once; resolves when all are inside. */
async function come(link: string, size: number): Promise<readonly Attendee[]> {
  const crowd = await Promise.all(Array.from({ length: size }, (_, i) => attend(new URL(link).origin, link, `Guest ${i + 1}`)));
  await Promise.all(crowd.map(({ meeting }) => reaches(meeting, ({ phase, people }) => phase === "inside" && people.length > size - 1)));
  return crowd;
}
