/** A host who leaves is asked whether the meeting goes on. */

import type { VNode } from "preact";
import { Dialog } from "../../primitives/dialog.js";
import { strings } from "../../strings/index.js";
import type { MeetingActions, MeetingView } from "../../view.js";

const words = strings.hosting;

export function Leaving({ view, actions, onClose }: { view: MeetingView; actions: MeetingActions; onClose: () => void }): VNode {
  const handed = view.state.people.some(({ host, you }) => host && !you);
  const end = (): void => {
    actions.govern({ act: "end" });
    onClose();
  };
  return (
    <Dialog title={words.leaveTitle} text={handed ? words.leaveText : words.leaveAloneText} testid="leaving" onClose={onClose}>
      <button type="button" class="button outline" onClick={onClose}>{words.cancel}</button>
      <button type="button" class="button outline danger-text" data-testid="end-all" onClick={end}>{words.endAll}</button>
      <button type="button" class="button danger" data-testid="leave-yes" onClick={actions.leave}>{words.leave}</button>
    </Dialog>
  );
}

/** Whether leaving is worth a question: only for a host with others here. */
export function asksOnLeaving({ state }: MeetingView): boolean {
  return state.me.host && state.people.length > 1;
}
