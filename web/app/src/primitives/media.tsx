/** Media elements fed by a stream object, which markup cannot express. */

import type { RefObject, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Plays the stream in the element; an element that goes lets go of it, or the browser would keep both. */
function useStream(element: RefObject<HTMLMediaElement | null>, stream: MediaStream): void {
  useEffect(() => {
    if (element.current !== null) element.current.srcObject = stream;
  }, [stream]);
  useEffect(() => {
    const player = element.current;
    return () => {
      if (player !== null) player.srcObject = null;
    };
  }, []);
}

interface PictureProps {
  readonly stream: MediaStream;
  readonly mirrored?: boolean;
  readonly testid: string;
  readonly label: string;
}

/** A silent moving picture; sound has an element of its own. */
export function Picture({ stream, mirrored = false, testid, label }: PictureProps): VNode {
  const element = useRef<HTMLVideoElement>(null);
  useStream(element, stream);
  return (
    <video ref={element} class={mirrored ? "picture mirrored" : "picture"} data-testid={testid} aria-label={label} autoPlay muted playsInline />
  );
}

/** Somebody's sound, on the chosen loudspeaker. */
export function Sound({ stream, speaker }: { stream: MediaStream; speaker: string | null }): VNode {
  const element = useRef<HTMLAudioElement>(null);
  useStream(element, stream);
  useEffect(() => {
    const audio = element.current;
    // A loudspeaker that went away leaves the sound where the browser puts it.
    if (audio !== null && "setSinkId" in audio) audio.setSinkId(speaker ?? "").catch(() => undefined);
  }, [speaker]);
  return <audio ref={element} data-testid="sound" autoPlay />;
}
