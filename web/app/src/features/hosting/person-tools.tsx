/** What a host can do about somebody: a row of plain buttons that unfolds under the name. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Person } from "@segel/client/state";
import { Dialog } from "../../primitives/dialog.js";
import { strings } from "../../strings/index.js";
import type { HostActions } from "../../view.js";

const words = strings.hosting;

export function PersonTools({ person, actions }: { person: Person; actions: HostActions }): VNode {
  return person.you ? <OwnTools person={person} actions={actions} /> : <OthersTools person={person} actions={actions} />;
}

function OwnTools({ person, actions }: { person: Person; actions: HostActions }): VNode {
  return (
    <div class="person-tools" role="group" aria-label={words.actions(person.name)}>
      <button type="button" class="button plain" data-testid="step-down" onClick={() => actions.govern({ act: "step-down" })}>{words.stepDown}</button>
    </div>
  );
}

function OthersTools({ person, actions }: { person: Person; actions: HostActions }): VNode {
  const [kicking, setKicking] = useState(false);
  const { account, name, media, host } = person;
  const button = (label: string, testid: string, press: () => void): VNode => (
    <button type="button" class="button plain" data-testid={testid} onClick={press}>{label}</button>
  );
  return (
    <div class="person-tools" role="group" aria-label={words.actions(name)}>
      {media.mic ? button(words.mute, "ask-mute", () => actions.govern({ act: "ask", what: "mute", account })) : null}
      {media.hand ? button(words.lowerHand, "lower-hand", () => actions.govern({ act: "ask", what: "lower-hand", account })) : null}
      {host ? null : button(words.promote, "promote", () => actions.govern({ act: "promote", account }))}
      <button type="button" class="button plain danger-text" data-testid="kick" onClick={() => setKicking(true)}>{words.kick}</button>
      {kicking ? <Kicking person={person} actions={actions} onClose={() => setKicking(false)} /> : null}
    </div>
  );
}

function Kicking({ person: { account, name }, actions, onClose }: { person: Person; actions: HostActions; onClose: () => void }): VNode {
  const kick = (): void => {
    actions.govern({ act: "kick", account });
    onClose();
  };
  return (
    <Dialog title={words.kickAsk(name)} text={words.kickText} testid="kicking" onClose={onClose}>
      <button type="button" class="button outline" onClick={onClose}>{words.cancel}</button>
      <button type="button" class="button danger" data-testid="kick-yes" onClick={kick}>{words.kick}</button>
    </Dialog>
  );
}
