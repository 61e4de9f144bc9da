/** The pictures of everybody: all alike, or one large with the others in a strip. */

import type { RefObject, VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { StreamId, StreamKind } from "@segel/media/state";
import { Sound } from "../../primitives/media.js";
import { isLarge } from "../../state/outlook.js";
import { strings } from "../../strings/index.js";
import type { MeetingActions, MeetingView } from "../../view.js";
import { arrangeGrid, arrangeLarge, placed, type Arrangement, type Box } from "./layout.js";
import { follow, keyOf, largest, NOBODY, type Spotlight } from "./spotlight.js";
import { screensOf, seatOf, Tile, type Seat } from "./tile.js";

const GAP = 10;
const SOUNDS: readonly StreamKind[] = ["audio", "screen-audio"];
/** From so many on, a small window may have to scroll: then the keyboard must reach the stage. */
const SCROLLS_FROM = 8;
/** Up to so many, everybody keeps their place; beyond, those with a picture come first. */
const ALL_SEEN = 12;

interface StageProps {
  readonly view: MeetingView;
  readonly actions: Pick<MeetingActions, "setVisible" | "look">;
}

/** Screens first, then people in the order in which they came; oneself last, the others are what one came for. */
function seatsOf({ state, media }: MeetingView): readonly Seat[] {
  const people = [...state.people].sort((a, b) => Number(a.you) - Number(b.you) || a.leaf - b.leaf);
  const seats = people.map((person) => seatOf(person, media));
  if (seats.length > ALL_SEEN) seats.sort((a, b) => Number(a.picture === null) - Number(b.picture === null));
  return [...screensOf(people, media), ...seats];
}

export function Stage({ view, actions }: StageProps): VNode {
  const list = useRef<HTMLUListElement>(null);
  const { width, height } = useSize(list);
  const spotlight = useRef<Spotlight>(NOBODY);
  const { outlook, media, state } = view;
  const seats = seatsOf(view);
  spotlight.current = follow(spotlight.current, seats, performance.now());
  const first = isLarge(outlook, seats.some((seat) => seat.screen)) ? largest(seats, outlook.pinned, spotlight.current) : undefined;
  const drawn = first === undefined ? seats : [first, ...ownFirst(seats.filter((seat) => seat !== first))];
  const { boxes, more, moreBox }: Arrangement = first === undefined
    ? arrangeGrid(seats.length, width, height, GAP)
    : arrangeLarge(seats.length, width, height, GAP, first.screen);
  const shown = drawn.slice(0, boxes.length);
  useVisible(list, shown.map((seat) => seat.stream ?? "").join(" "), `${width} ${height} ${first === undefined}`, actions.setVisible);
  const others = new Set(state.people.filter((person) => !person.you).map((person) => person.leaf));
  const sounds = media.streams.filter((stream) => SOUNDS.includes(stream.kind) && stream.leaf !== null && others.has(stream.leaf));
  const scrolls = first === undefined && seats.length > SCROLLS_FROM;
  return (
    <>
      <ul
        class="stage" ref={list} tabIndex={scrolls ? 0 : undefined} aria-label={strings.meeting.stage}
        data-count={seats.length} data-view={first === undefined ? "grid" : "speaker"}
      >
        {shown.map((seat, index) => (
          <Tile
            key={keyOf(seat)}
            seat={seat}
            box={boxes[index] ?? nowhere}
            large={seat === first}
            place={seat.screen ? 0 : outlook.hands.indexOf(seat.person.account) + 1}
            pinned={keyOf(seat) === outlook.pinned}
            onPin={seats.length < 2 ? null : (pinned) => actions.look({ pinned: pinned ? keyOf(seat) : null })}
          />
        ))}
        {moreBox === null ? null : (
          <li class="tile more" style={placed(moreBox)}>
            <button type="button" class="more-button" data-testid="more-people" onClick={() => actions.look({ arranging: "grid", pinned: null })}>
              {strings.meeting.more(more)}
            </button>
          </li>
        )}
      </ul>
      {sounds.map((sound) => <Sound key={sound.stream} stream={sound.media} speaker={media.local.speakers.chosen} />)}
    </>
  );
}

const nowhere: Box = { x: 0, y: 0, width: 0, height: 0 };

/** In a strip, one's own picture is the one place that is always there. */
function ownFirst(seats: readonly Seat[]): readonly Seat[] {
  const own = (seat: Seat): boolean => seat.person.you && !seat.screen;
  return [...seats.filter(own), ...seats.filter((seat) => !own(seat))];
}

/** The room that there is for tiles, kept in step with the window. */
function useSize(list: RefObject<HTMLUListElement | null>): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const stage = list.current;
    if (stage === null) return undefined;
    const resize = (): void => setSize((before) => (
      before.width === stage.clientWidth && before.height === stage.clientHeight ? before : { width: stage.clientWidth, height: stage.clientHeight }
    ));
    resize();
    const observer = new ResizeObserver(resize);
    observer.observe(stage);
    return () => observer.disconnect();
  }, []);
  return size;
}

/** Says which pictures are on screen, and how high: the relay sends no others. */
function useVisible(list: RefObject<HTMLUListElement | null>, streams: string, arrangement: string, onVisible: MeetingActions["setVisible"]): void {
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
  }, [streams, arrangement]);
}
