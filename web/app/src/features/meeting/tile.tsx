/** One person on the stage: their picture or their initials, their name, and whether they speak. */

import type { VNode } from "preact";
import type { Person } from "@segel/client/state";
import type { LinkQuality, MediaState, StreamId } from "@segel/media/state";
import { FairIcon, HandIcon, MicrophoneOffIcon, PinIcon, PoorIcon } from "../../primitives/icons.js";
import { Picture } from "../../primitives/media.js";
import { Avatar, Name } from "../../primitives/person.js";
import { strings } from "../../strings/index.js";
import { placed, type Box } from "./layout.js";

const words = strings.meeting;

/** What a tile draws; worked out from the group's state and the media's. */
export interface Seat {
  readonly person: Person;
  /** A screen that the person shares, instead of the person. */
  readonly screen: boolean;
  readonly stream: StreamId | null;
  readonly picture: MediaStream | null;
  /** The picture is moving now. */
  readonly flowing: boolean;
  readonly speaking: boolean;
  readonly muted: boolean;
  /** How they come through here. */
  readonly link: LinkQuality["grade"];
}

function ownSeat(person: Person, media: MediaState): Seat {
  const { camera, microphone } = media.local;
  return {
    person,
    screen: false,
    stream: null,
    picture: camera.picture,
    flowing: camera.picture !== null,
    speaking: microphone.speaking,
    muted: microphone.state !== "on",
    link: "good",
  };
}

/** Joins a person with the streams that are theirs by their leaf. */
export function seatOf(person: Person, media: MediaState): Seat {
  if (person.you) return ownSeat(person, media);
  const theirs = media.streams.filter((stream) => stream.leaf === person.leaf);
  const video = person.media.camera ? theirs.find((stream) => stream.kind === "video") : undefined;
  const audio = theirs.find((stream) => stream.kind === "audio");
  return {
    person,
    screen: false,
    stream: video?.stream ?? null,
    picture: video?.media ?? null,
    flowing: video?.flowing ?? false,
    speaking: audio?.speaking ?? false,
    muted: !person.media.mic,
    link: media.quality.get(person.leaf)?.grade ?? "good",
  };
}

/** The screens that others share now. */
export function screensOf(people: readonly Person[], media: MediaState): readonly Seat[] {
  return media.streams.flatMap(({ stream, leaf, kind, media: picture, flowing }) => {
    const person = kind === "screen" ? people.find((each) => each.leaf === leaf && !each.you) : undefined;
    return person === undefined ? [] : [{ person, screen: true, stream, picture, flowing, speaking: false, muted: false, link: "good" as const }];
  });
}

function facts({ person, screen, muted, speaking, link }: Seat): readonly string[] {
  return [
    ...(person.you ? [words.you] : []),
    ...(muted ? [words.muted] : []),
    ...(speaking ? [words.speaking] : []),
    ...(person.media.hand && !screen ? [words.handUp] : []),
    ...(link === "good" ? [] : [words.links[link]]),
    ...(person.present ? [] : [words.away]),
  ];
}

interface TileProps {
  readonly seat: Seat;
  readonly box: Box;
  readonly large: boolean;
  /** Among the hands that are up, from 1; 0 for a hand that is down. */
  readonly place: number;
  readonly pinned: boolean;
  /** Null where there is nothing to choose between. */
  readonly onPin: ((pinned: boolean) => void) | null;
}

export function Tile({ seat, box, large, place, pinned, onPin }: TileProps): VNode {
  const { person, picture } = seat;
  const name = seat.screen ? words.screenOf(person.name) : person.name;
  return (
    <li
      class="tile"
      style={placed(box)}
      data-testid="tile"
      data-screen={seat.screen}
      data-stream={seat.stream}
      data-speaking={seat.speaking}
      data-away={!person.present}
      data-large={large}
      aria-label={words.tile(name, facts(seat))}
    >
      {picture === null ? null : <Picture stream={picture} mirrored={person.you} testid="tile-video" label={name} />}
      {seat.flowing ? null : <span class="tile-blank"><Avatar name={person.name} account={person.account} look="big" /></span>}
      {place === 0 ? null : (
        <span class="tile-hand" data-testid="tile-hand">
          <HandIcon size={17} /><span aria-hidden="true">{place}</span><span class="visually-hidden">{words.handPlace(place)}</span>
        </span>
      )}
      {onPin === null ? null : (
        <button
          type="button"
          class="tile-pin"
          data-testid="pin"
          aria-pressed={pinned}
          aria-label={pinned ? words.unpin(name) : words.pin(name)}
          onClick={() => onPin(!pinned)}
        >
          <PinIcon size={19} />
        </button>
      )}
      <span class="tile-label">
        {seat.muted ? <MicrophoneOffIcon size={15} /> : null}
        {seat.link === "good" ? null : (
          <span class="tile-link" data-testid="link-mark" data-grade={seat.link} title={words.links[seat.link]}>
            {seat.link === "poor" ? <PoorIcon size={15} /> : <FairIcon size={15} />}
          </span>
        )}
        <Name name={name} />
        {person.you ? <span class="tile-you">{words.you}</span> : null}
      </span>
    </li>
  );
}
