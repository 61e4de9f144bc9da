/** Keeps a meeting and its media in step: media while the person is inside, devices told to the others. */

import type { Meeting } from "@segel/client/api";
import type { Asked, MeetingState } from "@segel/client/state";
import type { Local, Session as RoomMedia } from "@segel/media/state";
import type { Engine, Session } from "./session.js";

/** Tells the others what one's devices do, now and at each change. Returns the function that ends it. */
function tellDevices(meeting: Meeting, local: Local): () => void {
  let told = "";
  const tell = (): void => {
    const mic = local.state.microphone.state === "on";
    const camera = local.state.camera.state === "on";
    const now = `${mic} ${camera}`;
    if (now !== told) meeting.setMedia({ mic, camera });
    told = now;
  };
  tell();
  return local.subscribe(tell);
}

/** Follows one meeting until the page goes away. */
export class RoomPresence {
  readonly #engine: Engine;
  readonly #meeting: Meeting;
  readonly #session: Session;
  #media: RoomMedia | null = null;
  #endTelling: (() => void) | null = null;
  #obeyed = 0;
  #hushed = false;

  constructor(engine: Engine, meeting: Meeting, session: Session) {
    this.#engine = engine;
    this.#meeting = meeting;
    this.#session = session;
    this.#follow(meeting.state);
    meeting.subscribe((state) => this.#follow(state));
  }

  setVisible(streams: ReadonlyMap<string, number>): void {
    this.#media?.setVisible(streams);
  }

  #follow(state: MeetingState): void {
    this.#session.setMeeting(state);
    if (state.phase === "inside") this.#enter();
    else if (state.phase !== "connecting" && state.phase !== "waiting") this.hush();
    this.#obey(state.asked);
  }

  /** What a host asks is done, and shown. */
  #obey(asked: Asked | null): void {
    if (asked === null || asked.count === this.#obeyed) return;
    this.#obeyed = asked.count;
    if (asked.what === "mute") void this.#engine.local.setMicrophone(false);
    else this.#meeting.setMedia({ hand: false });
  }

  #enter(): void {
    if (this.#media !== null || this.#engine.unsupported !== null) return;
    const media = this.#engine.openMedia(this.#meeting);
    this.#media = media;
    this.#endTelling = tellDevices(this.#meeting, this.#engine.local);
    this.#session.media.value = media.state;
    media.subscribe((state) => {
      this.#session.media.value = state;
    });
    media.start();
  }

  /** Lights go out at once, and nothing is sent any more; coming back is a new load of the page. */
  hush(): void {
    if (this.#hushed) return;
    this.#hushed = true;
    this.#endTelling?.();
    this.#engine.local.close();
    // What the relay still answers no longer matters.
    this.#media?.close().catch(() => undefined);
  }
}
