/** The first screen: one thing to do, one sentence on what it is. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Notice } from "../../primitives/controls.js";
import { TopLine } from "../../primitives/languages.js";
import { Title } from "../../primitives/title.js";
import { strings } from "../../strings/index.js";
import type { HomeActions, HomeView } from "../../view.js";

const words = strings.home;

export function Home({ view, actions }: { view: HomeView; actions: HomeActions }): VNode {
  const [invitation, setInvitation] = useState(view.invitation);
  const [missing, setMissing] = useState(false);
  const asks = view.server.state === "known" && view.server.info.starters === "invited";

  const submit = (event: Event): void => {
    event.preventDefault();
    if (asks && invitation.trim() === "") setMissing(true);
    else actions.start(invitation.trim());
  };

  return (
    <main class="home" data-testid="phase" data-phase="home">
      <TopLine />
      <form class="home-body" onSubmit={submit} noValidate>
        <Title>{words.title}</Title>
        <p class="lead soft">{words.text}</p>
        {asks ? <Invitation value={invitation} missing={missing} onInput={setInvitation} /> : null}
        <button type="submit" class="button primary large" data-testid="start">{words.start}</button>
        <button type="button" class="button plain" data-testid="plan" onClick={actions.plan}>{strings.plan.offer}</button>
        {view.server.state === "gone" ? <Notice look="warn">{strings.door.gone}</Notice> : null}
      </form>
      <p class="home-more small"><a class="keeps-link" href="/keeps" data-testid="keeps">{strings.door.keepsMore}</a></p>
      <ul class="home-facts soft">{words.facts.map((fact) => <li key={fact}>{fact}</li>)}</ul>
    </main>
  );
}

function Invitation(props: { value: string; missing: boolean; onInput: (value: string) => void }): VNode {
  return (
    <div class="field home-invitation">
      <label for="invitation">{words.invitation}</label>
      <input
        id="invitation"
        class="input mono"
        data-testid="invitation"
        autocomplete="off"
        spellcheck={false}
        aria-describedby="invitation-hint"
        aria-invalid={props.missing}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <span id="invitation-hint" class="hint" role={props.missing ? "alert" : undefined}>
        {props.missing ? words.invitationMissing : words.invitationHint}
      </span>
    </div>
  );
}
