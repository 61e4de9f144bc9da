/** What protects this meeting and what does not, on one calm panel. */

import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { Alarm, Seal } from "@segel/client/state";
import { Notice, Spinner } from "../../primitives/controls.js";
import { SidePanel } from "../../primitives/panel.js";
import { strings } from "../../strings/index.js";

const words = strings.seal;

interface SealProps {
  readonly seal: Seal;
  readonly count: number;
  /** Works out the code of the present epoch; called again when the epoch changes. */
  readonly onCode: () => void;
  readonly onClose: () => void;
}

export function SealPanel({ seal, count, onCode, onClose }: SealProps): VNode {
  useEffect(() => {
    if (seal.code === null) onCode();
  }, [seal.epoch, seal.code === null]);
  return (
    <SidePanel id="seal" title={words.title} onClose={onClose}>
      <div class="panel-body seal" tabIndex={0} role="region" aria-labelledby="seal-title">
        <Alarms alarms={seal.alarms} />
        <p class="soft">{words.text}</p>
        <Code code={seal.code} />
        <dl class="seal-facts">
          <Fact title={words.people(count)}>{words.peopleText}</Fact>
          <Suite seal={seal} />
          <Fact title={words.relay}>{words.relayText}</Fact>
          <Fact title={words.drops(seal.droppedFrames)}>{words.dropsText}</Fact>
        </dl>
        <Tier tier={seal.tier} />
        <section>
          <h3>{words.seesTitle}</h3>
          <ul class="sees soft">{words.sees.map((each) => <li key={each}>{each}</li>)}</ul>
        </section>
      </div>
    </SidePanel>
  );
}

function Alarms({ alarms }: { alarms: readonly Alarm[] }): VNode | null {
  if (alarms.length === 0) return null;
  return (
    <section class="alarms" data-testid="alarms">
      <p class="alarm-lead">{words.alarmLead}</p>
      {alarms.map((alarm, index) => (
        <Notice key={index} look="danger" title={words.alarms[alarm.kind].title}>
          <p>{words.alarms[alarm.kind].text}</p>
          <p class="small">{alarm.detail}</p>
        </Notice>
      ))}
    </section>
  );
}

function Code({ code }: { code: readonly string[] | null }): VNode {
  return (
    <section class="code-card" aria-labelledby="code-title">
      <h3 id="code-title">{words.codeTitle}</h3>
      {code === null
        ? <p class="asking soft" role="status"><Spinner /> {words.codeMaking}</p>
        : <ol class="code mono" dir="ltr" data-testid="seal-code">{code.map((group, index) => <li key={index}>{group}</li>)}</ol>}
      <p class="soft small">{words.codeText} {words.codeChanges}</p>
    </section>
  );
}

function Fact({ title, testid, children }: { title: string; testid?: string; children: ComponentChildren }): VNode {
  return (
    <div data-testid={testid}>
      <dt>{title}</dt>
      <dd class="soft small">{children}</dd>
    </div>
  );
}

function Suite({ seal }: { seal: Seal }): VNode {
  if (seal.suite === null) return <Fact title={words.suiteUnknown} testid="seal-suite">{null}</Fact>;
  const suite = words.suites[seal.suite];
  return <Fact title={suite.title} testid="seal-suite">{suite.text}</Fact>;
}

function Tier({ tier }: { tier: Seal["tier"] }): VNode {
  return (
    <section class="tier">
      <h3>{tier === "C" ? words.tierC : words.tierA}</h3>
      <p class="soft small">{tier === "C" ? words.tierCText : words.tierAText}</p>
    </section>
  );
}
