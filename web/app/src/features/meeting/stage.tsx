/** The pictures of everybody, as large as the window lets them be. */

import type { RefObject, VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { MeetingState } from "@segel/client/state";
import type { MediaState, StreamId, StreamKind } from "@segel/media/state";
import { Sound } from "../../primitives/media.js";
import { strings } from "../../strings/index.js";
import { tileSize } from "./layout.js";
import { screensOf, seatOf, Tile } from "./tile.js";

const GAP = 10;
const SOUNDS: readonly StreamKind[] = ["audio", "screen-audio"];
/** From so many on, a small window may have to scroll: then the keyboard must reach the stage. */
const SCROLLS_FROM = 8;

interface StageProps {
  readonly state: MeetingState;
  readonly media: MediaState;
  readonly onVisible: (streams: ReadonlyMap<StreamId, number>) => void;
}

export function Stage({ state, media, onVisible }: StageProps): VNode {
  const list = useRef<HTMLUListElement>(null);
  // Oneself last: the others are what one came for.
  const people = [...state.people].sort((a, b) => Number(a.you) - Number(b.you) || a.leaf - b.leaf);
  const seats = [...screensOf(people, media), ...people.map((person) => seatOf(person, media))];
  useTileSize(list, seats.length);
  useVisible(list, seats.map((seat) => seat.stream ?? "").join(" "), onVisible);
  const others = new Set(state.people.filter((person) => !person.you).map((person) => person.leaf));
  const sounds = media.streams.filter((stream) => SOUNDS.includes(stream.kind) && stream.leaf !== null && others.has(stream.leaf));
  return (
    <>
      <ul class="stage" ref={list} tabIndex={seats.length > SCROLLS_FROM ? 0 : undefined} aria-label={strings.meeting.stage} data-count={seats.length}>
        {seats.map((seat) => <Tile key={seat.screen ? seat.stream : seat.person.account} seat={seat} />)}
      </ul>
      {sounds.map((sound) => <Sound key={sound.stream} stream={sound.media} speaker={media.local.speakers.chosen} />)}
    </>
  );
}

/** Keeps the tiles' size, as two custom properties, in step with the stage. */
function useTileSize(list: RefObject<HTMLUListElement | null>, count: number): void {
  useLayoutEffect(() => {
    const stage = list.current;
    if (stage === null) return undefined;
    const resize = (): void => {
      const tile = tileSize(count, stage.clientWidth, stage.clientHeight, GAP);
      stage.style.setProperty("--tile-width", `${tile.width}px`);
      stage.style.setProperty("--tile-height", `${tile.height}px`);
    };
    resize();
    const observer = new ResizeObserver(resize);
    observer.observe(stage);
    return () => observer.disconnect();
  }, [count]);
}

/** Says which pictures are on screen, and how high: the relay sends no others. */
function useVisible(list: RefObject<HTMLUListElement | null>, streams: string, onVisible: StageProps["onVisible"]): void {
  useEffect(() => {
    const stage = list.current;
    if (stage === null) return undefined;
    const visible = new Map<StreamId, number>();
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        const stream = entry.target.getAttribute("data-stream");
        if (stream === null) continue;
        if (entry.isIntersecting) visible.set(stream, entry.boundingClientRect.height);
        else visible.delete(stream);
      }
      onVisible(new Map(visible));
    });
    for (const tile of stage.querySelectorAll("[data-stream]")) observer.observe(tile);
    return () => observer.disconnect();
  }, [streams]);
}
