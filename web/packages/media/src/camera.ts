/** One's own camera: closed, its light is out. */

import { cameraConstraints } from "./devices.js";

/** An opened camera. */
export class Camera {
  readonly track: MediaStreamTrack;
  /** For the self view. */
  readonly picture: MediaStream;

  private constructor(track: MediaStreamTrack) {
    this.track = track;
    this.picture = new MediaStream([track]);
  }

  /** Ask for it; rejects with what getUserMedia rejects with. */
  static async open(devices: MediaDevices, id: string | null): Promise<Camera> {
    const stream = await devices.getUserMedia({ video: cameraConstraints(id) });
    const [track] = stream.getVideoTracks();
    if (track === undefined) throw new DOMException("no video track", "NotFoundError");
    track.contentHint = "motion";
    return new Camera(track);
  }

  /** Release the device. */
  close(): void {
    this.track.stop();
  }
}
