/** Clients in meetings, for tests: people who come in, and waiting for what a state shows. */
import type { Store, Surroundings } from "../src/runtime/surroundings.js";
import { memoryStore } from "../src/runtime/memory-store.js";
import type { LocalMeeting} from "../src/local.js";
import { openLocal, type LocalClient } from "../src/local.js";
import type { MeetingState, SuiteName } from "../src/state.js";
import { nodeSurroundings } from "../src/testing/node.js";

/** Resolves with the first state that is so; rejects with what stands there instead. */
export function until(meeting: LocalMeeting, what: string, so: (state: MeetingState) => boolean, within = 10_000): Promise<MeetingState> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      end();
      reject(new Error(`not within ${within} ms: ${what}; ${describe(meeting.state)}`));
    }, within);
    const look = (state: MeetingState): void => {
      if (!so(state)) return;
      clearTimeout(timer);
      end();
      resolve(state);
    };
    const end = meeting.subscribe(look);
    look(meeting.state);
  });
}

function describe({ phase, connection, people, messages, waiting, error, seal }: MeetingState): string {
  return JSON.stringify({ phase, connection, people: people.map(({ name }) => name), messages: messages.map(({ text, delivery }) => [text, delivery]), waiting, error, alarms: seal.alarms, epoch: seal.epoch });
}

/** A person with a browser of their own. */
export class Someone {
  readonly name: string;
  readonly store: Store;
  readonly client: LocalClient;

  private constructor(name: string, store: Store, client: LocalClient) {
    this.name = name;
    this.store = store;
    this.client = client;
  }

  static async at(origin: string, name: string, store: Store = memoryStore(), around: Surroundings = nodeSurroundings(store)): Promise<Someone> {
    return new Someone(name, store, await openLocal({ origin, around, tier: "A" }));
  }

  async start(suite: SuiteName = "classic"): Promise<LocalMeeting> {
    const meeting = await this.client.startMeeting({ name: this.name, suite });
    await until(meeting, "started", inside);
    return meeting;
  }

  async join(link: string): Promise<LocalMeeting> {
    const meeting = await this.client.joinMeeting(link, { name: this.name });
    await until(meeting, "joined", inside, 15_000);
    return meeting;
  }
}

export const inside = ({ phase }: MeetingState): boolean => phase === "inside";
export const count = (people: number) => (state: MeetingState): boolean => state.people.length === people;
export const sent = (text: string) => (state: MeetingState): boolean => state.messages.some((message) => message.text === text && message.delivery === "sent");

/** Surroundings whose time runs faster: waits are real, only shorter. */
export function hurried(factor: number, store: Store = memoryStore()): Surroundings {
  const real = nodeSurroundings(store);
  const began = Date.now();
  return { ...real, now: () => began + (Date.now() - began) * factor, after: (milliseconds, call) => real.after(milliseconds / factor, call) };
}
