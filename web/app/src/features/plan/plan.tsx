/** A link for later: made on this device, with a file for the calendar. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Notice } from "../../primitives/controls.js";
import { TopLine } from "../../primitives/languages.js";
import { Title } from "../../primitives/title.js";
import { strings } from "../../strings/index.js";
import type { PlanActions, WayIn } from "../../view.js";
import { WayInChoice } from "../hosting/way-in.js";
import { calendarFile, type CalendarEvent } from "./ics.js";
import { atMinute, dayEnd, inDays, LENGTHS, nextHour } from "./times.js";

const words = strings.plan;

export function Plan({ actions }: { actions: PlanActions }): VNode {
  const [made, setMade] = useState<CalendarEvent | null>(null);
  return (
    <main class="middle" data-testid="phase" data-phase="plan">
      <TopLine />
      <div class="middle-card card wide-card">
        {made === null ? <Choices actions={actions} onMade={setMade} /> : <Made event={made} actions={actions} />}
      </div>
    </main>
  );
}

function Choices({ actions, onMade }: { actions: PlanActions; onMade: (event: CalendarEvent) => void }): VNode {
  const [subject, setSubject] = useState("");
  const [begins, setBegins] = useState(() => nextHour(Date.now()));
  const [minutes, setMinutes] = useState<number>(LENGTHS[1]);
  const [until, setUntil] = useState(() => inDays(Date.now(), 90));
  const [way, setWay] = useState<WayIn>("lobby");
  const [problem, setProblem] = useState("");

  const make = async (): Promise<void> => {
    const [from, last] = [atMinute(begins), dayEnd(until)];
    const ends = from + minutes * 60_000;
    if (!(from > Date.now()) || !(last >= ends)) return setProblem(words.past);
    const link = await actions.makeLink(way, last);
    onMade({ title: subject.trim() === "" ? words.subjectStandard : subject.trim(), link, begins: from, ends, made: Date.now(), uid: crypto.randomUUID() });
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    make().catch(() => setProblem(strings.ended.failures.internal.text));
  };
  return (
    <form class="plan" onSubmit={submit} noValidate>
      <Title>{words.title}</Title>
      <p class="soft">{words.text}</p>
      <div class="field">
        <label for="subject">{words.subject}</label>
        <input id="subject" class="input" maxLength={200} aria-describedby="subject-hint" value={subject} onInput={(event) => setSubject(event.currentTarget.value)} />
        <span id="subject-hint" class="hint">{words.subjectHint}</span>
      </div>
      <div class="plan-times">
        <div class="field">
          <label for="begins">{words.begins}</label>
          <input id="begins" class="input" data-testid="begins" type="datetime-local" required value={begins} onInput={(event) => setBegins(event.currentTarget.value)} />
        </div>
        <div class="field">
          <label for="lasts">{words.lasts}</label>
          <select id="lasts" class="input" value={minutes} onChange={(event) => setMinutes(Number(event.currentTarget.value))}>
            {LENGTHS.map((each) => <option key={each} value={each}>{words.minutes(each)}</option>)}
          </select>
        </div>
        <div class="field">
          <label for="until">{words.until}</label>
          <input id="until" class="input" data-testid="until" type="date" required value={until} onInput={(event) => setUntil(event.currentTarget.value)} />
        </div>
      </div>
      <WayInChoice value={way} onChoose={setWay} />
      {problem === "" ? null : <Notice look="danger">{problem}</Notice>}
      <div class="ways-row">
        <button type="button" class="button outline" data-testid="home" onClick={actions.home}>{words.back}</button>
        <button type="submit" class="button primary" data-testid="make-link">{words.make}</button>
      </div>
    </form>
  );
}

function Made({ event, actions }: { event: CalendarEvent; actions: PlanActions }): VNode {
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = (): void => {
    navigator.clipboard.writeText(event.link).then(() => setCopied(true), () => setCopied(false));
  };
  const label = copied === null ? strings.meeting.copyLink : copied ? strings.meeting.copied : strings.meeting.copyRefused;
  return (
    <div class="plan">
      <Title>{words.made}</Title>
      <p class="soft">{words.madeText}</p>
      <input class="input mono" readOnly aria-label={strings.meeting.linkLabel} data-testid="plan-link" value={event.link} onFocus={(focused) => focused.currentTarget.select()} />
      <p class="soft small">{words.keyText}</p>
      <div class="ways-row">
        <button type="button" class="button primary" onClick={copy}><span aria-live="polite">{label}</span></button>
        <button type="button" class="button outline" data-testid="calendar" onClick={() => save(event)}>{words.calendar}</button>
        <button type="button" class="button outline" data-testid="go" onClick={() => actions.go(event.link)}>{words.go}</button>
      </div>
    </div>
  );
}

/** Hands the file to the browser's downloads. */
function save(event: CalendarEvent): void {
  const url = URL.createObjectURL(new Blob([calendarFile(event)], { type: "text/calendar;charset=utf-8" }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = "segel.ics";
  anchor.click();
  // The browser has begun to read by the next turn; without this the text would stay in memory.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
