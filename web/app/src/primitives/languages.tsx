/** The line at the top of a quiet screen: whose it is, and in which language. */

import type { VNode } from "preact";
import { changeLanguage } from "../state/language.js";
import { renew, update } from "../state/shell.js";
import { language, LANGUAGES, strings } from "../strings/index.js";
import { LanguageIcon, Mark } from "./icons.js";

/** A choice of languages, each by its own name, so that it can be found by whoever cannot read the present one. */
export function LanguagePicker(): VNode {
  const chosen = language();
  const change = (event: Event & { currentTarget: HTMLSelectElement }): void => {
    const select = event.currentTarget;
    const wanted = LANGUAGES.find(({ tag }) => tag === select.value);
    // What could not be fetched was not chosen.
    if (wanted !== undefined) changeLanguage(wanted.tag).catch(() => { select.value = chosen; });
  };
  return (
    <label class="language">
      <LanguageIcon size={18} />
      <span class="visually-hidden">{strings.languages.label}</span>
      <select data-testid="language" value={chosen} onChange={change}>
        {LANGUAGES.map(({ tag, name }) => <option key={tag} value={tag} lang={tag}>{name}</option>)}
      </select>
    </label>
  );
}

/** That a new build is there. In a meeting nobody is told: what runs there goes on. */
function UpdateNotice(): VNode | null {
  if (update.value === "none") return null;
  return (
    <div class="update small" role="status" data-testid="update">
      <span>{strings.stopped.ready}</span>
      {update.value === "others"
        ? <span>{strings.stopped.others}</span>
        : <button type="button" class="button plain" data-testid="renew" onClick={() => { renew().catch(() => undefined); }}>{strings.stopped.renew}</button>}
    </div>
  );
}

export function TopLine(): VNode {
  return (
    <div class="top-line">
      <div class="brand"><Mark size={28} /><span>{strings.product}</span></div>
      <LanguagePicker />
      <UpdateNotice />
    </div>
  );
}
