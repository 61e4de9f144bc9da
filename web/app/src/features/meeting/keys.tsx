/** The list of keys, and whether they do anything at all. */

import type { VNode } from "preact";
import { Dialog } from "../../primitives/dialog.js";
import type { Outlook } from "../../state/outlook.js";
import { strings } from "../../strings/index.js";

const words = strings.keys;

function keys(): readonly (readonly [string, string])[] {
  const { meeting } = strings;
  return [
    [words.space, words.talk],
    ["M", words.microphone],
    ["V", words.camera],
    ["H", meeting.raiseHand],
    ["S", meeting.share],
    ["C", strings.chat.title],
    ["P", strings.people.title],
    ["G", meeting.speakerView],
    ["?", words.title],
    ["Esc", words.close],
  ];
}

export function Keys({ outlook, onLook }: { outlook: Outlook; onLook: (change: Partial<Outlook>) => void }): VNode {
  const close = (): void => onLook({ helping: false });
  return (
    <Dialog title={words.title} text={words.text} testid="keys" onClose={close}>
      <dl class="keys">
        {keys().map(([key, does]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>)}
      </dl>
      <label class="keys-on">
        <input
          type="checkbox" data-testid="shortcuts" checked={outlook.shortcuts}
          onChange={(event) => onLook({ shortcuts: event.currentTarget.checked })}
        />
        {words.on}
      </label>
      <button type="button" class="button" data-testid="keys-close" onClick={close}>{strings.meeting.close}</button>
    </Dialog>
  );
}
