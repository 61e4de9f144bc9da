/** English words of the page that says what is kept: the ledger's parts by their ids (docs/keeps.md). */

/** Something on the disk. */
export interface Kept {
  readonly title: string;
  readonly what: string;
  readonly why: string;
  readonly until: string;
}

/** Something in memory, or a file. */
export interface Passing {
  readonly what: string;
  readonly until: string;
}

export const keeps = {
  title: "What this server keeps",
  text: "All of it, from the same list that the server’s program is tested against. What people say to each other is sealed before it gets here; the server has no key to it.",
  asking: "Asking the server",
  gone: "The server does not answer. Try again in a moment.",
  disk: "On the disk",
  why: "Why:",
  until: "Until:",
  values: (count: number): string => (count === 1 ? "One stored value" : `All ${count} stored values`),
  value: "Stored value",
  meaning: "What it is",
  files: "Files",
  memory: "In memory only",
  log: "In the log",
  taps: "What the operator could be made to note down",
  tapsText: "This program writes none of this down. Whoever runs the server, or compels who does, could run another program that does.",
  browser: "What this browser keeps for you",
  browserText: "Your name as you last wrote it and how you like the screen, as plain text; and sealed under a key of this browser: your account, the meetings you were in and messages on their way. Nothing of it leaves this browser.",
  erase: "Erase it",
  eraseTitle: "Erase what this browser keeps?",
  eraseText: "You will be somebody new in every meeting. Meetings that you started have no host any more in this browser. What others received stays with them.",
  eraseNo: "Keep it",
  eraseYes: "Erase all",
  erased: "This browser keeps nothing of Segel any more. Close other windows with Segel too.",
  notErased: "Some of it could not be erased: close other windows with Segel and press again.",
  back: "Back",
  offer: "What this server keeps",
  words: {
    "group-name": "the meeting’s random name",
    "link-name": "a name that only the meeting’s link gives",
    "change-name": "the name of a key change, a hash",
    "inbox-name": "the inbox’s name, a hash of its key",
    "file-name": "the file’s random name",
    "public-key": "a public key, made for this alone",
    "token-hash": "a hash of a secret that the server does not keep",
    chain: "a hash of all that came before",
    signature: "this server’s signature",
    ciphertext: "ciphertext, of padded size",
    order: "a place in an order",
    kind: "whether it is a message or a key change",
    day: "a day, without a time",
    class: "for how many days it is kept",
    size: "the padded size",
    progress: "how much of it has come",
    salt: "a random number",
    count: "a count",
    note: "the operator’s own words",
    "last-day": "the last day on which it counts",
  } as Readonly<Record<string, string>>,
  stored: {
    meeting: {
      title: "Meetings",
      what: "That a meeting exists: random names, public keys, the number of its messages, its last day.",
      why: "To let in only whoever holds the meeting’s current key.",
      until: "The meeting’s days (1, or 7, 30, 90 where a program chose so) have passed since its last message.",
    },
    change: {
      title: "Changes of people",
      what: "That the people in a meeting changed, and in what order: not who, nor how many.",
      why: "So that who was removed reads nothing more, and who was away can catch up.",
      until: "The meeting’s days have passed since the change.",
    },
    message: {
      title: "Messages",
      what: "Sealed messages and key changes: ciphertext, padded size, order and day. Not who sent them.",
      why: "So that who was away for a moment gets them.",
      until: "The meeting’s days have passed since they came: then the key that seals them here is destroyed.",
    },
    inbox: {
      title: "Inboxes",
      what: "A public key and a day. Not whose they are, nor who writes to them.",
      why: "To hand a welcome to a device that asks to come in.",
      until: "Its days (1 in a meeting) have passed since its device last read it.",
    },
    item: {
      title: "What lies in an inbox",
      what: "Sealed: ciphertext, size and day.",
      why: "So that it is there when the device reads.",
      until: "The device deletes it, or the inbox’s days have passed since it came.",
    },
    file: {
      title: "Files",
      what: "Ciphertext, padded size, the meeting’s random name and days. Not what they are, nor whose.",
      why: "So that others in the meeting can download them.",
      until: "The sender deletes them, or the meeting’s days have passed since they came.",
    },
    invitation: {
      title: "Invitations",
      what: "Where the operator asks for them: a hash, how often they can be used, and the operator’s note in clear.",
      why: "To know who may start a meeting.",
      until: "They are used up, taken back, or past their last day.",
    },
  } as Readonly<Record<string, Kept>>,
  fileList: {
    database: { what: "The tables above.", until: "Deleted rows are overwritten at once." },
    "segment-keys": {
      what: "One key for each day and class, which seals that day’s ciphertexts once more.",
      until: "The class’s days have passed: it is overwritten, and with it all that it sealed is gone.",
    },
    "sealed-files": { what: "The sealed files, one each. The file system notes when an upload ended.", until: "As the list of files says." },
    "server-key": { what: "The key by which this server signs what it stored. It opens nothing.", until: "It stays." },
    lock: { what: "An empty file, so that only one server uses the folder.", until: "It stays." },
  } as Readonly<Record<string, Passing>>,
  passing: {
    connections: { what: "The network address of who is connected, and which meeting’s random name the connection entered.", until: "The connection ends." },
    budgets: { what: "How much a network address may still leave here, for the last 10 000 addresses that came.", until: "Others came after it, or the server ends." },
    knocks: { what: "Sealed knocks of those who wait at a door, and the key to which they are sealed.", until: "They are answered, or the connection ends." },
    whispers: { what: "Sealed signs that somebody is still there, or has a microphone on.", until: "They are passed on, at once." },
    media: { what: "Sealed sound and pictures, and between which connections they go.", until: "They are passed on, at once." },
    "signed-requests": { what: "Random numbers of signed requests, so that none counts twice.", until: "Two minutes." },
  } as Readonly<Record<string, Passing>>,
  logged: {
    what: "That the server started, stopped, deleted what had expired or failed at something: with a time in seconds, a count, a duration and the kind of error. No address, name or content can be in it.",
    until: "Whoever runs the server decides.",
  } as Passing,
  tapList: {
    addresses: "Which network addresses were connected, when and for how long.",
    together: "Which of these connections were in the same meeting at the same time, by its random name.",
    traffic: "How much each connection sent and received, and when: who spoke, who shared a screen, who uploaded a file.",
    links: "Which connection started a meeting, and which came by the same link; not the link itself.",
    ciphertext: "Copies of all ciphertext, for as long as they like. They open none of it; the post-quantum seal is for that.",
    page: "Another page: a browser takes the program anew from the server each time, and a server that is made to could send one that betrays you.",
  } as Readonly<Record<string, string>>,
};
