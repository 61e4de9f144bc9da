/** One person on the stage: their picture or their initials, their name, and whether they speak. */

import type { VNode } from "preact";
import type { Person } from "@segel/client/state";
import type { MediaState, StreamId } from "@segel/media/state";
import { MicrophoneOffIcon } from "../../primitives/icons.js";
import { Picture } from "../../primitives/media.js";
import { Avatar, Name } from "../../primitives/person.js";
import { strings } from "../../strings/index.js";

const words = strings.meeting;

/** What a tile draws; worked out from the group's state and the media's. */
export interface Seat {
  readonly person: Person;
  readonly stream: StreamId | null;
  readonly picture: MediaStream | null;
  /** The picture is moving now. */
  readonly flowing: boolean;
  readonly speaking: boolean;
  readonly muted: boolean;
}

function ownSeat(person: Person, media: MediaState): Seat {
  const { camera, microphone } = media.local;
  return {
    person,
    stream: null,
    picture: camera.picture,
    flowing: camera.picture !== null,
    speaking: microphone.speaking,
    muted: microphone.state !== "on",
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
    stream: video?.stream ?? null,
    picture: video?.media ?? null,
    flowing: video?.flowing ?? false,
    speaking: audio?.speaking ?? false,
    muted: !person.media.mic,
  };
}

function facts({ person, muted, speaking }: Seat): readonly string[] {
  return [
    ...(person.you ? [words.you] : []),
    ...(muted ? [words.muted] : []),
    ...(speaking ? [words.speaking] : []),
    ...(person.present ? [] : [words.away]),
  ];
}

export function Tile({ seat }: { seat: Seat }): VNode {
  const { person, picture } = seat;
  return (
    <li
      class="tile"
      data-testid="tile"
      data-stream={seat.stream}
      data-speaking={seat.speaking}
      data-away={!person.present}
      aria-label={words.tile(person.name, facts(seat))}
    >
      {picture === null ? null : <Picture stream={picture} mirrored={person.you} testid="tile-video" label={person.name} />}
      {seat.flowing ? null : <span class="tile-blank"><Avatar name={person.name} account={person.account} look="big" /></span>}
      <span class="tile-label">
        {seat.muted ? <MicrophoneOffIcon size={15} /> : null}
        <Name name={person.name} />
        {person.you ? <span class="tile-you">{words.you}</span> : null}
      </span>
    </li>
  );
}
