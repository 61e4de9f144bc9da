/** One's own microphone: muted means that nothing is captured into the track, nor sent. */

import { microphoneConstraints } from "./devices.js";
import { type Loudness, Meter, SILENCE, Speech } from "./level.js";

/** An opened microphone. */
export class Microphone {
  readonly track: MediaStreamTrack;
  readonly #meter: Meter;
  readonly #speech = new Speech();

  private constructor(track: MediaStreamTrack) {
    this.track = track;
    this.#meter = new Meter(track);
  }

  /** Ask for it; rejects with what getUserMedia rejects with. */
  static async open(devices: MediaDevices, id: string | null): Promise<Microphone> {
    const stream = await devices.getUserMedia({ audio: microphoneConstraints(id) });
    const [track] = stream.getAudioTracks();
    if (track === undefined) throw new DOMException("no audio track", "NotFoundError");
    // Speech, so that Opus is tuned for it.
    track.contentHint = "speech";
    return new Microphone(track);
  }

  get muted(): boolean {
    return !this.track.enabled;
  }

  set muted(muted: boolean) {
    this.track.enabled = !muted;
  }

  /** What is shown of it at `now` (milliseconds). */
  loudness(now: number): Loudness {
    return this.muted ? SILENCE : this.#speech.next(this.#meter.level, now);
  }

  /** Release the device. */
  close(): void {
    this.track.stop();
    void this.#meter.close();
  }
}
