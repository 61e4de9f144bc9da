/** Who waits at the door, for a host: in the list of people, and as one calm line over the stage. */

import type { VNode } from "preact";
import type { Waiter } from "@segel/client/state";
import { Avatar, Name } from "../../primitives/person.js";
import { strings } from "../../strings/index.js";
import type { HostActions } from "../../view.js";

const words = strings.hosting;

export function Waiters({ waiters, actions }: { waiters: readonly Waiter[]; actions: HostActions }): VNode | null {
  if (waiters.length === 0) return null;
  return (
    <section aria-labelledby="waiters-title" data-testid="waiters">
      <h3 id="waiters-title">{words.waiters(waiters.length)}</h3>
      <ul class="people">
        {waiters.map(({ account, name }) => (
          <li key={account} class="waiter" data-testid="waiter">
            <div class="person">
              <Avatar name={name} account={account} />
              <span class="person-text"><Name name={name} /></span>
            </div>
            <div class="waiter-answers">
              <button type="button" class="button plain" aria-label={`${words.deny}: ${name}`} onClick={() => actions.govern({ act: "deny", account })}>{words.deny}</button>
              <button type="button" class="button primary" aria-label={`${words.admit}: ${name}`} onClick={() => actions.govern({ act: "admit", account })}>{words.admit}</button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** While the list is not open. */
export function WaitersLine({ waiters, actions, onShow }: { waiters: readonly Waiter[]; actions: HostActions; onShow: () => void }): VNode | null {
  const [first] = waiters;
  if (first === undefined) return null;
  return (
    <div class="banner calm" role="status" data-testid="waiters-line">
      <span class="grow">{waiters.length === 1 ? words.waits(first.name) : words.manyWait(waiters.length)}</span>
      {waiters.length === 1
        ? <button type="button" class="button primary" aria-label={`${words.admit}: ${first.name}`} onClick={() => actions.govern({ act: "admit", account: first.account })}>{words.admit}</button>
        : null}
      <button type="button" class="button plain" onClick={onShow}>{words.show}</button>
    </div>
  );
}
