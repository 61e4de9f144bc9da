/**
 * Firefox's fake camera and microphone: a script that runs before the page's own.
 *
 * Firefox's built-in fake devices show a flat colour and a beep, and it takes no files. So
 * getUserMedia is replaced by the capture of a looping film with speech, which goes on in
 * hidden tabs and needs no sound card (Web Audio stands still where there is none).
 * The film is a blob: URL, so a page's Content Security Policy must hold `media-src blob:`,
 * as an application that plays decrypted attachments does.
 */

interface Capturing extends HTMLVideoElement {
  mozCaptureStream(): MediaStream;
}

/** Runs in the page (so it may use nothing from this module): `webm` is the film in base64. */
export function installFakeMedia(webm: string): void {
  const devices = (navigator as Partial<Navigator>).mediaDevices;
  if (devices === undefined) return;

  const play = async (): Promise<MediaStream> => {
    const bytes = Uint8Array.from(atob(webm), (character) => character.charCodeAt(0));
    const film = document.createElement("video") as Capturing;
    film.src = URL.createObjectURL(new Blob([bytes], { type: "video/webm" }));
    film.loop = true;
    await film.play();
    const stream = film.mozCaptureStream();
    film.addEventListener("timeupdate", () => {
      if (stream.getTracks().some((track) => track.readyState === "live")) return;
      film.pause();
      URL.revokeObjectURL(film.src);
    });
    return stream;
  };

  devices.getUserMedia = async (constraints: MediaStreamConstraints = {}): Promise<MediaStream> => {
    const wanted = (track: MediaStreamTrack): boolean =>
      Boolean(constraints[track.kind as "audio" | "video"] ?? false);
    const stream = await play();
    for (const track of stream.getTracks()) {
      if (wanted(track)) continue;
      track.stop();
      stream.removeTrack(track);
    }
    return stream;
  };
}
