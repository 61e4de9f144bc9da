import { beforeEach, describe, expect, it } from "vitest";

import { LocalMedia } from "../src/local.js";
import { device, FakeDevices, MemoryStorage } from "./support.js";

let devices: FakeDevices;
let storage: MemoryStorage;

beforeEach(() => {
  devices = new FakeDevices();
  storage = new MemoryStorage();
});

const open = (): LocalMedia => new LocalMedia({ devices: devices.asMediaDevices, storage });

describe("what the browser refuses", () => {
  it.each([
    ["NotAllowedError", "denied"],
    ["SecurityError", "denied"],
    ["NotFoundError", "none"],
    ["OverconstrainedError", "none"],
    ["NotReadableError", "busy"],
    ["AbortError", "busy"],
  ])("%s is shown as %s", async (name, problem) => {
    devices.refuse = new DOMException("", name);
    const local = open();
    await local.useDevices({ microphone: true, camera: true });
    expect(local.state.microphone).toMatchObject({ state: "off", problem });
    expect(local.state.camera).toMatchObject({ state: "off", problem });
    expect(local.outgoing).toEqual({ audio: null, video: null, screen: null, "screen-audio": null });
  });

  it("is that there are no devices at all in an insecure page", async () => {
    const local = new LocalMedia({ devices: undefined, storage });
    await local.useDevices({ microphone: true, camera: true });
    expect(local.state.microphone.problem).toBe("insecure");
    expect(local.state.camera.problem).toBe("insecure");
  });
});

it("asks for the device that was chosen, also in the next page", async () => {
  devices.connected = [device("audioinput", "headset"), device("videoinput", "webcam")];
  await open().choose("microphone", "headset");
  const next = open();
  await expect.poll(() => next.state.microphones.chosen).toBe("headset");
  await next.setMicrophone(true);
  expect(devices.asked[0]?.audio).toMatchObject({ deviceId: { ideal: "headset" } });
  await next.choose("microphone", null);
  expect(next.state.microphones.chosen).toBeNull();
});

it("follows devices that come and go; a chosen one that is gone is not chosen meanwhile", async () => {
  devices.connected = [device("audioinput", "headset")];
  const local = open();
  await local.choose("microphone", "headset");
  devices.connected = [device("audioinput", "built-in"), device("audiooutput", "speakers")];
  devices.dispatchEvent(new Event("devicechange"));
  await expect.poll(() => local.state.microphones.all[0]?.id).toBe("built-in");
  expect(local.state.microphones.chosen).toBeNull();
  expect(local.state.speakers.all).toEqual([{ id: "speakers", label: "the speakers" }]);
  devices.connected = [device("audioinput", "headset")];
  devices.dispatchEvent(new Event("devicechange"));
  await expect.poll(() => local.state.microphones.chosen).toBe("headset");
});

it("shows no devices before the person allowed one: browsers then give them no id", async () => {
  devices.connected = [device("audioinput", ""), device("videoinput", "")];
  const local = open();
  await local.choose("camera", null);
  expect(local.state.microphones.all).toEqual([]);
});

it("asks for nothing once it is closed", async () => {
  const local = open();
  local.close();
  await local.setCamera(true);
  expect(devices.asked).toEqual([]);
});
