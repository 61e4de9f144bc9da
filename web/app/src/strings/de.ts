/** German. People are addressed as "Sie"; to seal is "versiegeln". */

import type { Alarm, Failure, SuiteName } from "@segel/client/state";
import type { DeviceProblem, ScreenProblem, Unsupported } from "@segel/media/state";
import { grammar } from "./grammar.js";
import type { Advice, Strings } from "./index.js";

const { plural, list } = grammar("de");

const deviceProblems: Record<DeviceProblem, Advice> = {
  denied: {
    title: "Ihr Browser darf sie nicht freigeben",
    text: "Erlauben Sie dieser Seite Kamera und Mikrofon links neben der Adresse und versuchen Sie es noch einmal. Teilnehmen können Sie auch ohne.",
  },
  none: {
    title: "Kein Gerät gefunden",
    text: "Schließen Sie ein Mikrofon oder eine Kamera an und versuchen Sie es noch einmal, oder nehmen Sie ohne teil.",
  },
  busy: {
    title: "Ein anderes Programm benutzt das Gerät",
    text: "Beenden Sie das andere Gespräch oder Kameraprogramm und versuchen Sie es noch einmal.",
  },
  unplugged: {
    title: "Das Gerät wurde ausgesteckt",
    text: "Gibt es ein anderes, wird jetzt dieses benutzt. Wählen können Sie unter Geräte.",
  },
  insecure: {
    title: "Diese Seite wurde nicht über https geöffnet",
    text: "Browser geben Geräte nur für sichere Seiten frei. Bitten Sie den Betreiber dieses Servers um eine https-Adresse.",
  },
};

const screenProblems: Record<ScreenProblem, Advice> = {
  refused: {
    title: "Es wird nichts geteilt",
    text: "Die Auswahl wurde geschlossen, oder Browser oder System erlauben es nicht. Drücken Sie noch einmal, um zu wählen; lehnt das System ab, erlauben Sie dort die Bildschirmaufnahme.",
  },
  busy: {
    title: "Der Bildschirm ließ sich nicht aufnehmen",
    text: "Ihr System gab ihn nicht frei. Schließen Sie andere Programme, die den Bildschirm aufnehmen, oder wählen Sie ein Fenster, und versuchen Sie es noch einmal.",
  },
  unsupported: {
    title: "Dieser Browser kann keinen Bildschirm teilen",
    text: "Browser auf Telefonen bieten es nicht an. Öffnen Sie den Link auf einem Computer in Chromium oder Firefox.",
  },
};

const unsupported: Record<Unsupported, Advice> = {
  no_peer_connection: {
    title: "Dieser Browser kann keine Anrufe",
    text: "Im Chat können Sie teilnehmen. Für Ton und Bild öffnen Sie den Link in einem aktuellen Chromium oder Firefox.",
  },
  no_encoded_transform: {
    title: "Dieser Browser kann Ton und Bild nicht versiegeln",
    text: "Unversiegelt sendet Segel sie nie, deshalb nehmen Sie im Chat teil. Ein aktueller Chromium oder Firefox kann beides.",
  },
  insecure: {
    title: "Diese Seite wurde nicht über https geöffnet",
    text: "Ohne https gibt der Browser weder Geräte noch Schlüssel frei. Bitten Sie den Betreiber dieses Servers um eine https-Adresse.",
  },
};

const alarms: Record<Alarm["kind"], Advice> = {
  forked: {
    title: "Dieser Server hat verschiedenen Personen verschiedene Verläufe gezeigt",
    text: "Was Sie sehen, ist vielleicht nicht das, was die anderen sehen. Verlassen Sie das Treffen und verabreden Sie auf anderem Weg einen Server, dem Sie vertrauen.",
  },
  dropped: {
    title: "Dieser Server hat etwas zurückgehalten",
    text: "Eine Nachricht oder eine Änderung der Gruppe ist nicht angekommen. Fragen Sie die anderen auf anderem Weg, was Ihnen fehlt.",
  },
  forgotten: {
    title: "Dieser Server hat das Treffen aus den Augen verloren",
    text: "Es war abgelaufen, oder der Server wurde auf einen früheren Stand zurückgesetzt. Das Treffen geht in einer neuen Gruppe weiter; was zuletzt gesagt wurde, hat vielleicht nicht alle erreicht.",
  },
  "bad-commit": {
    title: "Eine Änderung der Gruppe ist nicht gültig",
    text: "Segel folgt ihr nicht, deshalb kommt hier nichts Neues mehr an. Beginnen Sie mit den anderen ein neues Treffen.",
  },
  "bad-message": {
    title: "Einer Nachricht war nicht zu trauen",
    text: "Sie wird nicht gezeigt. Jemand hat sie fehlerhaft gesendet oder wollte sie als die eines anderen ausgeben.",
  },
};

const failures: Record<Failure["kind"], Advice> = {
  "bad-link": { title: "Dieser Link ist nicht vollständig", text: "Ein Teil fehlt oder wurde verändert, oder er gehört zu einem neueren Segel. Lassen Sie ihn sich noch einmal geben und kopieren Sie ihn ganz." },
  "unknown-meeting": { title: "Dieses Treffen gibt es hier nicht", text: "Es ist vielleicht vorbei, oder der Link gehört zu einem anderen Server. Bitten Sie um einen neuen Link." },
  expired: { title: "Dieser Link gilt nicht mehr", text: "Er war bis zu einem bestimmten Tag gedacht, und der ist vorbei. Bitten Sie die Person, von der Sie ihn haben, um einen neuen." },
  refused: { title: "Sie wurden nicht hereingelassen", text: "Der Host dieses Treffens hat abgelehnt. Falls das ein Versehen war, fragen Sie nach und klopfen Sie noch einmal." },
  banned: { title: "Sie können nicht in dieses Treffen zurück", text: "Ein Host hat Sie entfernt und bestimmt, dass es dabei bleibt." },
  locked: { title: "Dieses Treffen ist abgeschlossen", text: "Im Moment wird niemand Neues hereingelassen. Versuchen Sie es später, oder bitten Sie den Host, es zu öffnen." },
  closed: { title: "Dieser Link lässt niemanden mehr herein", text: "Er wurde zurückgenommen, oder seine Zeit ist vorbei. Bitten Sie um einen neuen." },
  invitation: { title: "Dieser Server verlangt eine Einladung", text: "Wer ihn betreibt, entscheidet, wer Treffen beginnen darf. Die angegebene Einladung ist nicht vollständig oder schon verbraucht: Bitten Sie dort um eine andere." },
  "refused-commit": { title: "Das Treffen kann nicht sicher weitergehen", text: "Eine Änderung der Gruppe hat ihre Prüfung nicht bestanden, deshalb folgt Segel ihr nicht." },
  server: { title: "Der Server kann das gerade nicht", text: "Er hat es selbst gesagt, oder er antwortet nicht. Versuchen Sie es gleich noch einmal." },
  unsupported: { title: "Diesem Browser fehlt etwas", text: "Segel braucht einen aktuellen Chromium oder Firefox, und kein privates Fenster, das das Speichern verhindert." },
  internal: { title: "In Segel ist etwas schiefgegangen", text: "Das ist unser Fehler. Laden Sie die Seite neu; das Treffen geht bis dahin ohne Sie weiter." },
};

const suites: Record<SuiteName, Advice> = {
  hybrid: {
    title: "Post-Quanten-Hybrid",
    text: "Wer dieses Treffen heute aufzeichnet, kann es weder später mit einem Quantencomputer öffnen noch mit heutigen Rechnern.",
  },
  classic: {
    title: "Klassisch",
    text: "Mit heutigen Rechnern kann es niemand öffnen. Ein künftiger Quantencomputer könnte es vielleicht.",
  },
};

export const strings: Strings = {
  languages: {
    label: "Sprache",
  },
  home: {
    title: "Ein Treffen, das nur die Beteiligten öffnen können",
    text: "Treffen beginnen, Link senden. Ton, Bild und Wort werden in jedem Browser versiegelt; dieser Server leitet weiter, was er nicht öffnen kann.",
    start: "Treffen beginnen",
    facts: ["Kein Konto", "Nichts zu installieren", "Versiegelt von Browser zu Browser"],
    invitation: "Einladung",
    invitationHint: "Wer diesen Server betreibt, entscheidet, wer hier ein Treffen beginnen darf.",
    invitationMissing: "Geben Sie die Einladung ein, die Sie bekommen haben.",
  },
  door: {
    joinTitle: "Sie stehen vor der Tür",
    joinText: "Bevor Sie eintreten: Das ist der Server, über den das Treffen läuft.",
    startTitle: "Ihr neues Treffen",
    startText: "Bevor Sie beginnen: Das ist der Server, über den es läuft.",
    operator: "Betreiber",
    operatorSilent: "Wer diesen Server betreibt, hat sich nicht vorgestellt.",
    location: "Standort",
    locationSilent: "Dazu wurde nichts gesagt.",
    keeps: "Bewahrt auf",
    keepsSilent: "Dazu wurde nichts gesagt.",
    keepsUntil: "Wie lange:",
    keepsCount: (count) => plural(count, { one: "# Angabe, auf Zeit", other: "# Angaben, jede auf Zeit" }),
    claim: "Wer und wo sind Angaben des Betreibers. Segel kann sie nicht prüfen.",
    contact: "Kontakt",
    asking: "Der Server wird nach seinen Angaben gefragt …",
    gone: "Der Server antwortet nicht. Prüfen Sie Ihre Verbindung; diese Seite versucht es weiter.",
    name: "Ihr Name",
    nameHint: "So sehen die anderen Sie. Niemand prüft ihn.",
    nameMissing: "Schreiben Sie einen Namen, damit die anderen wissen, wer kommt.",
    useDevices: "Kamera und Mikrofon benutzen",
    previewOff: "Noch ist nichts eingeschaltet",
    previewNoCamera: "Die Kamera ist aus",
    preview: "Ihr Bild, wie die anderen es sehen werden",
    join: "Eintreten",
    joinWithDevices: "Mit Kamera und Mikrofon eintreten",
    startIt: "Beginnen",
    startWithDevices: "Mit Kamera und Mikrofon beginnen",
    quiet: "Ohne Kamera und Mikrofon eintreten",
    textOnly: "Nur im Chat teilnehmen",
    tryAgain: "Noch einmal versuchen",
    busy: "Wird geöffnet …",
  },
  devices: {
    title: "Geräte",
    microphone: "Mikrofon",
    camera: "Kamera",
    speaker: "Lautsprecher",
    standard: "Auswahl des Browsers",
    unnamed: (kind, index) => `${kind} ${index + 1}`,
    problems: deviceProblems,
    screenProblems,
    unsupported,
    muteOn: "Mikrofon ausschalten",
    muteOff: "Mikrofon einschalten",
    cameraOn: "Kamera ausschalten",
    cameraOff: "Kamera einschalten",
  },
  waiting: {
    connecting: "Verbindung wird aufgebaut",
    connectingText: "Einen Moment.",
    answer: "Gleich macht jemand auf",
    answerText: "Ihr Browser hat angeklopft. Der eines anderen prüft, ob Sie den Link haben, und öffnet; das dauert einen Moment.",
    nobody: "Noch ist niemand da",
    nobodyText: "Sie kommen von selbst hinein, sobald jemand da ist. Lassen Sie diese Seite offen.",
    cancel: "Nicht länger warten",
  },
  meeting: {
    title: "Treffen",
    sealed: "Versiegelt",
    alarm: "Alarm",
    copyLink: "Link kopieren",
    copied: "Kopiert",
    copyRefused: "Kopieren Sie ihn aus der Adresszeile",
    linkLabel: "Link zu diesem Treffen",
    aloneTitle: "Noch ist niemand sonst da",
    aloneText: "Senden Sie diesen Link an alle, die kommen sollen. Er ist der Schlüssel zur Tür: Wer ihn hat, kann anklopfen.",
    leave: "Verlassen",
    chat: "Chat",
    chatUnread: (count) => `Chat, ${plural(count, { one: "# ungelesene Nachricht", other: "# ungelesene Nachrichten" })}`,
    people: (count) => `Personen, ${count}`,
    devices: "Geräte",
    share: "Bildschirm teilen",
    stopSharing: "Nicht mehr teilen",
    screenOf: (name: string): string => `Bildschirm von ${name}`,
    stage: "Personen in diesem Treffen",
    controls: "Bedienung",
    you: "Sie",
    muted: "Das Mikrofon ist aus",
    away: "Seit einem Moment nicht zu hören",
    tile: (name, facts) => [name, ...facts].join(", "),
    speaking: "spricht",
    close: "Schließen",
  },
  chat: {
    title: "Chat",
    empty: "Noch wurde nichts geschrieben. Was Sie schreiben, können nur die Personen in diesem Treffen lesen.",
    placeholder: "Nachricht schreiben",
    send: "Senden",
    save: "Änderung speichern",
    actions: (name) => `Aktionen für die Nachricht von ${name}`,
    reply: "Antworten",
    edit: "Bearbeiten",
    remove: "Löschen",
    react: (sign) => `Mit ${sign} reagieren`,
    reacted: (sign, others, you) => `${sign} von ${list(you ? [...others, "Ihnen"] : others)}`,
    replying: (name) => `Antwort an ${name}`,
    editing: "Sie ändern Ihre Nachricht",
    cancel: "Abbrechen",
    edited: "geändert",
    deleted: "Diese Nachricht wurde gelöscht",
    gone: "Eine Nachricht, die nicht hier ist",
    sending: "Wird gesendet",
    sent: "Gesendet",
    failed: "Nicht gesendet",
    today: "Heute",
    yesterday: "Gestern",
    tooLong: "Das ist zu lang für eine Nachricht.",
  },
  people: {
    title: "Personen",
    text: "Diese Liste ist die Liste der Schlüssel: Wer darauf steht, kann das Treffen öffnen, und sonst niemand.",
    key: "Schlüssel",
  },
  seal: {
    title: "Das Siegel",
    text: "Was hier gesagt, gezeigt und geschrieben wird, wird in jedem Browser versiegelt und erst in den anderen geöffnet.",
    alarmLead: "Vertrauen Sie diesem Treffen so nicht.",
    codeTitle: "Den Code vergleichen",
    codeText: "Lesen Sie ihn einander vor. Sehen alle dieselben Ziffern, sind Sie im selben Treffen mit denselben Schlüsseln, und niemand steht dazwischen.",
    codeChanges: "Er ändert sich, wenn jemand kommt oder geht.",
    codeMaking: "Der Code wird berechnet …",
    people: (count) => plural(count, { one: "# Person ist hier", other: "# Personen sind hier" }),
    peopleText: "Genau die Personen in der Liste haben die Schlüssel.",
    suites,
    suiteUnknown: "Noch nicht vereinbart",
    relay: "Von diesem Server weitergeleitet",
    relayText: "Er leitet versiegelten Ton und versiegelte Bilder weiter, die er nicht öffnen kann.",
    drops: (count) => (count === 0 ? "Kein versiegeltes Paket wurde abgewiesen" : plural(count, { one: "# versiegeltes Paket wurde abgewiesen", other: "# versiegelte Pakete wurden abgewiesen" })),
    dropsText: "Was sich mit dem Schlüssel der sendenden Person nicht öffnen lässt, wird nie gezeigt. Einige wenige bei einem Schlüsselwechsel sind normal.",
    tierC: "Sie benutzen einen gewöhnlichen Browser",
    tierCText: "Ein gewöhnlicher Browser vertraut bei jedem Laden dem Code dieses Servers. Wer den Server beherrscht, könnte veränderten Code senden, gezielt nur an Sie.",
    tierA: "Sie benutzen ein installiertes Segel",
    tierAText: "Sein Code kommt nicht bei jedem Laden von diesem Server.",
    seesTitle: "Was der Server trotzdem sieht",
    sees: [
      "Die Netzadressen derer, die verbunden sind",
      "Wann sie kommen, sprechen und gehen",
      "Wie viel gesendet wird und wie groß es ist",
      "Dass diese Verbindungen zu einem Treffen gehören",
    ],
    alarms,
  },
  banner: {
    sharing: "Sie teilen Ihren Bildschirm.",
    sharingSound: "Sie teilen Ihren Bildschirm mit seinem Ton.",
    away: "Die Verbindung ist unterbrochen. Segel verbindet sich von selbst wieder; nichts, was Sie geschrieben haben, ist verloren.",
    media: "Ton und Bild werden neu verbunden. Der Chat geht inzwischen.",
  },
  ended: {
    left: "Sie haben das Treffen verlassen",
    leftText: "Die anderen haben bei Ihrem Weggang die Schlüssel gewechselt. Was sie jetzt sagen, kann Ihr Browser nicht öffnen.",
    removed: "Sie wurden entfernt",
    removedText: "Jemand im Treffen oder eine lange Stille auf Ihrer Seite hat Sie herausgenommen. Sie können wieder anklopfen.",
    kicked: "Ein Host hat Sie aus dem Treffen entfernt",
    kickedText: "Was dort von jetzt an gesagt wird, kann Ihr Browser nicht öffnen. Dieser Link lässt Sie nicht wieder herein.",
    endedForAll: "Das Treffen wurde für alle beendet",
    endedForAllText: "Ein Host hat es beendet. Unter demselben Link kann es wieder beginnen, sobald ein Host kommt.",
    rejoin: "Wieder anklopfen",
    again: "Noch einmal versuchen",
    home: "Zur Startseite",
    notFound: {
      title: "Hier ist nichts",
      text: "Diese Adresse führt auf diesem Server nirgendwohin. War es der Link zu einem Treffen, lassen Sie ihn sich noch einmal geben und kopieren Sie ihn ganz.",
    },
    failures,
  },
  stopped: {
    insecure: {
      title: "Diese Seite wurde nicht über https geöffnet",
      text: "Ohne https gibt der Browser weder Geräte noch Schlüssel frei. Bitten Sie den Betreiber dieses Servers um eine https-Adresse.",
    },
    keys: {
      title: "Dieser Browser ist zu alt für Segel",
      text: "Er kann die Unterschriften nicht leisten, die Nachrichten vor Fälschung schützen. Aktualisieren Sie ihn, oder öffnen Sie diese Adresse in einem aktuellen Chromium oder Firefox.",
    },
    outdated: {
      title: "Diese Seite ist älter als ihr Server",
      text: "Die beiden verstehen einander nicht mehr. Laden Sie die neue Version, um weiterzumachen.",
    },
    renew: "Neue Version laden",
    ready: "Eine neue Version von Segel ist da.",
    others: "Sie kommt, sobald die anderen Fenster von Segel geschlossen sind.",
  },
  announce: {
    joined: (name) => `${name} ist hereingekommen`,
    left: (name) => `${name} ist gegangen`,
    message: (name, text) => `${name} schrieb: ${text}`,
    deleted: (name) => `${name} hat eine Nachricht gelöscht`,
    away: "Verbindung verloren, sie wird wiederhergestellt",
    back: "Wieder verbunden",
  },
};
