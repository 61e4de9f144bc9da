/** The meeting's screens with their style sheet: fetched at the door. */

import "../../styles/room.css";

export { MeetingRoom } from "./meeting.js";
