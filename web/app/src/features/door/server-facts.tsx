/** Who runs this server, where it says it is, what it keeps: before anything is asked of the person. */

import type { ComponentChildren, VNode } from "preact";
import { KeepsIcon, PlaceIcon, ServerIcon } from "../../primitives/icons.js";
import { Notice, Spinner } from "../../primitives/controls.js";
import { strings } from "../../strings/index.js";
import type { Kept, ServerAnswer, ServerInfo } from "../../view.js";

const words = strings.door;

export function ServerFacts({ server }: { server: ServerAnswer }): VNode {
  if (server.state === "asking") return <p class="asking soft" role="status"><Spinner /> {words.asking}</p>;
  if (server.state === "gone") return <Notice look="warn">{words.gone}</Notice>;
  return <Facts info={server.info} />;
}

function Facts({ info }: { info: ServerInfo }): VNode {
  return (
    <section aria-labelledby="door-title" data-testid="server-facts">
      <dl class="facts">
        <Fact icon={<ServerIcon />} term={words.operator}>
          {info.operator === "" ? <em>{words.operatorSilent}</em> : <bdi>{info.operator}</bdi>}
          {info.contact === "" ? null : <span class="soft small contact">{words.contact}: <bdi>{info.contact}</bdi></span>}
        </Fact>
        <Fact icon={<PlaceIcon />} term={words.location}>
          {info.location === "" ? <em>{words.locationSilent}</em> : <bdi>{info.location}</bdi>}
        </Fact>
        <Fact icon={<KeepsIcon />} term={words.keeps}>
          {info.keeps.length === 0 ? <em>{words.keepsSilent}</em> : <Keeps keeps={info.keeps} />}
        </Fact>
      </dl>
      <p class="soft small">{words.claim}</p>
    </section>
  );
}

function Fact({ icon, term, children }: { icon: VNode; term: string; children: ComponentChildren }): VNode {
  return (
    <div class="fact">
      <dt>{icon}<span>{term}</span></dt>
      <dd>{children}</dd>
    </div>
  );
}

function Keeps({ keeps }: { keeps: readonly Kept[] }): VNode {
  return (
    <details class="keeps">
      <summary>{words.keepsCount(keeps.length)}</summary>
      <ul>
        {keeps.map((kept) => (
          <li key={kept.what}>
            <bdi>{kept.what}</bdi>
            <span class="soft small"><bdi>{kept.why}</bdi> {words.keepsUntil} <bdi>{kept.until}</bdi></span>
          </li>
        ))}
      </ul>
      <a class="keeps-link small" href="/keeps" target="_blank" rel="noopener noreferrer" data-testid="keeps">{words.keepsMore}</a>
    </details>
  );
}
