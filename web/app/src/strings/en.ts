/** English: every word that the interface says, and the shape that each other language has. */

import type { Alarm, Failure, SuiteName } from "@segel/client/state";
import type { DeviceProblem, ScreenProblem, Unsupported } from "@segel/media/state";
import { grammar } from "./grammar.js";

/** What is the matter, and what to do about it. */
export interface Advice {
  readonly title: string;
  readonly text: string;
}

const { plural, list } = grammar("en");

const deviceProblems: Record<DeviceProblem, Advice> = {
  denied: {
    title: "Your browser was told not to share them",
    text: "Allow the camera and microphone for this page beside the address, then try again. You can also join without.",
  },
  none: {
    title: "No device was found",
    text: "Connect a microphone or camera and try again, or join without.",
  },
  busy: {
    title: "Another program is using it",
    text: "Close the other call or camera program, then try again.",
  },
  unplugged: {
    title: "The device was unplugged",
    text: "Where there is another one, it is in use now. Choose under Devices.",
  },
  insecure: {
    title: "This page was not opened over https",
    text: "Browsers share devices with secure pages only. Ask whoever runs this server for an https address.",
  },
};

const screenProblems: Record<ScreenProblem, Advice> = {
  refused: {
    title: "Nothing is shared",
    text: "The choice was closed, or your browser or system does not allow it. Press again to choose; allow recording of the screen in the settings of your system if it refuses.",
  },
  busy: {
    title: "The screen could not be captured",
    text: "Your system did not give it. Close other programs that record the screen, or choose a window instead, then try again.",
  },
  unsupported: {
    title: "This browser cannot share a screen",
    text: "Browsers on telephones do not offer it. Open the link in Chromium or Firefox on a computer to share from there.",
  },
};

const unsupported: Record<Unsupported, Advice> = {
  no_peer_connection: {
    title: "This browser cannot make calls",
    text: "You can take part by chat. For sound and picture, open the link in a current Chromium or Firefox.",
  },
  no_encoded_transform: {
    title: "This browser cannot seal sound and picture",
    text: "Segel never sends them unsealed, so you take part by chat. A current Chromium or Firefox can do both.",
  },
  insecure: {
    title: "This page was not opened over https",
    text: "Without it the browser offers neither devices nor keys. Ask whoever runs this server for an https address.",
  },
};

const alarms: Record<Alarm["kind"], Advice> = {
  forked: {
    title: "This server showed people different histories",
    text: "What you see may not be what the others see. Leave, and agree by another way on a server that you trust.",
  },
  dropped: {
    title: "This server held something back",
    text: "A message or a change of the group did not arrive. Ask the others by another way what you missed.",
  },
  forgotten: {
    title: "This server lost sight of the meeting",
    text: "It had expired, or the server was put back to an earlier state. The meeting goes on in a new group; what was said last may not have reached everybody.",
  },
  "bad-commit": {
    title: "A change of the group does not hold",
    text: "Segel stopped following it, so nothing new arrives here. Start a new meeting with the others.",
  },
  "bad-message": {
    title: "A message could not be trusted",
    text: "It is not shown. Somebody sent it wrongly, or tried to pass it off as another's.",
  },
};

const failures: Record<Failure["kind"], Advice> = {
  "bad-link": { title: "This link is not whole", text: "Part of it is missing or changed, or it is for a newer Segel. Ask for it again, and copy all of it." },
  "unknown-meeting": { title: "This meeting is not here", text: "It may be over, or the link belongs to another server. Ask for a new link." },
  expired: { title: "This link is no longer valid", text: "It was made to be used until a certain day, and that day is over. Ask whoever gave it to you for a new one." },
  refused: { title: "You were not let in", text: "Whoever hosts this meeting said no. If you think it was a mistake, ask them, and knock again." },
  banned: { title: "You cannot come back into this meeting", text: "A host took you out, and chose that it stays so." },
  locked: { title: "This meeting is locked", text: "The host lets nobody new in for now. Try again later, or ask them to open it." },
  closed: { title: "This link lets nobody in any more", text: "Whoever made it has taken it back, or its time is over. Ask them for a new one." },
  invitation: { title: "This server asks for an invitation", text: "Whoever runs it decides who may start meetings. The invitation that you gave is not whole, or is used up: ask them for another." },
  "refused-commit": { title: "The meeting cannot go on safely", text: "A change of the group did not hold up to its checks, so Segel stopped following it." },
  server: { title: "The server cannot do this now", text: "It said so itself, or it does not answer. Try again in a moment." },
  unsupported: { title: "This browser is missing something", text: "Segel needs a current Chromium or Firefox, outside of private windows that block storage." },
  internal: { title: "Something in Segel went wrong", text: "This is our fault. Reload the page; the meeting goes on without you until then." },
};

const suites: Record<SuiteName, Advice> = {
  hybrid: {
    title: "Post-quantum hybrid",
    text: "Whoever records this meeting today cannot open it with a quantum computer later, nor with today's.",
  },
  classic: {
    title: "Classic",
    text: "Nobody can open it with today's computers. A quantum computer of the future might.",
  },
};

/** What is said on each screen. */
export const strings = {
  languages: {
    label: "Language",
  },
  home: {
    title: "A meeting only its people can open",
    text: "Start one, send the link. Sound, pictures and words are sealed in each browser; this server passes on what it cannot open.",
    start: "Start a meeting",
    facts: ["No account", "Nothing to install", "Sealed from browser to browser"],
    invitation: "Invitation",
    invitationHint: "On this server, whoever runs it decides who may start a meeting.",
    invitationMissing: "Enter the invitation that you were given.",
  },
  door: {
    joinTitle: "You are at the door",
    joinText: "Before you go in: this is the server that will carry the meeting.",
    startTitle: "Your new meeting",
    startText: "Before you begin: this is the server that will carry it.",
    operator: "Run by",
    operatorSilent: "Whoever runs this server has not said who they are.",
    location: "Says it is in",
    locationSilent: "It has not said where it is.",
    keeps: "Keeps",
    keepsSilent: "It has not said what it keeps.",
    keepsUntil: "For how long:",
    keepsCount: (count: number): string => plural(count, { one: "# thing, for a time", other: "# things, each for a time" }),
    claim: "Who and where are the operator's own words. Segel cannot check them.",
    contact: "Contact",
    asking: "Asking the server about itself…",
    gone: "The server does not answer. Check your connection; this page keeps trying.",
    name: "Your name",
    nameHint: "What the others will see. Nobody checks it.",
    nameMissing: "Write a name, so that the others know who came.",
    useDevices: "Use camera and microphone",
    previewOff: "Nothing is on yet",
    previewNoCamera: "Camera is off",
    preview: "Your picture, as the others will see it",
    join: "Join",
    joinWithDevices: "Join with camera and microphone",
    startIt: "Start",
    startWithDevices: "Start with camera and microphone",
    quiet: "Go in without camera and microphone",
    textOnly: "Go in by chat only",
    tryAgain: "Try again",
    busy: "Opening…",
  },
  devices: {
    title: "Devices",
    microphone: "Microphone",
    camera: "Camera",
    speaker: "Loudspeaker",
    standard: "Browser's choice",
    unnamed: (kind: string, index: number): string => `${kind} ${index + 1}`,
    problems: deviceProblems,
    screenProblems,
    unsupported,
    muteOn: "Mute microphone",
    muteOff: "Unmute microphone",
    cameraOn: "Turn camera off",
    cameraOff: "Turn camera on",
  },
  waiting: {
    connecting: "Connecting",
    connectingText: "One moment.",
    answer: "Somebody will let you in",
    answerText: "Your browser knocked. Theirs checks that you have the link and opens; this takes a moment.",
    nobody: "Nobody is here yet",
    nobodyText: "You go in by yourself as soon as somebody is there. Leave this page open.",
    cancel: "Stop waiting",
  },
  meeting: {
    title: "Meeting",
    sealed: "Sealed",
    alarm: "Alarm",
    copyLink: "Copy link",
    copied: "Copied",
    copyRefused: "Copy it from the address line",
    linkLabel: "Link to this meeting",
    aloneTitle: "Nobody else is here yet",
    aloneText: "Send this link to whoever should come. It is the key to the door: whoever has it can knock.",
    leave: "Leave",
    chat: "Chat",
    chatUnread: (count: number): string => `Chat, ${plural(count, { one: "# unread message", other: "# unread messages" })}`,
    people: (count: number): string => `People, ${count}`,
    devices: "Devices",
    share: "Share your screen",
    stopSharing: "Stop sharing",
    screenOf: (name: string): string => `Screen of ${name}`,
    stage: "People in this meeting",
    controls: "Controls",
    you: "You",
    muted: "Microphone is off",
    away: "Not heard from for a moment",
    tile: (name: string, facts: readonly string[]): string => [name, ...facts].join(", "),
    speaking: "speaking",
    close: "Close",
  },
  chat: {
    title: "Chat",
    empty: "Nothing was written yet. What you write can be read only by the people in this meeting.",
    placeholder: "Write a message",
    send: "Send",
    save: "Save the change",
    actions: (name: string): string => `Actions for the message of ${name}`,
    reply: "Reply",
    edit: "Edit",
    remove: "Delete",
    react: (sign: string): string => `React with ${sign}`,
    reacted: (sign: string, others: readonly string[], you: boolean): string => `${sign} from ${list(you ? [...others, "you"] : others)}`,
    replying: (name: string): string => `Reply to ${name}`,
    editing: "Changing your message",
    cancel: "Cancel",
    edited: "changed",
    deleted: "This message was deleted",
    gone: "A message that is not here",
    sending: "Sending",
    sent: "Sent",
    failed: "Not sent",
    today: "Today",
    yesterday: "Yesterday",
    tooLong: "This is too long for one message.",
  },
  people: {
    title: "People",
    text: "This list is the list of keys: whoever is on it can open the meeting, and nobody else can.",
    key: "Key",
  },
  seal: {
    title: "The seal",
    text: "What is said, shown and written here is sealed in each browser and opened only in the others.",
    alarmLead: "Do not trust this meeting as it is.",
    codeTitle: "Compare the code",
    codeText: "Read it to each other. If all see the same digits, you are in the same meeting with the same keys, and nobody stands in between.",
    codeChanges: "It changes whenever somebody comes or goes.",
    codeMaking: "Working out the code…",
    people: (count: number): string => plural(count, { one: "# person is here", other: "# people are here" }),
    peopleText: "Exactly the people in the list hold the keys.",
    suites,
    suiteUnknown: "Not yet agreed",
    relay: "Relayed by this server",
    relayText: "It forwards sealed sound and pictures that it cannot open.",
    drops: (count: number): string => (count === 0 ? "No sealed frames were refused" : plural(count, { one: "# sealed frame was refused", other: "# sealed frames were refused" })),
    dropsText: "A frame that does not open with its sender's key is never shown. A few around a change of keys are normal.",
    tierC: "You use a plain browser",
    tierCText: "A plain browser trusts this server for its code at each load. Whoever controls the server could send changed code, aimed at you alone.",
    tierA: "You use an installed Segel",
    tierAText: "Its code does not come from this server at each load.",
    seesTitle: "What the server can still see",
    sees: [
      "The network addresses of those who are connected",
      "When they come, speak up and go",
      "How much is sent, and its size",
      "That these connections belong to one meeting",
    ],
    alarms,
  },
  banner: {
    sharing: "You are sharing your screen.",
    sharingSound: "You are sharing your screen and its sound.",
    away: "The connection is gone. Segel is coming back by itself; nothing you wrote is lost.",
    media: "Sound and picture are being connected again. Chat works meanwhile.",
  },
  ended: {
    left: "You left the meeting",
    leftText: "The others changed their keys when you went. What they say now, your browser cannot open.",
    removed: "You were removed",
    removedText: "Somebody in the meeting, or a long silence on your side, took you out. You may knock again.",
    kicked: "A host took you out of this meeting",
    kickedText: "What is said there from now on, your browser cannot open. This link does not let you in again.",
    endedForAll: "The meeting was ended for everybody",
    endedForAllText: "A host ended it. It can begin again under the same link when a host comes.",
    rejoin: "Knock again",
    again: "Try again",
    home: "To the start page",
    notFound: {
      title: "There is nothing here",
      text: "This address leads nowhere on this server. If it was a link to a meeting, ask for it again, and copy all of it.",
    },
    failures,
  },
  stopped: {
    insecure: {
      title: "This page was not opened over https",
      text: "Without it the browser offers neither devices nor keys. Ask whoever runs this server for an https address.",
    },
    keys: {
      title: "This browser is too old for Segel",
      text: "It cannot make the signatures that keep messages from being forged. Update it, or open this address in a current Chromium or Firefox.",
    },
    outdated: {
      title: "This page is older than its server",
      text: "The two no longer speak the same language. Load the new version to go on.",
    },
    renew: "Load the new version",
    ready: "A new version of Segel is here.",
    others: "It comes when Segel's other windows are closed.",
  },
  announce: {
    joined: (name: string): string => `${name} came in`,
    left: (name: string): string => `${name} left`,
    message: (name: string, text: string): string => `${name} wrote: ${text}`,
    deleted: (name: string): string => `${name} deleted a message`,
    away: "Connection lost, coming back",
    back: "Connected again",
  },
};
