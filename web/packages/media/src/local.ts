/** One's own devices, at the door and in the meeting. */

import { Camera } from "./camera.js";
import { Choices, listDevices, type Purpose } from "./devices.js";
import { SILENCE } from "./level.js";
import { Microphone } from "./microphone.js";
import { causeOfEnd, deviceProblem } from "./problem.js";
import { ScreenShare } from "./screen.js";
import type { CameraState, DeviceList, Local, LocalState, MicrophoneState, StreamKind } from "./state.js";
import { Store } from "./store.js";

const NO_DEVICES: DeviceList = { all: [], chosen: null };
const OFF: LocalState = {
  microphone: { state: "off", problem: null, level: 0, speaking: false },
  camera: { state: "off", problem: null, picture: null },
  screen: { state: "off", problem: null, picture: null, sound: false },
  microphones: NO_DEVICES,
  cameras: NO_DEVICES,
  speakers: NO_DEVICES,
};
/** How often one's own loudness is measured, in milliseconds. */
const LEVEL_MS = 150;

/** What is sent now: null while muted or off. */
export type OutgoingTracks = Readonly<Record<StreamKind, MediaStreamTrack | null>>;

/** Where the devices come from; undefined in an insecure page, as browsers have it. */
export interface LocalSurroundings {
  readonly devices: MediaDevices | undefined;
  readonly storage: Storage;
  /** Undefined where the browser has none to ask. */
  readonly permissions?: Permissions;
}

/** One's own microphone, camera and shared screen. No method throws: what went wrong is in the state. */
export class LocalMedia implements Local {
  readonly #store = new Store<LocalState>(OFF);
  readonly #devices: MediaDevices | undefined;
  readonly #choices: Choices;
  readonly #permissions: Permissions | undefined;
  readonly #screen: ScreenShare;
  #microphone: Microphone | null = null;
  #camera: Camera | null = null;
  /** Requests are carried out one after the other: two at once would open a device twice. */
  #last: Promise<void> = Promise.resolve();
  #levels: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  constructor({ devices, storage, permissions }: LocalSurroundings = browser()) {
    this.#devices = devices;
    this.#permissions = permissions;
    this.#choices = new Choices(storage);
    this.#screen = new ScreenShare(devices, (screen) => this.#store.update({ screen }));
    devices?.addEventListener("devicechange", this.#listDevices);
    void this.#listDevices();
  }

  get state(): LocalState {
    return this.#store.state;
  }

  subscribe(listener: (state: LocalState) => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** The tracks to send; they change together with the state. */
  get outgoing(): OutgoingTracks {
    const microphone = this.#microphone;
    return {
      audio: microphone === null || microphone.muted ? null : microphone.track,
      video: this.#camera?.track ?? null,
      ...this.#screen.tracks,
    };
  }

  async useDevices(wanted: { readonly microphone: boolean; readonly camera: boolean }): Promise<void> {
    await Promise.all([
      wanted.microphone ? this.setMicrophone(true) : undefined,
      wanted.camera ? this.setCamera(true) : undefined,
    ]);
  }

  async setMicrophone(on: boolean): Promise<void> {
    return this.#inTurn(async () => {
      if (on && this.#microphone === null) await this.#openMicrophone();
      if (this.#microphone !== null) this.#microphone.muted = !on;
      this.#showMicrophone();
    });
  }

  async setCamera(on: boolean): Promise<void> {
    return this.#inTurn(async () => {
      if (on && this.#camera === null) await this.#openCamera();
      if (!on) this.#closeCamera();
    });
  }

  async shareScreen(): Promise<void> {
    return this.#closed ? undefined : this.#screen.start();
  }

  stopSharing(): void {
    this.#screen.stop();
  }

  async choose(purpose: Purpose, id: string | null): Promise<void> {
    this.#choices.set(purpose, id);
    return this.#inTurn(async () => {
      await this.#listDevices();
      if (purpose === "microphone" && this.#microphone !== null) await this.#reopenMicrophone();
      if (purpose === "camera" && this.#camera !== null) {
        this.#closeCamera();
        await this.#openCamera();
      }
    });
  }

  close(): void {
    this.#closed = true;
    this.#devices?.removeEventListener("devicechange", this.#listDevices);
    this.#closeMicrophone();
    this.#closeCamera();
    this.#screen.stop();
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(async () => (this.#closed ? undefined : work()));
    return this.#last;
  }

  async #reopenMicrophone(): Promise<void> {
    const muted = this.#microphone?.muted ?? false;
    this.#closeMicrophone();
    await this.#openMicrophone();
    if (this.#microphone !== null) this.#microphone.muted = muted;
    this.#showMicrophone();
  }

  async #openMicrophone(): Promise<void> {
    if (this.#devices === undefined) return this.#setMicrophone({ problem: "insecure" });
    this.#setMicrophone({ state: "starting", problem: null });
    try {
      const microphone = await Microphone.open(this.#devices, this.#choices.get("microphone"));
      if (this.#closed) return microphone.close();
      microphone.track.onended = () => void this.#inTurn(async () => this.#lostMicrophone(microphone.track));
      this.#microphone = microphone;
      this.#levels = setInterval(() => this.#showMicrophone(), LEVEL_MS);
      // Labels are told only once a device was allowed.
      await this.#listDevices();
    } catch (error) {
      this.#setMicrophone({ state: "off", problem: deviceProblem(error) });
    }
  }

  #closeMicrophone(): void {
    clearInterval(this.#levels);
    this.#microphone?.close();
    this.#microphone = null;
    this.#setMicrophone({ state: "off", problem: null, ...SILENCE });
  }

  async #openCamera(): Promise<void> {
    if (this.#devices === undefined) return this.#setCamera({ problem: "insecure" });
    this.#setCamera({ state: "starting", problem: null });
    try {
      const camera = await Camera.open(this.#devices, this.#choices.get("camera"));
      if (this.#closed) return camera.close();
      camera.track.onended = () => void this.#inTurn(async () => this.#lostCamera(camera.track));
      // Its shutter was closed, or the system gave it to another program for a while.
      camera.track.onmute = () => this.#setCamera({ problem: "busy" });
      camera.track.onunmute = () => this.#setCamera({ problem: null });
      this.#camera = camera;
      this.#setCamera({ state: "on", picture: camera.picture });
      await this.#listDevices();
    } catch (error) {
      this.#setCamera({ state: "off", problem: deviceProblem(error) });
    }
  }

  #closeCamera(): void {
    this.#camera?.close();
    this.#camera = null;
    this.#setCamera({ state: "off", problem: null, picture: null });
  }

  /** What is unplugged is replaced by what is there; what was taken away is not asked for again. */
  async #lostMicrophone(track: MediaStreamTrack): Promise<void> {
    if (this.#microphone?.track !== track || this.#devices === undefined) return;
    const problem = await causeOfEnd(track, "microphone", this.#devices, this.#permissions);
    if (problem === "unplugged") await this.#reopenMicrophone();
    else this.#closeMicrophone();
    if (this.#microphone !== null || problem !== "unplugged") this.#setMicrophone({ problem });
  }

  async #lostCamera(track: MediaStreamTrack): Promise<void> {
    if (this.#camera?.track !== track || this.#devices === undefined) return;
    const problem = await causeOfEnd(track, "camera", this.#devices, this.#permissions);
    this.#closeCamera();
    if (problem === "unplugged") await this.#openCamera();
    if (this.#camera !== null || problem !== "unplugged") this.#setCamera({ problem });
  }

  #showMicrophone(): void {
    const microphone = this.#microphone;
    if (microphone === null) return;
    const state = microphone.muted ? "muted" : "on";
    this.#setMicrophone({ state, ...microphone.loudness(performance.now()) });
  }

  #setMicrophone(change: Partial<MicrophoneState>): void {
    const next = { ...this.state.microphone, ...change };
    if (!isEqual(next, this.state.microphone)) this.#store.update({ microphone: next });
  }

  #setCamera(change: Partial<CameraState>): void {
    this.#store.update({ camera: { ...this.state.camera, ...change } });
  }

  readonly #listDevices = async (): Promise<void> => {
    if (this.#devices === undefined) return;
    const { microphone, camera, speaker } = await listDevices(this.#devices, this.#choices);
    this.#store.update({ microphones: microphone, cameras: camera, speakers: speaker });
  };
}

function isEqual(a: MicrophoneState, b: MicrophoneState): boolean {
  return (Object.keys(a) as (keyof MicrophoneState)[]).every((key) => a[key] === b[key]);
}

function browser(): LocalSurroundings {
  // The property is missing in insecure pages, whatever the type says.
  return { devices: navigator.mediaDevices, storage: localStorage, permissions: navigator.permissions };
}
