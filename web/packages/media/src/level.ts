/** Loudness and the speaking indicator. */

/** Loudness from which somebody speaks, 0 to 1: above a quiet room, below a low voice. */
const SPEAKING = 0.02;
/** How long the indicator outlasts the sound, in milliseconds: as long as a pause between words. */
const HOLD_MS = 600;
/** Loudness is shown in steps, so that a snapshot changes only when a picture of it would. */
const STEPS = 20;

/** What is shown of a sound. */
export interface Loudness {
  readonly level: number;
  readonly speaking: boolean;
}

export const SILENCE: Loudness = { level: 0, speaking: false };

/** Turns measured levels into what is shown. */
export class Speech {
  #lastHeard = -Infinity;

  /** The level (0 to 1) measured at `now` (milliseconds). */
  next(level: number, now: number): Loudness {
    if (level >= SPEAKING) this.#lastHeard = now;
    // The square root spreads the low levels of speech over the scale.
    const shown = Math.round(Math.sqrt(Math.min(level, 1)) * STEPS) / STEPS;
    return { level: shown, speaking: now - this.#lastHeard < HOLD_MS };
  }
}

/** Measures a microphone's track; `close` it with the track. */
export class Meter {
  readonly #context = new AudioContext();
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;

  constructor(track: MediaStreamTrack) {
    this.#analyser = this.#context.createAnalyser();
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
  }

  /** The root mean square of the last 2 048 samples, 0 to 1. */
  get level(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const power = this.#samples.reduce((sum, sample) => sum + sample * sample, 0);
    return Math.sqrt(power / this.#samples.length);
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
