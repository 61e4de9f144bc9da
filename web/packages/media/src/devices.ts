/** Which devices there are, and which the person chose. */

import type { Device, DeviceList } from "./state.js";

/** Devices by what they do. */
export type Purpose = "microphone" | "camera" | "speaker";
export type DeviceLists = Readonly<Record<Purpose, DeviceList>>;

const KINDS: Readonly<Record<Purpose, MediaDeviceKind>> = {
  microphone: "audioinput",
  camera: "videoinput",
  speaker: "audiooutput",
};
const PURPOSES: readonly Purpose[] = ["microphone", "camera", "speaker"];

/** Remembers the choice of each kind across page loads; ids are per origin, so they tell nobody anything. */
export class Choices {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  get(purpose: Purpose): string | null {
    return this.#storage.getItem(`segel.${purpose}`);
  }

  set(purpose: Purpose, id: string | null): void {
    if (id === null) this.#storage.removeItem(`segel.${purpose}`);
    else this.#storage.setItem(`segel.${purpose}`, id);
  }
}

function listOf(devices: readonly MediaDeviceInfo[], purpose: Purpose, choice: string | null): DeviceList {
  const all: Device[] = devices
    .filter(({ kind, deviceId }) => kind === KINDS[purpose] && deviceId !== "")
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { all, chosen: all.some(({ id }) => id === choice) ? choice : null };
}

/** The devices now. A chosen one that is not connected counts as not chosen until it is back. */
export async function listDevices(from: MediaDevices, choices: Choices): Promise<DeviceLists> {
  const devices = await from.enumerateDevices();
  const [microphone, camera, speaker] = PURPOSES.map((purpose) =>
    listOf(devices, purpose, choices.get(purpose)),
  ) as [DeviceList, DeviceList, DeviceList];
  return { microphone, camera, speaker };
}

/** What getUserMedia is asked for: `ideal`, so that a device that is gone does not stand in the way. */
export function microphoneConstraints(id: string | null): MediaTrackConstraints {
  const processing = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return { ...processing, channelCount: 1, ...(id === null ? {} : { deviceId: { ideal: id } }) };
}

/** 640x360 at 24 pictures a second: sharp enough for a tile, and cheap to encode. */
export function cameraConstraints(id: string | null): MediaTrackConstraints {
  const size = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24, max: 30 } };
  return { ...size, ...(id === null ? {} : { deviceId: { ideal: id } }) };
}
