"""What is said about what happened: each reason with what one can do."""

from collections.abc import Mapping

DENIED: Mapping[str, str] = {
    "refused": "A host did not let you in. Ask them in another way what they wait for.",
    "banned": "A host took you out of this meeting for good.",
    "locked": "The meeting is locked: nobody new comes in. Ask a host to unlock it.",
    "closed": "The link lets nobody in any more. Ask for a new one.",
    "full": "The meeting is full. Try again when somebody has left.",
    "expired": "The link's time is over. Ask for a new one.",
    "unknown-meeting": "There is no such meeting on the server: it ended, or the link is "
    "not whole. Ask for a new link.",
    "invitation": "On this server only invited people may start a meeting: give a valid "
    "--invitation, which its operator makes with `segel invitation new`.",
}
"""Why one is not let in."""

OVER: Mapping[str, str] = {
    "left": "You are not in the meeting any more.",
    "removed": "You were taken out of the meeting. Join again with the link if that is an error.",
    "kicked": "A host took you out of the meeting.",
    "ended": "A host ended the meeting.",
    "replaced": "Your account came into the meeting from another place, and took yours here.",
    "refused-commit": "The meeting was changed in a way that its rule forbids. Do not trust it any "
    "more; tell the others in another way.",
}
"""How it ended."""

ALARMS: Mapping[str, str] = {
    "forked": "The server shows different people different meetings.",
    "dropped": "The server keeps messages back.",
    "forgotten": "The server forgot what it had promised to keep.",
    "bad-message": "Somebody sent what no honest program sends.",
    "refused-commit": "Somebody changed the meeting in a way that its rule forbids.",
}
"""What must never happen."""

FILE_PROBLEMS: Mapping[str, str] = {
    "gone": "The server has the file no more. Ask for it again.",
    "bad": "The file is not what its sender sealed, and was not saved. Ask for it again.",
    "too_large": "The file is larger than the server takes. Its operator sets --largest-file.",
    "quota": "The meeting's files take all the room that they may. Delete some, or wait.",
    "storage_full": "The server's disk is full. Tell its operator, and try again later.",
    "changed": "The file changed while it was read. Send it again when it stays as it is.",
    "lost": "The server lost a part of the file that it had confirmed. Send it again.",
    "refused": "The server refuses the file. Update Segel, or tell the server's operator.",
}
"""Why a file does not go up or down."""

WAITING: Mapping[str, str] = {
    "nobody-there": "Nobody is there yet; waiting. Ctrl-C ends it.",
    "for-answer": "Waiting to be let in. Ctrl-C ends it.",
}
"""What a long wait waits for."""
