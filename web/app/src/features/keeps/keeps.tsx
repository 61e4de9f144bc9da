/** What the server keeps, by its own ledger (docs/keeps.md), and what this browser keeps, with a button that erases it. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Notice, Spinner } from "../../primitives/controls.js";
import { Dialog } from "../../primitives/dialog.js";
import { TopLine } from "../../primitives/languages.js";
import { Title } from "../../primitives/title.js";
import { askLedger, type Ledger, type LedgerColumns, type LedgerStored } from "../../state/ledger.js";
import { eraseAll } from "../../state/erase.js";
import { language, type Language } from "../../strings/index.js";
import { keepsWords, type KeepsWords } from "../../strings/keeps/index.js";

type Answer = { readonly state: "asking" } | { readonly state: "gone" } | { readonly state: "known"; readonly ledger: Ledger };

/** The page; drawn once its words are there. */
export function KeepsPage({ onHome }: { onHome: () => void }): VNode {
  const words = useWords(language());
  const [answer, setAnswer] = useState<Answer>({ state: "asking" });
  useEffect(() => {
    askLedger().then((ledger) => setAnswer({ state: "known", ledger }), () => setAnswer({ state: "gone" }));
  }, []);
  return (
    <main class="keeps-page" data-testid="phase" data-phase="keeps">
      <TopLine />
      {words === null ? null : (
        <article class="keeps-body">
          <Title>{words.title}</Title>
          <p class="lead soft">{words.text}</p>
          {answer.state === "asking" ? <p class="asking soft" role="status"><Spinner /> {words.asking}</p> : null}
          {answer.state === "gone" ? <Notice look="warn">{words.gone}</Notice> : null}
          {answer.state === "known" ? <Kept ledger={answer.ledger} words={words} /> : null}
          <ThisBrowser words={words} />
          <div><button type="button" class="button outline" data-testid="home" onClick={onHome}>{words.back}</button></div>
        </article>
      )}
    </main>
  );
}

/** The words of a language; those before stay until they are there, and where they cannot be fetched. */
function useWords(tag: Language): KeepsWords | null {
  const [words, setWords] = useState<KeepsWords | null>(null);
  useEffect(() => {
    let wanted = true;
    keepsWords(tag).then((loaded) => { if (wanted) setWords(loaded); }, () => undefined);
    return () => { wanted = false; };
  }, [tag]);
  return words;
}

/** What the server says, in the reader's words where there are any for it: a newer server may say more than this page knows. */
function Kept({ ledger, words }: { ledger: Ledger; words: KeepsWords }): VNode {
  return (
    <>
      <section aria-labelledby="keeps-disk">
        <h2 id="keeps-disk">{words.disk}</h2>
        <ul class="keeps-list">{ledger.stored.map((each) => <Thing key={each.id} thing={each} ledger={ledger} words={words} />)}</ul>
      </section>
      <Lines id="files" title={words.files} words={words} lines={ledger.files.map((each) => ({ ...(words.fileList[each.id] ?? each), name: each.paths.join(", ") }))} />
      <Lines id="memory" title={words.memory} words={words} lines={ledger.memory.map((each) => words.passing[each.id] ?? each)} />
      <Lines id="log" title={words.log} words={words} lines={[words.logged]} />
      <section aria-labelledby="keeps-taps">
        <h2 id="keeps-taps">{words.taps}</h2>
        <p class="soft">{words.tapsText}</p>
        <ul class="keeps-lines">{ledger.taps.map((each) => <li key={each.id}>{words.tapList[each.id] ?? each.what}</li>)}</ul>
      </section>
    </>
  );
}

function Thing({ thing, ledger, words }: { thing: LedgerStored; ledger: Ledger; words: KeepsWords }): VNode {
  const { title, what, why, until } = words.stored[thing.id] ?? thing;
  const columns = Object.entries(thing.tables).flatMap(([table, each]) => Object.entries(each).map(([name, word]) => ({ name: `${table}.${name}`, word })));
  return (
    <li>
      <h3>{title}</h3>
      <p>{what}</p>
      <p class="soft small"><b>{words.why}</b> {why}</p>
      <p class="soft small"><b>{words.until}</b> {until}</p>
      <details>
        <summary>{words.values(columns.length)}</summary>
        <Columns columns={columns} ledger={ledger} words={words} />
      </details>
    </li>
  );
}

function Columns({ columns, ledger, words }: { columns: LedgerColumns; ledger: Ledger; words: KeepsWords }): VNode {
  return (
    <table class="small">
      <thead><tr><th scope="col">{words.value}</th><th scope="col">{words.meaning}</th></tr></thead>
      <tbody>
        {columns.map(({ name, word }) => (
          <tr key={name}><th scope="row"><code dir="ltr">{name}</code></th><td>{words.words[word] ?? ledger.words[word] ?? word}</td></tr>
        ))}
      </tbody>
    </table>
  );
}

interface Line {
  readonly name?: string;
  readonly what: string;
  readonly until: string;
}

function Lines({ id, title, lines, words }: { id: string; title: string; lines: readonly Line[]; words: KeepsWords }): VNode {
  return (
    <section aria-labelledby={`keeps-${id}`}>
      <h2 id={`keeps-${id}`}>{title}</h2>
      <ul class="keeps-lines">
        {lines.map(({ name, what, until }) => (
          <li key={what}>
            {name === undefined ? null : <code class="small" dir="ltr">{name}</code>}
            <span>{what}</span>
            <span class="soft small"><b>{words.until}</b> {until}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Erasing = "no" | "asking" | "done" | "not-done";

function ThisBrowser({ words }: { words: KeepsWords }): VNode {
  const [erasing, setErasing] = useState<Erasing>("no");
  const erase = (): void => {
    eraseAll().then((all) => setErasing(all ? "done" : "not-done"), () => setErasing("not-done"));
  };
  return (
    <section class="card keeps-browser" aria-labelledby="keeps-browser">
      <h2 id="keeps-browser">{words.browser}</h2>
      <p>{words.browserText}</p>
      {erasing === "done" ? <Notice testid="erased">{words.erased}</Notice> : null}
      {erasing === "not-done" ? <Notice look="warn">{words.notErased}</Notice> : null}
      {erasing === "done" ? null : <div><button type="button" class="button danger" data-testid="erase" onClick={() => setErasing("asking")}>{words.erase}</button></div>}
      {erasing !== "asking" ? null : (
        <Dialog title={words.eraseTitle} text={words.eraseText} testid="erase-dialog" onClose={() => setErasing((now) => (now === "asking" ? "no" : now))}>
          <button type="button" class="button outline" data-testid="erase-no" onClick={() => setErasing("no")}>{words.eraseNo}</button>
          <button type="button" class="button danger" data-testid="erase-yes" onClick={erase}>{words.eraseYes}</button>
        </Dialog>
      )}
    </section>
  );
}
