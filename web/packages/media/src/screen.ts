/** One's own screen, window or tab, as the browser's picker gives it. */

import type { ScreenProblem, ScreenState } from "./state.js";

/** Text has to be sharp rather than smooth. */
const PICTURE: MediaTrackConstraints = { frameRate: { ideal: 15, max: 15 } };
/** As it is: what cleans a voice spoils music. The others' voices stay out of it where the browser can leave them out. */
const SOUND = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
  restrictOwnAudio: true,
} satisfies MediaTrackConstraints & { restrictOwnAudio: boolean };

const OFF: ScreenState = { state: "off", problem: null, picture: null, sound: false };
const PROBLEMS: Readonly<Record<string, ScreenProblem>> = { NotReadableError: "busy", AbortError: "busy", NotFoundError: "busy" };

/** What is shared now; null where nothing is. */
export interface ScreenTracks {
  readonly screen: MediaStreamTrack | null;
  readonly "screen-audio": MediaStreamTrack | null;
}

const NOTHING: ScreenTracks = { screen: null, "screen-audio": null };

/** Shares one thing at a time. No method throws: what went wrong is in the state. */
export class ScreenShare {
  readonly #devices: MediaDevices | undefined;
  readonly #changed: (state: ScreenState) => void;
  #tracks = NOTHING;
  #starting = false;

  /** `changed` is told each new state. */
  constructor(devices: MediaDevices | undefined, changed: (state: ScreenState) => void) {
    this.#devices = devices;
    this.#changed = changed;
  }

  get tracks(): ScreenTracks {
    return this.#tracks;
  }

  /** Let the person pick, and share it. Must be called while the browser still counts a press. */
  async start(): Promise<void> {
    if (this.#starting || this.#tracks.screen !== null) return;
    // Missing in insecure pages and on telephones, whatever the type says.
    if (this.#devices === undefined || !("getDisplayMedia" in this.#devices)) {
      return this.#changed({ ...OFF, problem: "unsupported" });
    }
    this.#starting = true;
    this.#changed({ ...OFF, state: "starting" });
    try {
      const stream = await this.#devices.getDisplayMedia({ video: PICTURE, audio: SOUND });
      if (this.#starting) this.#take(stream);
      else for (const track of stream.getTracks()) track.stop();
    } catch (error) {
      this.#changed({ ...OFF, problem: error instanceof Error ? (PROBLEMS[error.name] ?? "refused") : "refused" });
    } finally {
      this.#starting = false;
    }
  }

  /** Share no longer. */
  stop(): void {
    const { screen, "screen-audio": sound } = this.#tracks;
    this.#tracks = NOTHING;
    this.#starting = false;
    screen?.stop();
    sound?.stop();
    this.#changed(OFF);
  }

  #take(stream: MediaStream): void {
    const [screen] = stream.getVideoTracks();
    const [sound = null] = stream.getAudioTracks();
    if (screen === undefined) throw new DOMException("no video track", "NotReadableError");
    screen.contentHint = "detail";
    // The browser's own bar, or the end of what was shared.
    screen.onended = () => this.stop();
    if (sound !== null) {
      sound.contentHint = "music";
      sound.onended = () => this.#withoutSound();
    }
    this.#tracks = { screen, "screen-audio": sound };
    this.#tell();
  }

  #withoutSound(): void {
    this.#tracks = { ...this.#tracks, "screen-audio": null };
    this.#tell();
  }

  #tell(): void {
    const { screen, "screen-audio": sound } = this.#tracks;
    if (screen === null) return;
    this.#changed({ state: "on", problem: null, picture: new MediaStream([screen]), sound: sound !== null });
  }
}
