/** The screen of a page whose words did not arrive, in the language that they would have been in. */

import type { VNode } from "preact";
import { Mark } from "../../primitives/icons.js";
import { Title } from "../../primitives/title.js";
import type { Language } from "../../strings/index.js";
import { unreached } from "../../strings/unreached.js";

export function Unreached({ language }: { language: Language }): VNode {
  const { title, text, again } = unreached[language];
  return (
    <main class="middle" data-testid="phase" data-phase="unreached" lang={language}>
      <div class="top-line"><div class="brand"><Mark size={28} /><span>Segel</span></div></div>
      <div class="middle-card card">
        <div class="middle-text" role="alert">
          <Title>{title}</Title>
          <p class="soft">{text}</p>
        </div>
        <div class="ways-row">
          <button type="button" class="button primary" data-testid="again" onClick={() => location.reload()}>{again}</button>
        </div>
      </div>
    </main>
  );
}
