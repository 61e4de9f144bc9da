/** A camera whose track ends by itself. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { LocalMedia } from "../src/local.js";
import { device, FakeDevices, MemoryStorage } from "./support.js";

/** A camera's track as far as it is looked at. */
class FakeTrack {
  readonly kind = "video";
  contentHint = "";
  onended: (() => void) | null = null;
  onmute: (() => void) | null = null;
  onunmute: (() => void) | null = null;
  readonly #deviceId: string;

  constructor(deviceId: string) {
    this.#deviceId = deviceId;
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.#deviceId };
  }

  stop(): void {
    // Nothing holds a device here.
  }
}

/** Gives the first camera that is connected. */
class Cameras extends FakeDevices {
  readonly given: FakeTrack[] = [];

  override async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    const [camera] = this.connected;
    if (camera === undefined) return super.getUserMedia(constraints);
    const track = new FakeTrack(camera.deviceId);
    this.given.push(track);
    return { getVideoTracks: () => [track] } as unknown as MediaStream;
  }
}

let cameras: Cameras;
let state: PermissionState;
let local: LocalMedia;

beforeEach(async () => {
  vi.stubGlobal("MediaStream", class {});
  cameras = new Cameras();
  cameras.connected = [device("videoinput", "webcam"), device("videoinput", "built-in")];
  state = "granted";
  const permissions = { query: async () => ({ state }) } as unknown as Permissions;
  local = new LocalMedia({ devices: cameras.asMediaDevices, storage: new MemoryStorage(), permissions });
  await local.setCamera(true);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const end = (): void => cameras.given[0]?.onended?.();

it("is replaced by another one when it is unplugged, and that is said", async () => {
  cameras.connected = cameras.connected.slice(1);
  end();
  await expect.poll(() => local.state.camera).toMatchObject({ state: "on", problem: "unplugged" });
  expect(local.outgoing.video).toBe(cameras.given[1]);
});

it("is off when it was the only one", async () => {
  cameras.connected = [];
  end();
  await expect.poll(() => local.state.camera).toMatchObject({ state: "off", problem: "none" });
});

it("is not asked for again when it is no longer allowed", async () => {
  state = "denied";
  end();
  await expect.poll(() => local.state.camera).toMatchObject({ state: "off", problem: "denied" });
  expect(cameras.given).toHaveLength(1);
});

it("is busy when it is there and ended all the same", async () => {
  end();
  await expect.poll(() => local.state.camera).toMatchObject({ state: "off", problem: "busy" });
});

it("is busy while the system holds it back, and well again after", () => {
  cameras.given[0]?.onmute?.();
  expect(local.state.camera).toMatchObject({ state: "on", problem: "busy" });
  cameras.given[0]?.onunmute?.();
  expect(local.state.camera).toMatchObject({ state: "on", problem: null });
});
