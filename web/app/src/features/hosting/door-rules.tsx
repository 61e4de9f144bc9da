/** How the door stands, and what a host can change about it. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Rules } from "@segel/client/state";
import { Dialog } from "../../primitives/dialog.js";
import { strings } from "../../strings/index.js";
import type { HostActions } from "../../view.js";

const words = strings.hosting;

export function DoorRules({ rules, actions }: { rules: Rules; actions: HostActions }): VNode {
  const [revoking, setRevoking] = useState(false);
  return (
    <section class="door-rules" aria-labelledby="door-rules-title" data-testid="door-rules">
      <h3 id="door-rules-title">{words.title}</h3>
      {rules.revoked ? <p class="soft">{words.revoked}</p> : (
        <>
          <Switch label={words.lobbySwitch} testid="lobby-switch" on={rules.lobby} onChange={(on) => actions.govern({ act: "lobby", on })} />
          <Switch label={words.lockSwitch} testid="lock-switch" on={rules.locked} onChange={(on) => actions.govern({ act: "lock", on })} />
        </>
      )}
      <div class="ways-row">
        <button type="button" class="button outline" data-testid="mute-all" onClick={() => actions.govern({ act: "ask", what: "mute", account: null })}>{words.muteAll}</button>
        {rules.revoked ? null : <button type="button" class="button outline" data-testid="revoke" onClick={() => setRevoking(true)}>{words.revoke}</button>}
      </div>
      {revoking ? <Revoking actions={actions} onClose={() => setRevoking(false)} /> : null}
    </section>
  );
}

function Switch({ label, testid, on, onChange }: { label: string; testid: string; on: boolean; onChange: (on: boolean) => void }): VNode {
  return (
    <label class="switch">
      <input type="checkbox" role="switch" data-testid={testid} checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

function Revoking({ actions, onClose }: { actions: HostActions; onClose: () => void }): VNode {
  const revoke = (): void => {
    actions.govern({ act: "revoke" });
    onClose();
  };
  return (
    <Dialog title={`${words.revoke}?`} text={words.revokeText} testid="revoking" onClose={onClose}>
      <button type="button" class="button outline" onClick={onClose}>{words.cancel}</button>
      <button type="button" class="button danger" data-testid="revoke-yes" onClick={revoke}>{words.revoke}</button>
    </Dialog>
  );
}
