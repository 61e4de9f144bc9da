/** The list of people, which is the list of keys. */

import type { VNode } from "preact";
import type { Person } from "@segel/client/state";
import { CameraOffIcon, MicrophoneOffIcon } from "../../primitives/icons.js";
import { SidePanel } from "../../primitives/panel.js";
import { Avatar, Name, shortAccount } from "../../primitives/person.js";
import { strings } from "../../strings/index.js";

const words = strings.people;

export function PeoplePanel({ people, onClose }: { people: readonly Person[]; onClose: () => void }): VNode {
  return (
    <SidePanel id="people" title={`${words.title} (${people.length})`} onClose={onClose}>
      <div class="panel-body" tabIndex={0} role="region" aria-labelledby="people-title">
        <p class="soft">{words.text}</p>
        <ul class="people">{people.map((person) => <Row key={person.account} person={person} />)}</ul>
      </div>
    </SidePanel>
  );
}

function Row({ person }: { person: Person }): VNode {
  return (
    <li class="person" data-testid="person" data-away={!person.present}>
      <Avatar name={person.name} account={person.account} />
      <div class="person-text">
        <span class="person-name">
          <Name name={person.name} />
          {person.you ? <span class="tag">{strings.meeting.you}</span> : null}
        </span>
        <span class="soft small">
          {words.key} <span class="mono" title={person.account}>{shortAccount(person.account)}</span>
        </span>
      </div>
      <span class="person-marks soft">
        {person.media.mic ? null : <><MicrophoneOffIcon size={18} /><span class="visually-hidden">{strings.meeting.muted}</span></>}
        {person.media.camera ? null : <><CameraOffIcon size={18} /><span class="visually-hidden">{strings.door.previewNoCamera}</span></>}
      </span>
    </li>
  );
}
