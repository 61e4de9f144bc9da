/** The list of people, which is the list of keys. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { MeetingState, Person } from "@segel/client/state";
import { CameraOffIcon, HandIcon, MicrophoneOffIcon, MoreIcon } from "../../primitives/icons.js";
import { SidePanel } from "../../primitives/panel.js";
import { Avatar, Name, shortAccount } from "../../primitives/person.js";
import { strings } from "../../strings/index.js";
import type { HostActions } from "../../view.js";
import { DoorRules } from "../hosting/door-rules.js";
import { PersonTools } from "../hosting/person-tools.js";
import { Waiters } from "../hosting/waiters.js";

const words = strings.people;

interface PeopleProps {
  readonly state: MeetingState;
  /** Whose hands are up, first raised first. */
  readonly hands: readonly string[];
  readonly actions: HostActions;
  readonly onClose: () => void;
}

export function PeoplePanel({ state, hands, actions, onClose }: PeopleProps): VNode {
  const { people, me, rules, lobby } = state;
  const hosts = people.filter(({ host }) => host).length;
  return (
    <SidePanel id="people" title={`${words.title} (${people.length})`} onClose={onClose}>
      <div class="panel-body" tabIndex={0} role="region" aria-labelledby="people-title">
        {me.host ? <Waiters waiters={lobby} actions={actions} /> : null}
        <p class="soft">{words.text}</p>
        <ul class="people">
          {people.map((person) => <Row key={person.account} person={person} place={hands.indexOf(person.account) + 1} tools={me.host ? { actions, others: hosts > 1 } : null} />)}
        </ul>
        {me.host ? <DoorRules rules={rules} actions={actions} /> : null}
      </div>
    </SidePanel>
  );
}

/** What a host has at each name; `others` says whether somebody else is host too. */
interface Tools {
  readonly actions: HostActions;
  readonly others: boolean;
}

function Row({ person, place, tools }: { person: Person; place: number; tools: Tools | null }): VNode {
  const [open, setOpen] = useState(false);
  const useful = tools !== null && (!person.you || tools.others);
  return (
    <li class="person-entry">
      <div class="person" data-testid="person" data-away={!person.present}>
        <Avatar name={person.name} account={person.account} />
        <div class="person-text">
          <span class="person-name">
            <Name name={person.name} />
            {person.you ? <span class="tag">{strings.meeting.you}</span> : null}
            {person.host ? <span class="tag" data-testid="host-tag">{strings.hosting.host}</span> : null}
          </span>
          <span class="soft small">
            {words.key} <span class="mono" title={person.account}>{shortAccount(person.account)}</span>
          </span>
        </div>
        <span class="person-marks soft">
          {place === 0 ? null : <span class="person-hand" data-testid="person-hand"><HandIcon size={18} /><span aria-hidden="true">{place}</span><span class="visually-hidden">{strings.meeting.handPlace(place)}</span></span>}
          {person.media.mic ? null : <><MicrophoneOffIcon size={18} /><span class="visually-hidden">{strings.meeting.muted}</span></>}
          {person.media.camera ? null : <><CameraOffIcon size={18} /><span class="visually-hidden">{strings.door.previewNoCamera}</span></>}
        </span>
        {useful ? (
          <button
            type="button"
            class="round quiet small-round"
            data-testid="person-actions"
            aria-label={strings.hosting.actions(person.name)}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <MoreIcon />
          </button>
        ) : null}
      </div>
      {useful && open ? <PersonTools person={person} actions={tools.actions} /> : null}
    </li>
  );
}
