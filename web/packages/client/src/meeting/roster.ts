/** The people of a meeting as they are shown: the members, with what each says of themselves. */
import { toHex } from "../bytes.js";
import type { Surroundings } from "../runtime/surroundings.js";
import { QUIET, type MediaState, type Person } from "../state.js";
import type { Membership } from "./membership.js";
import { isPresent } from "./presence.js";
import type { OwnStream } from "./whisper.js";

export class Roster {
  readonly #around: Surroundings;
  readonly #since = new Map<string, number>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Everybody in the order of their leaves; `media` and `streams` are our own. */
  people({ group, presence }: Membership, media: MediaState, streams: readonly OwnStream[]): readonly Person[] {
    const now = this.#around.now();
    return group.members.map(({ account, leaf, name }) => {
      const you = leaf === group.leaf;
      const said = you ? { media, streams } : (presence.seen.get(leaf) ?? { media: QUIET, streams: [] });
      return {
        account,
        leaf,
        name,
        you,
        host: group.rule.hosts.includes(account),
        present: you || isPresent(presence, leaf, now),
        media: said.media,
        streams: said.streams.map(({ stream, kind }) => ({ id: toHex(stream), kind })),
        since: this.#firstSeen(account, now),
      };
    });
  }

  #firstSeen(account: string, now: number): number {
    const since = this.#since.get(account) ?? now;
    this.#since.set(account, since);
    return since;
  }
}
