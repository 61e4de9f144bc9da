/** Keeps a meeting and its media in step: devices to whispers, streams to their owners, refused frames to the seal. */

import type { Meeting } from "@segel/client/api";
import type { MeetingState } from "@segel/client/state";
import type { Local, Meeting as RoomMedia, MediaState } from "@segel/media/state";
import type { Engine, Session } from "./session.js";

function refused({ dropped }: MediaState): number {
  return dropped.malformed + dropped.unknown_key + dropped.wrong_member + dropped.forged + dropped.replayed;
}

/** Tells the others what one's devices do, now and at each change. Returns the function that ends it. */
function tellDevices(meeting: Meeting, local: Local): () => void {
  const tell = (): void => {
    const { microphone, camera } = local.state;
    const [mic, cam] = [microphone.state === "on", camera.state === "on"];
    const { media } = meeting.state.me;
    if (media.mic !== mic || media.camera !== cam) meeting.setMedia({ mic, camera: cam });
  };
  tell();
  return local.subscribe(tell);
}

function nameOwners(meeting: Meeting, media: RoomMedia): () => void {
  const name = (): void => {
    const owners = meeting.media.streams().flatMap(({ stream, leaf }) => (leaf === null ? [] : [[stream, leaf] as const]));
    media.setOwners(new Map(owners));
  };
  name();
  return meeting.media.subscribe((event) => {
    if (event.kind === "streams") name();
  });
}

function showMedia(meeting: Meeting, media: RoomMedia, session: Session): () => void {
  let counted = 0;
  const show = (state: MediaState): void => {
    session.media.value = state;
    const now = refused(state);
    if (now > counted) meeting.media.countDropped(now - counted);
    counted = now;
  };
  show(media.state);
  return media.subscribe(show);
}

/** Opens the media while the person is inside, closes it when they are not. */
export class RoomPresence {
  readonly #engine: Engine;
  readonly #meeting: Meeting;
  readonly #session: Session;
  #media: RoomMedia | null = null;
  #ends: readonly (() => void)[] = [];

  constructor(engine: Engine, meeting: Meeting, session: Session) {
    this.#engine = engine;
    this.#meeting = meeting;
    this.#session = session;
    this.follow(meeting.state);
    meeting.subscribe((state) => this.follow(state));
  }

  follow(state: MeetingState): void {
    this.#session.setMeeting(state);
    if (state.phase === "inside") this.#enter();
    else if (state.phase === "left" || state.phase === "removed" || state.phase === "failed") this.#exit();
  }

  setVisible(streams: ReadonlySet<string>): void {
    this.#media?.setVisible(streams);
  }

  #enter(): void {
    if (this.#media !== null || this.#engine.unsupported !== null) return;
    const media = this.#engine.openMedia(this.#meeting);
    this.#media = media;
    this.#ends = [
      tellDevices(this.#meeting, this.#engine.local),
      nameOwners(this.#meeting, media),
      showMedia(this.#meeting, media, this.#session),
    ];
    media.start();
  }

  #exit(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    const media = this.#media;
    this.#media = null;
    this.#session.media.value = null;
    this.#engine.local.close();
    media?.close().catch(() => undefined);
  }
}
